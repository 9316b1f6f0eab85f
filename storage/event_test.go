package storage_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

func TestEventsSayWhoChangedWhatAndFromWhat(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.clock.advance(time.Hour)
	_, err := s.Update(t.Context(), v.ID, archive.Cause{Actor: "ana", Verb: "describe", Reason: "from the wire"}, func(v *archive.Video) error {
		v.Notes, v.Title = "checked", archive.Text{"es": "Reunión"}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	events := all(t, s.Events(t.Context(), v.ID))
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	first, second := events[0], events[1]
	if first.Before != nil || first.After == nil || first.Verb != "register" || first.Revision != 1 || first.Previous != "" {
		t.Errorf("the first is %+v", first)
	}
	if second.Actor != "ana" || second.Reason != "from the wire" || second.Revision != 2 || !second.At.Equal(morning().Add(time.Hour)) {
		t.Errorf("the second is %+v", second)
	}
	before := map[string]any{"title": map[string]any{"es": "Reunión en Nueva York", "en": "Meeting in New York"}}
	after := map[string]any{"title": map[string]any{"es": "Reunión"}, "notes": "checked"}
	if !reflect.DeepEqual(second.Before, before) || !reflect.DeepEqual(second.After, after) {
		t.Errorf("it says %v became %v", second.Before, second.After)
	}
	sum := sha256.Sum256([]byte(s.read(t, s.keys(t, "events/")[0])))
	if second.Previous != hex.EncodeToString(sum[:]) {
		t.Errorf("it follows %s", second.Previous)
	}
}

func TestARecordNamesTheEventsOfItsNewestSixteenWrites(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	for range 20 {
		v = s.noted(t, v.ID, v.Notes+"x")
	}
	record, events := s.read(t, recordKey(v.ID)), all(t, s.Events(t.Context(), v.ID))
	for i, e := range events {
		if named := strings.Contains(record, e.ID); named != (i >= len(events)-16) {
			t.Errorf("event %d of %d is named: %v", i+1, len(events), named)
		}
	}
}

func TestAlteredAndMissingEventsAreFound(t *testing.T) {
	for name, harm := range map[string]func(*testing.T, *stage, string){
		"altered": func(t *testing.T, s *stage, key string) { s.edit(t, key, `"local"`, `"nobody"`) },
		"removed": func(t *testing.T, s *stage, key string) {
			if err := s.bucket.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		},
		"no JSON": func(t *testing.T, s *stage, key string) { s.overwrite(t, key, "{") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			v := s.registered(t)
			s.noted(t, v.ID, "one")
			s.noted(t, v.ID, "two")
			if err := s.VerifyEvents(t.Context(), v.ID); err != nil {
				t.Fatalf("before: %v", err)
			}
			harm(t, s, s.keys(t, "events/")[1])
			if err := s.VerifyEvents(t.Context(), v.ID); !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("after: %v", err)
			}
		})
	}
}

func TestANewestEventThatIsMissingIsFoundThroughTheRecord(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.noted(t, v.ID, "one")
	if err := s.bucket.Delete(t.Context(), s.keys(t, "events/")[1]); err != nil {
		t.Fatal(err)
	}
	if err := s.VerifyEvents(t.Context(), v.ID); !errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), "came to pass") {
		t.Errorf("got %v", err)
	}
}

func TestAWriterWhoseClockIsBehindDamagesNoChain(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	other := stageIn(t, s.folder)
	other.clock.advance(-10 * time.Minute)
	other.noted(t, v.ID, "from a slow clock")
	s.noted(t, v.ID, "and on")
	events := all(t, s.Events(t.Context(), v.ID))
	if revisions := []int64{events[0].Revision, events[1].Revision}; !slices.Equal(revisions, []int64{2, 1}) {
		t.Fatalf("the events sort as %v, so this tests nothing", revisions)
	}
	if err := s.VerifyEvents(t.Context(), v.ID); err != nil {
		t.Error(err)
	}
}

// Events are never rewritten, so what may have to be purged must not be in them.
func TestEventsNameTheCaptureThatDescribesASourceAndNotWhatItSays(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	c := captured(t, s, v.ID, "The platform's title")
	describe := func(d *archive.Description) {
		_, err := s.Update(t.Context(), v.ID, editor("capture"), func(v *archive.Video) error { v.Sources[0].Described = d; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	describe(&archive.Description{Capture: c.ID, At: c.At, Method: c.Method, Fields: c.Fields, Thumbnails: c.Thumbnails})
	describe(nil)
	events := all(t, s.Events(t.Context(), v.ID))
	want := map[string]any{"capture": c.ID, "at": c.At.Format(time.RFC3339), "method": c.Method}
	if got := describedIn(t, events[1].After); !reflect.DeepEqual(got, want) {
		t.Errorf("after the capture it says %v", got)
	}
	if got := describedIn(t, events[2].Before); !reflect.DeepEqual(got, want) {
		t.Errorf("before the purge it says %v", got)
	}
	if described := describedIn(t, events[2].After); described != nil {
		t.Errorf("after the purge it says %v", described)
	}
	for _, key := range s.keys(t, "events/") {
		if event := s.read(t, key); strings.Contains(event, "platform's title") || strings.Contains(event, c.Thumbnails[0].Digest) {
			t.Errorf("%s has the platform's data:\n%s", key, event)
		}
	}
	if err := s.VerifyEvents(t.Context(), v.ID); err != nil {
		t.Error(err)
	}
}

// describedIn is what an event's part of a record says of its first source's description.
func describedIn(t *testing.T, part any) any {
	t.Helper()
	fields, _ := part.(map[string]any)
	sources, _ := fields["sources"].([]any)
	if len(sources) == 0 {
		t.Fatalf("it has no sources: %v", part)
	}
	source, _ := sources[0].(map[string]any)
	return source["described"]
}

func TestAnEventTellsThatASourceIsDescribedAnewThoughItSaysNotWhat(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	for _, title := range []string{"one", "two"} {
		_, err := s.Update(t.Context(), v.ID, editor("capture"), func(v *archive.Video) error {
			v.Sources[0].Described = &archive.Description{Capture: "01jrst4pe0h7yg5fknab9mvem1", At: morning(), Method: "m", Fields: archive.Fields{Title: title}}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	events := all(t, s.Events(t.Context(), v.ID))
	if len(events) != 3 || events[2].Before == nil || events[2].After == nil {
		t.Errorf("the last of %d is %+v", len(events), events[len(events)-1])
	}
}

func TestEventsAreReadOnFromAPlaceAmongThem(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	for range 3 {
		s.clock.advance(time.Second)
		v = s.noted(t, v.ID, v.Notes+"x")
	}
	events := all(t, s.Events(t.Context(), v.ID))
	for i := range events {
		rest := all(t, s.EventsAfter(t.Context(), v.ID, events[i].ID))
		if !slices.EqualFunc(rest, events[i+1:], func(a, b archive.Event) bool { return a.ID == b.ID }) {
			t.Errorf("after the event %d of %d come %d", i+1, len(events), len(rest))
		}
	}
	if rest := all(t, s.EventsAfter(t.Context(), v.ID, "00000000000000000000000000")); len(rest) != len(events) {
		t.Errorf("after a place before them come %d", len(rest))
	}
}
