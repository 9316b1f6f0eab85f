package catalog

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"videoteca/archive"
)

// tagged is a video with tags and a title.
func tagged(n int, revision int64, title string, tags ...string) Entry {
	e := entry(n, revision)
	e.Video.Title = archive.Text{"es": title}
	e.Video.Tags = tags
	return e
}

func TestABatchThatNamesAVideoTwiceKeepsTheLaterWithItsWordsAndCounts(t *testing.T) {
	c := newCatalog(t)
	put(t, c, tagged(1, 1, "primera", "a", "b"), tagged(2, 1, "otra", "a"), tagged(1, 2, "segunda", "a", "c"))
	for word, want := range map[string][]int{"primera": {}, "segunda": {1}, "otra": {2}} {
		if got := found(t, c, archive.Query{Text: word}); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, not %v", word, got, want)
		}
	}
	if got, want := facetsOf(t, c, "tag"), map[string]int{"a": 2, "c": 1}; !maps.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

func TestWhatABatchAddsAndErasesIsFoundByNothing(t *testing.T) {
	c := newCatalog(t)
	erased := tagged(1, 2, "secreta", "a")
	erased.Video.Visibility.Exposure = archive.Erased
	put(t, c, tagged(1, 1, "secreta", "a"), erased)
	if got := found(t, c, archive.Query{Text: "secreta"}); len(got) != 0 {
		t.Errorf("it is found: %v", got)
	}
	if got := facetsOf(t, c, "tag"); len(got) != 0 {
		t.Errorf("it is counted: %v", got)
	}
}

func TestALabelThatAVideoHasTwiceCountsOnce(t *testing.T) {
	c := newCatalog(t)
	put(t, c, tagged(1, 1, "una", "Reunión", "reunion", " REUNIÓN "))
	facets, err := c.Facets(t.Context(), "tag", 10)
	if err != nil || len(facets) != 1 || facets[0] != (archive.Facet{Value: "reunion", Label: "Reunión", Videos: 1}) {
		t.Errorf("%+v, %v", facets, err)
	}
}

func TestVideosOfOneMomentEachHaveAPlaceAndKeepIt(t *testing.T) {
	c := newCatalog(t)
	batch := make([]Entry, 0, 40)
	for n := range 40 {
		e := entry(n+1, 1)
		e.Video.Created = video(1, 1).Created
		batch = append(batch, e)
	}
	put(t, c, batch...)
	before := found(t, c, archive.Query{Limit: 100})
	for i := range batch {
		batch[i].Video.Revision, batch[i].ETag = 2, fmt.Sprint("later ", i)
	}
	put(t, c, batch...)
	if after := found(t, c, archive.Query{Limit: 100}); len(after) != 40 || !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
}

func TestCountsOfLabelsAreTrueAfterAnyBatchesRemovalsAndArticles(t *testing.T) {
	random := rand.New(rand.NewPCG(2019, 25))
	c := newCatalog(t)
	tags := []string{"a", "b", "c", "d"}
	revisions := map[int]int64{}
	for step := range 120 {
		var batch []Entry
		for range random.IntN(12) {
			n := 1 + random.IntN(9)
			revisions[n]++
			e := tagged(n, revisions[n], "x", tags[:random.IntN(len(tags)+1)]...)
			if random.IntN(9) == 0 {
				e.Video.Visibility.Exposure = archive.Erased
			}
			batch = append(batch, e)
		}
		put(t, c, batch...)
		switch random.IntN(4) {
		case 0:
			if err := c.Remove(t.Context(), id(1+random.IntN(9))); err != nil {
				t.Fatal(err)
			}
		case 1:
			a := article(t, fmt.Sprintf("https://diario.example/%d", random.IntN(3)), id(1+random.IntN(9)))
			if err := c.PutArticles(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		for _, kind := range []string{"tag", "used", "state", "visibility"} {
			if kept, counted := facetsOf(t, c, kind), countedLabels(t, c, kind); !maps.Equal(kept, counted) {
				t.Fatalf("after step %d %s: kept %v, counted %v", step, kind, kept, counted)
			}
		}
	}
}

// facetsOf are the kept counts of one kind.
func facetsOf(t *testing.T, c *Catalog, kind string) map[string]int {
	t.Helper()
	facets, err := c.Facets(t.Context(), kind, 100)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]int{}
	for _, f := range facets {
		kept[f.Value] = f.Videos
	}
	return kept
}
