package main

import (
	"errors"
	"testing"
	"time"

	"videoteca/archive/youtube"
	"videoteca/storage"
)

// sharingQuota is a process that shares a day's units in a store with others, at a time that the test sets.
func sharingQuota(store *storage.Store, now *time.Time) *dailyQuota {
	q := newDailyQuota(1000)
	q.shared, q.now = store, func() time.Time { return *now }
	return q
}

func TestQuotaThatIsGoneIsGoneForEveryProcess(t *testing.T) {
	bucket, err := storage.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	store := storage.NewStore(bucket, storage.StoreOptions{})
	now := time.Date(2026, 7, 15, 20, 0, 0, 0, time.UTC)
	told, other := sharingQuota(store, &now), sharingQuota(store, &now)
	for _, q := range []*dailyQuota{told, other} {
		if err := q.Spend(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := told.Gone(t.Context()); err != nil {
		t.Fatal(err)
	}
	now = now.Add(lookAgain)
	for name, q := range map[string]*dailyQuota{"the one that was told": told, "another, with units reserved": other, "one started anew": sharingQuota(store, &now)} {
		if err := q.Spend(t.Context(), 1); !errors.Is(err, youtube.ErrQuota) {
			t.Errorf("%s: %v", name, err)
		}
		if n := q.left(t.Context()); n != 0 {
			t.Errorf("%s has %d units left", name, n)
		}
	}
	now = now.Add(12 * time.Hour) // beyond midnight in California
	for name, q := range map[string]*dailyQuota{"the one that was told": told, "another": other} {
		if err := q.Spend(t.Context(), 1); err != nil {
			t.Errorf("%s, the next day: %v", name, err)
		}
	}
}
