package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/web"
)

func TestUnknownIsNotTheSameAsUnreachable(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/e/%s", "/v/%s", "/e/%s.json", "/p/%s/640.jpg", "/oembed?url=" + baseURL + "/v/%s"} {
		for _, id := range []string{string(absent), "not-an-id", "%22%3E%3Cscript%3E"} {
			if r := s.get(t, fmt.Sprintf(path, id)); r.StatusCode != 404 {
				t.Errorf("%s of %s: %d", path, id, r.StatusCode)
			}
		}
		s.shelf.fail(archive.ErrUnavailable)
		r := s.get(t, fmt.Sprintf(path, absent))
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s with the store down: %d %v", path, r.StatusCode, r.Header)
		}
		s.shelf.fail(nil)
	}
}

func TestNotFoundIsADecentPage(t *testing.T) {
	s := newSite(t)
	for accept, want := range map[string]string{"": "no such video", "es": "Aquí no hay ningún video"} {
		r := s.get(t, "/e/"+string(absent), header("Accept-Language", accept))
		body := text(t, r)
		if !strings.Contains(body, "<html") || r.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(strings.ToLower(body), strings.ToLower(want)) {
			t.Errorf("%q: the page is not as it should be", accept)
		}
		if got := r.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("an absence may be cached as %q", got)
		}
	}
}

func TestConditionalRequests(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/e/" + string(pictured), "/v/" + string(pictured), "/e/" + string(pictured) + ".json", "/p/" + string(pictured) + "/640.jpg", "/p/" + string(bare) + "/640.jpg", "/api/v1/openapi.json"} {
		t.Run(path, func(t *testing.T) {
			first := s.get(t, path)
			etag, body := first.Header.Get("ETag"), text(t, first)
			if len(etag) < 4 || body == "" {
				t.Fatalf("ETag %q, %d bytes", etag, len(body))
			}
			for _, condition := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
				r := s.get(t, path, header("If-None-Match", condition))
				if r.StatusCode != 304 || text(t, r) != "" || r.Header.Get("ETag") != etag {
					t.Errorf("If-None-Match %s: %d", condition, r.StatusCode)
				}
			}
			if r := s.get(t, path, header("If-None-Match", `"other"`)); r.StatusCode != 200 {
				t.Errorf("of something else: %d", r.StatusCode)
			}
			head := s.ask(t, "HEAD", path, "")
			if head.StatusCode != 200 || text(t, head) != "" || head.Header.Get("ETag") != etag || head.Header.Get("Content-Length") != fmt.Sprint(len(body)) {
				t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
			}
			part := s.get(t, path, header("Range", "bytes=0-9"))
			if part.StatusCode != 206 || text(t, part) != body[:10] {
				t.Errorf("a range: %d", part.StatusCode)
			}
		})
	}
}

func TestAChangeShowsAtOnce(t *testing.T) {
	s := newSite(t)
	before := s.get(t, "/e/"+string(pictured)).Header.Get("ETag")
	r := s.ask(t, "PATCH", "/api/v1/videos/"+string(pictured), `{"title":{"es":"Título nuevo"}}`, bearer())
	if r.StatusCode != 200 {
		t.Fatal(text(t, r))
	}
	after := s.get(t, "/e/"+string(pictured), header("If-None-Match", before))
	if body := text(t, after); after.StatusCode != 200 || !strings.Contains(body, "Título nuevo") {
		t.Errorf("got %d: %s", after.StatusCode, body)
	}
}

func TestOptionsInTheAddressMakePagesOfTheirOwn(t *testing.T) {
	s := newSite(t)
	plain := s.get(t, "/e/"+string(pictured)).Header.Get("ETag")
	for _, query := range []string{"?lang=en", "?theme=dark", "?start=30", "?start=30&end=40"} {
		for range 2 { // rendered, and from memory
			if got := s.get(t, "/e/"+string(pictured)+query).Header.Get("ETag"); got == plain {
				t.Errorf("%s is the same page", query)
			}
		}
	}
	if got := s.get(t, "/e/"+string(pictured)+"?utm_source=x&lang=//").Header.Get("ETag"); got != plain {
		t.Error("what is not understood changes the page")
	}
	if r := s.get(t, "/e/"+strings.ToUpper(string(pictured))); r.StatusCode != 200 {
		t.Errorf("an id typed in capitals: %d", r.StatusCode)
	}
}

func TestEmbargoedAndWithdrawnVideos(t *testing.T) {
	s := newSite(t)
	unknown := text(t, s.get(t, "/e/"+string(absent)))
	if r := s.get(t, "/e/"+string(embargoed)); r.StatusCode != 404 || text(t, r) != unknown {
		t.Error("an embargoed video can be told from one that is not there")
	}
	r := s.get(t, "/e/"+string(withdrawn))
	if body := text(t, r); r.StatusCode != 200 || !strings.Contains(body, "Retirado a petición.") || strings.Contains(body, "player.toy.example") {
		t.Errorf("a withdrawn video: %d %s", r.StatusCode, body)
	}
	s.clock.at = now().Add(25 * 60 * 60 * 1e9)
	if r := s.get(t, "/e/"+string(embargoed)); r.StatusCode != 200 {
		t.Errorf("after the embargo: %d", r.StatusCode)
	}
}

func TestHostileTitlesComeOutAsText(t *testing.T) {
	s := newSite(t, func(o *web.Options) {})
	for _, path := range []string{"/e/" + string(pictured) + "?lang=en", "/v/" + string(pictured) + "?lang=en"} {
		body := text(t, s.get(t, path))
		root, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Data == "script" && n.FirstChild != nil && strings.Contains(n.FirstChild.Data, "alert(1)") && !strings.Contains(n.FirstChild.Data, `\u003c`) {
				t.Errorf("%s has a script that runs the title: %s", path, n.FirstChild.Data)
			}
		}
		if !strings.Contains(body, "&lt;/script&gt;") {
			t.Errorf("%s lacks the title", path)
		}
	}
	var public struct{ Title string }
	if err := json.Unmarshal([]byte(text(t, s.get(t, "/e/"+string(pictured)+".json?lang=en"))), &public); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(public.Title, "</script>") || !strings.Contains(public.Title, "\U0001F1F8\U0001F1FB") {
		t.Errorf("the title is %q", public.Title)
	}
}

func TestNothingPrivateIsPublic(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/e/" + string(pictured), "/v/" + string(pictured), "/e/" + string(pictured) + ".json", "/oembed?url=" + baseURL + "/v/" + string(pictured)} {
		if body := text(t, s.get(t, path)); strings.Contains(body, "not for readers") || strings.Contains(body, "removed by its owner") {
			t.Errorf("%s tells what is for the newsroom: %s", path, body)
		}
	}
}

func TestPublicReadsChangeNothing(t *testing.T) {
	s := newSite(t)
	before := s.shelf.videos[pictured].Revision
	for _, path := range []string{"/e/", "/v/"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			if r := s.ask(t, method, path+string(pictured), ""); r.StatusCode != 405 || r.Header.Get("Allow") == "" {
				t.Errorf("%s %s: %d", method, path, r.StatusCode)
			}
		}
		s.get(t, path+string(pictured))
	}
	if after := s.shelf.videos[pictured].Revision; after != before {
		t.Errorf("the record went from revision %d to %d", before, after)
	}
}
