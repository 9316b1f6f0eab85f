package youtube

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"videoteca/archive"
)

var (
	wholeID = regexp.MustCompile(`^[0-9A-Za-z_-]{11}$`)
	// leadingID lets through what people paste behind an id: "ID?t=5" in a query, "ID&hl=en" in a path.
	leadingID = regexp.MustCompile(`^([0-9A-Za-z_-]{11})(?:[^0-9A-Za-z_-].*)?$`)
	hasScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)
)

// Recognise reads any form of a video's address: watch pages, embeds, shorts,
// live streams, short links, attribution links, with or without a scheme, and
// where to start and end.
func (a *Adapter) Recognise(address string) (archive.Reference, error) {
	u, err := parseAddress(address)
	if err != nil || !a.owns(u) {
		return archive.Reference{}, archive.ErrNotRecognised
	}
	u, err = a.unwrapped(u)
	if err != nil {
		return archive.Reference{}, err
	}
	id := idOf(u)
	if id == "" || notAnID(id) {
		return archive.Reference{}, fmt.Errorf("%s: %w", kindOf(u, id), archive.ErrNotAVideo)
	}
	start, end := span(u)
	return archive.Reference{Key: a.key(id), URL: a.watchURL(id), Start: start, End: end}, nil
}

// parseAddress reads what a person pasted: scheme missing or relative, "&amp;"
// from the source of a page, blanks around it.
func parseAddress(address string) (*url.URL, error) {
	s := strings.ReplaceAll(strings.TrimSpace(address), "&amp;", "&")
	switch {
	case strings.HasPrefix(s, "//"):
		s = "https:" + s
	case !hasScheme.MatchString(s):
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("reading the address: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("scheme %q: %w", u.Scheme, archive.ErrNotRecognised)
	}
	return u, nil
}

// owns reports whether the address is of this instance.
func (a *Adapter) owns(u *url.URL) bool {
	if len(a.o.Hosts) > 0 {
		return slices.ContainsFunc(a.o.Hosts, func(h string) bool { return strings.EqualFold(h, u.Host) })
	}
	return ofFamily(u)
}

// ofFamily reports whether the host is one of YouTube's own.
func ofFamily(u *url.URL) bool {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, domain := range []string{"youtube.com", "youtube-nocookie.com", "youtubekids.com"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return host == "youtube.googleapis.com" || shortHost(host)
}

func shortHost(host string) bool { return host == "youtu.be" || host == "www.youtu.be" }

// unwrapped follows attribution_link?u=, which carries a watch address inside.
func (a *Adapter) unwrapped(u *url.URL) (*url.URL, error) {
	if firstSegment(u) != "attribution_link" {
		return u, nil
	}
	inner, err := u.Parse(u.Query().Get("u"))
	if err != nil || firstSegment(inner) == "attribution_link" || !a.owns(inner) {
		return nil, fmt.Errorf("an attribution link that leads to no video: %w", archive.ErrNotAVideo)
	}
	return inner, nil
}

// idOf is the id that the address names, empty where it names none.
func idOf(u *url.URL) string {
	segments := pathSegments(u)
	if shortHost(strings.ToLower(u.Hostname())) {
		return matchID(segments[0])
	}
	switch segments[0] {
	case "embed", "v", "e", "shorts", "live", "watch":
		if len(segments) > 1 && segments[1] != "" {
			return matchID(segments[1])
		}
	}
	switch segments[0] {
	case "", "watch", "watch_popup", "embed", "v":
		return queryID(u)
	}
	return ""
}

// queryID is the id in the query, or in the "#!v=" that took its place for a while.
func queryID(u *url.URL) string {
	if id := matchID(u.Query().Get("v")); id != "" {
		return id
	}
	return matchID(fragmentQuery(u).Get("v"))
}

func matchID(s string) string {
	if m := leadingID.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// notAnID catches two words that have an id's eleven characters and stand where ids do.
func notAnID(id string) bool { return id == "videoseries" || id == "live_stream" }

// fragmentQuery reads a fragment as a query: "#t=90", "#!v=ID&t=90".
func fragmentQuery(u *url.URL) url.Values {
	q, err := url.ParseQuery(strings.TrimPrefix(u.Fragment, "!"))
	if err != nil {
		return nil
	}
	return q
}

// pathSegments has at least one element.
func pathSegments(u *url.URL) []string { return strings.Split(strings.Trim(u.Path, "/"), "/") }

func firstSegment(u *url.URL) string { return pathSegments(u)[0] }

// kindOf says, for people, what an address is that names no video.
func kindOf(u *url.URL, id string) string {
	first := firstSegment(u)
	switch {
	case id == "live_stream":
		return "whatever a channel streams at the moment"
	case id == "videoseries", first == "playlist", u.Query().Has("list"):
		return "a playlist"
	case strings.HasPrefix(first, "@"), first == "channel", first == "c", first == "user":
		return "a channel"
	case first == "results":
		return "a search"
	}
	return "a page without a video's id"
}
