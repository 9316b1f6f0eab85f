package wayback

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// longestPage is how many bytes an address may have to be sent: what browsers and the
// archive's index are sure to take.
const longestPage = 2000

// publicPage reads an address that may be sent to a web archive: http or https, of a host
// that others could reach, without a user's name or password. The fragment is left out, as
// it never reaches a server.
func publicPage(page string) (string, error) {
	u, err := url.Parse(page)
	switch {
	case err != nil, len(page) > longestPage:
		return "", ErrNotPublic
	case u.Scheme != "http" && u.Scheme != "https", u.User != nil, u.Opaque != "":
		return "", ErrNotPublic
	case !publicHost(u.Hostname()):
		return "", ErrNotPublic
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escapedQuery(u.RawQuery)
	return u.String(), nil
}

// escapedQuery escapes what may not stand in a request line, as browsers do. Package
// net/url leaves queries as they are.
func escapedQuery(query string) string {
	if !strings.ContainsFunc(query, needsEscape) {
		return query
	}
	var b strings.Builder
	for _, c := range []byte(query) {
		if needsEscape(rune(c)) {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// needsEscape reports whether a character is no visible one of ASCII.
func needsEscape(c rune) bool { return c <= ' ' || c >= 0x7f }

// hostLetters are what hosts consist of; the underscore is seen in the wild.
const hostLetters = "abcdefghijklmnopqrstuvwxyz0123456789.-_"

// publicHost reports whether a host may be a public one, going by its name alone: a name
// of the open internet that resolves to a private address passes, and the archive fails on it.
func publicHost(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return publicAddress(a)
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if strings.Trim(host, hostLetters) != "" { // international names are sent in their ASCII form
		return false
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || strings.HasPrefix(last, "0x") {
		return false
	}
	if _, err := strconv.Atoi(last); err == nil { // an address in disguise
		return false
	}
	switch last {
	case "localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", // RFC 6761, 6762, 8375; ICANN's reserved and colliding names
		"test", "example", "invalid", "onion", "alt": // RFC 2606, 7686, 9476
		return false
	}
	return true
}

func publicAddress(a netip.Addr) bool {
	a = a.Unmap()
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10) // carriers' NAT, RFC 6598
	return a.Zone() == "" && a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

// samePage reports whether an address in the archive's index is the page: scheme, "www.",
// the standard ports, the order of the query and a slash at the end don't count, and case
// counts after the host.
func samePage(page, indexed string) bool {
	a, errA := url.Parse(page)
	b, errB := url.Parse(indexed)
	return errA == nil && errB == nil && siteOf(a) == siteOf(b) &&
		strings.TrimSuffix(a.Path, "/") == strings.TrimSuffix(b.Path, "/") && // however either is escaped
		a.Query().Encode() == b.Query().Encode()
}

// sameSite reports whether two addresses are of one site. Phones' pages count as its own.
func sameSite(a, b string) bool {
	first, errA := url.Parse(a)
	second, errB := url.Parse(b)
	return errA == nil && errB == nil && strings.TrimPrefix(siteOf(first), "m.") == strings.TrimPrefix(siteOf(second), "m.")
}

// siteOf is the host without "www.", with a port that is not a standard one.
func siteOf(u *url.URL) string {
	host := strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		return host + ":" + port
	}
	return host
}
