package pace

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// stage answers in memory, after a while.
type stage struct {
	mu       sync.Mutex
	status   int
	header   http.Header
	err      error
	takes    time.Duration
	asked    []time.Time
	underWay map[string]int
	most     int
}

func newStage() *stage { return &stage{status: 200, underWay: map[string]int{}} }

func (s *stage) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, time.Now())
	s.underWay[r.URL.Host]++
	s.most = max(s.most, s.underWay[r.URL.Host])
	status, header, err, takes := s.status, s.header, s.err, s.takes
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.underWay[r.URL.Host]--
	}()
	select {
	case <-time.After(takes):
	case <-r.Context().Done():
		return nil, context.Cause(r.Context())
	}
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: header.Clone(), Body: io.NopCloser(strings.NewReader("body")), Request: r}, nil
}

func (s *stage) does(status int, err error, headers ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.err, s.header = status, err, http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		s.header.Set(headers[i], headers[i+1])
	}
}

func (s *stage) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

// ask sends one request and reads its answer; the status is 0 without one.
func ask(ctx context.Context, t *Transport, address string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, err
	}
	res, err := t.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	_, err = io.ReadAll(res.Body)
	return res.StatusCode, errors.Join(err, res.Body.Close())
}

const here = "https://a.example/x?key=secret"

// resting is the error of a request to a host that is left alone.
func resting(t *testing.T, tr *Transport, address string) *RestingError {
	t.Helper()
	_, err := ask(t.Context(), tr, address)
	var rests *RestingError
	if !errors.As(err, &rests) {
		t.Fatalf("the host does not rest: %v", err)
	}
	return rests
}

func answers(t *testing.T, tr *Transport, address string, want int) {
	t.Helper()
	if status, err := ask(t.Context(), tr, address); err != nil || status != want {
		t.Fatalf("%d, %v; want %d", status, err, want)
	}
}
