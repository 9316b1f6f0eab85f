package oembed

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestSchemesOfTheProviderList(t *testing.T) {
	for _, c := range []struct {
		scheme, address string
		matches         bool
	}{
		{"https://example.org/v/*", "https://example.org/v/1", true},
		{"https://example.org/v/*", "http://example.org/v/1", true},
		{"https://example.org/v/*", "https://www.example.org/v/1", true},
		{"https://www.example.org/v/*", "https://example.org/v/1", true},
		{"https://example.org/v/*", "https://example.org/v/1/2?a=b#c", true},
		{"https://example.org/v/*", "https://example.org/v/", false},
		{"https://example.org/v/*", "https://example.org/V/1", false},
		{"https://example.org/v/*", "https://m.example.org/v/1", false},
		{"https://example.org/v/*", "https://example.org.evil.net/v/1", false},
		{"https://example.org/v/*", "https://example.org:8080/v/1", false},
		{"https://example.org/v/*", "https://example.org/x?u=https://example.org/v/1", false},
		{"https://example.org/*/v/*", "https://example.org/a/b/v/1", true},
		{"https://example.org/*/v/*", "https://example.org/v/1", false},
		{"https://example.org/v*.html", "https://example.org/v1-title.html", true},
		{"https://example.org/v*.html", "https://example.org/v1-title.htm", false},
		{"https://*.example.org/v/*", "https://a.example.org/v/1", true},
		{"https://*.example.org/v/*", "https://www.example.org/v/1", true},
		{"https://*.example.org/v/*", "https://example.org/v/1", false},
		{"https://*.example.org/v/*", "https://a.b.example.org/v/1", false},
		{"https://*.*.example.org/v/*", "https://a.b.example.org/v/1", true},
		{"https://*.example.org/v/*", "https://.example.org/v/1", false},
		{"https://example.org/p?v=*", "https://example.org/p?a=1&v=2", true},
		{"https://example.org/p?v=*", "https://example.org/p?v=", false},
		{"https://example.org/p?v=*", "https://example.org/p", false},
		{"https://example.org/v/*", "https://example.org/v/%2Fx", true},
	} {
		s, err := parseScheme(c.scheme)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.matches(u); got != c.matches {
			t.Errorf("%s on %s: %v", c.scheme, c.address, got)
		}
	}
}

func TestSchemesThatWouldTakeTheWebAreRefused(t *testing.T) {
	for _, s := range []string{
		"", "example.org/*", "*://example.org/*", "spotify:*", "https://*/v/*", "https://*.*/v/*", "https://*.com/v/*",
		"https://example.*/v/*", "https://www.*/v/*", "https://a*.example.org/v/*", "https://example.org/#/v/*", "https://%zz/",
	} {
		if got, err := parseScheme(s); err == nil {
			t.Errorf("%q is %+v", s, got)
		}
	}
}

func TestAPatternOfStarsIsMatchedInGoodTime(t *testing.T) {
	pattern := strings.Repeat("*a", 60) + "b"
	began := time.Now()
	if glob(pattern, strings.Repeat("a", longestAddress)) {
		t.Error("matched without a b")
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %v", took)
	}
}

// FuzzGlob: the matcher agrees with a regular expression.
func FuzzGlob(f *testing.F) {
	for _, s := range [][2]string{{"/v/*", "/v/1"}, {"**", "a"}, {"*a*b", "xaaab"}, {"", ""}, {"a", ""}, {"*", "*"}, {"*\n", "\n\n"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 60 || len(s) > 200 || strings.ToValidUTF8(pattern+s, "") != pattern+s {
			return
		}
		for _, r := range pattern + s {
			if r > 127 {
				return // a byte and a character are one only below
			}
		}
		form := "(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.+`) + "$"
		want, err := regexp.MatchString(form, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := glob(pattern, s); got != want {
			t.Fatalf("%q on %q: %v", pattern, s, got)
		}
	})
}
