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

// asSeen fails with ErrStale where the record is not as the caller has seen it.
func asSeen(ctx context.Context, v Video) error {
	seen, _ := ctx.Value(seenKey{}).([]int64)
	if len(seen) == 0 || slices.Contains(seen, v.Revision) {
		return nil
	}
	return fmt.Errorf("video %s is at revision %d: %w", v.ID, v.Revision, ErrStale)
}
