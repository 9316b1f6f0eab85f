package archivetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// TB is what Start needs of a *testing.T. The program that serves the demo
// carries this package, and package testing is not to come with it.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Server is a platform on a loopback port.
type Server struct {
	*Platform
	URL  string // base address, without a slash at the end
	stop func()
}

// Start serves a platform on loopback until the test ends.
func Start(t TB, o Options, videos ...Video) *Server {
	t.Helper()
	p := New(o)
	if err := p.Add(videos...); err != nil {
		t.Fatalf("starting the platform: %v", err)
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("starting the platform: %v", err)
	}
	s := &Server{Platform: p, URL: "http://" + l.Addr().String()}
	server := newServer(p)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l) // ends with ErrServerClosed, by stop
	}()
	s.stop = func() {
		_ = server.Close() // a connection that cannot be closed is gone
		<-ended
	}
	t.Cleanup(s.stop)
	return s
}

// Close takes the platform off the network. It may be called again.
func (s *Server) Close() { s.stop() }

const (
	headerTimeout = 10 * time.Second
	closeTimeout  = 2 * time.Second // for answers under way when the demo ends
)

func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout}
}

// Serve answers on the listener until the context ends, and closes it then. It
// returns nil after an end by the context.
func (p *Platform) Serve(ctx context.Context, l net.Listener) error {
	server := newServer(p)
	// Slow answers under way end with the context rather than hold the shutdown.
	server.BaseContext = func(net.Listener) context.Context { return ctx }
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving the platform on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	err := server.Shutdown(grace)
	if serving := <-failed; !errors.Is(serving, http.ErrServerClosed) {
		err = errors.Join(err, serving)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("stopping the platform on %s: %w", l.Addr(), err)
	}
	return nil
}
