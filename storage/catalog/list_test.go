package catalog

import (
	"errors"
	"testing"
	"time"

	"videoteca/archive"
)

// listed reads every page and returns the ids in the order shown.
func listed(t *testing.T, c *Catalog, limit int) []archive.VideoID {
	t.Helper()
	var ids []archive.VideoID
	q := archive.Query{Limit: limit}
	for {
		page, err := c.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Videos) > limit {
			t.Fatalf("%d videos on a page of %d", len(page.Videos), limit)
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

func TestPagesShowEveryVideoOnceTheNewestRegisteredFirst(t *testing.T) {
	for _, videos := range []int{0, 1, 9, 10, 11, 30} {
		c := newCatalog(t)
		fill(t, c, videos)
		ids := listed(t, c, 10)
		if len(ids) != videos {
			t.Fatalf("%d of %d shown", len(ids), videos)
		}
		for i, got := range ids {
			if want := id(videos - i); got != want {
				t.Errorf("place %d of %d: %s, not %s", i, videos, got, want)
			}
		}
	}
}

func TestVideosRegisteredInOneInstantOrBeforeAnyCalendarAreShownToo(t *testing.T) {
	c := newCatalog(t)
	for n := range 7 {
		e := entry(n, 1)
		e.Video.Created = time.Time{}
		if n < 4 {
			e.Video.Created = time.Date(2019, 9, 25, 0, 0, 0, 0, time.UTC)
		}
		put(t, c, e)
	}
	want := []archive.VideoID{id(3), id(2), id(1), id(0), id(6), id(5), id(4)}
	for i, got := range listed(t, c, 2) {
		if got != want[i] {
			t.Errorf("place %d: %s, not %s", i, got, want[i])
		}
	}
}

func TestAPageTurnedWhileVideosAreRegisteredShowsNoneTwice(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 4)
	first, err := c.List(t.Context(), archive.Query{Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	put(t, c, entry(5, 1), entry(3, 2))
	second, err := c.List(t.Context(), archive.Query{Limit: 2, After: first.Next})
	if err != nil {
		t.Fatal(err)
	}
	if len(second.Videos) != 2 || second.Videos[0].ID != id(2) || second.Videos[1].ID != id(1) || second.Next != "" {
		t.Errorf("%+v", second)
	}
}

func TestTheSizeOfAPageIsBounded(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 502)
	for limit, want := range map[int]int{0: 50, -5: 50, 1: 1, 500: 500, 501: 500, 1 << 40: 500} {
		page, err := c.List(t.Context(), archive.Query{Limit: limit})
		if err != nil || len(page.Videos) != want {
			t.Errorf("limit %d: %d videos, not %d: %v", limit, len(page.Videos), want, err)
		}
	}
}

func TestACursorThatNoPageGaveIsRefused(t *testing.T) {
	c := newCatalog(t)
	good := cursor{tier: 1, seq: 7}.String()
	for _, after := range []string{
		"2", "%", "!!!!", " ", good + "A", good[:len(good)-3], good + "\n", good + "=",
		cursor{tier: -1, seq: 1}.String(), cursor{tier: tiers, seq: 1}.String(), "OTk5OTk5OTk5OTk5OTk5OTk5OTkgMQ", // a time past 64 bits
	} {
		_, err := c.List(t.Context(), archive.Query{After: after})
		var field *archive.FieldError
		if after == good[:len(good)-3] { // names another place, and is its only form
			continue
		}
		if !errors.As(err, &field) || field.Field != "after" {
			t.Errorf("%q: %v", after, err)
		}
	}
	if _, err := c.List(t.Context(), archive.Query{After: good}); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", "MSAw", cursor{tier: 1, seq: -1 << 63}.String(), cursor{tier: 9, seq: 5}.String()} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s)
		var field *archive.FieldError
		switch {
		case err != nil && (!errors.As(err, &field) || field.Field != "after"):
			t.Errorf("%q: %v", s, err)
		case err == nil && s != "" && c.String() != s:
			t.Errorf("%q is read as %+v, which is written %q", s, c, c.String())
		}
	})
}

func TestManyVideosOfOneMomentAllFindAPlaceSoon(t *testing.T) {
	taken, tries := map[int64]bool{}, 0
	for range 20_000 {
		v := archive.Video{ID: archive.NewVideoID(), Created: time.Date(2025, 4, 14, 0, 0, 0, 0, time.UTC)}
		for try := 0; ; try++ {
			tries++
			if seq := placeOf(v, try); !taken[seq] {
				taken[seq] = true
				break
			}
		}
	}
	if tries > 20_000*20 {
		t.Errorf("%d tries for 20,000 videos", tries)
	}
}
