package oembed

import (
	"net/url"
	"slices"
	"strings"

	"videoteca/archive"
)

// listed is a provider of the public list. The id of a video is its canonical address.
type listed struct {
	name, label string
	endpoints   []endpoint
}

type endpoint struct {
	url     string
	schemes []scheme
}

// read matches the schemes. An address on a host of the provider's alone that
// matches none is no video; on a host that it shares with its customers it is somebody else's.
func (l listed) read(u *url.URL) (named, error) {
	s, ok := l.scheme(u)
	if ok {
		start, _ := span(u, []string{"t", "start"}, nil)
		id := canonical(u, s)
		if len(id) > longestAddress {
			return named{}, notAVideo("an address too long to keep")
		}
		return named{id: id, page: id, start: start}, nil
	}
	for _, e := range l.endpoints {
		if slices.ContainsFunc(e.schemes, func(s scheme) bool { return !s.wild && s.matchesHost(u.Host) }) {
			return named{}, notAVideo("on " + l.label + ", but no video's own page")
		}
	}
	return named{}, archive.ErrNotRecognised
}

// scheme is the first that matches, one with https before all without.
func (l listed) scheme(u *url.URL) (scheme, bool) {
	for _, secure := range []bool{true, false} {
		for _, e := range l.endpoints {
			for _, s := range e.schemes {
				if s.secure == secure && s.matches(u) {
					return s, true
				}
			}
		}
	}
	return scheme{}, false
}

// canonical is one spelling for the forms of an address: https where the
// provider has it, the host as the list spells it, and of the query what tells
// one video from another.
func canonical(u *url.URL, s scheme) string {
	c := url.URL{Scheme: "http", Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	if s.secure {
		c.Scheme = "https"
	}
	if !s.wild {
		c.Host = s.site
	}
	query := u.Query()
	for name := range query {
		if len(s.params) > 0 && !slices.Contains(s.params, name) || len(s.params) == 0 && besides(name) {
			query.Del(name)
		}
	}
	c.RawQuery = query.Encode() // sorted
	return c.String()
}

// besides reports whether a parameter tells whence a reader came or where to
// begin, and so nothing of which video it is.
func besides(name string) bool {
	switch name {
	case "t", "start", "autoplay", "fbclid", "gclid", "igshid", "si", "sid", "feature", "ref", "ref_src", "ref_url", "share":
		return true
	}
	return strings.HasPrefix(name, "utm_")
}

// page is the id itself, if it is a canonical address of this provider.
func (l listed) page(id string) string {
	u, err := parseAddress(id)
	if err != nil {
		return ""
	}
	if got, err := l.read(u); err != nil || got.id != id {
		return ""
	}
	return id
}

func (l listed) endpoint(id string) string {
	u, err := url.Parse(id)
	if err != nil {
		return ""
	}
	for _, e := range l.endpoints {
		if slices.ContainsFunc(e.schemes, func(s scheme) bool { return s.matches(u) }) {
			return e.url
		}
	}
	return ""
}
