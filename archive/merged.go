package archive

import (
	"context"
	"errors"
	"fmt"
)

// mostHops bounds how many merges are followed from one id: more than anybody makes in a row, and
// an end to a circle that somebody wrote by hand.
const mostHops = 16

// leadsError says that a video was merged into another, which serves for it.
type leadsError struct{ to VideoID }

func (e leadsError) Error() string { return "merged into video " + string(e.to) }

func (leadsError) Unwrap() error { return ErrConflict }

// mergedAway fails with a *FieldError, a conflict that names the video kept, where v was merged into it.
func mergedAway(v Video) error {
	if v.MergedInto == "" {
		return nil
	}
	return &FieldError{
		Field: "id", Problem: fmt.Sprintf("video %s was merged into %s", v.ID, v.MergedInto),
		Cure: "ask for that one", Cause: leadsError{v.MergedInto},
	}
}

// follow does with the video of an id what is to be done, or, where it was merged into another, with the
// one that serves for it. What is done tells so by the error of mergedAway, and has changed nothing then.
func follow[T any](id VideoID, do func(VideoID) (T, error)) (T, error) {
	for hops := 0; ; hops++ {
		done, err := do(id)
		var leads leadsError
		if hops == mostHops || !errors.As(err, &leads) {
			return done, err
		}
		id = leads.to
	}
}

// serving reads the record that serves for an id: its own, or that of the video it was merged into.
func serving(ctx context.Context, store Store, id VideoID) (Video, error) {
	return follow(id, func(id VideoID) (Video, error) {
		v, err := store.Video(ctx, id)
		if err == nil {
			err = mergedAway(v)
		}
		return v, err
	})
}
