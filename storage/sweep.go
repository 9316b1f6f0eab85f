package storage

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	sweepBatch   = 200 // markers deleted without a pause
	sweepPause   = 50 * time.Millisecond
	sweepsAtOnce = 8
	sweepTime    = time.Minute // of one sweep, at most a batch more
)

// Sweep deletes the markers older than two days. It ends after a minute, also where some are left: some ten
// thousand have gone by then, and the next sweep goes on. Several replicas may sweep at once.
func (s *Store) Sweep(ctx context.Context) error {
	if err := s.sweep(ctx); err != nil {
		return fmt.Errorf("sweeping change markers: %w", domainError(err))
	}
	return nil
}

func (s *Store) sweep(ctx context.Context) error {
	limit := prefixChanges + floorULID(s.now().Add(-markersKept))
	end := s.now().Add(sweepTime)
	old := make([]string, 0, sweepBatch)
	for object, err := range s.bucket.List(ctx, prefixChanges, "") {
		if err != nil {
			return err
		}
		if object.Key >= limit {
			break
		}
		if old = append(old, object.Key); len(old) < sweepBatch {
			continue
		}
		if err := s.deleteAll(ctx, old); err != nil || !s.now().Before(end) {
			return err
		}
		old = old[:0]
		pause(ctx, sweepPause) // others want the store too
	}
	return s.deleteAll(ctx, old)
}

// deleteAll deletes objects, a few at once. Those that are gone already are no error.
func (s *Store) deleteAll(ctx context.Context, keys []string) error {
	deleting, ctx := errgroup.WithContext(ctx)
	deleting.SetLimit(sweepsAtOnce)
	for _, key := range keys {
		deleting.Go(func() error { return s.bucket.Delete(ctx, key) })
	}
	return deleting.Wait()
}
