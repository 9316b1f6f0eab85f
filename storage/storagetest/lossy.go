package storagetest

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

// Lossy is a proxy in front of an S3 server that drops the answers of some of
// the writes that happened: what a network does at the worst moment.
type Lossy struct {
	Server
	dropped atomic.Int64
}

// lossEvery is which of the successful writes goes unanswered: a fifth of them.
const lossEvery = 5

// StartLossy starts the proxy in front of s.
func StartLossy(t testing.TB, s Server) *Lossy {
	t.Helper()
	target, err := url.Parse(s.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	l := &Lossy{Server: s}
	var writes atomic.Int64
	proxy := &httputil.ReverseProxy{
		// The Host header is part of the signature and must stay what the client signed.
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: func(r *http.Response) error {
			if r.Request.Method == http.MethodPut && r.StatusCode == http.StatusOK && writes.Add(1)%lossEvery == 0 {
				l.dropped.Add(1)
				panic(http.ErrAbortHandler) // the connection is cut without an answer
			}
			return nil
		},
	}
	front := httptest.NewServer(proxy)
	front.Config.ErrorLog = log.New(io.Discard, "", 0) // it would report each answer that is dropped on purpose
	t.Cleanup(front.Close)
	l.Endpoint = front.URL
	return l
}

// Dropped is how many answers were dropped so far.
func (l *Lossy) Dropped() int { return int(l.dropped.Load()) }
