package archive_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
)

func TestAddressesOfTheWebAreToldFromOthers(t *testing.T) {
	for _, good := range []string{
		"https://example.org/story", "http://example.org", "HTTPS://example.org:8443/a?b=c#d", "https://[2001:db8::1]/x", "https://münchen.example/ñ", " https://example.org/ ",
	} {
		if err := archive.CheckAddress("url", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for bad, says := range map[string]string{
		"": "no address", "  ": "no address", "example.org/story": "http://", "/story": "http://", "javascript:alert(1)": "http://", "ftp://example.org/x": "http://",
		"https://": "no host", "https:///story": "no host", "https:example.org": "no host", "https://:443/": "no host", "https://ana:secret@example.org/": "password", "https://ana@example.org/": "login",
		"https://example.org/a b": "space", "https://example.org/\x00": "control", "https://example.org/\nx": "control", "https://example.org/\xff": "UTF-8", "https://exa%zzmple.org": "not a web address",
		"https://example.org/" + strings.Repeat("a", 2048): "2068 bytes",
	} {
		err := archive.CheckAddress("article.url", bad)
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field != "article.url" || field.Cure == "" || !strings.Contains(field.Error(), says) {
			t.Errorf("%q: %v, which does not say %q", bad, err, says)
		}
		if strings.Contains(bad, "secret") && strings.Contains(err.Error(), "secret") {
			t.Error("a password stands in the error")
		}
	}
}

func FuzzCheckAddress(f *testing.F) {
	for _, seed := range []string{"https://example.org/a?b#c", "http://ana:x@example.org", "javascript:alert(1)", "https://[::1]:80", "https:///", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if archive.CheckAddress("url", address) != nil {
			return
		}
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Hostname() == "" || u.User != nil || !strings.HasPrefix(strings.ToLower(u.Scheme), "http") {
			t.Errorf("%q passes", address)
		}
	})
}
