package catalog

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/archive"
)

// shelf has the articles of a store in memory.
type shelf struct {
	articles  []archive.Article
	unread    map[string]bool // cannot be read
	cutOff    bool            // the listing breaks off at its end
	onListing func()          // before each
	afterRead func(id string) // before what was read is kept

	mu       sync.Mutex
	reads    int
	under    atomic.Int32 // way
	mostOnce atomic.Int32
}

// shelfOf has n articles at a revision, each with one video.
func shelfOf(t testing.TB, n int, revision int64) *shelf {
	t.Helper()
	s := &shelf{unread: map[string]bool{}}
	for i := range n {
		a, err := archive.NewArticle(fmt.Sprintf("https://example.org/%04d", i), "es")
		if err != nil {
			t.Fatal(err)
		}
		a.Revision, a.Placements = revision, []archive.Placement{{Video: id(i)}}
		s.articles = append(s.articles, a)
	}
	return s
}

func etagOf(a archive.Article) string { return fmt.Sprintf("%s@%d", a.ID, a.Revision) }

func (s *shelf) ArticleList(context.Context) iter.Seq2[ListedArticle, error] {
	if s.onListing != nil {
		s.onListing()
	}
	return func(yield func(ListedArticle, error) bool) {
		for _, a := range s.articles {
			if !yield(ListedArticle{a.ID, etagOf(a)}, nil) {
				return
			}
		}
		if s.cutOff {
			yield(ListedArticle{}, errDown)
		}
	}
}

func (s *shelf) ReadArticle(_ context.Context, id string) (archive.Article, string, error) {
	s.mostOnce.Store(max(s.mostOnce.Load(), s.under.Add(1)))
	defer s.under.Add(-1)
	time.Sleep(100 * time.Microsecond)
	s.mu.Lock()
	s.reads++
	var found archive.Article
	for _, a := range s.articles {
		if a.ID == id {
			found = a
		}
	}
	s.mu.Unlock()
	if s.afterRead != nil {
		s.afterRead(id)
	}
	switch {
	case s.unread[id]:
		return archive.Article{}, "", errDown
	case found.ID == "":
		return archive.Article{}, "", archive.ErrNotFound
	}
	return found, etagOf(found), nil
}

// written puts a later revision of an article on the shelf, with one more video.
func (s *shelf) written(i, video int) archive.Article {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &s.articles[i]
	a.Revision++
	a.Placements = append(a.Placements[:len(a.Placements):len(a.Placements)], archive.Placement{Video: id(video)})
	return *a
}

func TestArticlesAreReadThatAreMissingOrChangedAFewAtATimeAndKeptInBatches(t *testing.T) {
	const n = batch + 200
	c, s := newCatalog(t), shelfOf(t, n, 1)
	step := func(want Filled, commits uint64) {
		t.Helper()
		before := c.written.Load()
		got, err := c.FillArticles(t.Context(), s)
		if err != nil || got != want {
			t.Errorf("%+v, not %+v: %v", got, want, err)
		}
		if wrote := c.written.Load() - before; wrote != commits {
			t.Errorf("%d commits, not %d", wrote, commits)
		}
	}
	step(Filled{Listed: n, Read: n}, 2)
	step(Filled{Listed: n}, 0)
	s.written(7, 800)
	step(Filled{Listed: n, Read: 1}, 1)
	if got := articleAt(t, c, s.articles[7].URL); got.Revision != 2 || len(got.Placements) != 2 {
		t.Errorf("kept %+v", got)
	}
	if most := s.mostOnce.Load(); most < 2 || most > readsAtOnce {
		t.Errorf("%d were read at once", most)
	}
}

func TestAnArticleThatCannotBeReadStopsNoOther(t *testing.T) {
	c, s := newCatalog(t), shelfOf(t, 30, 1)
	s.unread[s.articles[0].ID] = true
	if got, err := c.FillArticles(t.Context(), s); err != nil || got != (Filled{Listed: 30, Read: 29, Failed: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
	clear(s.unread)
	if got, err := c.FillArticles(t.Context(), s); err != nil || got != (Filled{Listed: 30, Read: 1}) {
		t.Errorf("at the next time %+v, %v", got, err)
	}
}

func TestWhatWasListedOfArticlesIsKeptThoughTheListingBreaksOff(t *testing.T) {
	c, s := newCatalog(t), shelfOf(t, 3, 1)
	s.cutOff = true
	if got, err := c.FillArticles(t.Context(), s); !errors.Is(err, errDown) || got.Read != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	articleAt(t, c, s.articles[2].URL)
}

func TestAStoreThatIsDownEndsTheFillingWithArticles(t *testing.T) {
	c, s := newCatalog(t), shelfOf(t, 500, 1)
	for _, a := range s.articles {
		s.unread[a.ID] = true
	}
	got, err := c.FillArticles(t.Context(), s)
	if !errors.Is(err, errDown) || got.Failed != failuresInARow || s.reads > failuresInARow+2*readsAtOnce {
		t.Errorf("%+v after %d reads: %v", got, s.reads, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := c.FillArticles(ended, shelfOf(t, 5, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a filling that was ended: %v", err)
	}
}

func TestWhatTheFeedToldOfAnArticleIsNotPutBackByAnEarlierRead(t *testing.T) {
	for name, fill := range map[string]func(*Catalog, *shelf) (Filled, error){
		"filling":    func(c *Catalog, s *shelf) (Filled, error) { return c.FillArticles(t.Context(), s) },
		"reindexing": func(c *Catalog, s *shelf) (Filled, error) { return c.ReindexArticles(t.Context(), s) },
	} {
		t.Run(name, func(t *testing.T) {
			c, s := newCatalog(t), shelfOf(t, 1, 1)
			if err := c.PutArticles(t.Context(), s.articles...); err != nil {
				t.Fatal(err)
			}
			var once sync.Once
			s.afterRead = func(string) {
				once.Do(func() {
					if err := c.PutArticles(t.Context(), s.written(0, 9)); err != nil {
						t.Error(err)
					}
				})
			}
			s.onListing = func() { // reindexing lists again once all is kept
				if got := articleAt(t, c, s.articles[0].URL); got.Revision != s.articles[0].Revision {
					t.Errorf("the catalog has %+v", got)
				}
			}
			if _, err := fill(c, s); err != nil {
				t.Fatal(err)
			}
			if got := articleAt(t, c, s.articles[0].URL); got.Revision != 2 || len(got.Placements) != 2 {
				t.Errorf("kept %+v", got)
			}
		})
	}
}

func TestReindexingTakesTheStoresWordOfArticlesWhateverTheRevision(t *testing.T) {
	c, s := newCatalog(t), shelfOf(t, 3, 1)
	later := s.articles[1]
	later.Revision, later.Title = 9, "De antes de la restauración"
	if err := c.PutArticles(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if _, err := c.FillArticles(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if got := articleAt(t, c, later.URL); got.Revision != 9 {
		t.Errorf("filling put %+v in its place", got)
	}
	if got, err := c.ReindexArticles(t.Context(), s); err != nil || got != (Filled{Listed: 3, Read: 3}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got := articleAt(t, c, later.URL); got.Revision != 1 || got.Title != "" {
		t.Errorf("kept %+v", got)
	}
}
