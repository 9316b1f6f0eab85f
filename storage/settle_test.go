package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"videoteca/storage"
)

// after is what a record says after writes of its own number of others, ours among them or not.
func after(before, others int, ours bool) storage.Written {
	w := storage.Written{}
	for i := range before {
		w = w.Next(fmt.Sprint("before-", i))
	}
	if ours {
		w = w.Next("ours")
	}
	for i := range others {
		w = w.Next(fmt.Sprint("other-", i))
	}
	return w
}

func TestWhetherAWriteHappenedIsToldByTheRecord(t *testing.T) {
	const reached = 6 // the revision that ours was to reach, after five writes
	tests := []struct {
		name     string
		found    storage.Written
		happened bool
		err      error
	}{
		{"it happened", after(5, 0, true), true, nil},
		{"it happened, and fifteen others since", after(5, 15, true), true, nil},
		{"it happened, and was pushed out", after(5, 16, true), false, storage.ErrOutcomeUnknown},
		{"nobody wrote", after(5, 0, false), false, nil},
		{"another one came first", after(5, 1, false), false, nil},
		{"sixteen others came first", after(5, 16, false), false, nil},
		{"seventeen others came first, among whom ours could have been", after(5, 17, false), false, storage.ErrOutcomeUnknown},
		{"there is no record", storage.Written{}, false, nil},
	}
	for _, tt := range tests {
		happened, err := storage.Settle(tt.found, "ours", reached)
		if happened != tt.happened || !errors.Is(err, tt.err) {
			t.Errorf("%s (revision %d): %v, %v", tt.name, tt.found.Revision, happened, err)
		}
	}
}

func TestARecordNamesItsNewestSixteenWritesAndSharesThemWithNobody(t *testing.T) {
	w := after(0, 20, false)
	if w.Revision != 20 || len(w.Writes) != 16 || w.Writes[0] != "other-4" || w.Writes[15] != "other-19" {
		t.Errorf("revision %d, writes %v", w.Revision, w.Writes)
	}
	kept := slices.Clone(w.Writes)
	one, two := w.Next("one"), w.Next("two")
	if one.Writes[15] != "one" || two.Writes[15] != "two" || !slices.Equal(w.Writes, kept) {
		t.Errorf("two writers of one revision have %s and %s", one.Writes[15], two.Writes[15])
	}
}

// A directory repeats nothing by itself: a refused write did not happen, however many others have
// written before anybody looks.
func TestARefusalOfADirectorysIsNoRiddle(t *testing.T) {
	s := newStage(t)
	other := stageIn(t, s.folder)
	v := s.registered(t)
	if _, err := s.ReserveQuota(t.Context(), "youtube", day, 1, 1000); err != nil {
		t.Fatal(err)
	}
	overtaken := func(key string, write func(i int)) func(*troubled) {
		return func(b *troubled) {
			done := false
			b.before = func(_ context.Context, at string) error {
				if !done && strings.HasPrefix(at, key) {
					done = true
					for i := range 40 {
						write(i)
					}
				}
				return nil
			}
		}
	}
	s.bucket.set(overtaken("videos/", func(i int) { other.noted(t, v.ID, fmt.Sprint("other ", i)) }))
	if got, err := s.Update(t.Context(), v.ID, editor("describe"), note("mine")); err != nil || got.Notes != "mine" || got.Revision != 42 {
		t.Errorf("a record: revision %d, %q, %v", got.Revision, got.Notes, err)
	}
	s.bucket.set(overtaken(quotaKey, func(int) { reserved(t, other.Store, 1, 1000) }))
	if got, err := s.ReserveQuota(t.Context(), "youtube", day, 7, 1000); err != nil || got != 7 || spent(t, s.Store) != 48 {
		t.Errorf("a document: granted %d, spent %d, %v", got, spent(t, s.Store), err)
	}
}

func TestADirectorySaysThatARefusedWriteDidNotHappen(t *testing.T) {
	s := newStage(t)
	for range 2 {
		_, err := s.bucket.Put(t.Context(), "settings/x.json", strings.NewReader("{}"), 2, storage.IfAbsent())
		if err != nil && (!errors.Is(err, storage.ErrNotWritten) || !errors.Is(err, storage.ErrPreconditionFailed)) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := s.bucket.Put(t.Context(), "settings/x.json", strings.NewReader("{}"), 2, storage.IfMatch("\"other\"")); !errors.Is(err, storage.ErrNotWritten) {
		t.Errorf("got %v", err)
	}
}
