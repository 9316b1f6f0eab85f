package webfile

import (
	"net"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// sameOwner reports whether two hosts are one, or of one domain that somebody
// registered. What a redirect to anybody else's host leads to, such as a page that asks
// for consent or an advertisement, says nothing of the file.
func sameOwner(a, b string) bool {
	if sameSite(a, b) {
		return true
	}
	domain, other := registered(a), registered(b)
	return domain != "" && domain == other
}

// registered is the domain that somebody registered; empty for addresses and bare names.
func registered(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if net.ParseIP(strings.Trim(host, "[]")) != nil {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(host))
	if err != nil {
		return ""
	}
	return domain
}
