package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"videoteca/web"
)

// who is somebody who asks.
type who string

const (
	reader  who = "a reader"
	session who = "a session"
	program who = "a bearer"
)

func TestWhoMayAskWhat(t *testing.T) {
	const video = "/api/v1/videos/" + string(pictured)
	s := newSite(t)
	signedIn := s.signIn(t)
	credentials := map[who][]with{reader: nil, session: {cookie(signedIn)}, program: {bearer()}}
	for _, tt := range []struct {
		method, path, body        string
		reader, session, programs int
	}{
		{"GET", "/healthz", "", 200, 200, 200},
		{"GET", "/readyz", "", 200, 200, 200},
		{"GET", "/metrics", "", 401, 200, 200},
		{"GET", "/e/" + string(pictured), "", 200, 200, 200},
		{"GET", "/e/" + string(pictured) + ".json", "", 200, 200, 200},
		{"GET", "/v/" + string(pictured), "", 200, 200, 200},
		{"GET", "/p/" + string(pictured) + "/640.jpg", "", 200, 200, 200},
		{"GET", "/p/" + string(embargoed) + "/640.jpg", "", 404, 200, 200},
		{"GET", "/p/" + string(withdrawn) + "/640.jpg", "", 404, 200, 200},
		{"GET", "/oembed?url=" + baseURL + "/v/" + string(pictured), "", 200, 200, 200},
		{"GET", "/login", "", 200, 200, 200},
		{"GET", "/api/v1/openapi.json", "", 200, 200, 200},
		{"GET", "/api/v1/videos", "", 401, 200, 200},
		{"POST", "/api/v1/videos", `{"url":"https://toy.example/one"}`, 401, 200, 200},
		{"GET", video, "", 401, 200, 200},
		{"PATCH", video, `{"title":{"es":"Otro"}}`, 401, 200, 200},
		{"POST", video + "/check", "", 401, 200, 200},
		{"POST", video + "/sources", `{"url":"https://toy.example/one"}`, 401, 200, 200},
		{"POST", video + "/prefer", `{"source":"toy:one"}`, 401, 200, 200},
		{"GET", video + "/snippets", "", 401, 200, 200},
		{"GET", "/", "", 401, 200, 200},
		{"GET", "/videos", "", 401, 200, 200},
		{"POST", "/videos", "url=https://toy.example/one", 401, 303, 303},
		{"GET", "/new", "", 401, 200, 200},
		{"GET", "/new?url=https://toy.example/two", "", 401, 200, 200},
		{"GET", "/videos/" + string(pictured), "", 401, 200, 200},
		{"POST", "/videos/" + string(pictured), "language=es", 401, 303, 303},
		{"POST", "/videos/" + string(pictured) + "/check", "", 401, 303, 303},
		{"POST", "/videos/" + string(pictured) + "/prefer", "source=toy:one", 401, 303, 303},
		{"POST", "/videos/" + string(pictured) + "/sources", "url=https://toy.example/one", 401, 303, 303},
		{"GET", "/story/article", "", 404, 404, 404},
		{"GET", "/nowhere", "", 404, 404, 404},
		{"GET", "/api/v1/nowhere", "", 404, 404, 404},
		{"DELETE", video, "", 405, 405, 405},
	} {
		for name, want := range map[who]int{reader: tt.reader, session: tt.session, program: tt.programs} {
			t.Run(tt.method+" "+tt.path+" by "+string(name), func(t *testing.T) {
				r := s.ask(t, tt.method, tt.path, tt.body, credentials[name]...)
				if r.StatusCode != want {
					t.Errorf("got %d, want %d: %s", r.StatusCode, want, text(t, r))
				}
			})
		}
	}
}

func TestAPIRefusesStrangersWithAProblem(t *testing.T) {
	s := newSite(t)
	r := s.get(t, "/api/v1/videos")
	if got := r.Header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
		t.Errorf("WWW-Authenticate is %q", got)
	}
	wantProblem(t, r, 401)
	for name, value := range map[string]string{
		"a wrong token": "Bearer " + strings.Repeat("x", len(token)), "an empty token": "Bearer ", "a beginning": "Bearer " + token[:20],
		"no scheme": token, "another scheme": "Basic " + token, "an addition": "Bearer " + token + "x",
	} {
		t.Run(name, func(t *testing.T) { wantProblem(t, s.get(t, "/api/v1/videos", header("Authorization", value)), 401) })
	}
	if r := s.get(t, "/api/v1/videos", header("Authorization", "bearer "+token)); r.StatusCode != 200 {
		t.Errorf("the scheme's case matters: %d", r.StatusCode)
	}
}

func TestTheLinkShowsAButtonAndWorksOnce(t *testing.T) {
	s := newSite(t)
	link := s.SignInLink("http://127.0.0.1:8080/")
	if want := "http://127.0.0.1:8080/login?token=" + token; link != want {
		t.Fatalf("the link is %s, want %s", link, want)
	}
	for range 3 { // programs that preview links, and HEAD
		r := s.get(t, "/login?token="+token)
		if body := text(t, r); r.StatusCode != 200 || !strings.Contains(body, `name="token" value="`+token+`"`) || len(r.Cookies()) != 0 {
			t.Fatalf("got %d with cookies %v: %s", r.StatusCode, r.Cookies(), body)
		}
	}
	form := url.Values{"token": {token}}.Encode()
	r := s.ask(t, "POST", "/login", form)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/" {
		t.Errorf("signing in gave %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	c := r.Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge != 30*24*3600 {
		t.Errorf("cookie %+v", c)
	}
	if c.Value == token || len(c.Value) < 43 {
		t.Errorf("the session's secret is %q", c.Value)
	}
	again := s.ask(t, "POST", "/login", form)
	if again.StatusCode != http.StatusForbidden || len(again.Cookies()) != 0 {
		t.Errorf("the link worked twice: %d", again.StatusCode)
	}
	if r := s.get(t, "/api/v1/videos", bearer()); r.StatusCode != 200 {
		t.Errorf("the bearer ended with the link: %d", r.StatusCode)
	}
	if strings.Contains(s.log.String(), token) || strings.Contains(s.log.String(), c.Value) {
		t.Error("the log holds a secret")
	}
}

func TestAWrongTokenSignsNobodyInAndSpendsNothing(t *testing.T) {
	s := newSite(t)
	if r := s.ask(t, "POST", "/login", "token=wrong"); r.StatusCode != http.StatusForbidden || len(r.Cookies()) != 0 {
		t.Errorf("got %d", r.StatusCode)
	}
	s.signIn(t)
}

func TestSessionsEnd(t *testing.T) {
	s := newSite(t)
	c := s.signIn(t)
	if r := s.get(t, "/api/v1/videos", cookie(&http.Cookie{Name: c.Name, Value: "guess"})); r.StatusCode != 401 {
		t.Errorf("a guessed session: %d", r.StatusCode)
	}
	s.clock.at = now().Add(30*24*time.Hour - time.Second)
	if r := s.get(t, "/api/v1/videos", cookie(c)); r.StatusCode != 200 {
		t.Errorf("before its end: %d", r.StatusCode)
	}
	s.clock.at = now().Add(30 * 24 * time.Hour)
	if r := s.get(t, "/api/v1/videos", cookie(c)); r.StatusCode != 401 {
		t.Errorf("after its end: %d", r.StatusCode)
	}
	s.clock.at = now()
	if r := s.ask(t, "POST", "/logout", "", cookie(c)); r.StatusCode != http.StatusSeeOther || r.Cookies()[0].MaxAge >= 0 {
		t.Errorf("signing out: %d %v", r.StatusCode, r.Cookies())
	}
	if r := s.get(t, "/api/v1/videos", cookie(c)); r.StatusCode != 401 {
		t.Errorf("after signing out: %d", r.StatusCode)
	}
}

func TestCookieOverPlainHTTPIsNotSecure(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.BaseURL = "http://127.0.0.1:8080" })
	r := s.ask(t, "POST", "/login", "token="+token, asHost("127.0.0.1:8080"))
	if c := r.Cookies()[0]; c.Secure {
		t.Errorf("a browser would never send %+v back", c)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*web.Options)
		want   string
	}{
		"a short token":             {func(o *web.Options) { o.Token = "short" }, "token"},
		"no token":                  {func(o *web.Options) { o.Token = "" }, "token"},
		"no catalog":                {func(o *web.Options) { o.Catalog = nil }, "catalog"},
		"a base URL without scheme": {func(o *web.Options) { o.BaseURL = "videos.example.org" }, "https://videos.example.org"},
		"a base URL with a path":    {func(o *web.Options) { o.BaseURL = "https://example.org/videos" }, "alone"},
		"an alias of another kind":  {func(o *web.Options) { o.Aliases = []string{"ftp://example.org"} }, "ftp"},
		"a proxy that is none":      {func(o *web.Options) { o.TrustedProxies = []string{"the proxy"} }, "proxies"},
	} {
		t.Run(name, func(t *testing.T) {
			shelf := newShelf()
			o := web.Options{BaseURL: baseURL, Token: token, Catalog: shelf, Library: newLibrary(shelf), Checker: shelf, Posters: &wall{}, Health: &pulse{}}
			tt.change(&o)
			if _, err := web.New(o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("New returned %v, want something of %q", err, tt.want)
			}
		})
	}
}

func TestNewTokenIsLongAndNew(t *testing.T) {
	if a, b := web.NewToken(), web.NewToken(); len(a) != 43 || a == b {
		t.Errorf("tokens %q and %q", a, b)
	}
}
