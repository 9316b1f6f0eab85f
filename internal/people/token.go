package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// Bounds of tokens.
const (
	longestTerm = 366 * 24 * time.Hour
	mostTokens  = 50 // of one account
)

// NewToken is what it takes to make one.
type NewToken struct {
	Name    string
	Scopes  []Permission
	Expires time.Time
}

// CreateToken makes a token for a program that acts for somebody, and returns its secret, which
// nothing can show again. It never may more than its owner: who loses a role loses it in tokens too.
func (r *Registry) CreateToken(ctx context.Context, login string, n NewToken) (secret string, t Token, err error) {
	n.Name = strings.TrimSpace(n.Name)
	now := r.now()
	switch {
	case n.Name == "":
		return "", Token{}, &archive.FieldError{Field: "name", Problem: "there is none", Cure: "name the program that will use it"}
	case checkName(n.Name) != nil:
		return "", Token{}, checkName(n.Name)
	case len(n.Scopes) == 0:
		return "", Token{}, &archive.FieldError{Field: "scopes", Problem: "there are none", Cure: "choose what the program may do"}
	case !n.Expires.After(now) || n.Expires.Sub(now) > longestTerm:
		return "", Token{}, &archive.FieldError{Field: "expires", Problem: "it must end within a year", Cure: "choose a day between tomorrow and a year from today"}
	}
	secret = tokenPrefix + newSecret()
	fresh := storedToken{ID: newID(), Name: n.Name, Hash: hashOf(secret), Scopes: slices.Clone(n.Scopes), Created: now, Expires: n.Expires.UTC().Truncate(time.Second)}
	_, err = r.change(ctx, login, login, "token", func(p *person) (string, string, error) {
		granted := grantedTo(p.Roles)
		for _, s := range n.Scopes {
			if !slices.Contains(granted, s) {
				return "", "", &archive.FieldError{Field: "scopes", Problem: fmt.Sprintf("you may not %s yourself", s), Cure: "leave it out"}
			}
		}
		p.Tokens = slices.DeleteFunc(p.Tokens, func(t storedToken) bool { return !now.Before(t.Expires) })
		if len(p.Tokens) >= mostTokens {
			return "", "", &archive.FieldError{Field: "tokens", Problem: fmt.Sprintf("there are %d", mostTokens), Cure: "revoke one that is no longer used"}
		}
		p.Tokens = append(p.Tokens, fresh)
		return "", n.Name, nil
	})
	if err != nil {
		return "", Token{}, err
	}
	return secret, fresh.token(), nil
}

// RevokeToken ends a token. An unknown one gets archive.ErrNotFound.
func (r *Registry) RevokeToken(ctx context.Context, login, id, by string) error {
	_, err := r.change(ctx, login, by, "revoke", func(p *person) (string, string, error) {
		i := slices.IndexFunc(p.Tokens, func(t storedToken) bool { return t.ID == id })
		if i < 0 {
			return "", "", fmt.Errorf("token %s: %w", id, archive.ErrNotFound)
		}
		name := p.Tokens[i].Name
		p.Tokens = slices.Delete(p.Tokens, i, i+1)
		return name, "", nil
	})
	return err
}

// Token finds for whom a token's secret acts, and what it may do, or ErrNobody.
func (r *Registry) Token(ctx context.Context, secret string) (Identity, error) {
	if !IsToken(secret) {
		return Identity{}, ErrNobody
	}
	b, err := r.people(ctx)
	if err != nil {
		return Identity{}, err
	}
	hash, now := hashOf(secret), r.now()
	for i := range b.People {
		p := &b.People[i]
		for _, t := range p.Tokens {
			if t.Hash != hash || p.Disabled || !now.Before(t.Expires) {
				continue
			}
			r.used(ctx, p.Login, t)
			who := p.identity(ByToken)
			who.Permissions = slices.DeleteFunc(who.Permissions, func(p Permission) bool { return !slices.Contains(t.Scopes, p) })
			return who, nil
		}
	}
	return Identity{}, ErrNobody
}

// used notes the day on which a token was used.
func (r *Registry) used(ctx context.Context, login string, t storedToken) {
	r.noteUse(ctx, t.Hash, t.Used, func(b *book, day time.Time) error {
		p := b.person(login)
		if p == nil {
			return errNoted
		}
		i := slices.IndexFunc(p.Tokens, func(other storedToken) bool { return other.ID == t.ID })
		if i < 0 || !p.Tokens[i].Used.Before(day) {
			return errNoted
		}
		p.Tokens[i].Used = day
		return nil
	})
}
