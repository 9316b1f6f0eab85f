package embeds_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/embeds"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

const (
	videoID = "7k3mzq9x0abd"
	baseURL = "https://videos.example.org"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 12, 0, 0, 0, time.UTC)
}

func players() map[string]archive.Player {
	return map[string]archive.Player{
		"youtube": {Kind: archive.PlayerYouTube, Label: "YouTube", Origin: "https://www.youtube-nocookie.com"},
		"demo":    {Kind: archive.PlayerYouTube, Label: "Demo", Origin: "http://demo.localhost:9000"},
		"webfile": {Kind: archive.PlayerMedia, Label: "web file"},
	}
}

func options() embeds.Options {
	return embeds.Options{BaseURL: baseURL, Now: day(2026, 4, 9), Players: players(), HasPoster: true}
}

// live is how a source stands that was seen playable on 1 March 2026.
func live() archive.Standing {
	return archive.Standing{State: archive.Live, Outcome: archive.Playable, LastGood: day(2026, 3, 1), LastClear: day(2026, 3, 1), Since: day(2025, 1, 2)}
}

// gone is how a source stands that was last seen on 1 March 2026.
func gone(why archive.Outcome) archive.Standing {
	return archive.Standing{State: archive.Gone, Outcome: why, LastGood: day(2026, 3, 1), FirstBad: day(2026, 3, 4), LastClear: day(2026, 4, 8), Since: day(2026, 3, 5)}
}

func limited(restrictions ...archive.Restriction) archive.Standing {
	return archive.Standing{State: archive.Limited, Outcome: archive.Restricted, Restrictions: restrictions, LastGood: day(2026, 3, 1), LastClear: day(2026, 3, 1)}
}

func source(platform, id string, standing archive.Standing) archive.Source {
	s := archive.Source{SourceKey: archive.SourceKey{Platform: platform, ID: id}, URL: "https://www.youtube.com/watch?v=" + id, Standing: standing}
	if platform == "webfile" {
		s.URL = id
	}
	return s
}

// meeting is a video with one good source that told everything.
func meeting() archive.Video {
	s := source("youtube", "aaaaaaaaaaa", live())
	s.Described = &archive.Description{
		At: day(2025, 1, 2),
		Fields: archive.Fields{
			Title: "REUNIÓN 🇸🇻", Channel: "Canal de prueba", ChannelURL: "https://www.youtube.com/@prueba",
			Published: day(2019, 9, 26), Seconds: 3723, Width: 1280, Height: 720,
		},
		Thumbnails: []archive.File{{Width: 1280, Height: 720}},
	}
	return archive.Video{
		ID: videoID, DefaultLanguage: "es",
		Title:     archive.Text{"es": "Reunión en Nueva York", "en": "Meeting in New York"},
		Caption:   archive.Text{"es": "Primer párrafo.\nSegundo párrafo."},
		EventDate: "2019-09-25",
		Notes:     "for the newsroom alone",
		Sources:   []archive.Source{s},
	}
}

// mirrored is meeting with more sources.
func mirrored(more ...archive.Source) archive.Video {
	v := meeting()
	v.Sources = append(v.Sources, more...)
	return v
}

// standing is meeting with its one source in another standing.
func standing(s archive.Standing) archive.Video {
	v := meeting()
	v.Sources[0].Standing = s
	return v
}

func renderer(t testing.TB) *embeds.Renderer {
	t.Helper()
	r, err := embeds.New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func page(t testing.TB, v archive.Video, o embeds.Options) embeds.Document {
	t.Helper()
	d, err := renderer(t).Page(v, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func watch(t testing.TB, v archive.Video, o embeds.Options) embeds.Document {
	t.Helper()
	d, err := renderer(t).Watch(v, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it and run with -update if it should:\n%s", path, got)
	}
}

// elements are all elements of a document with this name.
func elements(t testing.TB, body []byte, name string) []*html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

// classed is the first element of a class, or nil.
func classed(t testing.TB, body []byte, class string) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if classes, _ := attr(n, "class"); slices.Contains(strings.Fields(classes), class) {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// text is what a reader sees of an element.
func text(n *html.Node) string {
	if n == nil {
		return ""
	}
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(out.String())
}
