package catalog

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"videoteca/archive"
)

const longStory = "https://example.org/story"

// withLongStory is 45 videos, of which an article embeds the first 40; the 44th speaks of it, in its title.
func withLongStory(t *testing.T) *Catalog {
	t.Helper()
	c := newCatalog(t)
	fill(t, c, 45)
	mention := video(44, 2)
	mention.Title = archive.Text{"es": "Sobre " + longStory}
	put(t, c, Entry{Video: mention})
	story := article(t, longStory)
	for n := range 40 {
		story.Placements = append(story.Placements, archive.Placement{Video: id(n + 1)})
	}
	if err := c.PutArticles(t.Context(), story); err != nil {
		t.Fatal(err)
	}
	return c
}

// shown is the ids on all pages of a query, in their order.
func shown(t *testing.T, c *Catalog, q archive.Query) []archive.VideoID {
	t.Helper()
	var ids []archive.VideoID
	for {
		page, err := c.List(t.Context(), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if len(page.Videos) > q.Limit || page.Next != "" && len(page.Videos) < q.Limit {
			t.Fatalf("%+v: %d videos, and %q follows", q, len(page.Videos), page.Next)
		}
		for _, v := range page.Videos {
			ids = append(ids, v.ID)
		}
		if page.Next == "" {
			return ids
		}
		q.After = page.Next
	}
}

func TestEveryVideoThatATextNamesIsOnOnePage(t *testing.T) {
	c := withLongStory(t)
	want := make([]archive.VideoID, 0, 41)
	for n := range 40 {
		want = append(want, id(40-n)) // the newest first
	}
	want = append(want, id(44)) // then what has the words
	for _, limit := range []int{1, 5, 8, 39, 40, 41, 50} {
		if got := shown(t, c, archive.Query{Text: longStory, Limit: limit}); !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v", limit, got)
		}
	}
}

func TestAPlaceAmongTheNamedHoldsWhateverIsPlacedMeanwhile(t *testing.T) {
	c := withLongStory(t)
	first, err := c.List(t.Context(), archive.Query{Text: longStory, Limit: 30})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.PutArticles(t.Context(), article(t, longStory, id(42))); err != nil {
		t.Fatal(err)
	}
	if err := c.Remove(t.Context(), id(11)); err != nil { // which was the last on the page
		t.Fatal(err)
	}
	rest := shown(t, c, archive.Query{Text: longStory, Limit: 30, After: first.Next})
	if len(rest) != 11 || rest[0] != id(10) || rest[10] != id(44) {
		t.Errorf("then come %v", rest)
	}
}

func TestAPlaceInFrontOfTheTitlesHasAllThatIsNamedBehindIt(t *testing.T) {
	c := withLongStory(t)
	after := cursor{tierTitle, math.MaxInt64}.String()
	page, err := c.List(t.Context(), archive.Query{Text: longStory, After: after})
	if err != nil || len(page.Videos) != 1 || page.Videos[0].ID != id(44) {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestWhatIsNamedFulfilsTheConditionsToo(t *testing.T) {
	c := withLongStory(t)
	tagged := video(7, 2)
	tagged.Tags = []string{"Cumbre"}
	put(t, c, Entry{Video: tagged})
	for _, tt := range []struct {
		q    archive.Query
		want int
	}{
		{archive.Query{Text: longStory, Used: "no"}, 1},
		{archive.Query{Text: longStory, Used: "yes"}, 40},
		{archive.Query{Text: longStory, Used: "yes", Tag: "cumbre"}, 1},
		{archive.Query{Text: longStory, Used: "no", Tag: "cumbre"}, 0},
		{archive.Query{Text: string(id(7)), Used: "no"}, 0},
		{archive.Query{Text: string(id(7)), Tag: "CUMBRE"}, 1},
		{archive.Query{Text: "source-45", Used: "no"}, 1},
		{archive.Query{Text: "source-45", Used: "yes"}, 0},
	} {
		tt.q.Limit = 3
		if got := shown(t, c, tt.q); len(got) != tt.want {
			t.Errorf("%+v finds %v", tt.q, got)
		}
	}
}

func TestAnArticlesAddressFindsWhatServesForAMergedVideo(t *testing.T) {
	c := newCatalog(t)
	kept, merged := video(1, 2), video(2, 2)
	kept.Aliases, merged.MergedInto = []archive.VideoID{id(2)}, id(1)
	put(t, c, Entry{Video: kept}, Entry{Video: merged}, entry(3, 1))
	both := article(t, "https://example.org/both", id(1), id(2), id(3))
	if err := c.PutArticles(t.Context(), article(t, longStory, id(2)), both); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]int{longStory: {1}, both.URL: {3, 1}, string(id(2)): {1}} {
		if got := found(t, c, archive.Query{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%s finds %v", text, got)
		}
		if got := found(t, c, archive.Query{Text: text, Used: "yes"}); !slices.Equal(got, want) {
			t.Errorf("%s finds %v among the used", text, got)
		}
	}
}

func TestASearchEndsWithItsCaller(t *testing.T) {
	c := withLongStory(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.List(ctx, archive.Query{Text: longStory}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
