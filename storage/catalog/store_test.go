package catalog

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"videoteca/archive"
)

func TestAProcessReadsItsOwnWritesAtOnce(t *testing.T) {
	c, b := newCatalog(t), newBucket()
	s, r := NewStore(b, c), NewReader(c, b, ReaderOptions{})
	created, err := s.Create(t.Context(), video(1, 0), archive.Cause{Verb: "register"})
	if err != nil || created.Revision != 1 {
		t.Fatalf("revision %d: %v", created.Revision, err)
	}
	answers(t, r, id(1), 1, nil)
	updated, err := s.Update(t.Context(), id(1), archive.Cause{Verb: "describe"}, func(v *archive.Video) error {
		v.Notes = "seen"
		return nil
	})
	if err != nil || updated.Revision != 2 {
		t.Fatalf("revision %d: %v", updated.Revision, err)
	}
	answers(t, r, id(1), 2, nil)
	if b.asked() != 0 {
		t.Errorf("the bucket was asked %d times", b.asked())
	}
}

func TestAWriteThatFailedLeavesTheCatalogAsItWas(t *testing.T) {
	c, b := newCatalog(t), newBucket(entry(2, 1))
	s := NewStore(b, c)
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), id(2), archive.Cause{}, func(*archive.Video) error { return refused })
	if !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	b.down = true
	if _, err := s.Create(t.Context(), video(1, 0), archive.Cause{}); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if total(t, c) != 0 {
		t.Errorf("%d rows", total(t, c))
	}
}

func TestACatalogThatFailsFailsNoWrite(t *testing.T) {
	var log bytes.Buffer
	c, err := Open(t.Context(), filepath.Join(t.TempDir(), "catalog.db"), Options{Store: store, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if v, err := NewStore(newBucket(), c).Create(t.Context(), video(1, 0), archive.Cause{}); err != nil || v.Revision != 1 {
		t.Errorf("revision %d: %v", v.Revision, err)
	}
	if !strings.Contains(log.String(), string(id(1))) {
		t.Errorf("the log says nothing of it: %q", log.String())
	}
}

func TestAWriteWhoseCallerHasGoneIsKeptToo(t *testing.T) {
	c := newCatalog(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel() // the bucket had answered before
	if _, err := NewStore(newBucket(), c).Create(gone, video(1, 0), archive.Cause{}); err != nil {
		t.Fatal(err)
	}
	if got := revision(t, c, id(1)); got != 1 {
		t.Errorf("revision %d", got)
	}
}
