package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"videoteca/archive"
)

// Lease is a lease as its holder has it. It is safe for concurrent use.
type Lease struct {
	bucket Bucket
	name   string

	writing sync.Mutex // guards what follows
	own     leaseRecord
	found   foundDocument[leaseRecord]
	over    bool // lost or released

	mu    sync.Mutex
	until time.Time
}

// leaseTries is how often a write is made again that was lost on its way.
const leaseTries = 3

// Until is when others may take the lease unless it is renewed: a term after the request of the newest
// write that succeeded, on this process's monotonic clock. It is past for a lease that was lost or released.
func (l *Lease) Until() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until
}

func (l *Lease) setUntil(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = at
}

// Renew keeps the lease for another term. Where somebody else took it, or it was released, the
// error is ErrLeaseLost. After any other error it is the holder's as long as Until says.
func (l *Lease) Renew(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.over {
		return fmt.Errorf("renewing the lease %s: %w", l.name, ErrLeaseLost)
	}
	if err := l.write(ctx); err != nil {
		return fmt.Errorf("renewing the lease %s: %w", l.name, err)
	}
	return nil
}

// Release gives the lease back, so that the next who asks has it at once. One that was
// lost meanwhile gets ErrLeaseLost, and stays its new holder's.
func (l *Lease) Release(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.over {
		return l.released()
	}
	l.setUntil(time.Time{}) // whoever reads the record may have the lease before the answer comes
	l.own.Released = true
	if err := l.write(ctx); err != nil {
		return fmt.Errorf("releasing the lease %s: %w", l.name, err)
	}
	l.over = true
	return nil
}

// released is the answer to a second release.
func (l *Lease) released() error {
	if l.own.Released {
		return nil
	}
	return fmt.Errorf("releasing the lease %s: %w", l.name, ErrLeaseLost)
}

// write replaces the record that was found, and settles what became of a write whose answer was lost by
// reading again.
func (l *Lease) write(ctx context.Context) error {
	for range leaseTries {
		l.own.Counter, l.own.Nonce = l.found.value.Counter+1, strings.ToLower(rand.Text())
		data, err := rewrite(l.found.raw, l.found.value, l.own)
		if err != nil {
			return err
		}
		began := time.Now()
		object, err := put(ctx, l.bucket, leaseKey(l.name), data, l.found.condition())
		if err == nil {
			l.wrote(foundDocument[leaseRecord]{value: l.own, etag: object.ETag, raw: data}, began)
			return nil
		}
		if !errors.Is(err, ErrPreconditionFailed) && !uncertain(err) {
			return domainError(err)
		}
		settled, err := l.settle(ctx, began)
		if settled || err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: a lease was written %d times, and the record does not show it", archive.ErrUnavailable, leaseTries)
}

// settle reports whether the write happened. Neither that nor an error means: try again.
// An earlier request that was thought lost may still have arrived, so a record with our
// Holding is ours even if this write is not the one it shows.
func (l *Lease) settle(ctx context.Context, began time.Time) (bool, error) {
	found, err := readLease(ctx, l.bucket, l.name)
	if err != nil {
		return false, err
	}
	unchanged := found.etag == l.found.etag
	ours := found.value.Holding == l.own.Holding
	l.found = found
	switch {
	case found.value.Nonce == l.own.Nonce, ours && found.value.Released:
		l.wrote(found, began)
		return true, nil
	case unchanged || ours:
		return false, nil
	}
	l.over = true
	l.setUntil(time.Time{})
	return false, ErrLeaseLost
}

func (l *Lease) wrote(found foundDocument[leaseRecord], began time.Time) {
	l.found = found
	if !l.own.Released {
		l.setUntil(began.Add(l.own.term()))
	}
}

// Keep renews the lease three times a term until stop is called. The context it returns ends then, and with the cause
// ErrLeaseLost as soon as the lease was lost or could not be renewed for a whole term.
// Stop waits for a renewal under way; it does not release the lease.
func (l *Lease) Keep(ctx context.Context) (kept context.Context, stop func()) {
	kept, end := context.WithCancelCause(ctx)
	late := fmt.Errorf("%w: %s could not be renewed for a whole term", ErrLeaseLost, l.name)
	expiry := time.AfterFunc(time.Until(l.Until()), func() { end(late) })
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer expiry.Stop()
		l.keep(kept, end, expiry)
	}()
	return kept, func() {
		end(nil)
		<-done
	}
}

// keep renews until kept ends, and puts the expiry off with every renewal.
func (l *Lease) keep(kept context.Context, end context.CancelCauseFunc, expiry *time.Timer) {
	every := l.term() / 3
	for wait := every; ; {
		pause(kept, wait)
		if kept.Err() != nil {
			return
		}
		err := l.renewWithin(kept, every)
		switch {
		case err == nil:
			expiry.Reset(time.Until(l.Until()))
			wait = every
		case errors.Is(err, ErrLeaseLost):
			end(err)
			return
		default:
			wait = every / 4 // there is room for another try or two before the term ends
		}
	}
}

// renewWithin leaves time for another try.
func (l *Lease) renewWithin(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return l.Renew(ctx)
}

func (l *Lease) term() time.Duration {
	l.writing.Lock()
	defer l.writing.Unlock()
	return l.own.term()
}
