package storage_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func story(t *testing.T) archive.Article {
	t.Helper()
	a, err := archive.NewArticle("https://example.org/dos-reuniones", "es")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func articleKey(a archive.Article) string { return "articles/" + a.ID[:2] + "/" + a.ID + ".json" }

func TestAnArticleNotesEachOfItsVideosOnce(t *testing.T) {
	s := newStage(t)
	for _, id := range []archive.VideoID{"7k3mzq9x0abd", "7k3mzq9x0abe", "7k3mzq9x0abd"} {
		if err := s.Place(t.Context(), story(t), id); err != nil {
			t.Fatal(err)
		}
	}
	articles := all(t, s.Articles(t.Context()))
	if len(articles) != 1 || len(articles[0].Placements) != 2 || !articles[0].Placements[0].Added.Equal(morning()) {
		t.Fatalf("kept %+v", articles)
	}
	if got := articles[0]; got.URL != "https://example.org/dos-reuniones" || got.Language != "es" || got.Revision != 2 {
		t.Errorf("kept %+v", got)
	}
	if markers := s.keys(t, "changes/"); len(markers) != 2 || !strings.Contains(s.read(t, markers[1]), articleKey(story(t))) {
		t.Errorf("markers %v", markers)
	}
}

func TestPlacementsAtOnceLoseNothing(t *testing.T) {
	one := newStage(t)
	two := stageIn(t, one.folder)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if err := []*stage{one, two}[i%2].Place(t.Context(), story(t), archive.NewVideoID()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if articles := all(t, one.Articles(t.Context())); len(articles) != 1 || len(articles[0].Placements) != 16 {
		t.Errorf("kept %+v", articles)
	}
}

func TestAPlacementIsNotedOnceThoughTheReplyWasLost(t *testing.T) {
	for name, hook := range map[string]func(*troubled){
		"reply":   func(b *troubled) { b.after = once("articles/", errCut) },
		"request": func(b *troubled) { b.before = once("articles/", errCut) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.bucket.set(hook)
			if err := s.Place(t.Context(), story(t), "7k3mzq9x0abd"); err != nil {
				t.Fatal(err)
			}
			if got := all(t, s.Articles(t.Context())); len(got) != 1 || len(got[0].Placements) != 1 {
				t.Errorf("kept %+v", got)
			}
		})
	}
}

func TestAnArticleKeepsWhatOthersAddedAndALaterVersionIsLeftAlone(t *testing.T) {
	s := newStage(t)
	if err := s.Place(t.Context(), story(t), "7k3mzq9x0abd"); err != nil {
		t.Fatal(err)
	}
	key := articleKey(story(t))
	s.edit(t, key, `"video": "7k3mzq9x0abd"`, `"video": "7k3mzq9x0abd", "paragraph": 4`)
	s.edit(t, key, `"language"`, `"section": "mundo", "language"`)
	if err := s.Place(t.Context(), story(t), "7k3mzq9x0abe"); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"paragraph": 4`, `"section": "mundo"`, `"7k3mzq9x0abe"`} {
		if got := s.read(t, key); !strings.Contains(got, part) {
			t.Errorf("there is no %s in\n%s", part, got)
		}
	}
	s.edit(t, key, `"version": 1`, `"version": 2`)
	if err := s.Place(t.Context(), story(t), "7k3mzq9x0abf"); !errors.Is(err, storage.ErrNewerFormat) {
		t.Errorf("a later version: %v", err)
	}
}

func TestTheFeedTellsOfArticles(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	feed := storage.NewFeed(s.Store, s.clock.now())
	var told []string
	feed.Article = func(_ context.Context, a archive.Article) error {
		told = append(told, a.URL)
		return nil
	}
	a, err := archive.NewArticle("https://example.org/story", "es")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Place(t.Context(), a, v.ID); err != nil {
		t.Fatal(err)
	}
	for range 3 { // once is enough
		if err := feed.Poll(t.Context(), func(context.Context, archive.Video, string) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 1 || told[0] != a.URL {
		t.Errorf("it told of %v", told)
	}
}

func TestArticlesAreListedAndReadByTheirIDsUnderTheSameETag(t *testing.T) {
	s := newStage(t)
	for range 2 {
		if err := s.Place(t.Context(), story(t), archive.NewVideoID()); err != nil {
			t.Fatal(err)
		}
	}
	s.overwrite(t, "articles/zz/notes.txt", "of nobody")
	s.overwrite(t, "articles/aa/bb00.json", "{}") // belongs elsewhere
	listed := all(t, s.ListArticles(t.Context()))
	if len(listed) != 1 || listed[0].ID != story(t).ID {
		t.Fatalf("listed are %+v", listed)
	}
	a, etag, err := s.ReadArticle(t.Context(), listed[0].ID)
	if err != nil || etag == "" || etag != listed[0].ETag || a.Revision != 2 || len(a.Placements) != 2 {
		t.Errorf("%+v under %q, listed under %q: %v", a, etag, listed[0].ETag, err)
	}
}

func TestAnArticleThatIsMissingOrDamagedSaysSo(t *testing.T) {
	s := newStage(t)
	other := story(t).ID
	s.overwrite(t, articleKey(story(t)), `{"version":1,"id":"0123","revision":1,"placements":[]}`)
	for id, want := range map[string]error{"00112233445566778899aabbccddeeff": archive.ErrNotFound, other: storage.ErrDamaged} {
		if _, _, err := s.ReadArticle(t.Context(), id); !errors.Is(err, want) || !strings.Contains(err.Error(), id) {
			t.Errorf("%s: %v", id, err)
		}
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	if _, _, err := s.ReadArticle(t.Context(), other); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("a store that is down: %v", err)
	}
	for _, err := range s.ListArticles(t.Context()) {
		if !errors.Is(err, archive.ErrUnavailable) {
			t.Errorf("listing it: %v", err)
		}
	}
}
