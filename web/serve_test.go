package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"videoteca/web"
)

// serving starts a handler and returns its address, a way to stop it, and how it ended.
func serving(t *testing.T, h http.Handler, grace time.Duration) (address string, stop context.CancelFunc, ended <-chan error) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- web.Serve(ctx, listener, h, grace, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(stop)
	return listener.Addr().String(), stop, done
}

func TestServeFinishesWhatIsUnderWay(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	entered, leave := make(chan struct{}), make(chan struct{})
	address, stop, ended := serving(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		_, _ = io.WriteString(w, "whole")
	}), 10*time.Second)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	answer := make(chan string, 1)
	go func() {
		r, err := (&http.Client{Transport: transport}).Get("http://" + address)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		answer <- string(body)
	}()
	<-entered
	stop()
	refuseSoon(t, address)
	close(leave)
	if got := <-answer; got != "whole" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve ended with %v", err)
	}
}

// refuseSoon waits until nobody listens any more.
func refuseSoon(t *testing.T, address string) {
	t.Helper()
	for range 500 {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			return
		}
		conn.Close()
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("new requests are still taken")
}

func TestServeWaitsNoLongerThanTheGrace(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	entered := make(chan struct{})
	address, stop, ended := serving(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done() // which closing the connection ends
	}), 20*time.Millisecond)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-entered
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "took longer") {
		t.Errorf("Serve ended with %v", err)
	}
}

func TestServeTellsWhyItCannot(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	err = web.Serve(t.Context(), listener, http.NotFoundHandler(), time.Second, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), listener.Addr().String()) {
		t.Errorf("Serve ended with %v", err)
	}
}
