package wayback

import (
	"context"
	"errors"

	"videoteca/archive"
)

// noEnd is the trouble of a capture whose job is forgotten, or runs for longer than any does.
const noEnd = "the capture came to no end that the web archive tells of"

// order asks for a capture.
func (w *work) order(ctx context.Context) error {
	job, err := w.o.Client.Save(ctx, w.page.URL)
	var refused *RefusedError
	switch {
	case err == nil:
		w.captures.end(ctx)
		w.counts.Ordered++
		return w.note(ctx, "a capture was asked for", func(a *archive.Archiving) {
			a.Asked, a.Job, a.Trouble = w.now(), job, ""
		})
	case errors.As(err, &refused) && refused.General:
		return w.captureTrouble(ctx, err)
	case errors.As(err, &refused):
		w.captures.end(ctx)
		w.counts.Refused++
		return w.note(ctx, "the web archive made no capture", func(a *archive.Archiving) {
			a.Asked, a.Job, a.Trouble = w.now(), "", refused.Error()
		})
	}
	return w.captureTrouble(ctx, err)
}

// followUp asks what has become of one.
func (w *work) followUp(ctx context.Context) error {
	m, done, err := w.o.Client.Status(ctx, archivingOf(w.page).Job)
	var refused *RefusedError
	if (err == nil || errors.As(err, &refused)) && !w.captures.limited() {
		w.captures.end(ctx)
	}
	switch {
	case err == nil && done:
		return w.captured(ctx, m)
	case refused != nil:
		return w.failed(ctx, refused.Error())
	case errors.Is(err, ErrNoJob), w.overdue() && (err == nil || errors.Is(err, ErrUnclear)):
		return w.failed(ctx, noEnd)
	case err == nil:
		w.counts.Pending++
		return nil
	}
	return w.captureTrouble(ctx, err)
}

// overdue reports whether the job has been forgotten by now, whatever became of it.
func (w *work) overdue() bool { return w.now().Sub(archivingOf(w.page).Asked) > jobLife }

// captured keeps a capture, unless the archive was sent on to another site: a page that asks
// for consent is no memento of the video's.
func (w *work) captured(ctx context.Context, m archive.Memento) error {
	shown := w.o.Client.pageOf(m)
	if !sameSite(shown, w.page.URL) {
		return w.failed(ctx, redirected+": the capture shows a page of "+hostOf(shown))
	}
	w.counts.Captured++
	return w.found(ctx, m, "captured by the web archive")
}

// failed ends the capture that was under way.
func (w *work) failed(ctx context.Context, trouble string) error {
	w.counts.Refused++
	return w.note(ctx, "the web archive made no capture", func(a *archive.Archiving) { a.Job, a.Trouble = "", trouble })
}

// captureTrouble is of errors that say nothing of the page. Looking up goes on.
func (w *work) captureTrouble(ctx context.Context, err error) error {
	var refused *RefusedError
	switch {
	case errors.As(err, &refused) && refused.Again == Tomorrow:
		_ = w.captures.begin(ctx, w.now(), afterLater, err) // the archive's day may end before ours
	case errors.As(err, &refused), errors.Is(err, ErrBusy):
		_ = w.captures.begin(ctx, w.now(), 0, err)
	case errors.Is(err, ErrKeys):
		_ = w.captures.begin(ctx, w.now(), afterTomorrow, err)
	case errors.Is(err, ErrUnclear):
		_ = w.puzzled(ctx, w.captures, err)
	default:
		return err
	}
	return nil
}
