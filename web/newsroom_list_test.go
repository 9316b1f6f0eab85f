package web_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"videoteca/archive"
)

// regexpID finds the id of a text, which stands on a page where the text is missing.
var regexpID = regexp.MustCompile(`\bb(nav|field|state|outcome|list|new|video|snippet|story|problem|language|home|people|account|takedown|activity|exposure|role|permission)\.[a-z][A-Za-z]+\b`)

func TestListShowsEachVideoWithItsStateAndWhy(t *testing.T) {
	s := newSite(t)
	s.shelf.videos[bare] = changed(s.shelf.videos[bare], func(v *archive.Video) {
		v.Sources[0].Standing = archive.Standing{State: archive.Gone, Outcome: archive.Private, Reason: "private since Tuesday"}
	})
	page := s.open(t, "/videos?lang=en")
	rows := slices.DeleteFunc(all(parsed(t, page), tag("li")), func(n *html.Node) bool { return len(all(n, tag("h2"))) == 0 })
	if len(rows) != 4 {
		t.Fatalf("%d rows for 4 videos", len(rows))
	}
	for _, row := range rows {
		switch said := words(row); {
		case strings.Contains(page, "/videos/"+string(bare)) && strings.Contains(said, "private since Tuesday"):
			if !strings.Contains(said, "Gone private (private since Tuesday)") || !strings.Contains(said, "toy") || !strings.Contains(said, "2026") {
				t.Errorf("the dead one's row says %q", said)
			}
		case !strings.Contains(said, "Live"):
			t.Errorf("a live one's row says %q", said)
		}
	}
	if !strings.Contains(page, "/p/"+string(pictured)+"/320.jpg") || strings.Contains(page, "/p/"+string(bare)+"/") {
		t.Error("posters stand where there are none, or not where there are")
	}
	if !strings.Contains(page, `<time datetime="2026-01-01T00:00:00Z">`) {
		t.Error("no machine-readable time of registration")
	}
}

// changed is a video with sources of its own, so that fixtures stay as they are.
func changed(v archive.Video, change func(*archive.Video)) archive.Video {
	v.Sources = append([]archive.Source(nil), v.Sources...)
	change(&v)
	return v
}

func TestListTellsTheReasonOfTheSourceThatGivesTheState(t *testing.T) {
	page := newSite(t).open(t, "/videos")
	if strings.Contains(page, "removed by its owner") {
		t.Error("a live video is excused with the end of its dead mirror")
	}
}

func TestListLeadsToOlderVideosPageByPage(t *testing.T) {
	s := newSite(t)
	for i := range 65 {
		v := bareVideo()
		v.ID = archive.VideoID(fmt.Sprintf("0000000000%02d", i))
		v.Created = time.Date(2027, 1, 1, 0, i, 0, 0, time.UTC)
		s.shelf.videos[v.ID] = v
	}
	older := regexp.MustCompile(`href="(/videos\?after=[^"]+)"`)
	seen, pages := map[string]bool{}, 0
	for path := "/videos?lang=es"; path != ""; pages++ {
		page := s.open(t, path)
		for _, link := range all(parsed(t, page), tag("h2")) {
			if href := attr(link.FirstChild, "href"); strings.HasPrefix(href, "/videos/") {
				seen[href] = true
			}
		}
		path = ""
		if m := older.FindStringSubmatch(page); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
			if !strings.Contains(path, "lang=es") {
				t.Errorf("%s forgets the language", path)
			}
		}
	}
	if len(seen) != 69 || pages != 3 {
		t.Errorf("%d videos on %d pages, want 69 on 3", len(seen), pages)
	}
}

func TestListWithoutVideosTeachesTheFirstStep(t *testing.T) {
	s := newSite(t)
	clear(s.shelf.videos)
	for lang, want := range map[string]string{"es": "Pegue la dirección del primero", "en": "Paste the address of the first"} {
		page := s.open(t, "/videos?lang="+lang)
		if !strings.Contains(page, want) {
			t.Errorf("%s does not say what to do: %s", lang, page)
		}
		if form := typed(t, page, "/new"); !form.Has("url") {
			t.Error("no field for an address")
		}
	}
}

func TestListRefusesAPageThatThereIsNot(t *testing.T) {
	if r := newSite(t).get(t, "/videos?after=garbage", bearer()); r.StatusCode != 422 {
		t.Errorf("got %d", r.StatusCode)
	}
}
