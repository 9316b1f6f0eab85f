package people

import (
	"context"
	"fmt"
	"time"

	"videoteca/archive"
)

// setUpTerm is how long the link that makes the first administrator is good.
const setUpTerm = time.Hour

// SetUp draws the one-time link that makes the first administrator, and returns its secret. It is
// empty where there is an administrator, or where a link that another process drew is still good:
// nobody becomes one by being first to visit.
func (r *Registry) SetUp(ctx context.Context) (secret string, err error) {
	secret = newSecret()
	drawn := false
	now := r.now()
	b, err := r.latest(ctx)
	if err != nil {
		return "", err
	}
	if b.governed() {
		return "", nil
	}
	_, err = r.amend(ctx, func(b *book) error {
		drawn = !b.governed() && (b.SetUp == nil || !now.Before(b.SetUp.Ends))
		if drawn {
			b.SetUp = &link{Hash: hashOf(secret), Ends: now.Add(setUpTerm)}
		}
		return nil
	})
	if err != nil || !drawn {
		return "", err
	}
	return secret, nil
}

// Governed reports whether there is an administrator who can sign in.
func (r *Registry) Governed(ctx context.Context) (bool, error) {
	b, err := r.latest(ctx)
	if err != nil {
		return false, err
	}
	return b.governed(), nil
}

// CheckSetUp reports whether the set-up link with the secret is still good: nil, or ErrSpent.
func (r *Registry) CheckSetUp(ctx context.Context, secret string) error {
	b, err := r.latest(ctx)
	if err != nil {
		return err
	}
	if b.governed() || !b.SetUp.opens(secret, r.now()) {
		return ErrSpent
	}
	return nil
}

// RedeemSetUp makes the first administrator. The link is dead afterwards, and so is any other.
// What is wrong with the account gets a *archive.FieldError and leaves the link as it is.
func (r *Registry) RedeemSetUp(ctx context.Context, secret string, n NewAccount) (Account, error) {
	n.Roles = []Role{Admin}
	if err := r.CheckSetUp(ctx, secret); err != nil {
		return Account{}, err
	}
	if err := n.check(); err != nil {
		return Account{}, err
	}
	if err := CheckPassword(n.Password, n.Login); err != nil {
		return Account{}, err
	}
	hash, err := r.hasher.hash(ctx, n.Password)
	if err != nil {
		return Account{}, err
	}
	p := person{Login: n.Login, Name: n.Name, Roles: n.Roles, Language: n.Language, Created: r.now(), Password: hash}
	_, err = r.amend(ctx, func(b *book) error {
		if b.governed() || !b.SetUp.opens(secret, r.now()) {
			return ErrSpent
		}
		b.SetUp = nil
		return b.add(p)
	})
	if err != nil {
		return Account{}, fmt.Errorf("setting up: %w", err)
	}
	r.note(ctx, "", "set-up", n.Login, "", string(Admin))
	return p.account(), nil
}

// Invite draws a link by which somebody sets the password of an account, the first or a new one
// where theirs is forgotten. It is good for a day and ends any link before it; sessions go on until
// the password is set.
func (r *Registry) Invite(ctx context.Context, login, by string) (secret string, err error) {
	secret = newSecret()
	_, err = r.change(ctx, login, by, "invite", func(p *person) (string, string, error) {
		if p.Disabled {
			return "", "", &archive.FieldError{Field: "login", Problem: p.Login + " is disabled", Cure: "enable the account first", Cause: archive.ErrConflict}
		}
		p.Invite = &link{Hash: hashOf(secret), Ends: r.now().Add(inviteTerm)}
		return "", "", nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Invited finds whom a link invites; a link that is no longer good gets ErrSpent.
func (r *Registry) Invited(ctx context.Context, secret string) (Account, error) {
	b, err := r.latest(ctx)
	if err != nil {
		return Account{}, err
	}
	for i := range b.People {
		if p := &b.People[i]; !p.Disabled && p.Invite.opens(secret, r.now()) {
			return p.account(), nil
		}
	}
	return Account{}, ErrSpent
}

// RedeemInvite sets the password of whom the link invites, which ends their sessions and the link.
func (r *Registry) RedeemInvite(ctx context.Context, secret, password string) (Account, error) {
	a, err := r.Invited(ctx, secret)
	if err != nil {
		return Account{}, err
	}
	if err := CheckPassword(password, a.Login); err != nil {
		return Account{}, err
	}
	hash, err := r.hasher.hash(ctx, password)
	if err != nil {
		return Account{}, err
	}
	return r.change(ctx, a.Login, a.Login, "join", func(p *person) (string, string, error) {
		if p.Disabled || !p.Invite.opens(secret, r.now()) {
			return "", "", ErrSpent
		}
		p.Password, p.Invite = hash, nil
		p.Epoch++
		return "", "", nil
	})
}
