package publish

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"videoteca/archive"
)

// ErrNothing says that nothing was ever published in the target, or that it is not the place it was.
var ErrNothing = errors.New("nothing is published there")

// skew is how far the clocks of two machines may be apart, one of which publishes and the other purges.
const skew = time.Hour

// Refresh takes out of what is published all that may not be shown any more: of videos that were withdrawn, erased
// or hidden, of sources whose platform data was purged, and copies whose rights have ended. A withdrawal that was taken
// back is shown again. Other changes, and videos that were never published, wait for Run. The videos are as for Run.
// A target without a manifest gets ErrNothing.
func (p *Publisher) Refresh(ctx context.Context, videos iter.Seq2[archive.Video, error]) (Summary, error) {
	if _, err := p.Target.Get(ctx, manifestName); err != nil {
		if errors.Is(err, archive.ErrNotFound) {
			return Summary{}, fmt.Errorf("%w: %w", ErrNothing, err)
		}
		return Summary{}, fmt.Errorf("reading what is published: %w", err)
	}
	r, err := p.begin(ctx)
	if err != nil {
		return Summary{}, err
	}
	err = r.refresh(ctx, videos)
	if errors.Is(context.Cause(ctx), archive.ErrConflict) { // the right to publish was lost: the manifest is somebody else's now
		return r.summary, fmt.Errorf("refreshing was broken off: %w", context.Cause(ctx))
	}
	if r.summary.Published+r.summary.Removed > 0 {
		err = errors.Join(err, r.save(context.WithoutCancel(ctx)))
	}
	return r.summary, err
}

func (r *run) refresh(ctx context.Context, videos iter.Seq2[archive.Video, error]) error {
	for v, err := range videos {
		if err != nil {
			return fmt.Errorf("listing videos: %w", err)
		}
		before, published := r.manifest.Videos[v.ID]
		if !published || !r.outdated(v, before) {
			continue
		}
		r.summary.Videos++
		if err := r.one(ctx, v); err != nil {
			if ctx.Err() != nil || errors.Is(err, archive.ErrUnavailable) {
				return fmt.Errorf("refreshing %s: %w", v.ID, err)
			}
			r.summary.Failed++
			r.Log.ErrorContext(ctx, "what is published of a video may be more than may be shown", slog.String("video", string(v.ID)), slog.Any("error", err))
		}
	}
	return nil
}

// outdated reports whether what is published may show what must not be shown, or hide what may.
func (r *run) outdated(v archive.Video, before entry) bool {
	switch {
	case v.Visibility.Hidden(r.Options.Now), r.timed(v, before), before.Program == "": // the last was broken off
		return true
	case v.MergedInto == before.Of && v.Revision == before.Revision:
		return false
	}
	return takenDown(v) || before.Down || purgedSince(v, before.At.Add(-skew))
}

func purgedSince(v archive.Video, at time.Time) bool {
	for _, s := range v.Sources {
		for _, p := range s.Purged {
			if p.At.After(at) {
				return true
			}
		}
	}
	return false
}
