package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"videoteca/web"
)

const publicAddress = "https://videos.example.org"

// proxies are the ways in which a reverse proxy on this machine hands requests on.
func proxies() map[string]func(*httputil.ProxyRequest) {
	return map[string]func(*httputil.ProxyRequest){
		// nginx's proxy_pass without more: it puts its own idea of the Host and says nothing of the client.
		"one that hides itself": func(r *httputil.ProxyRequest) { r.Out.Host = r.Out.URL.Host },
		// Caddy's reverse_proxy, or nginx with the headers that its manual names.
		"one that passes the Host": func(r *httputil.ProxyRequest) {
			r.Out.Host = "videos.example.org"
			r.SetXForwarded()
		},
		// A forged header of the client's goes through.
		"one that is lied to": func(r *httputil.ProxyRequest) {
			r.Out.Host = "videos.example.org"
			r.Out.Header.Set("X-Forwarded-For", "127.0.0.1")
			r.Out.Header.Set("X-Forwarded-Host", "localhost")
			r.Out.Header.Set("Forwarded", "for=127.0.0.1;host=localhost")
		},
	}
}

// behind puts a proxy before the service.
func behind(t *testing.T, service *service, hand func(*httputil.ProxyRequest)) string {
	t.Helper()
	target, err := url.Parse(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		hand(r)
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

func TestAProxyBesideTheServiceOpensTheNewsroomToNobody(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	token := web.NewToken()
	service := serve(t, s.args("--base-url", publicAddress, "--trusted-proxy", "127.0.0.0/8", "--token", token)...)
	closed := []string{"/", "/videos", "/new", "/videos/" + v.ID, "/videos/" + v.ID + "/try", "/metrics", "/api/v1/videos", "/api/v1/videos/" + v.ID}
	open := []string{"/e/" + v.ID, "/e/" + v.ID + ".json", "/v/" + v.ID, "/p/" + v.ID + "/640.jpg", "/embed.js", "/oembed?url=" + publicAddress + "/v/" + v.ID, "/healthz", "/readyz", "/login"}
	for name, hand := range proxies() {
		t.Run(name, func(t *testing.T) {
			proxy := behind(t, service, hand)
			for _, path := range closed {
				if got, body := ask(t, http.MethodGet, proxy+path, "", nil); got != http.StatusUnauthorized || strings.Contains(strings.NewReplacer(path, "", url.QueryEscape(path), "").Replace(body), v.ID) || strings.Contains(body, v.Title) {
					t.Errorf("%s answers a stranger %d", path, got)
				}
				bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
				if got, _ := ask(t, http.MethodGet, proxy+path, "", bearer); got != http.StatusOK && (path != "/" || got != http.StatusSeeOther) {
					t.Errorf("%s answers the newsroom %d", path, got)
				}
				wrong := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token[1:]+"x") }
				if got, _ := ask(t, http.MethodGet, proxy+path, "", wrong); got != http.StatusUnauthorized {
					t.Errorf("%s answers a wrong token %d", path, got)
				}
			}
			for _, path := range open {
				if got, body := ask(t, http.MethodGet, proxy+path, "", nil); got != http.StatusOK || strings.Contains(body, service.URL) || strings.Contains(body, proxy) {
					t.Errorf("%s answers %d, or names an address that readers cannot reach", path, got)
				}
			}
		})
	}
}

func TestPublicPagesNameThePublicAddressWhateverTheHost(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	service := serve(t, s.args("--base-url", publicAddress)...)
	var answers []string
	for _, hand := range proxies() {
		_, document := ask(t, http.MethodGet, behind(t, service, hand)+"/e/"+v.ID+".json", "", nil)
		answers = append(answers, document)
	}
	for _, document := range answers {
		if !strings.Contains(document, publicAddress+"/v/"+v.ID) || document != answers[0] {
			t.Errorf("it is %s\nelsewhere %s", document, answers[0])
		}
	}
}

// The demo signs in whoever is on this machine. Whoever comes through a proxy is not.
func TestTheDemoIsClosedToWhoeverComesThroughAProxy(t *testing.T) {
	t.Setenv("VIDEOTECA_LOG_LEVEL", "error")
	flags := []string{"--demo", "--demo-platform", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--allow-host", "videos.example.org", "--store", t.TempDir(), "--cache", t.TempDir()}
	closed := func(service *service, proxy string) {
		t.Helper()
		base := behind(t, service, proxies()[proxy])
		for _, path := range []string{"/", "/videos", "/api/v1/videos", "/metrics", "/story/article"} {
			if got, _ := ask(t, http.MethodGet, base+path, "", nil); got != http.StatusUnauthorized {
				t.Errorf("%s: %s answers %d", proxy, path, got)
			}
		}
	}
	service := serve(t, flags...)
	if service.Link != "" || status(t, service.URL+"/videos") != http.StatusOK {
		t.Errorf("on this machine it asks to sign in: %q", service.Link)
	}
	closed(service, "one that passes the Host")
	closed(service, "one that is lied to")
	service.Stop(t)

	// Of a proxy that hides itself nothing is seen but the public address.
	service = serve(t, append(flags, "--base-url", publicAddress)...)
	if status(t, service.URL+"/videos") != http.StatusUnauthorized {
		t.Error("under a public address it signs people in by itself")
	}
	closed(service, "one that hides itself")
}

// A browser believes that it talks to the public address; the service is asked under another.
func TestSigningInThroughAProxyThatRewritesTheHost(t *testing.T) {
	s := newSite(t)
	token := web.NewToken()
	service := serve(t, s.args("--base-url", publicAddress, "--token", token)...)
	proxy := behind(t, service, proxies()["one that hides itself"])
	send := func(origin string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, proxy+"/login", strings.NewReader(url.Values{"token": {token}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(body)
	}
	if answer, _ := send("https://attacker.example"); answer.StatusCode != http.StatusForbidden || len(answer.Cookies()) != 0 {
		t.Errorf("a form of another site: %d", answer.StatusCode)
	}
	answer, _ := send(publicAddress)
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/" || len(answer.Cookies()) != 1 {
		t.Fatalf("our own form: %d, %v", answer.StatusCode, answer.Header)
	}
	cookie := answer.Cookies()[0]
	if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Domain != "" {
		t.Errorf("the cookie is %+v", cookie)
	}
	if got, _ := ask(t, http.MethodGet, proxy+"/videos", "", func(r *http.Request) { r.AddCookie(cookie) }); got != http.StatusOK {
		t.Errorf("signed in, /videos answers %d", got)
	}
	if again, _ := send(publicAddress); again.StatusCode != http.StatusForbidden || len(again.Cookies()) != 0 {
		t.Errorf("the link works once, and answers %d the second time", again.StatusCode)
	}
}
