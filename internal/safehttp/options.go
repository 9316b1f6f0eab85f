package safehttp

import (
	"net"
	"time"
)

const (
	defaultTimeout   = 20 * time.Second // a slow origin's first byte and 16 MiB at 10 Mbit/s
	defaultRedirects = 5                // shorteners and consent pages take three
	defaultMaxBody   = 16 << 20         // 16 MiB: the largest picture taken is 12 MiB
	defaultMaxHeader = 64 << 10         // 64 KiB: cookies of the worst sites come to 16
	defaultUserAgent = "Videoteca (checks videos that articles embed)"

	dialTimeout      = 10 * time.Second
	handshakeTimeout = 10 * time.Second
	idleTimeout      = 30 * time.Second
	maxIdle          = 32 // connections kept, over all hosts
)

// Options configure a client. The zero value is safe: nothing but the public internet.
type Options struct {
	// Allow names addresses that are reached although they are not public or use a
	// low port: "host", "host:port", "192.0.2.1", "192.0.2.1:8090", "[::1]:8090".
	// It is compared with the address as asked, never with what a name resolves to:
	// allowing 127.0.0.1:8090 opens it to nobody's DNS record. Names under
	// "localhost" are 127.0.0.1 without asking DNS (RFC 6761, 6.3).
	Allow []string
	// AllowedBy is what an operator sets to allow an address, for the message of
	// a refusal: "--allow-fetch". Empty: "Options.Allow".
	AllowedBy string

	Timeout      time.Duration // from the request to the end of the body; 0: 20 s
	MaxRedirects int           // hops after the first address; 0: 5; negative: none
	UserAgent    string        // of requests that set none; empty: a general one
	MaxHeader    int64         // bytes of response headers; 0: 64 KiB
	MaxBody      int64         // bytes of a body once decompressed; 0: 16 MiB
	Resolver     *net.Resolver // nil: the system's
}

func (o Options) withDefaults() Options {
	if o.AllowedBy == "" {
		o.AllowedBy = "Options.Allow"
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxRedirects == 0 {
		o.MaxRedirects = defaultRedirects
	}
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.MaxHeader == 0 {
		o.MaxHeader = defaultMaxHeader
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	return o
}
