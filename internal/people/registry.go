package people

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

var (
	// ErrSignIn says that login and password do not belong together, without saying which is wrong.
	ErrSignIn = errors.New("login or password is wrong")
	// ErrNobody says that a secret is nobody's: wrong, expired, revoked, or of a disabled account.
	ErrNobody = errors.New("not signed in")
	// ErrSpent says that a one-time link is used up, too old, or was never one.
	ErrSpent = errors.New("this link is used up or too old")
)

// Options tune a Registry. The zero value is good.
type Options struct {
	Cost Cost             // of hashing passwords
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: discarded

	// Background starts work that no request waits for, with a context that ends when the process does.
	// Nil: the request that gave rise to it waits for it.
	Background func(work func(context.Context))
}

// Registry is everybody who works here. It is safe for concurrent use, and so are several of them on
// the same documents.
type Registry struct {
	docs   Documents
	o      Options
	hasher *hasher
	memory memory
	uses   uses
}

// New makes a registry on documents. It reads nothing yet.
func New(docs Documents, o Options) *Registry {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Registry{docs: docs, o: o, hasher: newHasher(o.Cost)}
}

// now is in UTC, to the second: finer times would only be noise in the documents.
func (r *Registry) now() time.Time { return r.o.Now().UTC().Truncate(time.Second) }

// Accounts is everybody, in the order in which they came.
func (r *Registry) Accounts(ctx context.Context) ([]Account, error) {
	b, err := r.people(ctx)
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, 0, len(b.People))
	for i := range b.People {
		accounts = append(accounts, b.People[i].account())
	}
	return accounts, nil
}

// Account finds one. A missing one gets a *archive.FieldError that wraps archive.ErrNotFound.
func (r *Registry) Account(ctx context.Context, login string) (Account, error) {
	b, err := r.people(ctx)
	if err != nil {
		return Account{}, err
	}
	p, err := b.must(login)
	if err != nil {
		return Account{}, err
	}
	return p.account(), nil
}
