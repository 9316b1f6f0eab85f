package wayback

import (
	"errors"
	"strings"
	"testing"
)

const watch = "https://www.youtube.com/watch?v=AbCdEfGhIjK"

func TestOnlyPagesThatOthersCanReachAreSent(t *testing.T) {
	for _, page := range []string{
		watch, "http://news.example.org/a?b=c", "https://93.184.216.34/v.html", "https://[2606:2800:220:1::1]/",
		"https://media.example.com:8443/v", "https://xn--n3h.example.org/",
	} {
		if got, err := publicPage(page); err != nil || got != page {
			t.Errorf("%s: %q, %v", page, got, err)
		}
	}
	for name, page := range map[string]string{
		"a loopback address":      "http://127.0.0.1/v",
		"one of IPv6":             "http://[::1]:8080/v",
		"mapped into IPv6":        "http://[::ffff:10.0.0.5]/v",
		"a private address":       "http://192.168.7.7/v",
		"a link-local address":    "http://169.254.169.254/latest/meta-data",
		"behind a carrier's NAT":  "http://100.64.1.1/v",
		"of this machine":         "http://localhost:8090/watch?v=a",
		"under localhost":         "http://video.localhost:8090/watch?v=a",
		"of an intranet":          "http://intranet/v",
		"of a local network":      "http://nas.local/v",
		"of an inner zone":        "https://cms.internal/v",
		"a name for tests":        "https://tube.test/v",
		"an address in disguise":  "http://127.1/v",
		"in hexadecimal":          "http://a.0x7f/v",
		"another scheme":          "ftp://example.org/v",
		"a page in the address":   "data:text/html,x",
		"with a password":         "https://ana:secret@example.org/v",
		"without a host":          "https:///v",
		"a host not in ASCII":     "https://reunión.example.org/",
		"nothing":                 "",
		"what does not parse":     "https://exa mple.org/%zz",
		"longer than the index":   "https://example.org/" + strings.Repeat("a", longestPage),
		"a name with a dot alone": "http://./v",
	} {
		if got, err := publicPage(page); !errors.Is(err, ErrNotPublic) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestAFragmentNeverReachesAServer(t *testing.T) {
	if got, err := publicPage(watch + "#t=10"); err != nil || got != watch {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAQueryIsSentAsBrowsersSendIt(t *testing.T) {
	got, err := publicPage("https://video.example.org/reunión?q=dos reuniones y una cámara")
	if want := "https://video.example.org/reuni%C3%B3n?q=dos%20reuniones%20y%20una%20c%C3%A1mara"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatTheIndexHasIsThePageOrIsNot(t *testing.T) {
	for _, c := range []struct {
		page, indexed string
		same          bool
	}{
		{watch, watch, true},
		{watch, "http://youtube.com:80/watch?v=AbCdEfGhIjK", true},
		{watch, "https://WWW.YouTube.com./watch?v=AbCdEfGhIjK", true},
		{watch, "https://www.youtube.com/watch/?v=AbCdEfGhIjK", true},
		{watch, "https://www.youtube.com/watch?v=abcdefghijk", false}, // the index folds them into one
		{watch, "https://www.youtube.com/Watch?v=AbCdEfGhIjK", false},
		{watch, "https://www.youtube.com/watch?v=AbCdEfGhIjK&t=1", false},
		{watch, "https://m.youtube.com/watch?v=AbCdEfGhIjK", false},
		{"https://a.example.org/?b=1&a=2", "https://a.example.org/?a=2&b=1", true},
		{"https://a.example.org", "https://a.example.org/", true},
		{"https://a.example.org:8443/", "https://a.example.org/", false},
		{"https://a.example.org/reuni%C3%B3n", "https://a.example.org/reunión", true},
		{watch, "://", false},
	} {
		if got := samePage(c.page, c.indexed); got != c.same {
			t.Errorf("%s and %s: %v", c.page, c.indexed, got)
		}
	}
}

func TestASiteIsItsOwnOnPhonesToo(t *testing.T) {
	for other, same := range map[string]bool{
		"https://m.youtube.com/watch?v=x":                     true,
		"https://youtube.com/":                                true,
		"https://consent.youtube.com/m?continue=https://www.": false,
		"https://accounts.google.com/":                        false,
		"::":                                                  false,
	} {
		if got := sameSite(watch, other); got != same {
			t.Errorf("%s: %v", other, got)
		}
	}
}

// FuzzPublicPage: what is sent is an address with a host, and sending it again changes nothing.
func FuzzPublicPage(f *testing.F) {
	for _, s := range []string{watch, "http://127.0.0.1", "https://a@b.example.org", "//x", "https://[::1%25eth0]/", "http://1.2.3.4.:80/#x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) {
		sent, err := publicPage(page)
		if err != nil {
			return
		}
		again, err := publicPage(sent)
		if err != nil || again != sent {
			t.Errorf("%q became %q, and that %q, %v", page, sent, again, err)
		}
		if !strings.HasPrefix(sent, "http") || strings.ContainsAny(sent, "# \n\r\t") || !samePage(sent, again) {
			t.Errorf("%q was to be sent as %q", page, sent)
		}
	})
}
