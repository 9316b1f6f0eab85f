package catalog

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

func TestAnIterationYieldsEveryVideoOnceByID(t *testing.T) {
	c := newCatalog(t)
	for _, videos := range []int{0, 1, stride, stride + 1} {
		fill(t, c, videos) // what is there already stays
		n := 0
		for v, err := range c.All(t.Context()) {
			n++
			if err != nil || v.ID != id(n) || v.Revision != 1 {
				t.Fatalf("place %d: %s at %d: %v", n, v.ID, v.Revision, err)
			}
		}
		etags := 0
		for l, err := range c.ETags(t.Context()) {
			etags++
			if want := entry(etags, 1); err != nil || l.ID != want.Video.ID || l.ETag != want.ETag {
				t.Fatalf("place %d: %+v: %v", etags, l, err)
			}
		}
		if n != videos || etags != videos {
			t.Errorf("%d records and %d ETags of %d", n, etags, videos)
		}
	}
}

func TestAConsumerMayStopAndMayUseTheCatalogMeanwhile(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 20)
	n := 0
	for v, err := range c.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 15 {
			break
		}
		// With a connection held by each of many iterations these would wait for ever.
		for _, err := range c.ETags(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			put(t, c, Entry{Video: v, ETag: "again"})
			break
		}
	}
	if n != 15 {
		t.Errorf("%d seen", n)
	}
}

func TestAnIterationYieldsItsErrorOnceAndLast(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 3)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var failures []error
	for _, err := range c.All(ended) {
		failures = append(failures, err)
	}
	if len(failures) != 1 || !errors.Is(failures[0], context.Canceled) {
		t.Errorf("%v", failures)
	}
	if _, err := c.writer.ExecContext(t.Context(), "UPDATE videos SET record = '{' WHERE id = ?", id(2)); err != nil {
		t.Fatal(err)
	}
	failures = nil
	for _, err := range c.All(t.Context()) {
		failures = append(failures, err)
	}
	if len(failures) != 2 || failures[0] != nil || failures[1] == nil || !strings.Contains(failures[1].Error(), "record") {
		t.Errorf("%v", failures)
	}
}

func TestAnIterationMayTellWhenSourcesWereHeard(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 3)
	var key archive.SourceKey
	for v, err := range c.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		key = v.Sources[0].SourceKey
		break
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if err := c.Ledger().Note(t.Context(), []archive.Heard{{Source: key, LastRound: at, LastGood: at}}); err != nil {
		t.Fatal(err)
	}
	heard := 0
	for v, err := range c.AllHeard(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if s := v.Source(key); s != nil {
			heard++
			if !s.Standing.LastRound.Equal(at) || !s.Standing.LastGood.Equal(at) {
				t.Errorf("heard %s, good %s", s.Standing.LastRound, s.Standing.LastGood)
			}
		}
	}
	if heard != 1 {
		t.Errorf("met %d times", heard)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range c.AllHeard(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a reading that was stopped: %v", err)
		}
	}
}
