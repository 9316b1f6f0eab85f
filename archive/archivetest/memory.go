package archivetest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
)

// RoundTripper answers in memory what the platform would over a network, for the
// given hosts (names with the port where there is one); without any, for every host.
// Another host is one that DNS does not know. With the hosts of YouTube it stands
// for YouTube itself.
func (p *Platform) RoundTripper(hosts ...string) http.RoundTripper {
	return &inMemory{platform: p, hosts: hosts}
}

type inMemory struct {
	platform *Platform
	hosts    []string
}

// RoundTrip answers before it returns: no goroutine and no socket is left behind.
func (m *inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	host := strings.ToLower(r.URL.Host)
	if len(m.hosts) > 0 && !slices.Contains(m.hosts, host) {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return m.answer(r)
}

func (m *inMemory) answer(r *http.Request) (res *http.Response, err error) {
	defer func() {
		switch stopped := recover(); stopped {
		case nil:
		case http.ErrAbortHandler: // net/http's servers close the connection then
			res, err = nil, io.EOF
		default:
			panic(stopped)
		}
	}()
	asked := r.Clone(r.Context())
	if asked.Host == "" {
		asked.Host = r.URL.Host
	}
	w := &written{header: http.Header{}}
	m.platform.ServeHTTP(w, asked)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.response(r), nil
}

// written is an answer as it is being written.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *written) Header() http.Header { return w.header }

func (w *written) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *written) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *written) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.header,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}
}
