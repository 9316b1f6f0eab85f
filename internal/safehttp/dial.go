package safehttp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard dials, and refuses.
type guard struct {
	allow     allowList
	allowedBy string
	open      *net.Dialer // for addresses named in allow
	watched   *net.Dialer // for everything else
}

func newGuard(o Options) *guard {
	g := &guard{
		allow:     newAllowList(o.Allow),
		allowedBy: o.AllowedBy,
		open:      &net.Dialer{Timeout: dialTimeout, Resolver: o.Resolver},
	}
	addresses := ssrf.New(
		ssrf.WithAnyPort(), // checkPort has the rule
		// The host agent of Azure machines hands out credentials and has a public address.
		ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")),
	)
	g.watched = &net.Dialer{Timeout: dialTimeout, Resolver: o.Resolver,
		Control: func(network, address string, c syscall.RawConn) error {
			if err := addresses.Safe(network, address, c); err != nil {
				return g.refuse(address, "not a public address", err)
			}
			return nil
		},
	}
	return g
}

// dial connects to a host and port as net/http hands them over: punycode, any
// spelling of an address.
func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, g.refuse(address, "not a host and a port", err)
	}
	host = canonicalHost(host)
	if g.allow.names(host, port) {
		if isLocalhost(host) {
			host = "127.0.0.1"
		}
		return g.open.DialContext(ctx, network, net.JoinHostPort(host, port))
	}
	if err := g.check(host, port); err != nil {
		return nil, err
	}
	conn, err := g.watched.DialContext(ctx, network, net.JoinHostPort(host, port))
	return conn, g.named(err, address)
}

// check refuses what need not be resolved to be known.
func (g *guard) check(host, port string) error {
	address := net.JoinHostPort(host, port)
	switch {
	case isLocalhost(host):
		// Whatever a DNS server claims of such a name, it means this machine.
		return g.refuse(address, "a name of this machine", nil)
	case looksNumeric(host):
		return g.refuse(address, "an address in disguise", nil)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || (n != 80 && n != 443 && n < 1024) {
		return g.refuse(address, "port "+port+" is not one of 80, 443 and 1024 to 65535", nil)
	}
	return nil
}

func (g *guard) refuse(address, problem string, cause error) error {
	return &RefusedError{
		Address: address, Problem: problem, Cause: cause,
		Cure: fmt.Sprintf("if it is meant, name it in %s", g.allowedBy),
	}
}

// named puts the address as asked beside the one it resolved to, since an
// operator knows the first and allows by it.
func (g *guard) named(err error, asked string) error {
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Address == asked {
		return err
	}
	return g.refuse(asked, fmt.Sprintf("it resolves to %s, %s", refused.Address, refused.Problem), refused.Cause)
}
