package web_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"videoteca/web"
)

const loopbackBase = "http://127.0.0.1:8080"

// demo signs people in by itself, as serve --demo does.
func demo(o *web.Options) { o.BaseURL, o.Listen, o.AutoSignIn = loopbackBase, "127.0.0.1:8080", true }

func TestOnlyThisVeryMachineIsSignedInByItself(t *testing.T) {
	local := []with{asHost("127.0.0.1:8080"), from("127.0.0.1:40000")}
	for name, tt := range map[string]struct {
		change  func(*web.Options)
		changes []with
		want    int
	}{
		"all three are loopback":           {nil, nil, 200},
		"by name":                          {nil, []with{asHost("localhost:8080")}, 200},
		"over IPv6":                        {nil, []with{from("[::1]:40000"), asHost("[::1]:8080")}, 200},
		"over IPv4 in IPv6":                {nil, []with{from("[::ffff:127.0.0.1]:40000")}, 200},
		"from a page of ours":              {nil, []with{header("Origin", loopbackBase)}, 200},
		"not asked for":                    {func(o *web.Options) { o.AutoSignIn = false }, nil, 401},
		"a public base URL":                {func(o *web.Options) { o.BaseURL = baseURL }, nil, 401},
		"a listener for everybody":         {func(o *web.Options) { o.Listen = "0.0.0.0:8080" }, nil, 401},
		"a listener without address":       {func(o *web.Options) { o.Listen = ":8080" }, nil, 401},
		"another Host":                     {func(o *web.Options) { o.AllowedHosts = []string{host} }, []with{asHost(host)}, 401},
		"another machine":                  {nil, []with{from("192.0.2.7:40000")}, 401},
		"a peer that is unreadable":        {nil, []with{from("@")}, 401},
		"a proxy with X-Forwarded":         {nil, []with{header("X-Forwarded-For", "127.0.0.1")}, 401},
		"a proxy with Forwarded":           {nil, []with{header("Forwarded", "for=127.0.0.1")}, 401},
		"a proxy with X-Real-IP":           {nil, []with{header("X-Real-IP", "127.0.0.1")}, 401},
		"a proxy with Via":                 {nil, []with{header("Via", "1.1 proxy")}, 401},
		"a wrong token":                    {nil, []with{header("Authorization", "Bearer wrong")}, 401},
		"a browser that sees another host": {nil, []with{header("Origin", baseURL)}, 401},
		"a hidden origin":                  {nil, []with{header("Origin", "null")}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, demo, func(o *web.Options) {
				if tt.change != nil {
					tt.change(o)
				}
			})
			if r := s.get(t, "/api/v1/videos", append(local, tt.changes...)...); r.StatusCode != tt.want {
				t.Errorf("got %d, want %d: %s", r.StatusCode, tt.want, text(t, r))
			}
		})
	}
}

func TestServerSaysWhetherALinkIsNeeded(t *testing.T) {
	if !newSite(t, demo).AutoSignIn() {
		t.Error("a demo on this machine needs no link")
	}
	if newSite(t, demo, func(o *web.Options) { o.BaseURL = baseURL }).AutoSignIn() {
		t.Error("a demo with a public address does")
	}
}

// proxied serves a site through a reverse proxy on the same machine and returns
// the proxy's address. Like nginx with its defaults it hands on its own idea of Host.
func proxied(t *testing.T, s *site, rewrite func(*httputil.ProxyRequest)) string {
	t.Helper()
	backend := httptest.NewServer(s.Handler())
	t.Cleanup(backend.Close)
	target, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target) // and Host with it
		rewrite(r)
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

func status(t *testing.T, method, address, hostHeader string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = hostHeader
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestBehindAProxyOnTheSameMachineNobodyIsSignedInByItself(t *testing.T) {
	public := func(o *web.Options) { demo(o); o.BaseURL = baseURL }
	for name, tt := range map[string]struct {
		options func(*web.Options)
		rewrite func(*httputil.ProxyRequest)
	}{
		"which tells nothing (nginx's defaults)": {public, func(*httputil.ProxyRequest) {}},
		"which forwards the client's address":    {demo, func(r *httputil.ProxyRequest) { r.SetXForwarded() }},
		"which hands on the public Host":         {public, func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host }},
	} {
		t.Run(name, func(t *testing.T) {
			front := proxied(t, newSite(t, tt.options), tt.rewrite)
			if got := status(t, "GET", front+"/api/v1/videos", host); got != 401 {
				t.Errorf("the newsroom's API answered %d", got)
			}
			if got := status(t, "GET", front+"/e/"+string(pictured), host); got != 200 {
				t.Errorf("the embed page answered %d", got)
			}
		})
	}
}

func TestClientAddressInTheLogComesFromTrustedProxiesAlone(t *testing.T) {
	forwarded := header("X-Forwarded-For", "198.51.100.4")
	s := newSite(t)
	s.get(t, "/login", forwarded)
	wantLogged(t, s, "client=203.0.113.9")
	s = newSite(t, func(o *web.Options) { o.TrustedProxies = []string{"203.0.113.0/24"} })
	s.get(t, "/login", forwarded)
	wantLogged(t, s, "client=198.51.100.4")
}

func TestHostOfTheListenerIsKnownWithAnyPort(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s := newSite(t, func(o *web.Options) { o.Listen = listener.Addr().String() })
	if r := s.get(t, "/login", asHost(listener.Addr().String())); r.StatusCode != 200 {
		t.Errorf("got %d", r.StatusCode)
	}
}
