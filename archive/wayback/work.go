package wayback

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"videoteca/archive"
)

// puzzlingFor is how long a page is left whose answer told nothing.
const puzzlingFor = 6 * time.Hour

// work is what is done about one video's pages.
type work struct {
	*Keeper
	video  archive.Video  // as it stands
	page   archive.Source // that is worked on
	counts *Counts
}

// source makes the steps that are due one after the other: an order may follow a look-up.
func (w *work) source(ctx context.Context, key archive.SourceKey) error {
	for done := nothing; ; {
		s := w.video.Source(key)
		if s == nil {
			return nil
		}
		w.page = *s
		due := w.due(w.video, w.page)
		if due <= done { // nothing, or a step that comes before what was done
			break
		}
		if err := w.make(ctx, due); err != nil {
			return err
		}
		done = due
	}
	if w.page.Archived == nil && archivingOf(w.page).Job != "" {
		w.ordered[w.video.ID] = true
	}
	return nil
}

// make makes the step. An error ends the round: the archive or the store is in trouble.
func (w *work) make(ctx context.Context, s step) error {
	switch s {
	case lookup:
		return w.lookUp(ctx)
	case order:
		return w.order(ctx)
	case follow:
		return w.followUp(ctx)
	}
	return nil
}

func (w *work) lookUp(ctx context.Context) error {
	m, err := w.o.Client.Lookup(ctx, w.page.URL, nearOf(w.page))
	switch {
	case err == nil:
		w.lookupsWell(ctx)
		w.counts.LookedUp++
		w.counts.Found++
		return w.found(ctx, m, "found at the web archive")
	case errors.Is(err, archive.ErrNotFound):
		w.lookupsWell(ctx)
		w.counts.LookedUp++
		return w.note(ctx, "no archived page found", func(a *archive.Archiving) { a.LookedUp = w.now() })
	case errors.Is(err, ErrBusy):
		return w.lookups.begin(ctx, w.now(), 0, err)
	case errors.Is(err, ErrUnclear):
		return w.puzzled(ctx, w.lookups, err)
	}
	return err
}

func (w *work) lookupsWell(ctx context.Context) {
	w.puzzles = 0
	w.lookups.end(ctx)
}

// puzzled leaves the page for some hours; after several such answers in a row, the archive.
func (w *work) puzzled(ctx context.Context, o *outage, err error) error {
	w.counts.Unclear++
	w.puzzling[w.page.SourceKey] = w.now().Add(puzzlingFor)
	w.o.Log.DebugContext(ctx, "the web archive's answer tells nothing", slog.String("source", w.page.String()), slog.Any("error", err))
	if w.puzzles++; w.puzzles < enoughPuzzles {
		return nil
	}
	w.puzzles = 0
	return o.begin(ctx, w.now(), 0, fmt.Errorf("%d answers in a row: %w", enoughPuzzles, err))
}

// found writes a memento into the record.
func (w *work) found(ctx context.Context, m archive.Memento, reason string) error {
	return w.write(ctx, reason, func(s *archive.Source) {
		a := archivingOf(*s)
		a.LookedUp, a.Job, a.Trouble = w.now(), "", ""
		s.Archived, s.Archiving = &m, &a
	})
}

// note writes what was asked into the record.
func (w *work) note(ctx context.Context, reason string, change func(*archive.Archiving)) error {
	return w.write(ctx, reason, func(s *archive.Source) {
		a := archivingOf(*s)
		change(&a)
		s.Archiving = &a
	})
}

// write changes the source where it still has no memento. That it was looked up, and no more,
// is written once a day at most.
func (w *work) write(ctx context.Context, reason string, change func(*archive.Source)) error {
	v, err := w.o.Records.Update(ctx, w.video.ID, cause(reason), func(v *archive.Video) error {
		s := v.Source(w.page.SourceKey)
		if s == nil || s.Archived != nil || v.Visibility.Exposure == archive.Erased {
			return nil
		}
		changed := *s
		change(&changed)
		if !onlyLookedUpAgain(*s, changed) {
			*s = changed
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keeping what the web archive said of %s: %w", w.page.SourceKey, err)
	}
	w.video = v
	return nil
}

func onlyLookedUpAgain(was, is archive.Source) bool {
	before, after := archivingOf(was), archivingOf(is)
	again := after.LookedUp.Sub(before.LookedUp)
	after.LookedUp = before.LookedUp
	return is.Archived == nil && before == after && again < freshLookup
}

// cause is how changes of the record are signed.
func cause(reason string) archive.Cause {
	return archive.Cause{Actor: "wayback", Verb: "archived-page", Reason: reason}
}

func (k *Keeper) now() time.Time { return k.o.Now().UTC().Truncate(time.Second) }
