package people

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"time"
)

// How attempts to sign in are slowed down. The delay doubles with each failure past the free ones,
// and never exceeds a quarter of an hour, so that nobody is locked out for good. Who is signed in
// already is not concerned.
const (
	freeOfAccount = 5                // failures of one login before it waits
	freeOfClient  = 20               // failures from one address: offices share one
	firstDelay    = 2 * time.Second  //
	longestDelay  = 15 * time.Minute //
	forgotten     = 24 * time.Hour   // after which failures no longer count
	mostCounted   = 500              // entries of no account in one document, so that an attacker cannot make it grow
)

// ThrottledError says that there were too many failed attempts, and how long to wait.
type ThrottledError struct{ Wait time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many failed attempts to sign in; wait %s", e.Wait.Round(time.Second))
}

// failures is one of 256 documents, so that neither replicas nor restarts begin to count anew.
type failures struct {
	Version int                `json:"version"`
	Of      map[string]failure `json:"of"` // by the hash of a login or an address
}

type failure struct {
	N       int       `json:"n"`
	Last    time.Time `json:"last"`
	Account bool      `json:"account,omitempty"` // of a login that there is; never dropped to make room
}

// counter is what failures are counted of: a login, or where the attempt came from. Of both a hash is kept.
type counter struct {
	name    string
	free    int
	account bool
}

func ofClient(a netip.Addr) counter { return counter{clientName(a), freeOfClient, false} }

func clientName(a netip.Addr) string { return hashOf("client\n" + network(a)) }

func loginName(login string) string { return hashOf("login\n" + login) }

func (r *Registry) ofLogin(ctx context.Context, login string) counter {
	b, err := r.people(ctx)
	return counter{loginName(login), freeOfAccount, err == nil && b.person(login) != nil}
}

// network is the part of an address that one client has to itself: all of IPv4, /64 of IPv6.
func network(a netip.Addr) string {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

func throttleKey(name string) string { return "accounts/throttle/" + name[:2] + ".json" }

func (f failure) wait(free int, now time.Time) time.Duration {
	if f.N < free || now.Sub(f.Last) > forgotten {
		return 0
	}
	delay := longestDelay
	if past := f.N - free; past < 9 { // 2 s · 2^9 is more than the longest
		delay = min(longestDelay, firstDelay<<past)
	}
	return delay - now.Sub(f.Last)
}

// admit counts an attempt as failed before its password is looked at, so that a thousand at once
// are no way around, and fails with a *ThrottledError where it has to wait. What is not
// a failure in the end, succeeded takes back.
func (r *Registry) admit(ctx context.Context, list ...counter) error {
	for i, c := range list {
		err := r.count(ctx, c.name, func(f failure) (failure, error) {
			if wait := f.wait(c.free, r.now()); wait > 0 {
				return f, &ThrottledError{Wait: wait}
			}
			return failure{N: f.N + 1, Last: r.o.Now().UTC(), Account: c.account}, nil // to the nanosecond, so that no two attempts write the same
		})
		if err != nil {
			for _, counted := range list[:i] {
				r.uncount(ctx, counted.name)
			}
			return fmt.Errorf("signing in: %w", err)
		}
	}
	return nil
}

// succeeded forgets the login's failures and takes back the client's attempt. The client's failures go
// on counting: somebody who knows one password could try others in between.
func (r *Registry) succeeded(ctx context.Context, a Attempt) {
	r.uncount(ctx, clientName(a.Client))
	r.forget(ctx, a.Login)
}

func (r *Registry) forget(ctx context.Context, login string) {
	if err := r.count(ctx, loginName(login), func(failure) (failure, error) { return failure{}, nil }); err != nil {
		r.o.Log.WarnContext(ctx, "failed attempts to sign in go on counting", slog.Any("error", err))
	}
}

func (r *Registry) uncount(ctx context.Context, name string) {
	err := r.count(ctx, name, func(f failure) (failure, error) {
		f.N = max(0, f.N-1)
		return f, nil
	})
	if err != nil {
		r.o.Log.WarnContext(ctx, "an attempt to sign in goes on counting as failed", slog.Any("error", err))
	}
}

func (r *Registry) count(ctx context.Context, name string, next func(failure) (failure, error)) error {
	ctx = context.WithoutCancel(ctx) // who hangs up is counted too
	_, err := amend(ctx, r.docs, throttleKey(name), func(f *failures) error {
		f.Version = documentVersion
		if f.Of == nil {
			f.Of = map[string]failure{}
		}
		counted, err := next(f.Of[name])
		if err != nil {
			return err
		}
		f.Of[name] = counted
		f.prune(r.now())
		return nil
	})
	return err
}

// prune drops what no longer counts, and where there are too many the oldest that are of no account:
// an attacker can make up as many logins and addresses as it takes.
func (f *failures) prune(now time.Time) {
	var names []string
	for name, one := range f.Of {
		if one.N == 0 || now.Sub(one.Last) > forgotten {
			delete(f.Of, name)
			continue
		}
		if !one.Account {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return f.Of[b].Last.Compare(f.Of[a].Last) })
	for _, name := range names[min(mostCounted, len(names)):] {
		delete(f.Of, name)
	}
}
