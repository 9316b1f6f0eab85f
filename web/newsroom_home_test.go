package web_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/web"
)

func TestHomeCountsVideosByStateAndLeadsToThem(t *testing.T) {
	s := newStaffed(t)
	page := text(t, s.get(t, "/home?lang=es", s.as(t, "viewer")))
	for _, want := range []string{`class="state state-live" href="/videos?lang=es&amp;state=live">Disponible: `, `<h1>Pendientes</h1>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "Requiere atención") {
		t.Error("it names what needs a look where nothing does")
	}
}

func TestHomeNamesWhatWaitsForARuling(t *testing.T) {
	s := newStaffed(t)
	s.shelf.mu.Lock()
	v := s.shelf.videos[pictured]
	v.Sources[0].Standing.Held = []archive.Hold{{}}
	s.shelf.videos[pictured] = v
	s.shelf.mu.Unlock()
	page := text(t, s.get(t, "/home?lang=es", s.as(t, "archivist")))
	for _, want := range []string{"Requiere atención", `href="/videos?lang=es&amp;mark=held"`, "/videos/" + string(pictured) + "/evidence?lang=es"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestHomeSaysInHowManyArticlesALostSourceIs(t *testing.T) {
	s := withAudit(t)
	for lang, want := range map[string]string{"es": "en 1 artículo", "en": "in 1 article"} {
		page := s.open(t, "/home?lang="+lang)
		if lost := words(all(parsed(t, page), func(n *html.Node) bool { return attr(n, "aria-labelledby") == "lost" })[0]); !strings.Contains(lost, want) {
			t.Errorf("%s: the lost source reads %q", lang, lost)
		}
		if strings.Contains(page, "no value") {
			t.Errorf("%s: a value is missing on the page", lang)
		}
	}
}

func TestHomeIsNotShownWhereTheCatalogCannotBeRead(t *testing.T) {
	s := newStaffed(t)
	s.shelf.down = archive.ErrUnavailable
	r := s.get(t, "/home?lang=es", s.as(t, "viewer"))
	if page := text(t, r); r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "<h1>") {
		t.Errorf("%d: %s", r.StatusCode, page)
	}
}

// What the library is narrowed to is said in the words of the page, and a value as it was written.
func TestConditionsAreSaidInTheLanguageOfThePage(t *testing.T) {
	s := newStaffed(t)
	viewer := s.as(t, "viewer")
	for query, want := range map[string]string{
		"state=gone":         "<bdi>Desaparecido</bdi>",
		"copy=yes":           "<bdi>guardada</bdi>",
		"language=pt":        "<bdi>português</bdi>",
		"tag=ONU":            "<bdi>ONU</bdi>",
		"collection=Cumbres": "<bdi>Cumbres</bdi>",
	} {
		page := text(t, s.get(t, "/videos?lang=es&"+query, viewer))
		_, chosen, found := strings.Cut(page, `<div class="chosen">`)
		chosen, _, _ = strings.Cut(chosen, "</div>")
		if !found || !strings.Contains(chosen, want) {
			t.Errorf("%s is said as %q", query, chosen)
		}
	}
}

func TestWithoutFilesNoAddressOfAFileAnswers(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Media = nil })
	s.shelf.mu.Lock()
	v := s.shelf.videos[pictured]
	held := archive.File{Digest: strings.Repeat("a", 64), Extension: "mp4", Type: "video/mp4", Bytes: 3}
	v.Copies = []archive.Copy{{File: held}}
	v.Revision++
	s.shelf.videos[pictured] = v
	s.shelf.mu.Unlock()
	if r := s.get(t, "/m/"+string(pictured)+"/"+held.Name()); r.StatusCode != http.StatusNotFound {
		t.Errorf("it answers %d", r.StatusCode)
	}
}
