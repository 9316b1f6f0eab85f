package storage

import (
	"context"
	"fmt"

	"videoteca/archive"
)

var _ archive.Recaller = (*Store)(nil)

// EventAt implements archive.Recaller. A record names its newest sixteen writes, so an event that is
// found is one whose change came to pass: of writers that raced, the losers' are never taken for it.
func (s *Store) EventAt(ctx context.Context, id archive.VideoID, revision int64) (archive.Event, error) {
	found, err := s.read(ctx, id)
	if err != nil {
		return archive.Event{}, fmt.Errorf("finding the event of revision %d of video %s: %w", revision, id, err)
	}
	back := found.Revision - revision
	if back < 0 || back >= int64(len(found.Writes)) {
		return archive.Event{}, fmt.Errorf("%w: revision %d of video %s, which is at %d", archive.ErrNotFound, revision, id, found.Revision)
	}
	key := eventsPrefix(found.ID) + found.Writes[len(found.Writes)-1-int(back)] + ".json"
	data, _, err := readAll(ctx, s.bucket, key, maxRecord)
	if err != nil {
		return archive.Event{}, fmt.Errorf("reading the event of revision %d of video %s: %w", revision, id, err)
	}
	var e storedEvent
	if err := decode(key, data, &e); err != nil {
		return archive.Event{}, err
	}
	return e.Event, nil
}
