package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/web"
)

const picturedPage = "/videos/" + string(pictured)

func TestVideoPageShowsTheVideoAsReadersSeeIt(t *testing.T) {
	page := newSite(t).open(t, picturedPage+"?lang=es")
	frames := all(parsed(t, page), tag("iframe"))
	if len(frames) != 1 || !framed(frames[0], pictured, "es") || attr(frames[0], "title") != "Reunión" {
		t.Errorf("%d frames: %s", len(frames), page)
	}
	if !strings.Contains(page, `href="/v/`+string(pictured)) {
		t.Error("no link to the public page")
	}
}

func TestVideoPageGivesTheSnippetsAsTextToCopy(t *testing.T) {
	s := newSite(t)
	page := s.open(t, picturedPage+"?lang=en")
	snippets := map[string]string{}
	for _, area := range all(parsed(t, page), func(n *html.Node) bool { return attr(n, "data-snippet") != "" }) {
		snippets[attr(area, "data-snippet")] = words(area)
	}
	if !strings.Contains(snippets["frame"], "<iframe") || !strings.Contains(snippets["frame"], baseURL+"/e/"+string(pictured)) || !strings.Contains(snippets["static"], "<figure") {
		t.Errorf("snippets: %v", snippets)
	}
	if len(all(parsed(t, page), func(n *html.Node) bool { return attr(n, "role") == "status" && attr(n, "data-text") == "Copied" })) != len(embeds.SnippetKinds()) {
		t.Error("nobody who does not see the page learns that the snippet was copied")
	}
	if strings.Contains(page, "this computer alone") {
		t.Error("a public address gets the warning of a local one")
	}
}

func TestVideoPageWarnsOfASnippetThatWorksHereAlone(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.BaseURL = loopbackBase })
	for lang, want := range map[string]string{"es": "solo en esta computadora", "en": "this computer alone"} {
		if page := s.open(t, picturedPage+"?lang="+lang, asHost("127.0.0.1:8080")); !strings.Contains(page, want) {
			t.Errorf("no warning in %s", lang)
		}
	}
}

func TestVideoPageTellsAboutEachSource(t *testing.T) {
	s := newSite(t)
	day := func(d int) time.Time { return time.Date(2026, 3, d, 8, 30, 0, 0, time.FixedZone("CST", -6*3600)) }
	s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) {
		v.Sources[0].Standing = archive.Standing{
			State: archive.Gone, Outcome: archive.Removed, Reason: "removed by <b>its owner</b>",
			LastGood: day(1), FirstBad: day(2), Since: day(3), LastRound: day(4), Unheard: true,
		}
		v.Sources[1].URL = "javascript:alert(1)"
	})
	page := s.open(t, picturedPage+"?lang=es")
	rows := all(all(parsed(t, page), class("sources"))[0], tag("li"))
	if len(rows) != 2 {
		t.Fatalf("%d rows for two sources", len(rows))
	}
	said := words(rows[0])
	for _, want := range []string{"toy", "https://toy.example/two", "Desaparecido", "retirado", "removed by <b>its owner</b>", "14 días", "Disponible por última vez", "Ausente por primera vez", "En este estado desde", "Comprobada"} {
		if !strings.Contains(said, want) {
			t.Errorf("the dead source's row lacks %q: %s", want, said)
		}
	}
	var times []string
	for _, n := range all(rows[0], tag("time")) {
		times = append(times, attr(n, "datetime"))
	}
	if got := strings.Join(times, " "); got != "2026-03-01T14:30:00Z 2026-03-02T14:30:00Z 2026-03-03T14:30:00Z 2026-03-04T14:30:00Z" {
		t.Errorf("times, which belong in UTC: %s", got)
	}
	if strings.Contains(page, `href="javascript:`) {
		t.Error("a source's address became a script")
	}
}

func TestVideosThatAreNotThereAreSaidToBeNotThere(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/videos/" + string(absent), "/videos/short", "/videos/" + string(absent) + "?done=new"} {
		if r := s.get(t, path, bearer()); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	for _, action := range []string{"", "/check", "/prefer", "/sources"} {
		if r := s.submit(t, "/videos/"+string(absent)+action, url.Values{"url": {"https://toy.example/x"}}); r.StatusCode != http.StatusNotFound {
			t.Errorf("POST %s: %d", action, r.StatusCode)
		}
	}
}

func TestAnUnknownOutcomeInTheAddressSaysNothing(t *testing.T) {
	page := newSite(t).open(t, picturedPage+"?done=%3Cb%3Ehacked")
	if strings.Contains(page, "hacked") || len(all(parsed(t, page), class("done"))) != 0 {
		t.Error("an address of somebody else's making puts words on the page")
	}
}

func TestWordsAreSaved(t *testing.T) {
	s := newSite(t)
	form := typed(t, s.open(t, picturedPage+"?lang=es"), picturedPage)
	if form.Get("title.es") != "Reunión" || form.Get("title.en") != "Meeting "+hostile || form.Get("revision") != "1" || form.Get("eventDate") != "2019-09-25" {
		t.Fatalf("the form begins with %v", form)
	}
	form.Set("title.en", "")
	form.Set("caption.es", "Una\r\nleyenda")
	form.Set("eventDate", "2019~")
	to := redirected(t, s.submit(t, picturedPage+"?lang=es", form))
	v := s.shelf.videos[pictured]
	if v.Title["en"] != "" || v.Title["es"] != "Reunión" || v.Caption["es"] != "Una\nleyenda" || v.EventDate != "2019~" || v.Notes != "not for readers" {
		t.Errorf("kept: %+v", v)
	}
	if page := s.open(t, to); to != picturedPage+"?done=saved&lang=es" || !strings.Contains(page, "Guardado.") {
		t.Errorf("to %s, which does not say that it was saved", to)
	}
}

func TestTextsInOtherLanguagesSurviveTheForm(t *testing.T) {
	s := newSite(t)
	s.shelf.videos[bare] = changed(s.shelf.videos[bare], func(v *archive.Video) { v.Title = archive.Text{"pt-BR": "Reunião"} })
	redirected(t, s.submit(t, "/videos/"+string(bare), typed(t, s.open(t, "/videos/"+string(bare)), "/videos/"+string(bare))))
	if got := s.shelf.videos[bare].Title["pt-BR"]; got != "Reunião" {
		t.Errorf("the Portuguese title is %q", got)
	}
}

func TestWordsThatCannotBeKeptStandBesideTheirField(t *testing.T) {
	s := newSite(t)
	form := typed(t, s.open(t, picturedPage), picturedPage)
	form.Set("eventDate", "2019-13")
	form.Set("caption.es", "Mucho trabajo")
	r := s.submit(t, picturedPage+"?lang=es", form)
	page := text(t, r)
	if r.StatusCode != 422 || !strings.Contains(besides(t, page, "eventDate"), "no es una fecha") {
		t.Errorf("got %d, beside the field: %q", r.StatusCode, besides(t, page, "eventDate"))
	}
	if again := typed(t, page, picturedPage); again.Get("eventDate") != "2019-13" || again.Get("caption.es") != "Mucho trabajo" {
		t.Errorf("what was typed is lost: %v", again)
	}
	if s.shelf.videos[pictured].Revision != 1 {
		t.Error("half of it was kept")
	}
}

func TestSourcesAreCheckedAtOnce(t *testing.T) {
	s := newSite(t)
	to := redirected(t, s.submit(t, picturedPage+"/check?lang=en", nil))
	if s.shelf.videos[pictured].Sources[0].Standing.State != archive.Live {
		t.Error("the dead source was not asked")
	}
	if page := s.open(t, to); !strings.Contains(page, "Checked.") {
		t.Errorf("%s does not say so", to)
	}
}

func TestASourceIsPutFirst(t *testing.T) {
	s := newSite(t)
	page := s.open(t, picturedPage)
	form := typed(t, page, picturedPage+"/prefer")
	if form.Get("source") != "toy:one" {
		t.Fatalf("the page offers to prefer %q, want the second source", form.Get("source"))
	}
	redirected(t, s.submit(t, picturedPage+"/prefer", form))
	if got := s.shelf.videos[pictured].Sources[0].ID; got != "one" {
		t.Errorf("%s is first", got)
	}
	for source, want := range map[string]int{"toy:none": 404, "nonsense": 422, "": 422} {
		if r := s.submit(t, picturedPage+"/prefer", url.Values{"source": {source}}); r.StatusCode != want {
			t.Errorf("preferring %q: %d, want %d", source, r.StatusCode, want)
		}
	}
}

func TestAMirrorIsAdded(t *testing.T) {
	s := newSite(t)
	form := url.Values{"url": {"https://toy.example/mirror"}}
	if to := redirected(t, s.submit(t, picturedPage+"/sources", form)); to != picturedPage+"?done=added" {
		t.Errorf("to %s", to)
	}
	if v := s.shelf.videos[pictured]; len(v.Sources) != 3 || v.Sources[2].ID != "mirror" {
		t.Errorf("sources: %+v", v.Sources)
	}
	r := s.submit(t, picturedPage+"/sources", url.Values{"url": {"https://toy.example/unreachable"}})
	if page := text(t, r); r.StatusCode != 201 || !strings.Contains(page, "no answer in time") {
		t.Errorf("a mirror that does not answer: %d", r.StatusCode)
	}
}

func TestAMirrorThatCannotBeAddedGetsAWordBesideItsField(t *testing.T) {
	s := newSite(t)
	for address, want := range map[string]struct {
		status int
		says   string
	}{
		"nonsense":                 {422, "Ninguna plataforma conocida"},
		"https://toy.example/bare": {409, string(bare)},
	} {
		r := s.submit(t, picturedPage+"/sources?lang=es", url.Values{"url": {address}})
		page := text(t, r)
		if got := besides(t, page, "url"); r.StatusCode != want.status || !strings.Contains(got, want.says) {
			t.Errorf("%s: %d, beside the field: %q", address, r.StatusCode, got)
		}
		if got := typed(t, page, picturedPage+"/sources").Get("url"); got != address {
			t.Errorf("%s: the field holds %q", address, got)
		}
	}
}
