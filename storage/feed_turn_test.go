package storage_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"videoteca/archive"
)

// follow polls once and returns whose changes came, with the error.
func (r *replica) follow(t *testing.T) (told []archive.VideoID, err error) {
	t.Helper()
	err = r.feed.Poll(t.Context(), func(_ context.Context, v archive.Video, _ string) error {
		told = append(told, v.ID)
		return nil
	})
	return told, err
}

// several registers n videos and returns their ids in the order in which their records are read.
func several(t *testing.T, s *stage, n int) []archive.VideoID {
	t.Helper()
	var ids []archive.VideoID
	for range n {
		ids = append(ids, s.registered(t).ID)
	}
	slices.Sort(ids)
	return ids
}

// unreadable makes a replica fail to read what is under the keys, as from a bad sector.
func (r *replica) unreadable(keys ...string) {
	r.bucket.set(func(b *troubled) {
		b.get = func(key string) error {
			if slices.ContainsFunc(keys, func(bad string) bool { return strings.HasPrefix(key, bad) }) {
				return syscall.EIO
			}
			return nil
		}
	})
}

func TestWhatCannotBeReadKeepsNothingElseFromBeingFollowed(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	ids := several(t, s, 3)
	r.unreadable(recordKey(ids[0]))
	told, err := r.follow(t)
	if !errors.Is(err, archive.ErrUnavailable) || !strings.Contains(err.Error(), string(ids[0])) || !slices.Equal(told, ids[1:]) {
		t.Errorf("told of %v, %v", told, err)
	}
	s.noted(t, ids[1], "x")
	if told, err := r.follow(t); err == nil || !slices.Equal(told, ids[1:2]) {
		t.Errorf("then told of %v, %v", told, err)
	}
	r.unreadable()
	if told, err := r.follow(t); err != nil || !slices.Equal(told, ids[:1]) {
		t.Errorf("once it can be read, told of %v, %v", told, err)
	}
}

func TestAMarkerThatCannotBeReadKeepsNoOtherFromBeingFollowed(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	first := s.registered(t)
	markers := s.keys(t, "changes/")
	second := s.registered(t)
	r.unreadable(markers[0])
	if told, err := r.follow(t); !errors.Is(err, archive.ErrUnavailable) || !slices.Equal(told, []archive.VideoID{second.ID}) {
		t.Errorf("told of %v, %v", told, err)
	}
	r.unreadable()
	if told, err := r.follow(t); err != nil || !slices.Equal(told, []archive.VideoID{first.ID}) {
		t.Errorf("once it can be read, told of %v, %v", told, err)
	}
}

func TestWhatCannotBeReadForTwoMinutesIsGivenUp(t *testing.T) {
	for name, bad := range map[string]string{"a record": "videos/", "a marker": "changes/"} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			r := newReplica(t, s)
			s.registered(t)
			r.unreadable(bad)
			for _, wait := range []time.Duration{0, time.Minute, 59 * time.Second, 2 * time.Second} {
				r.clock.advance(wait)
				if _, err := r.follow(t); !errors.Is(err, archive.ErrUnavailable) {
					t.Fatalf("after %v: %v", wait, err)
				}
			}
			r.expect(t, "when it was given up")
			r.unreadable()
			r.expect(t, "once it can be read")
		})
	}
}

func TestNothingIsForgottenWhileTheStoreIsAway(t *testing.T) {
	for name, away := range map[string]func(*troubled){
		"all of it": func(b *troubled) { b.down = true },
		"but for its listings": func(b *troubled) {
			b.get = func(string) error { return errCut }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			r := newReplica(t, s)
			ids := several(t, s, 2)
			r.unreadable("videos/")
			if _, err := r.follow(t); err == nil { // both are pending
				t.Fatal("no error")
			}
			r.bucket.set(away)
			for range 20 {
				r.clock.advance(time.Minute)
				if told, err := r.follow(t); !errors.Is(err, archive.ErrUnavailable) || len(told) > 0 {
					t.Fatalf("told of %v, %v", told, err)
				}
			}
			r.bucket.set(func(b *troubled) { b.down = false })
			r.unreadable(recordKey(ids[0])) // which has its two minutes from when the store came back
			if told, err := r.follow(t); err == nil || !slices.Equal(told, ids[1:]) {
				t.Errorf("told of %v, %v", told, err)
			}
			r.clock.advance(time.Minute)
			r.unreadable()
			if told, err := r.follow(t); err != nil || !slices.Equal(told, ids[:1]) {
				t.Errorf("at last told of %v, %v", told, err)
			}
		})
	}
}

// slowly makes each read under a key fail after the deadline of a call, and counts all reads.
func (r *replica) slowly(prefix string) (reads *int) {
	reads = new(int)
	r.bucket.set(func(b *troubled) {
		b.get = func(key string) error {
			*reads++
			if !strings.HasPrefix(key, prefix) {
				return nil
			}
			r.clock.advance(10 * time.Second)
			return context.DeadlineExceeded
		}
	})
	return reads
}

func TestAStoreThatDoesNotAnswerCostsAPollOneTimeOut(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	several(t, s, 20)
	r.unreadable("videos/")
	if _, err := r.follow(t); err == nil { // all are pending
		t.Fatal("no error")
	}
	reads := r.slowly("")
	if _, err := r.follow(t); !errors.Is(err, archive.ErrUnavailable) || *reads != 2 { // one, and whether it is the store
		t.Errorf("%d reads, %v", *reads, err)
	}
}

func TestARecordThatIsReadInVainForLongComesAfterTheOthers(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	ids := several(t, s, 3)
	r.slowly(recordKey(ids[0]))
	if told, err := r.follow(t); err == nil || len(told) > 0 {
		t.Errorf("told of %v, %v", told, err)
	}
	if told, err := r.follow(t); err == nil || !slices.Equal(told, ids[1:]) {
		t.Errorf("then told of %v, %v", told, err)
	}
	s.noted(t, ids[2], "x")
	if told, err := r.follow(t); err == nil || !slices.Equal(told, ids[2:]) {
		t.Errorf("then told of %v, %v", told, err)
	}
}

func TestManyRecordsThatCannotBeReadCostOneOfTheRestNothing(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	ids := several(t, s, 30)
	var bad []string
	for _, id := range ids[:29] {
		bad = append(bad, recordKey(id))
	}
	r.unreadable(bad...)
	told, err := r.follow(t)
	if err == nil || !slices.Equal(told, ids[29:]) {
		t.Errorf("told of %v, %v", told, err)
	}
	if len(err.Error()) > 1500 || !strings.Contains(err.Error(), "29") {
		t.Errorf("it says %v", err)
	}
}

func TestAChangeThatCannotBeTakenKeepsNoOtherBack(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	ids := several(t, s, 3)
	full := errors.New("no room for this one")
	var told []archive.VideoID
	refuse := func(_ context.Context, v archive.Video, _ string) error {
		if v.ID == ids[0] {
			return full
		}
		told = append(told, v.ID)
		return nil
	}
	for range 10 {
		r.clock.advance(time.Minute)
		if err := r.feed.Poll(t.Context(), refuse); !errors.Is(err, full) {
			t.Fatalf("got %v", err)
		}
	}
	if !slices.Equal(told, ids[1:]) {
		t.Errorf("told of %v", told)
	}
	if told, err := r.follow(t); err != nil || !slices.Equal(told, ids[:1]) { // which is never given up
		t.Errorf("once there is room, told of %v, %v", told, err)
	}
}

func TestAPollEndsWithItsCaller(t *testing.T) {
	s := newStage(t)
	r := newReplica(t, s)
	several(t, s, 3)
	ctx, cancel := context.WithCancel(t.Context())
	reads := 0
	r.bucket.set(func(b *troubled) {
		b.get = func(key string) error {
			if strings.HasPrefix(key, "videos/") {
				reads++
				cancel()
				return ctx.Err()
			}
			return nil
		}
	})
	err := r.feed.Poll(ctx, func(context.Context, archive.Video, string) error { t.Error("told"); return nil })
	if !errors.Is(err, context.Canceled) || reads != 1 {
		t.Errorf("%d reads, %v", reads, err)
	}
	r.unreadable()
	if told, err := r.follow(t); err != nil || len(told) != 3 {
		t.Errorf("later told of %v, %v", told, err)
	}
}
