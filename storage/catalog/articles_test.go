package catalog

import (
	"slices"
	"testing"

	"videoteca/archive"
)

func article(t *testing.T, address string, videos ...archive.VideoID) archive.Article {
	t.Helper()
	a, err := archive.NewArticle(address, "es")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range videos {
		a.Placements = append(a.Placements, archive.Placement{Video: v})
	}
	return a
}

// articleAt is an article as the catalog has it.
func articleAt(t *testing.T, c *Catalog, address string) archive.Article {
	t.Helper()
	page, err := c.Articles(t.Context(), archive.ArticleQuery{URL: address})
	if err != nil || len(page.Articles) != 1 {
		t.Fatalf("%s: %+v, %v", address, page, err)
	}
	return page.Articles[0]
}

func TestArticlesOfAVideoAreThoseOfWhatWasMergedIntoItToo(t *testing.T) {
	c := newCatalog(t)
	kept := video(1, 1)
	kept.Aliases = []archive.VideoID{id(2)}
	merged := video(2, 1)
	merged.MergedInto = id(1)
	put(t, c, Entry{Video: kept}, Entry{Video: merged}, entry(3, 1))
	both := article(t, "https://example.org/b", id(1), id(2))
	for range 2 { // the same again changes nothing
		if err := c.PutArticles(t.Context(), both, article(t, "https://example.org/a", id(2)), article(t, "https://example.org/c", id(3))); err != nil {
			t.Fatal(err)
		}
	}
	list, err := c.ArticlesOf(t.Context(), kept)
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, a := range list {
		urls = append(urls, a.URL)
	}
	if want := []string{"https://example.org/a", "https://example.org/b"}; !slices.Equal(urls, want) {
		t.Errorf("%v", urls)
	}
	if got := found(t, c, archive.Query{Used: "yes"}); !slices.Equal(got, []int{3, 1}) {
		t.Errorf("used are %v", got)
	}
	if got := found(t, c, archive.Query{Used: "no"}); got != nil {
		t.Errorf("unused are %v", got)
	}
}

func TestAnArticleThatComesBeforeItsVideoIsNotLost(t *testing.T) {
	c := newCatalog(t)
	if err := c.PutArticles(t.Context(), article(t, "https://example.org/a", id(1))); err != nil {
		t.Fatal(err)
	}
	for revision := range int64(3) {
		put(t, c, entry(1, revision+1))
		if got := found(t, c, archive.Query{Used: "yes"}); !slices.Equal(got, []int{1}) {
			t.Errorf("at revision %d used are %v", revision+1, got)
		}
	}
}

func TestNoArticlesAreNoArticles(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 1)
	if err := c.PutArticles(t.Context()); err != nil {
		t.Error(err)
	}
	if list, err := c.ArticlesOf(t.Context(), video(1, 1)); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestAnArticleIsReplacedByWhatIsNewerOnly(t *testing.T) {
	for name, test := range laterForms() {
		t.Run(name, func(t *testing.T) {
			c := newCatalog(t)
			a := article(t, "https://example.org/a", id(1))
			a.Revision = 5
			if err := c.putArticles(t.Context(), []articleRow{{article: a, etag: "a"}}); err != nil {
				t.Fatal(err)
			}
			other := article(t, "https://example.org/a", id(1), id(2))
			other.Revision = test.revision
			if err := c.putArticles(t.Context(), []articleRow{{article: other, etag: test.etag}}); err != nil {
				t.Fatal(err)
			}
			if replaced := len(articleAt(t, c, a.URL).Placements) == 2; replaced != test.replaced {
				t.Errorf("replaced: %v", replaced)
			}
			list, err := c.ArticlesOf(t.Context(), video(2, 1))
			if err != nil || len(list) != 1 { // once placed, always placed
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}
