package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"time"

	"videoteca/archive"
)

// storedEvent is the stored form of an event.
type storedEvent struct {
	Version int `json:"version"`
	archive.Event
}

// writeEvent writes what is about to happen, chained to the event before it.
func (s *Store) writeEvent(ctx context.Context, before, after archive.Video, cause archive.Cause, at time.Time) error {
	id, err := s.ids.next(at)
	if err != nil {
		return err
	}
	previous, err := s.lastEvent(ctx, after.ID)
	if err != nil {
		return fmt.Errorf("finding the event before: %w", err)
	}
	was, is, err := difference(before, after)
	if err != nil {
		return err
	}
	e := archive.Event{
		ID: id, Video: after.ID, At: at, Actor: cause.Actor, Verb: cause.Verb, Reason: cause.Reason,
		Revision: after.Revision, Before: was, After: is, Previous: previous,
	}
	if err := create(ctx, s.bucket, eventsPrefix(after.ID)+id+".json", storedEvent{Version: recordVersion, Event: e}); err != nil {
		return fmt.Errorf("writing the event: %w", err)
	}
	return nil
}

// lastEvent is the digest of the newest event of a video, empty for none.
func (s *Store) lastEvent(ctx context.Context, id archive.VideoID) (string, error) {
	var last string
	for object, err := range s.bucket.List(ctx, eventsPrefix(id), "") {
		if err != nil {
			return "", domainError(err)
		}
		last = object.Key
	}
	if last == "" {
		return "", nil
	}
	data, _, err := readAll(ctx, s.bucket, last, maxRecord)
	if err != nil {
		return "", err
	}
	return hexDigest(data), nil
}

func hexDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// difference is the top-level fields in which two records differ.
func difference(before, after archive.Video) (was, is map[string]any, err error) {
	b, err := toTree(before)
	if err != nil {
		return nil, nil, err
	}
	a, err := toTree(after)
	if err != nil {
		return nil, nil, err
	}
	was, is = map[string]any{}, map[string]any{}
	old, fresh := b.(map[string]any), a.(map[string]any)
	for name, value := range old {
		if !reflect.DeepEqual(value, fresh[name]) {
			was[name] = value
		}
	}
	for name, value := range fresh {
		if !reflect.DeepEqual(value, old[name]) {
			is[name] = value
		}
	}
	return was, is, nil
}

// Events yields the events of a video, the oldest first.
func (s *Store) Events(ctx context.Context, id archive.VideoID) iter.Seq2[archive.Event, error] {
	return documents[archive.Event](ctx, s.bucket, eventsPrefix(id))
}

// VerifyEvents checks that every event names the digest of one before it. Two
// writers at once may chain to the same event, so a fork is no damage; a name that no event has is.
func (s *Store) VerifyEvents(ctx context.Context, id archive.VideoID) error {
	seen := map[string]bool{"": true}
	for object, err := range s.bucket.List(ctx, eventsPrefix(id), "") {
		if err != nil {
			return domainError(err)
		}
		data, _, err := readAll(ctx, s.bucket, object.Key, maxRecord)
		if err != nil {
			return err
		}
		var e archive.Event
		if err := json.Unmarshal(data, &e); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, object.Key, err)
		}
		if !seen[e.Previous] {
			return fmt.Errorf("%w: %s follows an event that is not there or was altered", ErrDamaged, object.Key)
		}
		seen[hexDigest(data)] = true
	}
	return nil
}
