package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"videoteca/archive"
)

const (
	// mostLost bounds what one poll spends on what cannot be read. A fault of one object comes at once and is passed by
	// hundreds of times; with a store that does not answer it is one time-out.
	mostLost = 5 * time.Second
	// mostTold bounds the errors of one poll, which go into one line of the log.
	mostTold = 3
)

// turn is one poll of a feed under way.
type turn struct {
	*Feed
	apply func(context.Context, archive.Video, string) error

	tried    map[string]bool
	answered bool          // the store gave something, or said that it has it not
	failed   []string      // keys of what could not be read
	why      []error       // of the first few
	lost     time.Duration // on all of them
}

// run follows the markers that came, then what they name. What failed at earlier polls comes last, so that it
// takes no time from the rest.
func (t *turn) run(ctx context.Context) error {
	fresh := func(key string, w wanted) bool { return isMarker(key) && w.failures == 0 }
	every := func(string, wanted) bool { return true }
	err := t.followAll(ctx, fresh)
	for range 2 { // the second time what markers name that were read the first time, at last
		if err == nil {
			err = t.followAll(ctx, every)
		}
	}
	if ctx.Err() != nil {
		return err
	}
	t.settle(ctx)
	if len(t.failed) > 0 {
		err = errors.Join(err, fmt.Errorf("what cannot be read: %d: %w", len(t.failed), errors.Join(t.why...)))
	}
	return err
}

func (t *turn) followAll(ctx context.Context, which func(string, wanted) bool) error {
	for _, key := range t.untried(which) {
		if t.lost >= mostLost {
			return nil
		}
		if err := t.followOne(ctx, key); err != nil {
			return fmt.Errorf("following the change of %s: %w", key, err)
		}
	}
	return nil
}

// untried is the keys that are pending, those first that failed least.
func (t *turn) untried(which func(string, wanted) bool) []string {
	var keys []string
	for key, w := range t.pending {
		if !t.tried[key] && which(key, w) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(t.pending[a].failures, t.pending[b].failures), cmp.Compare(a, b))
	})
	return keys
}

// followOne follows one key. Its errors end the turn.
func (t *turn) followOne(ctx context.Context, key string) error {
	t.tried[key] = true
	began := t.store.now()
	err := t.follow(ctx, key, t.apply)
	var telling tellingError
	switch {
	case err == nil:
		t.answered = true
	case ctx.Err() != nil:
		return err
	case errors.As(err, &telling):
		t.answered = true
		return telling.error
	default:
		t.failed, t.lost = append(t.failed, key), t.lost+t.store.now().Sub(began)
		if len(t.why) < mostTold {
			t.why = append(t.why, err)
		}
	}
	return nil
}

// settle gives up what was waited for long enough and cannot be read, if the store answers otherwise. If it
// does not, the wait begins anew for everything.
func (t *turn) settle(ctx context.Context) {
	if len(t.failed) == 0 {
		return
	}
	if !t.answered && !t.store.answers(ctx) {
		t.waitAnew()
		return
	}
	for _, key := range t.failed {
		if !t.store.now().After(t.pending[key].until) {
			continue
		}
		delete(t.pending, key)
		t.store.log.WarnContext(ctx, "a change that cannot be read is given up until the whole store is compared", slog.String("key", key))
	}
}

// answers reports whether the store gives its own marker, or says that it has none.
func (s *Store) answers(ctx context.Context) bool {
	_, _, err := readAll(ctx, s.bucket, KeyInstallation, maxRecord)
	return err == nil || errors.Is(err, archive.ErrNotFound)
}
