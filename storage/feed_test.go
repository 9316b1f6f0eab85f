package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// replica follows the change feed of a store and notes what it is told.
type replica struct {
	*stage
	feed *storage.Feed
	told []string // "<notes>@<revision>"
}

func newReplica(t *testing.T, of *stage) *replica {
	t.Helper()
	s := stageIn(t, of.folder)
	return &replica{stage: s, feed: storage.NewFeed(s.Store, morning())}
}

// poll polls once and returns what came.
func (r *replica) poll(t *testing.T) []string {
	t.Helper()
	r.told = nil
	err := r.feed.Poll(t.Context(), func(_ context.Context, v archive.Video, etag string) error {
		if etag == "" {
			t.Errorf("%s came without an ETag", v.ID)
		}
		r.told = append(r.told, fmt.Sprintf("%s@%d", v.Notes, v.Revision))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.told
}

func (r *replica) expect(t *testing.T, when string, want ...string) {
	t.Helper()
	if got := r.poll(t); !slices.Equal(got, want) {
		t.Errorf("%s came %v, want %v", when, got, want)
	}
}

func TestAReplicaIsToldOfEachChangeOnce(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	v := s.registered(t)
	r.expect(t, "after the creation", "@1")
	r.expect(t, "without a change")
	s.noted(t, v.ID, "a")
	s.noted(t, v.ID, "b")
	r.expect(t, "after two changes", "b@3")
	r.expect(t, "without a change")
}

func TestAReplicaIsToldByAWriterWhoseClockIsHalfAnHourBehind(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	v := s.registered(t)
	r.expect(t, "at first", "@1")
	s.clock.advance(-30 * time.Minute)
	s.noted(t, v.ID, "late")
	r.expect(t, "from behind", "late@2")
}

func TestAClockGoneWrongHidesNobodysChanges(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	v := s.registered(t)
	wrong := stageIn(t, s.folder)
	wrong.clock.advance(5 * 365 * 24 * time.Hour)
	wrong.noted(t, v.ID, "from the future")
	r.expect(t, "from the future", "from the future@2")
	r.clock.advance(time.Minute)
	s.clock.advance(time.Minute)
	s.noted(t, v.ID, "from today")
	r.expect(t, "from today", "from today@3")
}

// slow holds a writer between its marker and its record.
func slow(s *stage, meanwhile func()) {
	s.bucket.set(func(b *troubled) {
		b.before = func(_ context.Context, key string) error {
			if strings.HasPrefix(key, "videos/") {
				meanwhile()
			}
			return nil
		}
	})
}

func TestARecordIsReadAgainUntilItReachesTheRevision(t *testing.T) {
	for name, skew := range map[string]time.Duration{"same clock": 0, "writer behind": -20 * time.Minute, "writer ahead": 20 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			v := s.registered(t)
			r := newReplica(t, s)
			r.poll(t)
			s.clock.advance(skew)
			slow(s, func() {
				r.expect(t, "with the marker alone", "@1")
				r.clock.advance(25 * time.Second)
				r.expect(t, "still", "@1")
			})
			s.noted(t, v.ID, "x")
			r.expect(t, "with the record", "x@2")
			r.expect(t, "then")
		})
	}
}

func TestAMarkerWhoseRecordNeverCameIsGivenUpAfterTwoMinutes(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	s.bucket.set(func(b *troubled) { b.before = once("videos/", storage.ErrFull) })
	id := archive.NewVideoID()
	if _, err := s.Create(t.Context(), meeting(id), editor("register")); !errors.Is(err, storage.ErrFull) {
		t.Fatalf("got %v", err)
	}
	r.expect(t, "with the marker alone")
	r.clock.advance(2*time.Minute + time.Second)
	r.expect(t, "at the end")
	s.overwrite(t, recordKey(id), fmt.Sprintf(`{"version":1,"id":%q,"revision":1}`, id))
	r.expect(t, "after the end")
}

func TestAPollThatFailsMissesNothing(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	s.registered(t)
	r.bucket.set(func(b *troubled) { b.down = true })
	none := func(context.Context, archive.Video, string) error { t.Error("told of something"); return nil }
	if err := r.feed.Poll(t.Context(), none); !errors.Is(err, archive.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	r.bucket.set(func(b *troubled) { b.down = false })
	full := errors.New("no room in the catalog")
	if err := r.feed.Poll(t.Context(), func(context.Context, archive.Video, string) error { return full }); !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	r.expect(t, "at last", "@1")
}

func TestWhatIsNoMarkerIsPassedOver(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	s.overwrite(t, "changes/zzz.json", "{}")
	s.overwrite(t, "changes/01zzzzzzzzzzzzzzzzzzzzzzzz.json", "not JSON")
	if err := s.Place(t.Context(), story(t), "7k3mzq9x0abd"); err != nil { // names no video's record
		t.Fatal(err)
	}
	s.registered(t)
	r.expect(t, "among them", "@1")
}
