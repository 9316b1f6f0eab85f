package storage_test

import (
	"errors"
	"sync"
	"testing"

	"videoteca/archive"
)

func TestAnEventIsFoundByTheRevisionThatItReached(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	for range 20 {
		v = s.noted(t, v.ID, v.Notes+"x")
	}
	e, err := s.EventAt(t.Context(), v.ID, v.Revision-3)
	after, _ := e.After.(map[string]any)
	if err != nil || e.Revision != v.Revision-3 || after["notes"] != v.Notes[:len(v.Notes)-3] {
		t.Errorf("%+v, %v", e, err)
	}
	for name, revision := range map[string]int64{"one too far back": v.Revision - 16, "one to come": v.Revision + 1, "none": 0} {
		if e, err := s.EventAt(t.Context(), v.ID, revision); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
	if _, err := s.EventAt(t.Context(), archive.NewVideoID(), 1); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("of a video that is not there: %v", err)
	}
}

// Eight writers at once leave events of the same revision, of which one came to pass each.
func TestOfWritersThatRacedTheOneThatWonIsFound(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	got := make([]archive.Video, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			var err error
			got[i], err = s.Update(t.Context(), v.ID, archive.Cause{Actor: string(rune('a' + i)), Verb: "describe"}, func(v *archive.Video) error {
				v.Notes = string(rune('a' + i))
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i, v := range got {
		if e, err := s.EventAt(t.Context(), v.ID, v.Revision); err != nil || e.Actor != string(rune('a'+i)) {
			t.Errorf("revision %d was reached by %q, not %q (%v)", v.Revision, e.Actor, string(rune('a'+i)), err)
		}
	}
}
