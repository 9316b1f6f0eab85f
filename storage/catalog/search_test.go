package catalog

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

// meetings are a few videos with something of everything.
func meetings() []archive.Video {
	ny := video(1, 1)
	ny.Title = archive.Text{"es": "Reunión presidencial en Nueva York", "en": "Presidential meeting in New York"}
	ny.Caption, ny.EventDate, ny.DefaultLanguage = archive.Text{"es": "La Asamblea General."}, "2019-09-25", "es"
	ny.Tags, ny.Collections, ny.RegisteredBy = []string{"ONU", "Áreas"}, []string{"Cumbres"}, "ana"
	ny.Sources[0].SourceKey = archive.SourceKey{Platform: "youtube", ID: "dQw4w9WgXcQ"}
	ny.Sources[0].URL = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
	ny.Sources[0].Standing.State = archive.Gone
	ny.Sources[0].Described = &archive.Description{Fields: archive.Fields{Title: "President's visit", Channel: "Casa Presidencial", Description: "Con traducción simultánea"}}
	oval := video(2, 1)
	oval.Title, oval.EventDate, oval.RegisteredBy = archive.Text{"es": "El Despacho Oval"}, "2025-04", "luis"
	oval.Notes = "Nueva York se menciona en las notas"
	oval.Sources[0].SourceKey.Platform = "vimeo"
	oval.Sources[0].Standing.State = archive.Live
	oval.Sources[0].Overrule = &archive.Overrule{As: "alive"}
	oval.Copies = []archive.Copy{{}}
	held := video(3, 1)
	held.Title, held.EventDate = archive.Text{"en": "Nueva canción"}, "2019~"
	held.Sources[0].Standing = archive.Standing{State: archive.Live, Held: []archive.Hold{{}}, DisputedSince: time.Now()}
	held.Visibility.Exposure = archive.Withdrawn
	erased := video(4, 1)
	erased.Visibility.Exposure, erased.Title = archive.Erased, archive.Text{"es": "Nueva York suprimida"}
	merged := video(5, 1)
	merged.MergedInto, merged.Title = ny.ID, archive.Text{"es": "Nueva York duplicada"}
	return []archive.Video{ny, oval, held, erased, merged}
}

func withMeetings(t *testing.T) *Catalog {
	t.Helper()
	c := newCatalog(t)
	for _, v := range meetings() {
		put(t, c, Entry{Video: v})
	}
	return c
}

// found is the numbers of the videos that a query finds, in their order, page by page of one.
func found(t *testing.T, c *Catalog, q archive.Query) []int {
	t.Helper()
	var all []int
	for range 100 {
		q.Limit = 1
		page, err := c.List(t.Context(), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		for _, v := range page.Videos {
			var n int
			_, _ = fmt.Sscan(strings.TrimLeft(string(v.ID), "0"), &n)
			all = append(all, n)
		}
		if page.Next == "" {
			return all
		}
		q.After = page.Next
	}
	t.Fatalf("%+v has no end", q)
	return nil
}

func TestSearchFindsWordsWhateverTheirAccentsAndCase(t *testing.T) {
	c := withMeetings(t)
	for text, want := range map[string][]int{
		"":                    {3, 2, 1},
		"nueva":               {3, 1, 2}, // titles first, the newest first; then notes
		"NUEVA york":          {1, 2},
		"reunion":             {1},
		"reunión presidencia": {1}, // the beginning of a word
		"cancion":             {3},
		"CANCIÓN":             {3},
		"asamblea":            {1},
		"simultanea":          {1},
		"casa presidencial":   {1},
		"onu":                 {1},
		"areas":               {1},
		"cumbres":             {1},
		"presidents visit":    nil, // the apostrophe parts two words
		"president's":         {1},
		"suprimida":           nil,
		"duplicada":           nil,
		"nowhere":             nil,
		"???":                 nil,
	} {
		if got := found(t, c, archive.Query{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", text, got, want)
		}
	}
}

func TestWhatIsNamedExactlyComesFirst(t *testing.T) {
	c := withMeetings(t)
	mention := video(6, 1)
	mention.Title = archive.Text{"es": "Sobre dQw4w9WgXcQ, https://www.youtube.com/watch?v=dQw4w9WgXcQ y " + string(id(2))}
	put(t, c, Entry{Video: mention})
	a, err := archive.NewArticle("https://example.org/story?utm_source=x", "es")
	if err != nil {
		t.Fatal(err)
	}
	a.Placements = []archive.Placement{{Video: id(2)}}
	if err := c.PutArticles(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]int{
		"dQw4w9WgXcQ": {1, 6},
		"https://www.youtube.com/watch?v=dQw4w9WgXcQ": {1, 6},
		string(id(2)):                        {2, 6},
		"https://EXAMPLE.org/story?fbclid=1": {2},
	} {
		if got := found(t, c, archive.Query{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", text, got, want)
		}
	}
}

func TestFiltersNarrow(t *testing.T) {
	c := withMeetings(t)
	a, err := archive.NewArticle("https://example.org/story", "es")
	if err != nil {
		t.Fatal(err)
	}
	a.Placements = []archive.Placement{{Video: id(1)}}
	if err := c.PutArticles(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		q    archive.Query
		want []int
	}{
		{archive.Query{State: "gone"}, []int{1}},
		{archive.Query{State: "live"}, []int{3, 2}},
		{archive.Query{Platform: "vimeo"}, []int{2}},
		{archive.Query{Channel: "casa presidencial"}, []int{1}},
		{archive.Query{Tag: "onu"}, []int{1}},
		{archive.Query{Tag: "areas"}, []int{1}},
		{archive.Query{Collection: "CUMBRES"}, []int{1}},
		{archive.Query{Language: "es"}, []int{2, 1}},
		{archive.Query{Event: "2019"}, []int{3, 1}},
		{archive.Query{Event: "2019-09"}, []int{1}},
		{archive.Query{Event: "2025-04"}, []int{2}},
		{archive.Query{By: "ana"}, []int{1}},
		{archive.Query{Copy: "yes"}, []int{2}},
		{archive.Query{Copy: "no"}, []int{3, 1}},
		{archive.Query{Used: "yes"}, []int{1}},
		{archive.Query{Used: "no"}, []int{3, 2}},
		{archive.Query{Caption: "no"}, []int{3, 2}},
		{archive.Query{Visibility: "withdrawn"}, []int{3}},
		{archive.Query{Mark: "held"}, []int{3}},
		{archive.Query{Mark: "overruled"}, []int{2}},
		{archive.Query{State: "live", Copy: "no", Mark: "disputed"}, []int{3}},
		{archive.Query{Text: "nueva", State: "live"}, []int{3, 2}},
		{archive.Query{Text: "dQw4w9WgXcQ", State: "live"}, nil},
		{archive.Query{Tag: "none"}, nil},
	} {
		if got := found(t, c, tt.q); !slices.Equal(got, tt.want) {
			t.Errorf("%+v finds %v, not %v", tt.q, got, tt.want)
		}
	}
}

func TestAVideoIsFoundByWhatItSaysNow(t *testing.T) {
	c := withMeetings(t)
	ny := meetings()[0]
	ny.Revision, ny.Title, ny.Tags = 2, archive.Text{"es": "Otro título"}, []string{"nuevo"}
	put(t, c, Entry{Video: ny})
	if got := found(t, c, archive.Query{Tag: "onu"}); got != nil {
		t.Errorf("its old tag finds %v", got)
	}
	if got := found(t, c, archive.Query{Text: "reunion"}); got != nil {
		t.Errorf("its old title finds %v", got)
	}
	if got := found(t, c, archive.Query{Text: "otro", Tag: "NUEVO"}); !slices.Equal(got, []int{1}) {
		t.Errorf("its new words find %v", got)
	}
	ny.Revision, ny.Visibility.Exposure = 3, archive.Erased
	put(t, c, Entry{Video: ny})
	if got := found(t, c, archive.Query{Text: "otro"}); got != nil {
		t.Errorf("erased, it is found: %v", got)
	}
	if err := c.Remove(t.Context(), id(2)); err != nil {
		t.Fatal(err)
	}
	if got := found(t, c, archive.Query{}); !slices.Equal(got, []int{3}) {
		t.Errorf("left are %v", got)
	}
}

// A random history of writes; whatever is kept must be what counting all rows gives.
func TestFacetsAreWhatCountingGives(t *testing.T) {
	c := newCatalog(t)
	random := rand.New(rand.NewPCG(1, 2))
	tags := []string{"a", "B", "á", "c", "d"}
	revisions := map[int]int64{}
	for range 300 {
		n := random.IntN(30)
		if random.IntN(10) == 0 {
			if err := c.Remove(t.Context(), id(n)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		revisions[n]++
		e := entry(n, revisions[n])
		for range random.IntN(4) {
			e.Video.Tags = append(e.Video.Tags, tags[random.IntN(len(tags))])
		}
		if random.IntN(8) == 0 {
			e.Video.Visibility.Exposure = archive.Erased
		}
		put(t, c, e)
	}
	for _, kind := range archive.FilterKinds() {
		kept, counted := facetsOf(t, c, kind), countedLabels(t, c, kind)
		if !maps.Equal(kept, counted) {
			t.Errorf("%s: kept %v, counted %v", kind, kept, counted)
		}
	}
	counts, err := c.Counts(t.Context())
	if err != nil || counts.Total != len(found(t, c, archive.Query{})) {
		t.Errorf("%d counted, %v", counts.Total, err)
	}
}

func TestFacetsShowThoseOfMostVideosFirst(t *testing.T) {
	c := newCatalog(t)
	for n := range 10 {
		e := entry(n+1, 1)
		e.Video.Tags = []string{"Común"}
		if n < 3 {
			e.Video.Tags = append(e.Video.Tags, "rara")
		}
		put(t, c, e)
	}
	facets, err := c.Facets(t.Context(), "tag", 1)
	if err != nil || len(facets) != 1 || facets[0] != (archive.Facet{Value: "comun", Label: "Común", Videos: 10}) {
		t.Errorf("%+v, %v", facets, err)
	}
	if all, err := c.Facets(t.Context(), "tag", 1<<30); err != nil || len(all) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{`"`, `a" OR "b`, "NEAR(a b)", "title:x", "a*", "-a", "^", "{title} : (", "\x00", "ñ́", strings.Repeat("w ", 400)} {
		f.Add(s)
	}
	c, err := Open(f.Context(), f.TempDir()+"/catalog.db", Options{Store: "fuzz"})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	for _, v := range meetings() {
		if err := c.Put(f.Context(), Entry{Video: v}); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		page, err := c.List(t.Context(), archive.Query{Text: text})
		if err != nil || len(page.Videos) > 3 {
			t.Errorf("%q: %d videos, %v", text, len(page.Videos), err)
		}
	})
}

// countedLabels is how many videos have each value, by the rows themselves.
func countedLabels(t *testing.T, c *Catalog, kind string) map[string]int {
	t.Helper()
	rows, err := c.reader.QueryContext(t.Context(), "SELECT value, count(*) FROM labels WHERE kind = ? GROUP BY value", kind)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	counted := map[string]int{}
	for rows.Next() {
		var value string
		var n int
		if err := rows.Scan(&value, &n); err != nil {
			t.Fatal(err)
		}
		counted[value] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return counted
}
