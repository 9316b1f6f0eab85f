package pace

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errLate is the cause of a context that a Watch has ended.
var errLate error = late{}

// late is an end by a time limit, as callers know one.
type late struct{}

func (late) Error() string { return "the host took too long" }

// Timeout makes it one of net's time-outs.
func (late) Timeout() bool { return true }

// Is makes errors.Is find context.DeadlineExceeded.
func (late) Is(target error) bool { return target == context.DeadlineExceeded }

// Watch limits and measures how long a host takes for a request, its redirects
// and its body. Time spent waiting for a turn in a Transport does not count;
// without one all time does. The nil Watch limits nothing.
type Watch struct {
	limit time.Duration
	end   context.CancelCauseFunc

	mu      sync.Mutex
	timer   *time.Timer
	since   time.Time     // the clock runs; zero: it stands
	before  time.Duration // it ran earlier
	stopped bool
}

type watchKey struct{}

// NewWatch starts a watch for the requests under the context returned, which ends
// with context.DeadlineExceeded when the host has taken longer than limit.
// Stop must be called when the answer has been read.
func NewWatch(ctx context.Context, limit time.Duration) (context.Context, *Watch) {
	inner, end := context.WithCancelCause(ctx)
	w := &Watch{limit: limit, end: end}
	w.begin()
	return watched{context.WithValue(inner, watchKey{}, w)}, w
}

// Stop ends the watch and returns how long the host has taken.
func (w *Watch) Stop() time.Duration {
	w.wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.end(context.Canceled)
	return w.before
}

// wait stands the clock still.
func (w *Watch) wait() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.since.IsZero() {
		return
	}
	w.before += time.Since(w.since)
	w.since = time.Time{}
	w.timer.Stop()
}

// begin lets the clock run on.
func (w *Watch) begin() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || !w.since.IsZero() {
		return
	}
	w.since = time.Now()
	w.timer = time.AfterFunc(w.limit-w.before, func() { w.end(errLate) })
}

// watchOf is the watch that a request is under, or nil.
func watchOf(ctx context.Context) *Watch {
	w, _ := ctx.Value(watchKey{}).(*Watch)
	return w
}

// watched is a context whose end by its watch is that of a deadline.
type watched struct{ context.Context }

// Err implements context.Context.
func (c watched) Err() error {
	err := c.Context.Err()
	if err != nil && errors.Is(context.Cause(c.Context), errLate) {
		return context.DeadlineExceeded
	}
	return err
}
