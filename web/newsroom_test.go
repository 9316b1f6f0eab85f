package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/web"
)

// newsroomPages are those that can be looked at.
func newsroomPages() []string {
	return []string{
		"/videos", "/new", "/new?url=https://toy.example/fresh", "/new?url=nonsense",
		"/videos/" + string(pictured), "/videos/" + string(bare) + "?done=new", "/videos/" + string(withdrawn),
	}
}

// open gets a page as the newsroom does and expects it to be there.
func (s *site) open(t testing.TB, path string, changes ...with) string {
	t.Helper()
	r := s.get(t, path, append([]with{bearer()}, changes...)...)
	body := text(t, r)
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d: %s", path, r.StatusCode, body)
	}
	return body
}

// submit sends a form as the newsroom does.
func (s *site) submit(t testing.TB, path string, form url.Values, changes ...with) *http.Response {
	t.Helper()
	return s.ask(t, http.MethodPost, path, form.Encode(), append([]with{bearer(), header("Content-Type", "application/x-www-form-urlencoded")}, changes...)...)
}

// redirected expects an answer that leads on, and returns the address.
func redirected(t testing.TB, r *http.Response) string {
	t.Helper()
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("got %d, want a redirect: %s", r.StatusCode, text(t, r))
	}
	return r.Header.Get("Location")
}

func parsed(t testing.TB, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words is the text of an element, as a reader gets it.
func words(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// all are the elements of a page that match.
func all(root *html.Node, match func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && match(n) {
			found = append(found, n)
		}
	}
	return found
}

func tag(name string) func(*html.Node) bool { return func(n *html.Node) bool { return n.Data == name } }

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(attr(n, "class")), name) }
}

// framed reports whether a frame shows the embed page of the video in lang.
func framed(frame *html.Node, id archive.VideoID, lang string) bool {
	u, err := url.Parse(attr(frame, "src"))
	return err == nil && u.Host == "" && u.Path == "/e/"+string(id) && u.Query().Get("lang") == lang
}

// typed is what stands in the fields of the form that is sent to action.
func typed(t testing.TB, page, action string) url.Values {
	t.Helper()
	for _, form := range all(parsed(t, page), tag("form")) {
		if path, _, _ := strings.Cut(attr(form, "action"), "?"); path != action {
			continue
		}
		values := url.Values{}
		for _, field := range all(form, func(n *html.Node) bool { return attr(n, "name") != "" && attr(n, "form") == "" }) {
			value := attr(field, "value")
			if field.Data == "textarea" && field.FirstChild != nil {
				value = field.FirstChild.Data
			}
			values.Add(attr(field, "name"), value)
		}
		return values
	}
	t.Fatalf("there is no form to %s in %s", action, page)
	return nil
}

// besides is the problem that stands beside the field of this name.
func besides(t testing.TB, page, name string) string {
	t.Helper()
	for _, label := range all(parsed(t, page), tag("label")) {
		if len(all(label, func(n *html.Node) bool { return attr(n, "name") == name })) == 0 {
			continue
		}
		for _, problem := range all(label, class("problem")) {
			return words(problem)
		}
	}
	return ""
}

func TestNewsroomPagesAreForTheNewsroom(t *testing.T) {
	s := newSite(t)
	for _, path := range append(newsroomPages(), "/") {
		if r := s.get(t, path); r.StatusCode != http.StatusUnauthorized || strings.Contains(text(t, r), "Reunión") {
			t.Errorf("a stranger gets %d at %s", r.StatusCode, path)
		}
	}
	for _, path := range []string{"/videos", "/videos/" + string(pictured), "/videos/" + string(pictured) + "/check"} {
		if r := s.ask(t, http.MethodPost, path, "url=https://toy.example/fresh"); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("a stranger gets %d from POST %s", r.StatusCode, path)
		}
	}
}

func TestFormsOfOtherSitesChangeNothing(t *testing.T) {
	s := newSite(t)
	signedIn := cookie(s.signIn(t))
	before := len(s.shelf.videos)
	for path, form := range map[string]string{
		"/videos": "url=https://toy.example/fresh", "/videos/" + string(pictured): "title.es=Robado",
		"/videos/" + string(pictured) + "/check": "x=1", "/videos/" + string(pictured) + "/prefer": "source=toy:one",
		"/videos/" + string(pictured) + "/sources": "url=https://toy.example/fresh",
	} {
		for name, sign := range map[string]with{"Origin": header("Origin", "https://evil.example"), "Sec-Fetch-Site": header("Sec-Fetch-Site", "cross-site")} {
			if r := s.ask(t, http.MethodPost, path, form, signedIn, sign); r.StatusCode != http.StatusForbidden {
				t.Errorf("POST %s from another site by %s: %d", path, name, r.StatusCode)
			}
		}
	}
	if v := s.shelf.videos[pictured]; v.Revision != 1 || len(s.shelf.videos) != before {
		t.Errorf("something changed: %+v", v)
	}
}

func TestNewsroomPagesShowHostileTitlesAsText(t *testing.T) {
	s := newSite(t)
	for _, path := range append(newsroomPages(), "/new?url="+url.QueryEscape("https://toy.example/"+hostile)) {
		root := parsed(t, s.page(t, path))
		for _, script := range all(root, tag("script")) {
			if script.FirstChild != nil {
				t.Errorf("%s holds a script: %s", path, words(script))
			}
		}
		if bold := all(root, tag("b")); len(bold) != 0 {
			t.Errorf("%s took a title for markup", path)
		}
		for _, n := range all(root, func(n *html.Node) bool { return attr(n, "style") != "" || attr(n, "onclick") != "" }) {
			t.Errorf("%s has an inline style or handler in <%s>, which its policy forbids", path, n.Data)
		}
	}
}

// page gets a page of the newsroom, whether it holds a complaint or not.
func (s *site) page(t testing.TB, path string, changes ...with) string {
	t.Helper()
	return text(t, s.get(t, path, append([]with{bearer()}, changes...)...))
}

func TestNewsroomPagesSpeakBothLanguagesInFull(t *testing.T) {
	s := newSite(t)
	for _, path := range newsroomPages() {
		spanish, english := s.page(t, path, header("Accept-Language", "es-SV,es;q=0.9")), s.page(t, path, header("Accept-Language", "fr"))
		if !strings.Contains(spanish, `<html lang="es">`) || !strings.Contains(english, `<html lang="en">`) {
			t.Errorf("%s does not follow Accept-Language", path)
		}
		for _, page := range []string{spanish, english} {
			if missing := regexpID.FindString(words(parsed(t, page))); missing != "" {
				t.Errorf("%s shows the id of a text: %s", path, missing)
			}
		}
	}
}

func TestLanguageSwitchKeepsWhatIsOnThePage(t *testing.T) {
	s := newSite(t)
	page := s.open(t, "/new?lang=es&article=https://example.org/a&url=https://toy.example/fresh")
	for _, link := range all(parsed(t, page), func(n *html.Node) bool { return attr(n, "hreflang") == "en" }) {
		to, err := url.Parse(attr(link, "href"))
		if err != nil {
			t.Fatal(err)
		}
		if q := to.Query(); q.Get("lang") != "en" || q.Get("url") != "https://toy.example/fresh" || q.Get("article") != "https://example.org/a" {
			t.Errorf("the switch leads to %s", to)
		}
	}
	r := s.submit(t, "/videos/"+string(bare)+"/sources?lang=es", url.Values{"url": {"nonsense"}})
	want := `href="/videos/` + string(bare) + `?lang=en"`
	if body := text(t, r); !strings.Contains(body, want) {
		t.Errorf("after a refused form the switch does not lead to a page: no %s", want)
	}
}

func TestNewsroomSaysWhenTheStoreIsAway(t *testing.T) {
	s := newSite(t)
	s.shelf.fail(archive.ErrUnavailable)
	for _, path := range []string{"/videos", "/videos/" + string(pictured)} {
		r := s.get(t, path, bearer(), header("Accept-Language", "es"))
		if body := text(t, r); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(body, "secret-bucket") {
			t.Errorf("%s: %d: %s", path, r.StatusCode, body)
		}
	}
	form := url.Values{"url": {"https://toy.example/fresh"}}
	if r := s.submit(t, "/videos", form); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("registering: %d", r.StatusCode)
	}
}

// withLibrary lets editors work with a platform of the test's own.
func withLibrary(p archive.Platform) func(*web.Options) {
	return func(o *web.Options) {
		o.Library = archive.NewLibrary(archive.LibraryOptions{Store: o.Catalog.(*shelf), Platforms: archive.Platforms{p}, Now: now})
	}
}
