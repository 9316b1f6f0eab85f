package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	headerTime = 10 * time.Second  // for a request's headers
	idleTime   = 2 * time.Minute   // between requests; more than proxies' own
	writeTime  = 2 * time.Minute   // for the whole answer; checking many sources takes a while
	headerSize = 64 << 10          // bytes: cookies of other services on one host add up
	readTime   = 100 * time.Second // for a request's body, and see below
)

// readTime must outlast the slowest handler, registering at 25 s and checking: net/http
// goes on reading in the background while a handler works, and when that read
// runs into the deadline, the handler's context is cancelled.

// Serve answers requests until ctx ends, then finishes those under way for at
// most grace. It closes the listener. A shutdown in time is no error.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, grace time.Duration, log *slog.Logger) error {
	server := &http.Server{
		Handler: handler, MaxHeaderBytes: headerSize,
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	return stop(ctx, server, grace, ended)
}

func stop(ctx context.Context, server *http.Server, grace time.Duration, ended <-chan error) error {
	finishing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := server.Shutdown(finishing)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.Join(fmt.Errorf("some requests took longer than %s to finish", grace), server.Close())
	}
	if serving := <-ended; !errors.Is(serving, http.ErrServerClosed) {
		err = errors.Join(err, serving)
	}
	return err
}
