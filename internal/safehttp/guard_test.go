package safehttp_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/net/dns/dnsmessage"

	"videoteca/internal/safehttp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client is a guarded client that leaves no connections behind.
func client(t *testing.T, o safehttp.Options) *http.Client {
	t.Helper()
	c := safehttp.New(o)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// origin is a server on loopback, with its address as host:port.
func origin(t *testing.T, h http.HandlerFunc) (url, address string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

func get(t *testing.T, c *http.Client, url string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(r)
	if err == nil {
		t.Cleanup(func() { _ = res.Body.Close() })
	}
	return res, err
}

// resolver answers every question for an IPv4 address with the one given.
func resolver(t *testing.T, answer [4]byte) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		serveDNS(server, answer)
	}()
	t.Cleanup(func() { _ = server.Close(); <-done })
	var d net.Dialer
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func serveDNS(server net.PacketConn, answer [4]byte) {
	packet := make([]byte, 1500)
	for {
		n, from, err := server.ReadFrom(packet)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(packet[:n]) != nil {
			continue
		}
		m.Response, m.Additionals = true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: answer},
			}}
		}
		if reply, err := m.Pack(); err == nil {
			_, _ = server.WriteTo(reply, from)
		}
	}
}

func TestHostileAddressesAreRefusedBeforeAnythingIsSent(t *testing.T) {
	loopback := resolver(t, [4]byte{127, 0, 0, 1})
	for name, url := range map[string]string{
		"loopback":                    "http://127.0.0.1/",
		"all of 127/8":                "http://127.8.8.8/",
		"IPv6 loopback":               "http://[::1]/",
		"10/8":                        "http://10.0.0.5/",
		"172.16/12":                   "http://172.16.0.1/",
		"192.168/16":                  "https://192.168.1.1/",
		"metadata, link-local":        "http://169.254.169.254/latest/meta-data",
		"metadata of AWS over IPv6":   "http://[fd00:ec2::254]/latest/meta-data",
		"metadata of Azure, public":   "http://168.63.129.16/machine",
		"metadata of Alibaba, CGNAT":  "http://100.100.100.200/latest/meta-data",
		"CGNAT":                       "http://100.64.0.1/",
		"IPv4-mapped":                 "http://[::ffff:127.0.0.1]/",
		"IPv4-mapped in hexadecimal":  "http://[::ffff:7f00:1]/",
		"IPv4-compatible":             "http://[::127.0.0.1]/",
		"unspecified":                 "http://0.0.0.0/",
		"unspecified, IPv6":           "http://[::]/",
		"link-local, IPv6":            "http://[fe80::1]/",
		"link-local with a zone":      "http://[fe80::1%25lo]/",
		"unique local":                "http://[fc00::1]/",
		"NAT64":                       "http://[64:ff9b::7f00:1]/",
		"6to4":                        "http://[2002:7f00:1::]/",
		"multicast":                   "http://224.0.0.1/",
		"multicast, IPv6":             "http://[ff02::1]/",
		"broadcast":                   "http://255.255.255.255/",
		"decimal spelling":            "http://2130706433/",
		"hexadecimal spelling":        "http://0x7f.1/",
		"hexadecimal, one number":     "http://0x7f000001/",
		"octal spelling":              "http://0177.0.0.1/",
		"short spelling":              "http://127.1/",
		"short spelling, root dot":    "http://127.1./",
		"full-width digits":           "http://１２７.0.0.1/",
		"localhost":                   "http://localhost/",
		"localhost, shouted":          "http://LOCALHOST./",
		"under localhost":             "http://maketube.localhost/",
		"a name that resolves to it":  "http://rebound.example.org/",
		"mail":                        "http://93.184.215.14:25/",
		"a shell":                     "http://93.184.215.14:22/",
		"a user name":                 "http://example.org@10.0.0.5/",
		"a password":                  "https://me:secret@example.org/",
		"a file":                      "file:///etc/passwd",
		"another scheme":              "gopher://example.org:70/",
		"a name under localhost, IDN": "http://ｌocalhost/",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := get(t, client(t, safehttp.Options{Resolver: loopback}), url)
			if !errors.Is(err, safehttp.ErrRefused) {
				t.Fatalf("got %v, want ErrRefused", err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error gives the password away: %v", err)
			}
		})
	}
}

func TestARefusalNamesTheAddressAndTheCure(t *testing.T) {
	o := safehttp.Options{AllowedBy: "--allow-fetch", Resolver: resolver(t, [4]byte{10, 0, 0, 5})}
	_, err := get(t, client(t, o), "http://media.example.org:8080/clip.mp4")
	var refused *safehttp.RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a RefusedError", err)
	}
	if refused.Address != "media.example.org:8080" {
		t.Errorf("address %q, want the one asked for, since that is what is allowed", refused.Address)
	}
	for _, part := range []string{"media.example.org:8080", "10.0.0.5:8080", "--allow-fetch"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
}

func TestAllowOpensWhatItNamesAndNothingElse(t *testing.T) {
	url, address := origin(t, func(w http.ResponseWriter, _ *http.Request) {})
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		allow, ask string
		open       bool
	}{
		"address and port":                 {address, url, true},
		"address, any port":                {"127.0.0.1", url, true},
		"another port":                     {"127.0.0.1:1", url, false},
		"a name under localhost":           {"maketube.localhost:" + port, "http://maketube.localhost:" + port, true},
		"the same, spelled otherwise":      {"MakeTube.localhost.:" + port, "http://maketube.LOCALHOST.:" + port, true},
		"a sibling under localhost":        {"maketube.localhost:" + port, "http://other.localhost:" + port, false},
		"the address behind a name":        {"maketube.localhost:" + port, url, false},
		"a name, any port":                 {"newsroom.example.org", "http://newsroom.example.org:" + port, true},
		"a name that resolves to allowed":  {address, "http://rebound.example.org:" + port, false},
		"mapped spelling of an allowed":    {address, "http://[::ffff:127.0.0.1]:" + port, false},
		"an entry that is a URL, no match": {url, url, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := safehttp.Options{Allow: []string{c.allow}, Resolver: resolver(t, [4]byte{127, 0, 0, 1})}
			_, err := get(t, client(t, o), c.ask)
			if c.open && err != nil {
				t.Errorf("refused: %v", err)
			}
			if !c.open && !errors.Is(err, safehttp.ErrRefused) {
				t.Errorf("got %v, want ErrRefused", err)
			}
		})
	}
}

func TestCheckAllow(t *testing.T) {
	for entry, good := range map[string]bool{
		"example.org": true, "example.org:8080": true, "192.0.2.1": true, "::1": true, "[::1]": true, "[::1]:80": true,
		"http://example.org": false, "example.org:": false, "example.org:0": false, "example.org:99999": false,
		"": false, ":80": false, "*.example.org": false, "a b": false,
	} {
		if err := safehttp.CheckAllow([]string{"fine.example.org", entry}); (err == nil) != good {
			t.Errorf("%q: %v", entry, err)
		}
	}
}
