package safehttp

import (
	"fmt"
	"net/http"
)

// New returns a guarded client. Its errors wrap ErrRefused, ErrTooManyRedirects
// or, while a body is read, ErrTooLarge, where one of these is the reason.
func New(o Options) *http.Client {
	o = o.withDefaults()
	return &http.Client{
		Transport:     NewTransport(o),
		Timeout:       o.Timeout,
		CheckRedirect: func(next *http.Request, via []*http.Request) error { return checkRedirect(o, next, via) },
	}
}

// checkRedirect follows at most MaxRedirects hops and none from https to http:
// what came in the clear may have been written by anybody on the way, and an
// answer is kept as evidence. Where a hop leads is judged when it is dialled.
func checkRedirect(o Options, next *http.Request, via []*http.Request) error {
	if len(via) > max(o.MaxRedirects, 0) {
		return fmt.Errorf("%w: %d, the last to %s", ErrTooManyRedirects, len(via), next.URL.Redacted())
	}
	if next.URL.Scheme == "http" && via[len(via)-1].URL.Scheme == "https" {
		return &RefusedError{Address: next.URL.Redacted(), Problem: "a redirect from https to http"}
	}
	return nil
}

// transport checks what can be seen in a request; its guard checks connections.
type transport struct {
	next      *http.Transport
	userAgent string
	maxBody   int64
}

// NewTransport returns the guarded part of New's client, for clients that bring
// their own redirect and time limits.
func NewTransport(o Options) http.RoundTripper {
	o = o.withDefaults()
	return &transport{
		userAgent: o.UserAgent,
		maxBody:   o.MaxBody,
		next: &http.Transport{
			Proxy:                  nil, // a proxy from the environment would dial unguarded
			DialContext:            newGuard(o).dial,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    handshakeTimeout,
			ResponseHeaderTimeout:  o.Timeout,
			IdleConnTimeout:        idleTimeout,
			MaxIdleConns:           maxIdle,
			MaxResponseHeaderBytes: o.MaxHeader,
		},
	}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := checkURL(r); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // the contract of RoundTripper; nothing was sent from it
		}
		return nil, err
	}
	if r.Header.Get("User-Agent") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", t.userAgent)
	}
	res, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	// Behind the transport's decompression, so that a few kilobytes of gzip
	// cannot become gigabytes in memory.
	res.Body = &limitedBody{ReadCloser: res.Body, left: t.maxBody}
	return res, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections work.
func (t *transport) CloseIdleConnections() { t.next.CloseIdleConnections() }

// checkURL refuses other schemes, which a redirect may name, and user names:
// "https://example.org@10.0.0.5/" misleads people, and a password would end up in records.
func checkURL(r *http.Request) error {
	if s := r.URL.Scheme; s != "http" && s != "https" {
		return &RefusedError{Address: r.URL.Redacted(), Problem: "only http and https are fetched"}
	}
	if r.URL.User != nil {
		return &RefusedError{Address: r.URL.Redacted(), Problem: "it holds a user name"}
	}
	return nil
}
