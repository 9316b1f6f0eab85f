package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"videoteca/archive"
)

// moves reports whether the round moves a state or is held, so that its answers are evidence.
func (j *judged) moves() bool {
	return j.next.State != j.source.Standing.State || len(j.next.Held) > len(j.source.Standing.Held)
}

// keepAnswers keeps, as they came, the answers that are about to move a state or to be held, and
// names them in the part's observations. It comes before the part is written, so that whoever
// takes up a broken off audit has them. A source whose answers cannot be kept is not judged by them.
func (r *run) keepAnswers(ctx context.Context, p part, list []*judged) {
	moving := map[archive.SourceKey]*judged{}
	for _, j := range list {
		if j.moves() && !r.DryRun {
			moving[j.key()] = j
		}
	}
	if len(moving) == 0 {
		return
	}
	var work sync.WaitGroup
	var failing sync.Mutex
	places := make(chan struct{}, writesAtOnce)
	for i := range p.observations {
		o := &p.observations[i]
		j := moving[o.Source]
		if j == nil || o.Control || !hasBody(*o) {
			continue
		}
		places <- struct{}{}
		work.Go(func() {
			defer func() { <-places }()
			if err := r.keepAnswer(ctx, j.video, o); err != nil {
				failing.Lock()
				defer failing.Unlock()
				j.failed = true
				r.o.Log.ErrorContext(ctx, "evidence not kept; the next round judges again", slog.String("video", string(j.video)), slog.Any("error", err))
			}
		})
	}
	work.Wait()
	rounds := archive.Rounds(p.observations)
	for key, j := range moving {
		j.round, j.kept = rounds[key], true
	}
}

// hasBody reports whether there is an answer to keep that no file has yet.
func hasBody(o archive.Observation) bool {
	return o.Kept == nil && o.Body != nil && len(o.Body.Data) > 0
}

func (r *run) keepAnswer(ctx context.Context, id archive.VideoID, o *archive.Observation) error {
	about := archive.File{Extension: o.Body.Extension, Type: o.Body.Type, Label: o.Method}
	f, err := r.o.Records.SaveFile(ctx, id, about, o.Body.Data)
	if err != nil {
		return fmt.Errorf("keeping the answer of %s on %s: %w", o.Method, o.Source, err)
	}
	o.Kept = &f
	return nil
}

// keepLate keeps the answers on a video's sources where its record had changed since it was listed.
func (r *run) keepLate(ctx context.Context, of *ofVideo) error {
	for _, j := range of.sources {
		for i := range j.round.Observations {
			o := &j.round.Observations[i]
			if !hasBody(*o) {
				continue
			}
			if err := r.keepAnswer(ctx, of.id, o); err != nil {
				return err
			}
		}
		j.kept = true
	}
	return nil
}

// shows reports whether a source shows what no capture has.
func (v *ofVideo) shows() bool {
	return slices.ContainsFunc(v.sources, func(j *judged) bool { return j.unseen() || j.altered() })
}

// unseen reports whether the source is there and was never captured.
func (j *judged) unseen() bool {
	return !j.misdated && j.source.Described == nil && (j.next.State == archive.Live || j.next.State == archive.Limited) && j.next.Outcome.Clear()
}

// altered reports whether an answer tells something else than the newest capture.
func (j *judged) altered() bool {
	known := j.source.Described
	return !j.misdated && known != nil && slices.ContainsFunc(j.round.Observations, func(o archive.Observation) bool {
		return o.Fields != nil && o.Outcome.Clear() && differ(known, o) || o.ShowsAnew(known.Thumbnails)
	})
}

// differ compares what both tell. Methods cut descriptions at different lengths, and tell more or
// less of the status (unlisted, made for kids), so these are compared with what the same method said.
func differ(known *archive.Description, o archive.Observation) bool {
	if o.Fields.Title != "" && known.Title != "" && o.Fields.Title != known.Title {
		return true
	}
	return o.Method == known.Method && (o.Fields.Description != known.Description || !slices.Equal(o.Fields.Status, known.Status))
}

// capture keeps what the video's sources show and no capture has.
func (r *run) capture(ctx context.Context, of *ofVideo) error {
	if r.o.Capturer == nil {
		return nil
	}
	var errs []error
	for _, j := range of.sources {
		switch {
		case j.unseen():
			errs = append(errs, r.o.Capturer.CaptureMissing(ctx, of.id, j.key(), r.plan.Actor))
		case j.altered():
			errs = append(errs, r.o.Capturer.CaptureAgain(ctx, of.id, j.key(), r.plan.Actor))
		}
	}
	return errors.Join(errs...)
}
