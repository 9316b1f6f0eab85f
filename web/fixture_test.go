package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/web"
)

const (
	baseURL = "https://videos.example.org"
	host    = "videos.example.org"
	token   = "dGhlIHRva2VuIG9mIHRoZSB0ZXN0cywgMjU2IGJpdHMgbG9uZw"

	pictured  = archive.VideoID("7k3mzq9x0abd") // a video with everything
	bare      = archive.VideoID("00000000bare") // without title and picture
	embargoed = archive.VideoID("00000embarg0")
	withdrawn = archive.VideoID("00000w1thdrn")
	absent    = archive.VideoID("zzzzzzzzzzzz")
)

// hostile is a title that would end a script, an attribute and a line, and turn
// the reading direction.
const hostile = "</script><script>alert(1)</script>\" ' \u202e\U0001F1F8\U0001F1FB <b>"

// site is a server with what it stands on.
type site struct {
	*web.Server
	shelf *shelf
	wall  *wall
	pulse *pulse
	log   *bytes.Buffer
	clock *clock
}

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newSite(t testing.TB, change ...func(*web.Options)) *site {
	t.Helper()
	s := &site{shelf: newShelf(), wall: &wall{}, pulse: &pulse{report: web.ReadyReport{Store: true, PostersHeld: 1, PostersAll: 2}}, log: &bytes.Buffer{}, clock: &clock{now()}}
	o := web.Options{
		BaseURL: baseURL, Token: token, Listen: "127.0.0.1:8080",
		Catalog: s.shelf, Library: newLibrary(s.shelf), Checker: s.shelf, Posters: s.wall, Health: s.pulse,
		Players: map[string]archive.Player{"toy": toy{}.Player()}, Version: "v1.2.3",
		Media: s.shelf,
		Log:   slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: s.clock.now,
	}
	for _, c := range change {
		c(&o)
	}
	var err error
	if s.Server, err = web.New(o); err != nil {
		t.Fatal(err)
	}
	return s
}

func newLibrary(s *shelf) *archive.Library {
	return archive.NewLibrary(archive.LibraryOptions{Store: s, Platforms: archive.Platforms{toy{}}, Now: now})
}

// with changes a request before it is sent.
type with func(*http.Request)

func header(name, value string) with { return func(r *http.Request) { r.Header.Set(name, value) } }

func bearer() with { return header("Authorization", "Bearer "+token) }

func asHost(h string) with { return func(r *http.Request) { r.Host = h } }

func from(address string) with { return func(r *http.Request) { r.RemoteAddr = address } }

func cookie(c *http.Cookie) with { return func(r *http.Request) { r.AddCookie(c) } }

// ask sends a request as a reader far away would.
func (s *site) ask(t testing.TB, method, target, body string, changes ...with) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.Host, r.RemoteAddr = host, "203.0.113.9:40000"
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	} else if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, change := range changes {
		change(r)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Result()
}

func (s *site) get(t testing.TB, target string, changes ...with) *http.Response {
	t.Helper()
	return s.ask(t, http.MethodGet, target, "", changes...)
}

// signIn exchanges the printed link for the session's cookie.
func (s *site) signIn(t testing.TB) *http.Cookie {
	t.Helper()
	r := s.ask(t, http.MethodPost, "/login", url.Values{"token": {token}}.Encode())
	for _, c := range r.Cookies() {
		if strings.HasSuffix(c.Name, "videoteca_session") && c.Value != "" {
			return c
		}
	}
	t.Fatalf("signing in: status %d and no cookie", r.StatusCode)
	return nil
}

func text(t testing.TB, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func decode[T any](t testing.TB, r *http.Response) T {
	t.Helper()
	var out T
	body := text(t, r)
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return out
}

// problem is an error as programs read it.
type problem struct {
	Title, Detail, Instance string
	Status                  int
	Errors                  []struct{ Location, Message string }
}

func wantProblem(t testing.TB, r *http.Response, status int) problem {
	t.Helper()
	if r.StatusCode != status || r.Header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("got %d %s: %s; want a problem with %d", r.StatusCode, r.Header.Get("Content-Type"), text(t, r), status)
	}
	p := decode[problem](t, r)
	if p.Status != status || p.Title == "" || p.Detail == "" {
		t.Errorf("problem %+v lacks status, title or detail", p)
	}
	return p
}

var errDisk = errors.New("/var/lib/secret-bucket: input/output error")
