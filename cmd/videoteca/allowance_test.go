package main

import (
	"testing"
	"time"

	"videoteca/storage"
)

func TestWhatReportsMayAskIsCountedInTheStoreByYouTubesDay(t *testing.T) {
	bucket, err := storage.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() }) // the folder goes with the test
	store := storage.NewStore(bucket, storage.StoreOptions{})
	quota := newDailyQuota(10_000)
	quota.now = func() time.Time { return time.Date(2026, 7, 2, 6, 59, 0, 0, time.UTC) } // a minute before midnight in California
	here, there := troubleAllowance{quota, store}, troubleAllowance{newDailyQuota(10_000), store}
	day := here.Day()
	if day != "2026-07-01" {
		t.Errorf("the day is %s", day)
	}
	for i, step := range []struct {
		by       troubleAllowance
		ask, got int
	}{{here, 7, 7}, {there, 7, 3}, {here, 1, 0}} {
		if n, err := step.by.Reserve(t.Context(), day, step.ask, 10); err != nil || n != step.got {
			t.Errorf("step %d: %d granted (%v)", i, n, err)
		}
	}
	if spent, _, err := store.QuotaSpent(t.Context(), "trouble-reports", day); err != nil || spent != 10 {
		t.Errorf("the store says %d (%v)", spent, err)
	}
	quota.now = func() time.Time { return time.Date(2026, 7, 2, 7, 0, 0, 0, time.UTC) }
	if n, err := here.Reserve(t.Context(), here.Day(), 1, 10); err != nil || n != 1 {
		t.Errorf("the next day: %d granted (%v)", n, err)
	}
}
