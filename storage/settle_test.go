package storage_test

import (
	"errors"
	"fmt"
	"slices"
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
