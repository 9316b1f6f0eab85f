package pace

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Transport is an http.RoundTripper with manners. It is safe for concurrent use.
type Transport struct {
	o     Options
	hosts *hosts
}

// New makes a Transport.
func New(o Options) *Transport {
	o = o.withDefaults()
	return &Transport{o: o, hosts: newHosts(o, mostHosts)}
}

// RoundTrip waits for the request's turn and sends it. It returns a *RestingError
// while the host rests, and the error of the request's context if that ends first.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	h := t.hosts.take(strings.ToLower(req.URL.Host))
	watch := watchOf(req.Context())
	watch.wait()
	trial, err := h.turn(req.Context(), t.o.Now)
	if err != nil {
		t.hosts.give(h)
		closeBody(req)
		return nil, err
	}
	watch.begin()
	began := time.Now()
	res, err := t.o.Next.RoundTrip(req)
	h.rest.note(t.read(req.Context(), res, err, time.Since(began)), trial, t.o.Now())
	leave := func() { h.leave(); t.hosts.give(h) }
	if err != nil {
		leave()
		return nil, err
	}
	res.Body = leavingAtEnd(res.Body, leave)
	return res, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections work.
func (t *Transport) CloseIdleConnections() {
	if next, ok := t.o.Next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

// fairShare is how long a host must have had for a caller's deadline to say
// something of it.
const fairShare = 5 * time.Second

// read is what an exchange says of the host.
func (t *Transport) read(ctx context.Context, res *http.Response, err error, took time.Duration) sign {
	switch {
	case err == nil:
		return signOf(res, t.o.Now(), t.o.MaxRest)
	case t.o.Ours(err), errors.Is(context.Cause(ctx), context.Canceled):
		return sign{} // nobody's fault but ours
	case context.Cause(ctx) != nil && !errors.Is(context.Cause(ctx), errLate) && took < fairShare:
		return sign{}
	}
	return sign{fault: "no answer"}
}

// signOf reads an answer.
func signOf(res *http.Response, now time.Time, longest time.Duration) sign {
	var s sign
	if s.until, s.why = restAsked(res.StatusCode, res.Header, now); s.until.Sub(now) > longest {
		s.until = now.Add(longest)
	}
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= http.StatusInternalServerError {
		s.fault = fmt.Sprintf("HTTP %d", res.StatusCode)
		return s
	}
	s.well = true
	return s
}

// closeBody keeps the contract of RoundTripper for a request that is not sent.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // nothing was read from it
	}
}
