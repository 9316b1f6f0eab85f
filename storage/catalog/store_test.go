package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

func TestAPlacementIsAddedToWhatIsKnownOfItsArticle(t *testing.T) {
	c := newCatalog(t)
	was := article(t, "https://example.org/dos", id(1))
	was.Revision, was.Title = 3, "Dos reuniones"
	was.Placements[0].Added = time.Date(2025, 4, 14, 12, 0, 0, 0, time.UTC)
	if err := c.putArticles(t.Context(), []articleRow{{article: was, etag: "three"}}); err != nil {
		t.Fatal(err)
	}
	s, begun := NewStore(newBucket(), c), time.Now().Add(-time.Second)
	for range 2 { // the second time nothing is new
		if err := s.Place(t.Context(), article(t, was.URL), id(2)); err != nil {
			t.Fatal(err)
		}
	}
	got := articleAt(t, c, was.URL)
	if got.Revision != 3 || got.Title != was.Title || len(got.Placements) != 2 || got.Placements[0] != was.Placements[0] {
		t.Fatalf("kept %+v", got)
	}
	if p := got.Placements[1]; p.Video != id(2) || p.Added.Before(begun) || p.Added.After(time.Now()) {
		t.Errorf("placed %+v", p)
	}
	for _, revision := range []int64{3, 4} { // even one that the catalog has already, which a placement has altered
		stored := was
		stored.Revision, stored.Title = revision, fmt.Sprint("la del almacén, revisión ", revision)
		if err := c.putArticles(t.Context(), []articleRow{{article: stored, etag: "of the store"}}); err != nil {
			t.Fatal(err)
		}
		if got := articleAt(t, c, was.URL); got.Title != stored.Title {
			t.Errorf("the store's own is not taken: %+v", got)
		}
	}
}

func TestAPlacementInAnUnknownArticleIsKeptUntilTheArticleIsRead(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 1)
	gone, leave := context.WithCancel(t.Context())
	leave() // the store had answered before
	a := article(t, "https://example.org/a", id(7))
	a.Title = "Una nota"
	if err := NewStore(newBucket(), c).Place(gone, a, id(1)); err != nil {
		t.Fatal(err)
	}
	if got := articleAt(t, c, a.URL); got.Revision != 0 || got.Title != a.Title || len(got.Placements) != 1 || got.Placements[0].Video != id(1) {
		t.Errorf("kept %+v", got)
	}
	if got := found(t, c, archive.Query{Used: "yes"}); len(got) != 1 {
		t.Errorf("used are %v", got)
	}
	a.Revision = 1
	if err := c.PutArticles(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got := articleAt(t, c, a.URL); got.Revision != 1 || got.Placements[0].Video != id(7) {
		t.Errorf("the store's own is not taken: %+v", got)
	}
}

func TestAPlacementThatFailedIsNotKept(t *testing.T) {
	c, b := newCatalog(t), newBucket()
	b.down = true
	if err := NewStore(b, c).Place(t.Context(), article(t, "https://example.org/a"), id(1)); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if page, err := c.Articles(t.Context(), archive.ArticleQuery{}); err != nil || len(page.Articles) != 0 {
		t.Errorf("%+v, %v", page, err)
	}
}
