package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/web"
)

const videos = "/api/v1/videos"

// call asks the API as a program does.
func (s *site) call(t testing.TB, method, path, body string, changes ...with) *http.Response {
	t.Helper()
	return s.ask(t, method, path, body, append([]with{bearer()}, changes...)...)
}

func TestRegisteringIsIdempotent(t *testing.T) {
	s := newSite(t)
	const body = `{"url":"https://toy.example/new","title":{"es":"Nuevo"},"caption":{"es":"Pie"},"alt":{"en":"Alt"},"language":"es",
		"eventDate":"2019-09","notes":"mine","article":{"url":"https://example.org/story?utm_source=x","language":"es"}}`
	first := s.call(t, "POST", videos, body)
	if first.StatusCode != 201 {
		t.Fatalf("got %d: %s", first.StatusCode, text(t, first))
	}
	location := first.Header.Get("Location")
	v := decode[web.APIRegistered](t, first)
	if v.Title != "Nuevo" || v.Caption["es"] != "Pie" || v.Alt["en"] != "Alt" || v.EventDate != "2019-09" || v.Language != "es" || v.Notes != "mine" {
		t.Errorf("got %+v", v)
	}
	if len(v.Sources) != 1 || v.Sources[0].URL != "https://toy.example/new" || v.Sources[0].State != "live" || v.Sources[0].Title != "Toy new" {
		t.Errorf("sources %+v", v.Sources)
	}
	if location != videos+"/"+v.ID || first.Header.Get("ETag") == "" {
		t.Errorf("Location %q, ETag %q", location, first.Header.Get("ETag"))
	}
	if len(s.shelf.placed) != 1 || s.shelf.placed[0].URL != "https://example.org/story" {
		t.Errorf("articles %+v", s.shelf.placed)
	}
	second := s.call(t, "POST", videos, body)
	if again := decode[web.APIRegistered](t, second); second.StatusCode != 200 || again.ID != v.ID {
		t.Errorf("the second time: %d %s", second.StatusCode, again.ID)
	}
	if r := s.call(t, "GET", location, ""); r.StatusCode != 200 {
		t.Errorf("where it is said to be: %d", r.StatusCode)
	}
}

func TestAnUnreachableSourceIsRegisteredWithAWarning(t *testing.T) {
	r := newSite(t).call(t, "POST", videos, `{"url":"https://toy.example/unreachable"}`)
	v := decode[web.APIRegistered](t, r)
	if r.StatusCode != 201 || v.State != "unchecked" || v.Sources[0].Outcome != "unclear" || len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "no answer in time") {
		t.Errorf("got %d %+v", r.StatusCode, v)
	}
}

func TestBadInputIsNamedWithItsCure(t *testing.T) {
	s := newSite(t)
	const video = videos + "/" + string(pictured)
	for name, tt := range map[string]struct {
		method, path, body, location, message string
	}{
		"no address":                {"POST", videos, `{}`, "body.url", "required property url"},
		"an empty address":          {"POST", videos, `{"url":""}`, "body.url", "there is no address"},
		"an unknown address":        {"POST", videos, `{"url":"https://elsewhere.example/1"}`, "body.url", "known platform"},
		"an address of no video":    {"POST", videos, `{"url":"https://toy.example/"}`, "body.url", "one video's own page"},
		"an address that runs":      {"POST", videos, `{"url":"javascript:alert(1)"}`, "body.url", "http:// or https://"},
		"a relative article":        {"POST", videos, `{"url":"https://toy.example/x","article":{"url":"/story"}}`, "body.article.url", "https://example.org/story"},
		"an article that runs":      {"POST", videos, `{"url":"https://toy.example/x","article":{"url":"javascript:alert(1)"}}`, "body.article.url", "in full"},
		"an article without it":     {"POST", videos, `{"url":"https://toy.example/x","article":{"url":"","language":"es"}}`, "body.article.url", "in full"},
		"an article in no language": {"POST", videos, `{"url":"https://toy.example/x","article":{"url":"https://example.org/","language":"Spanish!"}}`, "body.article.language", "BCP 47"},
		"a date of no calendar":     {"POST", videos, `{"url":"https://toy.example/x","eventDate":"2019-13"}`, "body.eventDate", "2019-09-25"},
		"a title in no language":    {"PATCH", video, `{"title":{"Spanish!":"x"}}`, "body.title", "BCP 47"},
		"a title that is no map":    {"PATCH", video, `{"title":"x"}`, "body.title", "object"},
		"an unknown field":          {"PATCH", video, `{"titel":{"es":"x"}}`, "body.titel", "unexpected"},
		"a mirror elsewhere":        {"POST", video + "/sources", `{"url":"https://elsewhere.example/1"}`, "body.url", "known platform"},
		"a source in no form":       {"POST", video + "/prefer", `{"source":"one"}`, "body.source", "platform:id"},
		"a source of another":       {"POST", video + "/prefer", `{"source":"toy:bare"}`, "body.source", "toy:two, toy:one"},
		"a page that never was":     {"GET", videos + "?after=garbage", "", "query.after", "pass on"},
		"a page that is too long":   {"GET", videos + "?limit=501", "", "query.limit", "500"},
		"a page of no number":       {"GET", videos + "?limit=many", "", "query.limit", "integer"},
		"a snippet in no language":  {"GET", video + "/snippets?lang=Spanish!", "", "query.lang", "BCP 47"},
	} {
		t.Run(name, func(t *testing.T) {
			p := wantProblem(t, s.call(t, tt.method, tt.path, tt.body), 422)
			if len(p.Errors) == 0 || p.Errors[0].Location != tt.location || !strings.Contains(p.Errors[0].Message, tt.message) {
				t.Errorf("got %+v, want %q at %s", p.Errors, tt.message, tt.location)
			}
		})
	}
	wantProblem(t, s.call(t, "POST", videos, `{"url":`), 400)
	wantProblem(t, s.call(t, "GET", videos+"/not-an-id", ""), 400)
	wantProblem(t, s.call(t, "PATCH", videos+"/not-an-id", `{}`), 400)
	wantProblem(t, s.call(t, "GET", videos+"/"+string(absent), ""), 404)
	wantProblem(t, s.call(t, "PATCH", videos+"/"+string(absent), `{}`), 404)
	wantProblem(t, s.call(t, "POST", videos+"/"+string(absent)+"/check", ""), 404)
	wantProblem(t, s.call(t, "POST", videos+"/"+string(absent)+"/prefer", `{"source":"toy:one"}`), 404)
	wantProblem(t, s.call(t, "POST", videos+"/"+string(absent)+"/sources", `{"url":"https://toy.example/x"}`), 404)
	wantProblem(t, s.call(t, "GET", "/api/v1/nowhere", ""), 404)
	wantProblem(t, s.call(t, "DELETE", video, ""), 405)
}

func TestOneVideo(t *testing.T) {
	s := newSite(t)
	r := s.call(t, "GET", videos+"/"+string(pictured)+"?language=en", "")
	v := decode[web.APIVideo](t, r)
	etag := r.Header.Get("ETag")
	if !strings.HasPrefix(etag, `"1.`) || v.Revision != 1 {
		t.Errorf("ETag %s of revision %d", etag, v.Revision)
	}
	if v.Title != "Meeting "+hostile || v.Titles["es"] != "Reunión" || v.State != "live" || v.Visibility != "public" {
		t.Errorf("got %+v", v)
	}
	want := web.APIURLs{Embed: baseURL + "/e/7k3mzq9x0abd", Watch: baseURL + "/v/7k3mzq9x0abd", Poster: baseURL + "/p/7k3mzq9x0abd/1280.jpg", JSON: baseURL + "/e/7k3mzq9x0abd.json"}
	if v.URLs != want {
		t.Errorf("addresses %+v", v.URLs)
	}
	if v.Sources[0].State != "gone" || v.Sources[0].Outcome != "removed" || v.Sources[0].Reason == "" || v.Sources[1].Channel != "A channel" || v.Sources[1].Seconds != 90 {
		t.Errorf("sources %+v", v.Sources)
	}
	for _, match := range []string{etag, "W/" + etag, `"7.0", ` + etag, "*"} {
		if r := s.call(t, "GET", videos+"/"+string(pictured), "", header("If-None-Match", match)); r.StatusCode != 304 || text(t, r) != "" {
			t.Errorf("If-None-Match %s: %d", match, r.StatusCode)
		}
	}
	for _, match := range []string{`"2"`, `"1"`, `"1.0"`} {
		if r := s.call(t, "GET", videos+"/"+string(pictured), "", header("If-None-Match", match)); r.StatusCode != 200 {
			t.Errorf("If-None-Match %s: %d", match, r.StatusCode)
		}
	}
}

// The catalog tells of a video when its sources were heard, also where its record was not written for it.
func TestAProgramThatPollsLearnsWhenASourceWasHeard(t *testing.T) {
	s := newSite(t)
	const path = videos + "/" + string(pictured)
	before := s.call(t, "GET", path, "").Header.Get("ETag")
	heard := now().Add(-time.Minute)
	s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) { v.Sources[1].Standing.LastGood = heard })
	r := s.call(t, "GET", path, "", header("If-None-Match", before))
	if v := decode[web.APIVideo](t, r); r.StatusCode != 200 || !v.Sources[1].LastGood.Equal(heard) || v.Revision != 1 {
		t.Errorf("got %d, %+v", r.StatusCode, v)
	}
	for _, match := range []string{before, `"1"`} {
		if r := s.call(t, "PATCH", path, `{"notes":"more"}`, header("If-Match", match)); r.StatusCode != 200 {
			t.Errorf("a change that saw %s: %d", match, r.StatusCode)
		}
		s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) { v.Revision = 1 })
	}
}

func TestTheListComesInPages(t *testing.T) {
	s := newSite(t)
	var seen []string
	next := ""
	for range 5 {
		list := decode[web.APIVideoList](t, s.call(t, "GET", videos+"?limit=3&after="+next, ""))
		for _, v := range list.Items {
			seen = append(seen, v.ID)
		}
		if next = list.Next; next == "" {
			break
		}
	}
	if len(seen) != 4 || seen[0] != string(withdrawn) || seen[3] != string(pictured) {
		t.Errorf("got %v", seen)
	}
}

func TestAnEmptyListIsAList(t *testing.T) {
	s := newSite(t)
	clear(s.shelf.videos)
	if got := text(t, s.call(t, "GET", videos, "")); got != `{"items":[]}`+"\n" {
		t.Errorf("got %s", got)
	}
}

func TestDescribing(t *testing.T) {
	s := newSite(t)
	const path = videos + "/" + string(pictured)
	r := s.call(t, "PATCH", path, `{"title":{"en":"","pt":"Encontro"},"eventDate":""}`, header("Content-Type", "application/merge-patch+json"))
	v := decode[web.APIVideo](t, r)
	if _, there := v.Titles["en"]; there || v.Titles["pt"] != "Encontro" || v.Titles["es"] != "Reunión" || v.EventDate != "" || v.Notes != "not for readers" {
		t.Errorf("got %+v", v)
	}
	if !strings.HasPrefix(r.Header.Get("ETag"), `"2.`) {
		t.Errorf("ETag %s", r.Header.Get("ETag"))
	}
	for match, want := range map[string]int{`"1"`: 412, `W/"2"`: 412, `nonsense`: 412, `"0"`: 412, `"2"`: 200, `*`: 200} {
		r := s.call(t, "PATCH", path, `{"notes":"more"}`, header("If-Match", match))
		if r.StatusCode != want {
			t.Errorf("If-Match %s: %d, want %d: %s", match, r.StatusCode, want, text(t, r))
		}
		s.shelf.mu.Lock()
		v := s.shelf.videos[pictured]
		v.Revision = 2
		s.shelf.videos[pictured] = v
		s.shelf.mu.Unlock()
	}
}

func TestMirrors(t *testing.T) {
	s := newSite(t)
	const path = videos + "/" + string(pictured)
	r := s.call(t, "POST", path+"/sources", `{"url":"https://toy.example/mirror"}`)
	if v := decode[web.APIRegistered](t, r); r.StatusCode != 201 || len(v.Sources) != 3 {
		t.Errorf("adding: %d %+v", r.StatusCode, v.Sources)
	}
	if r := s.call(t, "POST", path+"/sources", `{"url":"https://toy.example/mirror"}`); r.StatusCode != 200 {
		t.Errorf("adding again: %d", r.StatusCode)
	}
	p := wantProblem(t, s.call(t, "POST", path+"/sources", `{"url":"https://toy.example/bare"}`), 409)
	if !strings.Contains(p.Detail, string(bare)) {
		t.Errorf("the owner is not named: %s", p.Detail)
	}
	v := decode[web.APIVideo](t, s.call(t, "POST", path+"/prefer", `{"source":"toy:mirror"}`))
	if v.Sources[0].ID != "mirror" {
		t.Errorf("the order is %+v", v.Sources)
	}
}

func TestChecking(t *testing.T) {
	s := newSite(t)
	v := decode[web.APIVideo](t, s.call(t, "POST", videos+"/"+string(pictured)+"/check", ""))
	if v.Sources[0].State != "live" || v.Revision != 2 {
		t.Errorf("got %+v", v)
	}
}

func TestSnippets(t *testing.T) {
	s := newSite(t)
	list := decode[web.APISnippetList](t, s.call(t, "GET", videos+"/"+string(pictured)+"/snippets?lang=en&start=5", ""))
	if len(list.Items) != len(embeds.SnippetKinds()) || list.Items[0].Kind != embeds.SnippetArticle ||
		!strings.Contains(list.Items[0].HTML, baseURL+"/v/7k3mzq9x0abd?lang=en&amp;start=5") || list.Items[0].Warning != "" {
		t.Errorf("got %+v", list.Items)
	}
	for _, query := range []string{"lang=x", "start=soon", "start=9&end=3", "captions=-", "theme=sepia", "ratio=2:1", "prefer=best"} {
		name, _, _ := strings.Cut(query, "=")
		if query == "start=9&end=3" {
			name = "end"
		}
		problem := wantProblem(t, s.call(t, "GET", videos+"/"+string(pictured)+"/snippets?"+query, ""), 422)
		if !strings.Contains(fmt.Sprint(problem), name) {
			t.Errorf("%s: the problem does not name %s: %+v", query, name, problem)
		}
	}
	local := newSite(t, func(o *web.Options) { o.BaseURL = "http://localhost:8080" })
	list = decode[web.APISnippetList](t, local.call(t, "GET", videos+"/"+string(pictured)+"/snippets", "", asHost("localhost:8080")))
	if list.Items[0].Warning == "" {
		t.Error("a snippet that works on one computer carries no warning")
	}
}

func TestTheStoreAwayIsTheAPIs503(t *testing.T) {
	s := newSite(t)
	s.shelf.fail(archive.ErrUnavailable)
	for _, path := range []string{videos, videos + "/" + string(pictured)} {
		r := s.call(t, "GET", path, "")
		if r.Header.Get("Retry-After") != "5" {
			t.Errorf("%s: Retry-After %q", path, r.Header.Get("Retry-After"))
		}
		wantProblem(t, r, 503)
	}
	wantProblem(t, s.call(t, "POST", videos, `{"url":"https://toy.example/new"}`), 503)
}

func TestTheAPIDescribesItself(t *testing.T) {
	s := newSite(t)
	r := s.get(t, "/api/v1/openapi.json")
	document := decode[struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Responses   map[string]struct{ Content map[string]any }
		}
		Components struct {
			Schemas         map[string]struct{ Properties map[string]any }
			SecuritySchemes map[string]any
		}
		Security []map[string][]string
	}](t, r)
	if !strings.HasPrefix(document.OpenAPI, "3.1") || len(document.Security) != 2 || len(document.Components.SecuritySchemes) != 2 {
		t.Errorf("version %s, security %v", document.OpenAPI, document.Security)
	}
	for path, methods := range map[string][]string{
		"/api/v1/videos":               {"get", "post"},
		"/api/v1/videos/{id}":          {"get", "patch"},
		"/api/v1/videos/{id}/check":    {"post"},
		"/api/v1/videos/{id}/sources":  {"post"},
		"/api/v1/videos/{id}/prefer":   {"post"},
		"/api/v1/videos/{id}/snippets": {"get"},
	} {
		for _, method := range methods {
			operation, ok := document.Paths[path][method]
			if !ok {
				t.Errorf("%s %s is missing", method, path)
			}
			if _, ok := operation.Responses["401"].Content["application/problem+json"]; !ok {
				t.Errorf("%s %s does not tell that it may refuse", method, path)
			}
		}
	}
	responses := document.Paths["/api/v1/videos"]["post"].Responses
	for _, status := range []string{"200", "201"} {
		if len(responses[status].Content) == 0 {
			t.Errorf("registering: nothing is said of what comes with %s", status)
		}
	}
	for schema, field := range map[string]string{"APIVideo": "titles", "APIRegistered": "titles", "APIRegistration": "title", "APIWords": "eventDate", "APISource": "state"} {
		if _, ok := document.Components.Schemas[schema].Properties[field]; !ok {
			t.Errorf("schema %s lacks %s", schema, field)
		}
	}
	for _, gone := range []string{"/docs", "/openapi.yaml", "/schemas/APIVideo.json"} {
		if r := s.get(t, gone); r.StatusCode != 404 {
			t.Errorf("%s: %d", gone, r.StatusCode)
		}
	}
}
