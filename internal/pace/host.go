package pace

import (
	"container/list"
	"context"
	"log/slog"
	"time"

	"golang.org/x/time/rate"
)

// host is one host's places, its rate and its rest.
type host struct {
	name   string
	places chan struct{}
	rate   *rate.Limiter
	rest   rest

	users int           // requests that have it; under the lock of hosts
	at    *list.Element // in hosts; likewise
}

func newHost(name string, o Options) *host {
	limit, burst := rate.Limit(o.PerSecond), max(int(o.PerSecond*burstSeconds), 1)
	if o.PerSecond < 0 {
		limit = rate.Inf
	}
	return &host{
		name: name, places: make(chan struct{}, o.AtOnce), rate: rate.NewLimiter(limit, burst),
		rest: rest{longest: o.MaxRest, log: o.Log.With(slog.String("host", name))},
	}
}

// turn waits until a request may be sent, and takes a place. trial says that the
// request tries a host that has failed.
func (h *host) turn(ctx context.Context, now func() time.Time) (trial bool, err error) {
	if err := h.resting(h.rest.peek(now())); err != nil {
		return false, err
	}
	select {
	case h.places <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if err := h.await(ctx); err != nil {
		h.leave()
		return false, err
	}
	trial, until, why := h.rest.admit(now())
	if err := h.resting(until, why); err != nil { // it has begun to rest meanwhile
		h.leave()
		return false, err
	}
	return trial, nil
}

// await waits for the rate.
func (h *host) await(ctx context.Context) error {
	place := h.rate.Reserve()
	wait := place.Delay()
	if wait == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		place.Cancel()
		return ctx.Err()
	}
}

func (h *host) leave() { <-h.places }

// resting is the error for a time until which the host rests; nil for none.
func (h *host) resting(until time.Time, why string) error {
	if until.IsZero() {
		return nil
	}
	return &RestingError{Host: h.name, Until: until, Why: why}
}
