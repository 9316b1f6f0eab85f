package oembed

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// scheme is a URL scheme of the provider list (oEmbed 1.0, section 2.1): an
// address in which "*" stands for one label of the host, for one character or
// more of the path, or for a value in the query. http and https are one.
type scheme struct {
	secure bool     // it was given with https
	site   string   // the host as it was given
	host   []string // labels, without "www."
	wild   bool     // a label is "*"
	path   string
	params []string // names that the query must give a value
}

func parseScheme(s string) (scheme, error) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Fragment != "" {
		return scheme{}, fmt.Errorf("scheme %q: not an address with a host", s)
	}
	site := strings.ToLower(u.Host)
	host := strings.Split(strings.TrimPrefix(site, "www."), ".")
	parsed := scheme{secure: u.Scheme == "https", site: site, host: host, path: u.Path}
	parsed.wild = slices.Contains(parsed.host, "*")
	for _, label := range parsed.host {
		if label != "*" && strings.Contains(label, "*") {
			return scheme{}, fmt.Errorf("scheme %q: a label is either * or has none", s)
		}
	}
	// A wildcard in the name under which anybody may register would be anybody's.
	if n := len(parsed.host); n < 2 || parsed.host[n-1] == "*" || parsed.host[n-2] == "*" {
		return scheme{}, fmt.Errorf("scheme %q: no domain of one owner", s)
	}
	for name := range u.Query() {
		parsed.params = append(parsed.params, name)
	}
	slices.Sort(parsed.params)
	return parsed, nil
}

func (s scheme) matches(u *url.URL) bool {
	if !s.matchesHost(u.Host) || !glob(s.path, u.EscapedPath()) {
		return false
	}
	query := u.Query()
	return !slices.ContainsFunc(s.params, func(name string) bool { return query.Get(name) == "" })
}

func (s scheme) matchesHost(host string) bool {
	if !s.wild {
		return strings.TrimPrefix(host, "www.") == strings.Join(s.host, ".")
	}
	return slices.EqualFunc(s.host, strings.Split(host, "."), func(pattern, label string) bool {
		return pattern == label || pattern == "*" && label != ""
	})
}

// glob reports whether s is of the pattern, in which "*" is one byte or more.
// On a mismatch the last star alone takes one byte more, so that the work is at
// most the product of both lengths, whoever wrote the address.
func glob(pattern, s string) bool {
	at, star, taken := 0, -1, 0
	for i := 0; i < len(s); {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, taken = at, i+1
			at, i = at+1, taken
		case at < len(pattern) && pattern[at] == s[i]:
			at, i = at+1, i+1
		case star >= 0:
			taken++
			at, i = star+1, taken
		default:
			return false
		}
	}
	return at == len(pattern)
}
