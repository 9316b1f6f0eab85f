package safehttp

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// allowList holds "host" and "host:port" as canonicalHost and net.JoinHostPort write them.
type allowList map[string]bool

// newAllowList leaves out what CheckAllow objects to.
func newAllowList(entries []string) allowList {
	list := make(allowList, len(entries))
	for _, e := range entries {
		if host, port, err := splitEntry(e); err == nil {
			list[joined(host, port)] = true
		}
	}
	return list
}

func (l allowList) names(host, port string) bool {
	host = canonicalHost(host)
	return l[host] || l[joined(host, port)]
}

func joined(host, port string) string {
	if port == "" {
		return host
	}
	return net.JoinHostPort(host, port)
}

// CheckAllow reports the first entry that is not of a form described at
// Options.Allow. A client never matches such an entry, so a typing error opens nothing.
func CheckAllow(entries []string) error {
	for _, e := range entries {
		if _, _, err := splitEntry(e); err != nil {
			return err
		}
	}
	return nil
}

func splitEntry(entry string) (host, port string, err error) {
	bare := strings.TrimSuffix(strings.TrimPrefix(entry, "["), "]")
	if a, err := netip.ParseAddr(bare); err == nil && a.Zone() == "" {
		return a.String(), "", nil
	}
	host, port = entry, ""
	if strings.Contains(entry, ":") {
		if host, port, err = net.SplitHostPort(entry); err != nil {
			return "", "", fmt.Errorf("%q is not a host or host:port: %w", entry, err)
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", "", fmt.Errorf("%q has no port from 1 to 65535", entry)
		}
	}
	if host = canonicalHost(host); !canBeDialled(host) {
		return "", "", fmt.Errorf("%q is not a host or host:port", entry)
	}
	return host, port, nil
}

func canBeDialled(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Zone() == ""
	}
	return host != "" && !strings.ContainsAny(host, "[]:%/@*? \t")
}

// canonicalHost writes a host one way: lower case, no root dot, addresses as netip does.
func canonicalHost(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.String()
	}
	return strings.TrimRight(strings.ToLower(host), ".")
}

// isLocalhost reports whether a canonical host is "localhost" or under it.
func isLocalhost(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// looksNumeric reports whether a resolver might take the host for an IPv4 address
// that was written to slip past a filter: 2130706433, 0x7f.1, 0177.0.0.1. A
// dotted quad is none. The rule is the URL standard's "ends in a number".
func looksNumeric(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if _, err := strconv.ParseUint(last, 10, 64); err == nil {
		return true
	}
	digits, hex := strings.CutPrefix(last, "0x")
	return hex && strings.Trim(digits, "0123456789abcdef") == ""
}
