package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
)

// ticked is what the page's script reads.
type ticked struct {
	Items []struct {
		URL   string
		ID    archive.VideoID
		Error note
		Notes []note
	}
	Problem note
	Field   string
}

type note struct{ Words, Lang string }

// tick sends what was ticked as the page's script does.
func (s *site) tick(t *testing.T, form url.Values) (ticked, int) {
	t.Helper()
	r := s.submit(t, "/new/many?lang=es", form, header("Accept", "application/json"))
	return decode[ticked](t, r), r.StatusCode
}

func TestTheScriptLearnsOfEachThatWasTickedWhatBecameOfIt(t *testing.T) {
	s := newSite(t)
	got, status := s.tick(t, url.Values{"url": {"https://toy.example/fresh", "https://toy.example/one", "nonsense", "https://toy.example/unreachable"}, "article": {storyAddress}, "language": {"es"}})
	if status != http.StatusOK || len(got.Items) != 4 || got.Problem != (note{}) {
		t.Fatalf("%d: %+v", status, got)
	}
	if fresh := got.Items[0]; s.stored(fresh.ID).Sources[0].URL != "https://toy.example/fresh" || fresh.Error != (note{}) || len(fresh.Notes) != 0 {
		t.Errorf("the new one: %+v", fresh)
	}
	if known := got.Items[1]; known.ID != pictured || known.URL != "https://toy.example/one" {
		t.Errorf("the known one: %+v", known)
	}
	if none := got.Items[2]; none.ID != "" || !strings.Contains(none.Error.Words, "Ninguna plataforma conocida") {
		t.Errorf("the one that is none: %+v", none)
	}
	if silent := got.Items[3]; silent.ID == "" || len(silent.Notes) == 0 || !strings.Contains(silent.Notes[0].Words, "no answer in time") {
		t.Errorf("the one of which not everything could be fetched: %+v", silent)
	}
}

func TestTheScriptLearnsInThePagesLanguageWhatIsWrong(t *testing.T) {
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf("https://toy.example/%d", i)
	}
	fresh := []string{"https://toy.example/fresh"}
	for name, tt := range map[string]struct {
		form        url.Values
		want, field string
	}{
		"nothing ticked": {url.Values{}, "No se marcó nada", ""},
		"too many":       {url.Values{"url": many}, "Como máximo 100", ""},
		"an article":     {url.Values{"url": fresh, "article": {"no address"}}, "Esta no es una dirección web", "article"},
		"a language":     {url.Values{"url": fresh, "article": {storyAddress}, "language": {"x1"}}, "BCP 47", "language"},
	} {
		s := newSite(t)
		before := len(s.shelf.videos)
		got, status := s.tick(t, tt.form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(got.Problem.Words, tt.want) || got.Field != tt.field || len(got.Items) != 0 {
			t.Errorf("%s: %d, %+v", name, status, got)
		}
		if len(s.shelf.videos) != before {
			t.Errorf("%s: something was registered all the same", name)
		}
	}
	s := newSite(t)
	s.shelf.fail(archive.ErrUnavailable)
	if got, _ := s.tick(t, url.Values{"url": fresh}); len(got.Items) != 1 || !strings.Contains(got.Items[0].Error.Words, "almacén del archivo") {
		t.Errorf("with the store away: %+v", got)
	}
}

func TestWithoutScriptsItIsSaidInThePagesLanguageToo(t *testing.T) {
	s := newSite(t)
	page := text(t, s.submit(t, "/new/many?lang=es", url.Values{"url": {"nonsense"}}))
	failed := words(all(parsed(t, page), func(n *html.Node) bool { return attr(n, "aria-labelledby") == "failed" })[0])
	if !strings.Contains(failed, "nonsense: Ninguna plataforma conocida") {
		t.Errorf("the page says %q", failed)
	}
}

func TestSnippetsOfMoreThanOnePageHoldsAreOnTheNext(t *testing.T) {
	s := newSite(t)
	var ids []string
	for i := range 103 {
		id := archive.VideoID(fmt.Sprintf("%012d", i+1))
		v := bareVideo()
		v.ID, v.Revision = id, 1
		s.shelf.videos[id] = v
		ids = append(ids, string(id))
	}
	address := "/new?lang=es&saved=" + strings.Join(ids, ",")
	page := s.open(t, address)
	if n := strings.Count(page, `data-snippet="article"`); n != 100 || !strings.Contains(page, "103 videos registrados") {
		t.Errorf("the first page has %d", n)
	}
	for _, link := range all(parsed(t, page), func(n *html.Node) bool { return attr(n, "hreflang") == "en" }) {
		if href := attr(link, "href"); !strings.Contains(href, ids[102]) {
			t.Errorf("in the other language the rest is lost: %s", href)
		}
	}
	next := s.links(t, address)["Los códigos de los otros 3 videos"]
	if page := s.open(t, next); strings.Count(page, `data-snippet="article"`) != 3 || !strings.Contains(page, ids[102]) {
		t.Errorf("the second page, at %q, is %s", next, page)
	}
}

// The scripts of these pages say why there is no answer in the words that the page carries for them.
func TestPagesCarryTheWordsOfTheirScripts(t *testing.T) {
	s := withAudit(t)
	for _, path := range []string{"/new", "/videos", "/audit"} {
		root := parsed(t, s.open(t, path+"?lang=es"))
		said := map[string]string{}
		for _, n := range all(root, func(n *html.Node) bool { return attr(n, "data-status") != "" }) {
			said[attr(n, "data-status")] = words(n)
		}
		for status, want := range map[string]string{"0": "No se pudo llegar", "401": "Su sesión terminó", "403": "Su cuenta no puede", "other": "El servidor no pudo"} {
			if !strings.Contains(said[status], want) {
				t.Errorf("%s: of %s it says %q", path, status, said[status])
			}
		}
		if links := all(root, func(n *html.Node) bool { return attr(n, "target") == "_blank" }); len(links) != 1 || attr(links[0], "href") != "/login?lang=es" {
			t.Errorf("%s: %d links to sign in again", path, len(links))
		}
	}
}

// Of which video words are written for is told by its source, so that another form of its address makes no difference.
func TestAFormOfWordsNamesWhatItIsAbout(t *testing.T) {
	s := newSite(t)
	of := func(page string) string {
		t.Helper()
		for _, f := range all(parsed(t, page), tag("form")) {
			if of := attr(f, "data-of"); of != "" {
				return of
			}
		}
		return ""
	}
	if got := of(s.open(t, "/new?url=https://toy.example/fresh")); got != "toy:fresh" {
		t.Errorf("the form is about %q", got)
	}
	page := text(t, s.submit(t, "/videos", url.Values{"url": {"https://toy.example/fresh"}, "eventDate": {"soon"}}))
	if got := of(page); got != "toy:fresh" || !strings.Contains(page, "data-sent") {
		t.Errorf("sent and refused, the form is about %q", got)
	}
}
