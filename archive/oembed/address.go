package oembed

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"videoteca/archive"
)

// longestAddress is what browsers and servers agree to carry, in bytes.
const longestAddress = 2048

var hasScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// parseAddress reads what a person pasted: scheme missing or relative, "&amp;"
// from the source of a page, blanks around it. The host is in one spelling.
func parseAddress(address string) (*url.URL, error) {
	s := strings.ReplaceAll(strings.TrimSpace(address), "&amp;", "&")
	switch {
	case len(s) > longestAddress:
		return nil, fmt.Errorf("%w: it is longer than %d bytes", archive.ErrNotRecognised, longestAddress)
	case strings.HasPrefix(s, "//"):
		s = "https:" + s
	case !hasScheme.MatchString(s):
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return nil, archive.ErrNotRecognised
	}
	if u.Host, err = hostname(u); err != nil {
		return nil, archive.ErrNotRecognised
	}
	return u, nil
}

// hostname is lower-case, in ASCII, without the root dot and the default port.
func hostname(u *url.URL) (string, error) {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.:") != "" {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", fmt.Errorf("host name %q: %w", host, err)
		}
		host = ascii
	}
	if host == "" {
		return "", archive.ErrNotRecognised
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" || (u.Scheme == "http" && port == "80") || (u.Scheme == "https" && port == "443") {
		return host, nil
	}
	return host + ":" + port, nil
}

// under reports whether the host is the domain or one of its subdomains.
func under(u *url.URL, domain string) bool {
	return u.Host == domain || strings.HasSuffix(u.Host, "."+domain)
}

// hostOf is the host and port of an address, empty where it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// clock is "90", "90s", "90.5", "1m30s", "1h2m3s". At most six digits a unit:
// more is no time in a video, and cannot overflow.
var clock = regexp.MustCompile(`^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})(?:\.\d*)?s?)?$`)

// span reads where an address wants a video to begin and end, in seconds, from
// its query or its fragment. What cannot be read, and an end before the start, is 0.
func span(u *url.URL, starts, ends []string) (start, end int) {
	start, end = firstTime(u, starts), firstTime(u, ends)
	if end <= start {
		end = 0
	}
	return start, end
}

func firstTime(u *url.URL, names []string) int {
	fragment, _ := url.ParseQuery(u.Fragment) // what could be read of it
	for _, from := range []url.Values{u.Query(), fragment} {
		for _, name := range names {
			if n := seconds(from.Get(name)); n > 0 {
				return n
			}
		}
	}
	return 0
}

func seconds(s string) int {
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	total := 0
	for i, unit := range []int{3600, 60, 1} {
		n, _ := strconv.Atoi(m[i+1]) // digits or nothing, and nothing is 0
		total += n * unit
	}
	return total
}

// notAVideo says, for people, what an address is instead.
func notAVideo(what string) error { return fmt.Errorf("%w: %s", archive.ErrNotAVideo, what) }
