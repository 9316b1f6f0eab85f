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
