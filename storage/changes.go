package storage

import (
	"context"
	"fmt"
	"time"
)

// Times of the change feed; see docs/design.md on replicas.
const (
	feedOverlap = 40 * time.Minute // S3 refuses clocks 15 minutes off, so two writers differ by 30 at most
	markerWaits = 2 * time.Minute  // a writer gives up after 30 s, so this long after its marker it has written or never will
	markersKept = 48 * time.Hour
)

// mark says that a record is about to reach a revision. It is written before the
// record: a crash in between leaves a marker for nothing, never a change that nobody hears of.
func (s *Store) mark(ctx context.Context, at time.Time, key string, revision int64) error {
	id, err := s.ids.next(at)
	if err != nil {
		return err
	}
	if err := create(ctx, s.bucket, prefixChanges+id+".json", map[string]int64{key: revision}); err != nil {
		return fmt.Errorf("marking the change of %s: %w", key, err)
	}
	return nil
}
