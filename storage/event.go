package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"videoteca/archive"
)

// storedEvent is the stored form of an event.
type storedEvent struct {
	Version int `json:"version"`
	archive.Event
}

// writeEvent writes what is about to happen, chained to the event before it. The
// event has the id of the write that it explains, so a record's writes name
// the newest events that came to pass.
func (s *Store) writeEvent(ctx context.Context, id string, before, after archive.Video, cause archive.Cause) error {
	previous, err := s.lastEvent(ctx, after.ID)
	if err != nil {
		return fmt.Errorf("finding the event before: %w", err)
	}
	was, is, err := difference(before, after)
	if err != nil {
		return err
	}
	if after.Visibility.Exposure == archive.Erased && before.Visibility.Exposure != archive.Erased {
		was = nil // what is erased must not come to stand in the event that erases it
	}
	e := archive.Event{
		ID: id, Video: after.ID, At: after.Updated, Actor: cause.Actor, Verb: cause.Verb, Reason: cause.Reason,
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
	if errors.Is(err, archive.ErrNotFound) { // erased since it was listed, which says nothing of the record
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return hexDigest(data), nil
}

func hexDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// difference is the top-level fields in which two records differ, as they were and as
// they are to be; nil for none. A zero before had no fields. What every write
// changes is left out, since the event itself says it.
func difference(before, after archive.Video) (was, is any, err error) {
	old, err := fieldsOf(before)
	if err != nil {
		return nil, nil, err
	}
	fresh, err := fieldsOf(after)
	if err != nil {
		return nil, nil, err
	}
	was, is = fieldsUnlike(old, fresh), fieldsUnlike(fresh, old)
	withoutPlatformData(was)
	withoutPlatformData(is)
	return was, is, nil
}

func fieldsOf(v archive.Video) (map[string]any, error) {
	if v.ID == "" {
		return nil, nil
	}
	tree, err := toTree(v)
	if err != nil {
		return nil, err
	}
	fields, _ := tree.(map[string]any)
	delete(fields, "revision")
	delete(fields, "updated")
	return fields, nil
}

// fieldsUnlike is the fields that other lacks or has otherwise, nil for none.
func fieldsUnlike(fields, other map[string]any) any {
	unlike := map[string]any{}
	for name, value := range fields {
		if !reflect.DeepEqual(value, other[name]) {
			unlike[name] = value
		}
	}
	if len(unlike) == 0 {
		return nil
	}
	return unlike
}

// withoutPlatformData takes from an event's part of a record what a platform said, and leaves by
// which capture: events are never rewritten, and captures may have to be purged.
func withoutPlatformData(part any) {
	fields, _ := part.(map[string]any)
	sources, _ := fields["sources"].([]any)
	for _, source := range sources {
		s, _ := source.(map[string]any)
		if described, has := s[platformData].(map[string]any); has {
			s[platformData] = map[string]any{"capture": described["capture"], "at": described["at"], "method": described["method"]}
		}
	}
}

// Events yields the events of a video, the oldest first.
func (s *Store) Events(ctx context.Context, id archive.VideoID) iter.Seq2[archive.Event, error] {
	return s.EventsAfter(ctx, id, "")
}

// EventsAfter yields those that follow the one with an id, which need not be there; the empty id stands
// before all of them.
func (s *Store) EventsAfter(ctx context.Context, id archive.VideoID, after string) iter.Seq2[archive.Event, error] {
	return documentsAfter[archive.Event](ctx, s.bucket, eventsPrefix(id), after)
}

// VerifyEvents checks that every event names the digest of another that is there,
// or none, and that the events of the record's newest writes are there. What fails gets ErrDamaged. Two
// writers at once may chain to the same event, and writers' clocks differ, so neither a fork
// nor an event that sorts before the one it follows is damage.
func (s *Store) VerifyEvents(ctx context.Context, id archive.VideoID) error {
	record, err := s.read(ctx, id) // before the listing, which is then the newer of the two
	if err != nil {
		return fmt.Errorf("verifying the events of video %s: %w", id, err)
	}
	if record.Visibility.Exposure == archive.Erased { // whose events are no more
		return nil
	}
	c, err := s.chain(ctx, id)
	if err != nil {
		return fmt.Errorf("verifying the events of video %s: %w", id, err)
	}
	for _, event := range slices.Sorted(maps.Keys(c.follows)) {
		if previous := c.follows[event]; previous != "" && !c.digests[previous] {
			return fmt.Errorf("%w: event %s of video %s follows one that is not there or was altered", ErrDamaged, event, id)
		}
	}
	for _, write := range record.Writes {
		if _, there := c.follows[write]; !there {
			return fmt.Errorf("%w: event %s of video %s is not there, and its record says that it came to pass", ErrDamaged, write, id)
		}
	}
	return nil
}

// chain is the events of a video as they hang together.
type chain struct {
	digests map[string]bool   // of the events that are there
	follows map[string]string // the digest that each names, by the event's id
}

func (s *Store) chain(ctx context.Context, id archive.VideoID) (chain, error) {
	c := chain{digests: map[string]bool{}, follows: map[string]string{}}
	for object, err := range s.bucket.List(ctx, eventsPrefix(id), "") {
		if err != nil {
			return c, domainError(err)
		}
		data, _, err := readAll(ctx, s.bucket, object.Key, maxRecord)
		if err != nil {
			return c, err
		}
		var e archive.Event
		if err := decode(object.Key, data, &e); err != nil {
			return c, err
		}
		c.digests[hexDigest(data)] = true
		c.follows[strings.TrimSuffix(path.Base(object.Key), ".json")] = e.Previous
	}
	return c, nil
}
