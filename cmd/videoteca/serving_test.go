package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// ask sends a request under a Host and returns the status and the body.
func ask(t *testing.T, method, address, host string, change func(*http.Request)) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestAStopLetsARegistrationUnderWayFinish(t *testing.T) {
	s := newSite(t)
	token := web.NewToken()
	service := serve(t, s.args("--token", token)...)
	s.platform.SetDelay(200 * time.Millisecond)
	if err := s.platform.SetFault(archivetest.FaultSlow); err != nil {
		t.Fatal(err)
	}
	answered := make(chan int, 1)
	go func() {
		r, err := http.NewRequest(http.MethodPost, service.URL+"/api/v1/videos", strings.NewReader(`{"url":"`+s.watch(archivetest.NewYorkID)+`"}`))
		if err != nil {
			answered <- 0
			return
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			answered <- 0
			return
		}
		answer.Body.Close()
		answered <- answer.StatusCode
	}()
	for deadline := time.Now().Add(20 * time.Second); s.platform.Calls(archivetest.CallOEmbed) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the platform is not asked")
		}
	}
	service.Stop(t)
	if code := <-answered; code != http.StatusCreated {
		t.Errorf("the registration under way got %d", code)
	}
	if listed := s.list(t); len(listed) != 1 || listed[0].State != "live" {
		t.Errorf("registered are %+v", listed)
	}
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(service.URL, "http://"), time.Second); err == nil {
		t.Error("somebody listens after the end")
	}
}

// front is a reverse proxy on this machine that hands on the public Host and the client.
func front(t *testing.T, service *service) string {
	t.Helper()
	target, err := url.Parse(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		r.Out.Header.Set("X-Forwarded-For", "198.51.100.4")
		r.Out.Header.Set("X-Forwarded-Host", "rebound.attacker.example")
		r.Out.Header.Set("X-Forwarded-Proto", "https")
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

func TestBehindAReverseProxyTheHostIsChecked(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	proxy := front(t, serve(t, s.args("--base-url", "https://videos.example.org", "--allow-host", "videos.internal")...))
	for host, want := range map[string]int{
		"videos.example.org": http.StatusOK, "VIDEOS.example.org:443": http.StatusOK, "videos.internal": http.StatusOK,
		"rebound.attacker.example": http.StatusMisdirectedRequest, "videos.example.org.attacker.example": http.StatusMisdirectedRequest,
	} {
		if got, body := ask(t, http.MethodGet, proxy+"/e/"+v.ID, host, nil); got != want || strings.Contains(body, "attacker.example") {
			t.Errorf("as %s it answers %d: %s", host, got, body)
		}
	}
	if got, body := ask(t, http.MethodGet, proxy+"/e/"+v.ID+".json", "videos.internal", nil); got != http.StatusOK || strings.Contains(body, "internal") {
		t.Errorf("what others copy names the host that was asked: %d, %s", got, body)
	}
}

func TestTheClientThatAProxyNamesIsBelievedOfATrustedOneAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		flags []string
		want  string
	}{
		"nobody is trusted":       {nil, "client=127.0.0.1"},
		"another one is trusted":  {[]string{"--trusted-proxy", "203.0.113.0/24"}, "client=127.0.0.1"},
		"this machine is trusted": {[]string{"--trusted-proxy", "203.0.113.7", "--trusted-proxy", "127.0.0.0/8"}, "client=198.51.100.4"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			service := serve(t, s.args(append(tt.flags, "--log-level", "info", "--base-url", "https://videos.example.org")...)...)
			if got, _ := ask(t, http.MethodGet, front(t, service)+"/login", "videos.example.org", nil); got != http.StatusOK {
				t.Fatalf("/login answers %d", got)
			}
			service.Stop(t)
			if log := service.log.String(); !strings.Contains(log, tt.want) {
				t.Errorf("no line has %s:\n%s", tt.want, log)
			}
			if warned := strings.Contains(service.log.String(), "name the proxy's address with --trusted-proxy"); warned != (tt.flags == nil) {
				t.Errorf("that no proxy is trusted is told: %t", warned)
			}
		})
	}
}

func TestServeRefusesWhatItCannotUse(t *testing.T) {
	s := newSite(t)
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	short := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(short, []byte("too-short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		flags []string
		says  string
	}{
		"a port that is taken":        {[]string{"--listen", taken.Addr().String()}, "--listen"},
		"no port":                     {[]string{"--listen", "127.0.0.1"}, "--listen"},
		"a token that can be tried":   {[]string{"--token", "short"}, "token"},
		"one from a file":             {[]string{"--token-file", short}, "token"},
		"a file that is not there":    {[]string{"--token-file", short + ".none"}, "--token-file"},
		"a proxy that is none":        {[]string{"--trusted-proxy", "the proxy"}, "prox"},
		"a site that ends the rule":   {[]string{"--frame-ancestors", "https://a.example; script-src *"}, "--frame-ancestors"},
		"a base URL without scheme":   {[]string{"--base-url", "videos.example.org"}, "base"},
		"a base URL with a query":     {[]string{"--base-url", "https://videos.example.org/?a=b"}, "base"},
		"an address that is none":     {[]string{"--allow-address", "not an address"}, "--allow-address"},
		"a way of media that is none": {[]string{"--media", "teleport"}, "--media"},
	} {
		t.Run(name, func(t *testing.T) {
			got := try(t, "", s.args(append([]string{"serve", "--listen", "127.0.0.1:0"}, tt.flags...)...)...)
			if got.code != exitUsage || !strings.Contains(got.errs, tt.says) || strings.Contains(got.out, "Videoteca is at") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// newsroomAt opens what commands work with, on the site's store.
func (s *site) newsroomAt(t *testing.T) *newsroom {
	t.Helper()
	n, err := openFor(t.Context(), &Settings{Store: s.store, Cache: s.cache, LogLevel: "error"}, opening{founds: true}, console{in: strings.NewReader(""), out: io.Discard, err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.close)
	return n
}

func TestTheBaseURLIsTheFlagsElseTheKeptOneElseTheListeners(t *testing.T) {
	s := &site{store: filepath.Join(t.TempDir(), "store"), cache: t.TempDir()}
	n := s.newsroomAt(t)
	for _, step := range []struct {
		name, flag string
		change     bool
		want       string
		aliases    []string
		kept       string // in the store afterwards, as commands know it
		fails      bool
	}{
		{"at first it is the listener's, which is not kept", "", false, "http://127.0.0.1:81", nil, defaultBaseURL, false},
		{"a loopback one serves and is not kept", "http://localhost:8080/", false, "http://localhost:8080", nil, defaultBaseURL, false},
		{"a public one is kept, without its last slash", "https://one.example.org/", false, "https://one.example.org", nil, "https://one.example.org", false},
		{"it is remembered", "", false, "https://one.example.org", nil, "https://one.example.org", false},
		{"the same again is no change", "https://one.example.org", false, "https://one.example.org", nil, "https://one.example.org", false},
		{"another is refused", "https://two.example.org", false, "", nil, "https://one.example.org", true},
		{"a loopback one may try it out", "http://127.0.0.1:9000", false, "http://127.0.0.1:9000", nil, "https://one.example.org", false},
		{"on purpose it is changed", "https://two.example.org", true, "https://two.example.org", []string{"https://one.example.org"}, "https://two.example.org", false},
		{"the old one stays an alias", "", false, "https://two.example.org", []string{"https://one.example.org"}, "https://two.example.org", false},
	} {
		base, aliases, err := n.keepBaseURL(t.Context(), step.flag, step.change, "127.0.0.1:81")
		if base != step.want || !slices.Equal(aliases, step.aliases) || (err != nil) != step.fails {
			t.Errorf("%s: %q with %v, %v", step.name, base, aliases, err)
		}
		if step.fails && (exitCode(err) != exitUsage || !strings.Contains(err.Error(), "--change-base-url")) {
			t.Errorf("%s: %v", step.name, err)
		}
		if got, err := s.newsroomAt(t).baseURL(); err != nil || got != step.kept {
			t.Errorf("%s: kept is %q, %v", step.name, got, err)
		}
	}
}

func TestABaseURLThatNoServiceCanHaveIsNotKept(t *testing.T) {
	s := &site{store: filepath.Join(t.TempDir(), "store"), cache: t.TempDir()}
	n := s.newsroomAt(t)
	for _, flag := range []string{"videos.example.org", "https://", "ftp://videos.example.org", "https://example.org/videos", "https://videos.example.org/?a=b", "https://videos.example.org#top", "https://ana@videos.example.org", "https://videos.example.org:port"} {
		if base, _, err := n.keepBaseURL(t.Context(), flag, true, "127.0.0.1:81"); exitCode(err) != exitUsage || !strings.Contains(err.Error(), "--base-url") {
			t.Errorf("%s: %q, %v", flag, base, err)
		}
	}
	if got, err := s.newsroomAt(t).baseURL(); err != nil || got != defaultBaseURL {
		t.Errorf("kept is %q, %v", got, err)
	}
	for _, flag := range []string{"http://videos.example.org:8080", "https://[2001:db8::7]"} {
		if base, _, err := n.keepBaseURL(t.Context(), flag, true, "127.0.0.1:81"); err != nil || base != flag {
			t.Errorf("%s: %q, %v", flag, base, err)
		}
	}
}

func TestReadinessCountsThePosters(t *testing.T) {
	s := newSite(t)
	s.add(t, archivetest.NewYorkID)
	n := s.newsroomAt(t)
	if report := (health{n}).Ready(t.Context()); !report.Store || report.PostersHeld != 1 || report.PostersAll != 1 {
		t.Errorf("%+v", report)
	}
}

func TestLogsHaveTheFormAndTheLevelAskedFor(t *testing.T) {
	for name, tt := range map[string]struct {
		settings Settings
		want     string
	}{
		"text":              {Settings{LogLevel: "warn", LogFormat: "text"}, `level=WARN msg=loud n=1`},
		"json":              {Settings{LogLevel: "warn", LogFormat: "json"}, `"level":"WARN","msg":"loud","n":1}`},
		"a level of no use": {Settings{LogLevel: "shout"}, "level=INFO msg=quiet"},
	} {
		var out strings.Builder
		log := tt.settings.logger(&out)
		log.Info("quiet")
		log.Warn("loud", slog.Int("n", 1))
		if !strings.Contains(out.String(), tt.want) || (tt.settings.LogLevel == "warn") == strings.Contains(out.String(), "quiet") {
			t.Errorf("%s: %s", name, &out)
		}
	}
}
