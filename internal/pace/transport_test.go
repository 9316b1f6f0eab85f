package pace

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestSoManyRequestsAtOnceForEachHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		s.takes = time.Second
		tr := New(Options{Next: s, AtOnce: 3, PerSecond: -1})
		began := time.Now()
		var all sync.WaitGroup
		for _, host := range []string{"a", "A", "b"} { // a host's name has no case
			for range 6 {
				all.Go(func() { _, _ = ask(t.Context(), tr, "https://"+host+".example/") })
			}
		}
		all.Wait()
		if took := time.Since(began); s.most != 3 || took != 4*time.Second {
			t.Errorf("%d at once, %s; want 12 requests to a host in 4 turns of 3", s.most, took)
		}
	})
}

func TestSoManyRequestsASecondAfterABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		tr := New(Options{Next: s})
		began := time.Now()
		for range 20 {
			answers(t, tr, here, 200)
		}
		if took := time.Since(began); took < 1900*time.Millisecond || took > 2100*time.Millisecond {
			t.Errorf("20 requests took %s: 10 at once and 10 at 5 a second are 2 s", took)
		}
		if !s.asked[9].Equal(s.asked[0]) || s.asked[10].Equal(s.asked[0]) {
			t.Error("the burst is not of 10")
		}
	})
}

func TestAPlaceIsKeptUntilTheBodyIsReadOrClosed(t *testing.T) {
	for name, end := range map[string]func(*http.Response){
		"read":   func(r *http.Response) { _, _ = io.ReadAll(r.Body) },
		"closed": func(r *http.Response) { _ = r.Body.Close() },
		"both":   func(r *http.Response) { _, _ = io.ReadAll(r.Body); _ = r.Body.Close() },
	} {
		tr := New(Options{Next: newStage(), AtOnce: 1})
		res, err := tr.RoundTrip(httptest.NewRequest(http.MethodGet, here, nil))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		if _, err := ask(ctx, tr, here); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: two at once: %v", name, err)
		}
		cancel()
		end(res)
		answers(t, tr, here, 200)
		if h := tr.hosts.named["a.example"]; len(h.places) != 0 || h.users != 0 {
			t.Errorf("%s: %d places taken by %d requests after all have ended", name, len(h.places), h.users)
		}
	}
}

// pipe is the body of a connection that was taken over.
type pipe struct {
	io.ReadCloser
	io.Writer
}

func TestAConnectionThatIsTakenOverTakesNoPlace(t *testing.T) {
	left := 0
	body := pipe{io.NopCloser(strings.NewReader("")), io.Discard}
	if got := leavingAtEnd(body, func() { left++ }); got != io.ReadCloser(body) || left != 1 {
		t.Errorf("%T, left %d times", got, left)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(Options{Next: newStage(), PerSecond: 0.1}) // a request every ten seconds
		answers(t, tr, here, 200)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := ask(ctx, tr, here); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		began = time.Now()
		answers(t, tr, here, 200)
		if took := time.Since(began); took != 9*time.Second {
			t.Errorf("the next came after %s: who gave up took a turn along", took)
		}
	})
}

// closing notes that it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestTheBodyOfARequestThatIsNotSentIsClosed(t *testing.T) {
	s := newStage()
	tr := New(Options{Next: s})
	s.does(429, nil, "Retry-After", "60")
	answers(t, tr, here, 429)
	body := &closing{Reader: strings.NewReader("x")}
	if _, err := tr.RoundTrip(httptest.NewRequest(http.MethodPost, here, body)); err == nil || !body.closed {
		t.Errorf("%v, closed %v", err, body.closed)
	}
}

func TestUnderARealClient(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/busy" {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		http.Redirect(w, r, "/busy", http.StatusFound)
	}))
	defer server.Close()
	var log bytes.Buffer
	client := &http.Client{Transport: New(Options{Log: slog.New(slog.NewTextHandler(&log, nil)), Next: server.Client().Transport})}
	for i, want := range []int{503, 0} {
		res, err := client.Get(server.URL + "/?key=secret")
		if err == nil {
			_ = res.Body.Close()
		}
		var rests *RestingError
		if want == 503 && (err != nil || res.StatusCode != 503) || want == 0 && !errors.As(err, &rests) {
			t.Fatalf("request %d: %v", i, err)
		}
	}
	client.CloseIdleConnections()
	if said := log.String(); strings.Count(said, "\n") != 1 || strings.Contains(said, "secret") {
		t.Errorf("logged %q", said)
	}
}
