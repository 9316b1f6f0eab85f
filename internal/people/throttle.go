package people

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"time"
)

// How attempts to sign in are slowed down. The delay doubles with each failure past the free ones,
// and never exceeds a quarter of an hour. Who is signed in already is not concerned.
//
// A login's failures are counted apart for each network from which it has signed in before, and
// together for all others. So strangers, who by one attempt in a quarter of an hour could keep a login
// waiting for ever, hold each other up, and its owner only where the owner is a stranger too. What remains
// to an owner whose every network is strange or shared with an attacker is a one-time link, which waits for nothing.
const (
	freeOfLogin  = 5                // failures of one login before it waits, in each of these counts
	freeOfClient = 20               // failures from one network: offices share one
	firstDelay   = 2 * time.Second  //
	longestDelay = 15 * time.Minute //
	forgotten    = 24 * time.Hour   // after which failures no longer count
)

// ThrottledError says that there were too many failed attempts, and how long to wait.
type ThrottledError struct{ Wait time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many failed attempts to sign in; wait %s", e.Wait.Round(time.Second))
}

func clientName(client netip.Addr) string { return hashOf("client\n" + network(client)) }

func loginName(login string) string { return hashOf("login\n" + login) }

// familiarName names a network to a login. It is salted with the login, so that documents do not tell who
// works at one place.
func familiarName(login string, client netip.Addr) string {
	return hashOf("familiar\n" + login + "\n" + network(client))
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

// admit counts an attempt as failed, of the client and of the login, before its password is looked at, so
// that a thousand at once are no way around, and fails with a *ThrottledError where it has to wait. What is not
// a failure in the end, succeeded takes back.
func (r *Registry) admit(ctx context.Context, login string, client netip.Addr) error {
	err := r.count(ctx, clientName(client), func(e *entry) error { return e.charge(freeOfClient, r.o.Now()) })
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	if err = r.admitLogin(ctx, login, client); err != nil {
		r.uncount(ctx, clientName(client))
	}
	return err
}

// admitLogin is admit for whoever is signed in: of the client nothing is counted.
func (r *Registry) admitLogin(ctx context.Context, login string, client netip.Addr) error {
	b, err := r.people(ctx)
	account := err == nil && b.person(login) != nil
	err = r.count(ctx, loginName(login), func(e *entry) error {
		e.Account = account || e.Account
		return e.chargeFrom(familiarName(login, client), r.o.Now())
	})
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	return nil
}

// succeeded takes back the client's attempt, and welcomes the login. The client's failures go
// on counting: somebody who knows one password could try others in between.
func (r *Registry) succeeded(ctx context.Context, login string, client netip.Addr) {
	r.uncount(ctx, clientName(client))
	r.welcome(ctx, login, client)
}

// welcome forgets the failures that would hold up the login of an account here, and makes where it comes from
// familiar. An address that nothing is known of never is.
func (r *Registry) welcome(ctx context.Context, login string, client netip.Addr) {
	err := r.count(ctx, loginName(login), func(e *entry) error {
		e.Account = true
		if client.IsValid() {
			e.welcome(familiarName(login, client), r.o.Now())
		} else {
			e.tally = tally{Last: r.o.Now().UTC()}
		}
		return nil
	})
	if err != nil {
		r.o.Log.WarnContext(ctx, "failed attempts to sign in go on counting", slog.Any("error", err))
	}
}

func (r *Registry) uncount(ctx context.Context, name string) {
	err := r.count(ctx, name, func(e *entry) error {
		e.N = max(0, e.N-1)
		return nil
	})
	if err != nil {
		r.o.Log.WarnContext(ctx, "an attempt to sign in goes on counting as failed", slog.Any("error", err))
	}
}

// count changes what is counted under a name, in whichever document holds it.
func (r *Registry) count(ctx context.Context, name string, change func(*entry) error) error {
	ctx = context.WithoutCancel(ctx) // who hangs up is counted too
	_, err := amend(ctx, r.docs, throttleKey(name), func(f *failures) error {
		f.Version = documentVersion
		e := f.Of[name]
		if err := change(&e); err != nil {
			return err
		}
		f.put(name, e)
		f.prune(r.o.Now())
		return nil
	})
	return err
}
