package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
)

// hosts are the names under which the server may be asked, in lower case and without port.
type hosts map[string]bool

// hostsOf collects them. A name that somebody else chose to point at this machine
// (DNS rebinding) is not among them, and its pages get nothing.
func hostsOf(o Options) hosts {
	known := hosts{}
	for _, address := range append([]string{o.BaseURL}, o.Aliases...) {
		if u, err := url.Parse(address); err == nil {
			known.add(u.Host)
			known[strings.ToLower(u.Host)] = true // as browsers send it, found at once
		}
	}
	for _, h := range o.AllowedHosts {
		known.add(h)
	}
	known.addListener(o.Listen)
	return known
}

func (h hosts) add(host string) {
	if name := hostName(host); name != "" {
		h[name] = true
	}
}

// addListener adds the address listened on and, where the machine itself can
// reach the listener under them, the machine's names for itself.
func (h hosts) addListener(listen string) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return
	}
	ip, err := netip.ParseAddr(host)
	everywhere := host == "" || (err == nil && ip.IsUnspecified())
	if !everywhere {
		h.add(listen)
	}
	if everywhere || loopbackHost(listen) {
		h.add("localhost")
		h.add("127.0.0.1")
		h.add("[::1]")
	}
}

// hostName is the name or address in a Host header.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// loopbackHost reports whether a host names the machine that asks. Names under
// localhost are such by RFC 6761.
func loopbackHost(host string) bool {
	name := hostName(host)
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Unmap().IsLoopback()
}

func (s *Server) checkHost(c *gin.Context) {
	if !s.hosts[c.Request.Host] && !s.hosts[hostName(c.Request.Host)] {
		s.guard(c, statusError(http.StatusMisdirectedRequest))
	}
}

// protection refuses requests that change something and come from a page of
// another origin. Our own base URL is named because a proxy may hand on
// another Host; an alias is not, since an old domain may have been sold.
func protection(base *url.URL) (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	return p, p.AddTrustedOrigin(base.Scheme + "://" + base.Host)
}

func (s *Server) checkOrigin(c *gin.Context) {
	if err := s.origins.Check(c.Request); err != nil {
		s.guard(c, statusError(http.StatusForbidden))
	}
}
