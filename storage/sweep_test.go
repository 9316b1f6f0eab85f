package storage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
)

func TestMarkersAreSweptAfterTwoDays(t *testing.T) {
	s := newStage(t)
	s.registered(t)
	s.clock.advance(47 * time.Hour)
	s.registered(t)
	if err := s.Sweep(t.Context()); err != nil || len(s.keys(t, "changes/")) != 2 {
		t.Errorf("after 47 h %v are left, %v", s.keys(t, "changes/"), err)
	}
	s.clock.advance(2 * time.Hour)
	if err := s.Sweep(t.Context()); err != nil || len(s.keys(t, "changes/")) != 1 {
		t.Errorf("after 49 h %v are left, %v", s.keys(t, "changes/"), err)
	}
}

// withOldMarkers puts n markers of 1970 into the store, beside one of today.
func withOldMarkers(t *testing.T, n int) *stage {
	t.Helper()
	s := newStage(t)
	s.registered(t)
	for i := range n {
		path := filepath.Join(s.folder, "changes", fmt.Sprintf("%026d.json", i))
		if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestASweepLeavesNoOldMarkerHoweverManyThereAre(t *testing.T) {
	one := withOldMarkers(t, 1200)
	two := stageIn(t, one.folder)
	var wait sync.WaitGroup
	for _, s := range []*stage{one, two} {
		wait.Go(func() {
			if err := s.Sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if left := one.keys(t, "changes/"); len(left) != 1 || strings.HasPrefix(left[0], "changes/0000") {
		t.Errorf("%d are left", len(left))
	}
}

func TestASweepEndsAfterAMinuteAndTheNextGoesOn(t *testing.T) {
	s := withOldMarkers(t, 500)
	s.bucket.set(func(b *troubled) {
		b.remove = func(string) error { s.clock.advance(time.Second); return nil }
	})
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := len(s.keys(t, "changes/")); left != 301 {
		t.Errorf("%d are left of 501", left)
	}
	s.bucket.set(func(b *troubled) { b.remove = nil })
	if err := s.Sweep(t.Context()); err != nil || len(s.keys(t, "changes/")) != 1 {
		t.Errorf("then %d are left, %v", len(s.keys(t, "changes/")), err)
	}
}

func TestASweepEndsWithItsCallerAndAtAnError(t *testing.T) {
	s := withOldMarkers(t, 500)
	ctx, cancel := context.WithCancel(t.Context())
	s.bucket.set(func(b *troubled) { b.remove = func(string) error { cancel(); return nil } })
	if err := s.Sweep(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	s.bucket.set(func(b *troubled) { b.remove = func(string) error { return errCut } })
	if err := s.Sweep(t.Context()); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if left := len(s.keys(t, "changes/")); left < 301 {
		t.Errorf("%d are left of 501", left)
	}
}
