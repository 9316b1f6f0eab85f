package archive

import (
	"context"
	"fmt"
	"slices"
)

// seenKey is where a context keeps the revisions that a caller has seen.
type seenKey struct{}

// Seeing lets the next change of a video go ahead only while its record is at one of the revisions;
// otherwise the change gets ErrStale and nothing is altered. It is a precondition of one request, as
// HTTP's If-Match is, and reaches the write itself, so that nobody slips in between. Without
// revisions any will do.
func Seeing(ctx context.Context, revisions ...int64) context.Context {
	if len(revisions) == 0 {
		return ctx
	}
	return context.WithValue(ctx, seenKey{}, revisions)
}

// changed is ctx after the change that a precondition was for: what else belongs to it finds the
// record at the revision that the change itself made.
func changed(ctx context.Context) context.Context {
	if ctx.Value(seenKey{}) == nil {
		return ctx
	}
	return context.WithValue(ctx, seenKey{}, []int64(nil))
}

// takedownKey is where a context keeps what a caller has seen of a video's taking down.
type takedownKey struct{}

// SeeingTakedown lets the next withdrawal, embargo, publication, hold or erasure of a video go ahead only while what
// others decided about it is as the caller has seen it; tag is its TakedownTag. Otherwise the change gets a
// *ConflictError with the video as it is, and nothing is altered. Unlike a revision the tag does not change with what
// audits find and editors write, so that nobody who takes a video down is stopped by either. A change that asks for
// what others have decided already is no conflict. With an empty tag any will do.
func SeeingTakedown(ctx context.Context, tag string) context.Context {
	if tag == "" {
		return ctx
	}
	return context.WithValue(ctx, takedownKey{}, tag)
}

// decidedAsSeen fails with a *ConflictError where a change from was to then would undo a decision that the caller
// has not seen.
func decidedAsSeen(ctx context.Context, was, then Video) error {
	seen, _ := ctx.Value(takedownKey{}).(string)
	if stands := was.TakedownTag(); seen == "" || seen == stands || stands == then.TakedownTag() {
		return nil
	}
	return &ConflictError{Now: was}
}

// asSeen fails with ErrStale where the record is not as the caller has seen it.
func asSeen(ctx context.Context, v Video) error {
	seen, _ := ctx.Value(seenKey{}).([]int64)
	if len(seen) == 0 || slices.Contains(seen, v.Revision) {
		return nil
	}
	return fmt.Errorf("video %s is at revision %d: %w", v.ID, v.Revision, ErrStale)
}
