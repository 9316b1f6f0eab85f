package web_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestPagesNameTheirAssetsByContent(t *testing.T) {
	s := newSite(t)
	page := text(t, s.get(t, "/login"))
	address := regexp.MustCompile(`/assets/[0-9a-f]{16}/site\.css`).FindString(page)
	if address == "" {
		t.Fatalf("no style sheet in %s", page)
	}
	r := s.get(t, address)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", address, r.StatusCode, r.Header)
	}
	if r := s.get(t, address, header("If-None-Match", r.Header.Get("ETag"))); r.StatusCode != 304 {
		t.Errorf("asked again: %d", r.StatusCode)
	}
	other := s.get(t, "/assets/0000000000000000/site.css")
	if other.StatusCode != 200 || other.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("for a page of another version: %d %q", other.StatusCode, other.Header.Get("Cache-Control"))
	}
	for _, path := range []string{"/assets/0/none.css", "/assets/0/", "/assets/0/../locales/en.toml", "/assets/0/%2e%2e/locales/en.toml"} {
		if r := s.get(t, path); r.StatusCode != 404 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestPagesHoldNoInlineScriptOrStyle(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/login", "/login?token=x", "/nowhere"} {
		root, err := html.Parse(strings.NewReader(text(t, s.get(t, path))))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") && n.FirstChild != nil {
				t.Errorf("%s has an inline %s, which its policy forbids", path, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s has an inline %s", path, a.Key)
				}
			}
		}
	}
}

func TestPagesSpeakTheReadersLanguage(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct{ path, accept, lang, want string }{
		{"/login?token=x", "es-MX", "es", "Presione el botón"},
		{"/login", "es", "es", "pegue aquí su clave"},
		{"/login", "fr", "en", "paste its token"},
		{"/login?lang=es", "en", "es", "Iniciar sesión"},
	} {
		body := text(t, s.get(t, tt.path, header("Accept-Language", tt.accept)))
		if !strings.Contains(body, `<html lang="`+tt.lang+`">`) || !strings.Contains(body, tt.want) {
			t.Errorf("%s in %q: %s", tt.path, tt.accept, body)
		}
	}
}

func TestATokenInTheAddressIsText(t *testing.T) {
	body := text(t, newSite(t).get(t, `/login?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`))
	if strings.Contains(body, "<script>") || !strings.Contains(body, "&#34;&gt;&lt;script&gt;") {
		t.Errorf("got %s", body)
	}
}

func addPage(t *testing.T, s *site, path, text string) {
	t.Helper()
	if err := s.AddPage(path, text); err != nil {
		t.Fatal(err)
	}
}

func TestAPageOfTheNewsroomAsksStrangersToSignIn(t *testing.T) {
	s := newSite(t)
	addPage(t, s, "/desk", `the desk, {{.Lang}}, {{.SignedIn}}`)
	r := s.get(t, "/desk")
	if body := text(t, r); r.StatusCode != 401 || !strings.Contains(body, `action="/login?lang=en"`) || strings.Contains(body, "the desk") {
		t.Errorf("a stranger got %d: %s", r.StatusCode, body)
	}
	r = s.get(t, "/desk", cookie(s.signIn(t)))
	if body := text(t, r); r.StatusCode != 200 || body != "the desk, en, true" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the newsroom got %d: %s", r.StatusCode, body)
	}
}

func TestATemplateThatFailsMidwayIsNotHalfAPage(t *testing.T) {
	s := newSite(t)
	addPage(t, s, "/broken", `the beginning {{.NoSuchField}} the end`)
	r := s.get(t, "/broken", bearer())
	if body := text(t, r); r.StatusCode != 500 || strings.Contains(body, "the beginning") || !strings.Contains(body, r.Header.Get("X-Request-Id")) {
		t.Errorf("got %d: %s", r.StatusCode, body)
	}
	wantLogged(t, s, "NoSuchField")
}
