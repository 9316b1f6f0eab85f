package embeds_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
)

// meta is the content of a document's <meta property> or <meta name>.
func meta(t *testing.T, body []byte, name string) string {
	t.Helper()
	for _, n := range elements(t, body, "meta") {
		property, _ := attr(n, "property")
		if other, _ := attr(n, "name"); property == name || other == name {
			content, _ := attr(n, "content")
			return content
		}
	}
	return ""
}

func links(t *testing.T, body []byte, rel, kind string) (href string) {
	t.Helper()
	for _, n := range elements(t, body, "link") {
		gotRel, _ := attr(n, "rel")
		gotKind, _ := attr(n, "type")
		if gotRel == rel && gotKind == kind {
			href, _ = attr(n, "href")
		}
	}
	return href
}

func TestWatchPageIsDiscoverable(t *testing.T) {
	d := watch(t, meeting(), options())
	canonical := baseURL + "/v/" + videoID
	if got := links(t, d.Body, "canonical", ""); got != canonical {
		t.Errorf("canonical is %s", got)
	}
	for kind, format := range map[string]string{"application/json+oembed": "json", "text/xml+oembed": "xml"} {
		href := links(t, d.Body, "alternate", kind)
		u, err := url.Parse(href)
		if err != nil {
			t.Fatal(err)
		}
		if u.Path != "/oembed" || u.Query().Get("url") != canonical || u.Query().Get("format") != format {
			t.Errorf("%s is at %s", kind, href)
		}
		if want := "<" + href + `>; rel="alternate"; type="` + kind + `"`; !strings.Contains(d.Header["Link"], want) {
			t.Errorf("the Link header %s lacks %s", d.Header["Link"], want)
		}
	}
	for name, want := range map[string]string{
		"og:type": "video.other", "og:title": "Reunión en Nueva York", "og:url": canonical, "og:description": "Primer párrafo.",
		"og:image": baseURL + "/p/" + videoID + "/1280.jpg", "og:image:width": "1280", "og:image:height": "720",
		"twitter:card": "player", "referrer": "strict-origin-when-cross-origin",
	} {
		if got := meta(t, d.Body, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestWatchPageWithoutPosterPromisesNoPicture(t *testing.T) {
	o := options()
	o.HasPoster = false
	d := watch(t, meeting(), o)
	if got := meta(t, d.Body, "og:image"); got != "" {
		t.Errorf("og:image is %s", got)
	}
}

func TestWatchPageSaysWhatTheNewsroomSays(t *testing.T) {
	d := watch(t, meeting(), options())
	main := text(elements(t, d.Body, "main")[0])
	for _, want := range []string{"Primer párrafo.", "Segundo párrafo.", "Fecha del hecho", "25 de septiembre de 2019"} {
		if !strings.Contains(main, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(string(d.Body), "for the newsroom alone") {
		t.Error("the newsroom's notes are on the page")
	}
	if n := len(elements(t, d.Body, "h1")); n != 1 {
		t.Errorf("the page has %d main headings", n)
	}
	var exact bool
	for _, n := range elements(t, d.Body, "time") {
		datetime, _ := attr(n, "datetime")
		exact = exact || datetime == "2019-09-25"
	}
	if !exact {
		t.Error("the date of the event is not told to machines")
	}
}

func TestAnInexactDateIsNoMachinesDate(t *testing.T) {
	v := meeting()
	v.EventDate = "2019-09~"
	d := watch(t, v, options())
	if main := text(elements(t, d.Body, "main")[0]); !strings.Contains(main, "hacia septiembre de 2019") {
		t.Errorf("the page says %q", main)
	}
	for _, n := range elements(t, d.Body, "time") {
		if datetime, _ := attr(n, "datetime"); strings.Contains(datetime, "~") {
			t.Errorf("machines are told %q", datetime)
		}
	}
}

func TestWithoutAScriptTheWatchPageLeadsToTheSource(t *testing.T) {
	d := watch(t, mirrored(source("demo", "ccc", live())), options())
	if href, _ := attr(classed(t, d.Body, "facade"), "href"); href != "https://www.youtube.com/watch?v=aaaaaaaaaaa" {
		t.Errorf("the poster leads to %s", href)
	}
}

func TestShapeOfThePlayer(t *testing.T) {
	for _, tt := range []struct {
		width, height int
		want          string
	}{
		{1280, 720, "wide"}, {640, 480, "classic"}, {1080, 1080, "square"}, {1080, 1920, "tall"},
		{0, 0, "wide"}, {1920, 1, "wide"}, {1, 1920, "wide"}, {-5, 5, "wide"},
	} {
		v := meeting()
		v.Sources[0].Described.Width, v.Sources[0].Described.Height = tt.width, tt.height
		stage := classed(t, watch(t, v, options()).Body, "stage")
		if class, _ := attr(stage, "class"); class != "stage "+tt.want {
			t.Errorf("%dx%d is %q, want %q", tt.width, tt.height, class, tt.want)
		}
	}
}

func TestTheArchivedPageIsALinkBesideItsSource(t *testing.T) {
	o := options()
	o.Language = "es"
	for address, want := range map[string]bool{"https://web.archive.example/web/2026/x": true, "javascript:alert(1)": false} {
		v := standing(live())
		v.Sources[0].Archived = &archive.Memento{URL: address, At: day(2026, 1, 2)}
		found := false
		for _, a := range elements(t, watch(t, v, o).Body, "a") {
			if text(a) == "Copia archivada del 2 de enero de 2026" {
				found = true
			}
		}
		if found != want {
			t.Errorf("%s: is a link: %v", address, found)
		}
	}
}

func TestSourcesInReadersWords(t *testing.T) {
	suspect := archive.Standing{State: archive.Suspect, Outcome: archive.Missing, LastClear: day(2026, 4, 8), FirstBad: day(2026, 4, 8)}
	held := live()
	held.Outcome = archive.Removed
	blocked := limited(archive.Restriction{Aspect: archive.AspectRegion, Nowhere: true})
	for name, tt := range map[string]struct {
		standing archive.Standing
		want     string
	}{
		"live":           {live(), "Available · last checked on 1 March 2026"},
		"by region":      {limited(region("DE")), "Available, but not in every country · last checked on 1 March 2026"},
		"limited":        {limited(), "Can be watched there, but not here · last checked on 1 March 2026"},
		"blocked":        {blocked, "Blocked in every country · last checked on 1 March 2026"},
		"suspect":        {suspect, "Not available at the last check · last checked on 8 April 2026"},
		"held back":      {held, "Not available at the last check · last checked on 1 March 2026"},
		"gone":           {gone(archive.Removed), "No longer available · since 4 March 2026"},
		"unchecked":      {archive.Standing{}, "Not checked yet"},
		"unheard":        {unheard(live()), "No clear answer for some time · last checked on 1 March 2026"},
		"gone by record": {archive.Standing{State: archive.Gone, Outcome: archive.Missing}, "No longer available"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Language = "en"
			d := watch(t, standing(tt.standing), o)
			var rows []*html.Node
			for _, li := range elements(t, d.Body, "li") {
				if li.Parent.Attr != nil && li.Parent.Attr[0].Val == "sources" {
					rows = append(rows, li)
				}
			}
			if len(rows) != 1 {
				t.Fatalf("%d sources are listed", len(rows))
			}
			if got := text(rows[0]); got != "YouTube "+tt.want {
				t.Errorf("it says %q, want %q", got, "YouTube "+tt.want)
			}
		})
	}
}
