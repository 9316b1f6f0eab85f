package web_test

import (
	"strings"
	"testing"

	"videoteca/web"
)

func TestHostsThatAreNotOursGetNothing(t *testing.T) {
	s := newSite(t, func(o *web.Options) {
		o.Aliases = []string{"http://old.example.org:8081"}
		o.AllowedHosts = []string{"Internal.example.net", "10.0.0.7:8080", "[fd00::7]"}
	})
	for name, tt := range map[string]struct {
		host string
		want int
	}{
		"the base URL's":              {"videos.example.org", 200},
		"in capitals, with its port":  {"VIDEOS.example.org:443", 200},
		"with the root's dot":         {"videos.example.org.", 200},
		"an alias":                    {"old.example.org", 200},
		"an allowed name":             {"internal.example.net:9000", 200},
		"an allowed address":          {"10.0.0.7:8080", 200},
		"an allowed IPv6 address":     {"[fd00::7]:8080", 200},
		"the listener's":              {"127.0.0.1:8080", 200},
		"the listener's name":         {"localhost:8080", 200},
		"the listener's IPv6 address": {"[::1]:8080", 200},
		"a name somebody else owns":   {"rebound.attacker.example", 421},
		"ours as a part":              {"videos.example.org.attacker.example", 421},
		"an address we do not know":   {"192.0.2.1", 421},
		"a name under localhost":      {"player.localhost:8080", 421},
		"none":                        {"", 421},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/e/" + string(pictured), "/login", "/p/" + string(pictured) + "/320.jpg"} {
				if r := s.get(t, path, asHost(tt.host)); r.StatusCode != tt.want {
					t.Errorf("%s under %q: %d, want %d", path, tt.host, r.StatusCode, tt.want)
				}
			}
		})
	}
}

func TestTheRefusalOfAHostSaysWhatToDo(t *testing.T) {
	s := newSite(t)
	stranger := asHost("rebound.attacker.example")
	r := s.get(t, "/e/"+string(pictured), stranger)
	if body := text(t, r); r.StatusCode != 421 || !strings.Contains(body, "--allow-host") {
		t.Errorf("got %d: %s", r.StatusCode, body)
	}
	wantProblem(t, s.get(t, "/api/v1/videos", stranger, bearer()), 421)
	if r := s.get(t, "/nowhere", stranger); r.StatusCode != 421 {
		t.Errorf("an unknown path under an unknown host: %d", r.StatusCode)
	}
}

func TestProbesAnswerUnderAnyHost(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if r := s.get(t, path, asHost("10.42.0.17:8080")); r.StatusCode != 200 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestAListenerElsewhereHasNoLoopbackNames(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Listen = "10.0.0.7:8080" })
	for h, want := range map[string]int{"10.0.0.7:8080": 200, "127.0.0.1:8080": 421, "localhost:8080": 421} {
		if r := s.get(t, "/login", asHost(h)); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", h, r.StatusCode, want)
		}
	}
	everywhere := newSite(t, func(o *web.Options) { o.Listen = "[::]:8080" })
	if r := everywhere.get(t, "/login", asHost("localhost:8080")); r.StatusCode != 200 {
		t.Errorf("listening everywhere includes the machine itself: %d", r.StatusCode)
	}
}

func TestChangesFromOtherOriginsAreRefused(t *testing.T) {
	s := newSite(t)
	session := cookie(s.signIn(t))
	const path, body = "/api/v1/videos", `{"url":"https://toy.example/one"}`
	for name, tt := range map[string]struct {
		changes []with
		want    int
	}{
		"our own page":                                    {[]with{header("Sec-Fetch-Site", "same-origin")}, 200},
		"our own page, by origin alone":                   {[]with{header("Origin", baseURL)}, 200},
		"our own page, through a proxy that changes Host": {[]with{header("Origin", baseURL), asHost("127.0.0.1:8080")}, 200},
		"no browser":                                      {nil, 200},
		"another site":                                    {[]with{header("Sec-Fetch-Site", "cross-site")}, 403},
		"a sister site":                                   {[]with{header("Sec-Fetch-Site", "same-site")}, 403},
		"another site, by origin alone":                   {[]with{header("Origin", "https://attacker.example")}, 403},
		"a hidden origin":                                 {[]with{header("Origin", "null")}, 403},
		"another site that has the token as well":         {[]with{header("Sec-Fetch-Site", "cross-site"), bearer()}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			if r := s.ask(t, "POST", path, body, append(tt.changes, session)...); r.StatusCode != tt.want {
				t.Errorf("got %d, want %d: %s", r.StatusCode, tt.want, text(t, r))
			}
		})
	}
	if r := s.get(t, "/e/"+string(pictured), header("Sec-Fetch-Site", "cross-site")); r.StatusCode != 200 {
		t.Errorf("an article may embed: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/login", "token="+token, header("Sec-Fetch-Site", "cross-site")); r.StatusCode != 403 {
		t.Errorf("signing in from another site: %d", r.StatusCode)
	}
}

func TestAnAliasIsNotTrustedToChangeAnything(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Aliases = []string{"https://sold.example.org"} })
	r := s.ask(t, "POST", "/api/v1/videos", `{"url":"https://toy.example/x"}`, bearer(), header("Origin", "https://sold.example.org"))
	wantProblem(t, r, 403)
}
