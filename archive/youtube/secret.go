package youtube

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// hiddenKey stands where the key stood.
const hiddenKey = "[key]"

// longestReason is how many bytes of a platform's own words are kept as a reason.
const longestReason = 200

// keyed is a RoundTripper that puts the key into the query, where the API wants
// it. It alters a copy: the request above it, which errors and redirects quote,
// never has the key.
type keyed struct {
	key  string
	next http.RoundTripper
}

// RoundTrip sends a copy of the request with the key.
func (k keyed) RoundTrip(req *http.Request) (*http.Response, error) {
	with := req.Clone(req.Context())
	query := with.URL.Query()
	query.Set("key", k.key)
	with.URL.RawQuery = query.Encode()
	return k.next.RoundTrip(with)
}

// hide takes the key out of a text for people, and shortens it: errors of the
// HTTP client quote the address, in which the key travels, and servers quote it back.
func (a *Adapter) hide(s string) string {
	for _, form := range a.keyForms() {
		s = strings.ReplaceAll(s, form, hiddenKey)
	}
	s = strings.ToValidUTF8(s, "")
	if len(s) <= longestReason {
		return s
	}
	cut := longestReason
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// hideBytes takes the key out of a body, and leaves any other byte as it came.
func (a *Adapter) hideBytes(body []byte) []byte {
	for _, form := range a.keyForms() {
		if bytes.Contains(body, []byte(form)) { // to replace is to copy, and answers are large
			body = bytes.ReplaceAll(body, []byte(form), []byte(hiddenKey))
		}
	}
	return body
}

// keyForms are the ways in which the key is spelt in addresses and texts.
func (a *Adapter) keyForms() []string {
	if a.o.Key == "" {
		return nil
	}
	return slices.Compact([]string{a.o.Key, url.QueryEscape(a.o.Key), url.PathEscape(a.o.Key)})
}
