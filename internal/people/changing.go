package people

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// inviteTerm is how long a link that sets a password is good.
const inviteTerm = 24 * time.Hour

// Add makes an account with a password, or, without one, an account that nobody can sign in to
// until it is invited. By is who does so, empty for the machine's own administrator.
func (r *Registry) Add(ctx context.Context, n NewAccount, by string) (Account, error) {
	if err := n.check(); err != nil {
		return Account{}, err
	}
	p := person{Login: n.Login, Name: n.Name, Roles: slices.Clone(n.Roles), Language: n.Language, Created: r.now(), CreatedBy: by}
	if n.Password != "" {
		hash, err := r.hasher.hash(ctx, n.Password)
		if err != nil {
			return Account{}, err
		}
		p.Password = hash
	}
	if _, err := r.amend(ctx, func(b *book) error { return b.add(p) }); err != nil {
		return Account{}, fmt.Errorf("adding account %s: %w", n.Login, err)
	}
	r.note(ctx, by, "add", n.Login, "", rolesText(n.Roles))
	return p.account(), nil
}

// change alters one account and notes what was done.
func (r *Registry) change(ctx context.Context, login, by, verb string, alter func(*person) (before, after string, err error)) (Account, error) {
	var was, is string
	var changed person
	_, err := r.amend(ctx, func(b *book) error {
		p, err := b.must(login)
		if err != nil {
			return err
		}
		if was, is, err = alter(p); err != nil {
			return err
		}
		changed = *p
		return nil
	})
	if err != nil {
		return Account{}, fmt.Errorf("changing account %s: %w", login, err)
	}
	r.note(ctx, by, verb, login, was, is)
	return changed.account(), nil
}

// SetRoles gives an account other roles. It acts at once, also on sessions and tokens there are.
func (r *Registry) SetRoles(ctx context.Context, login string, roles []Role, by string) (Account, error) {
	if len(roles) == 0 {
		_, err := ParseRoles(nil)
		return Account{}, err
	}
	return r.change(ctx, login, by, "roles", func(p *person) (string, string, error) {
		was := rolesText(p.Roles)
		p.Roles = slices.Clone(roles)
		return was, rolesText(roles), nil
	})
}

// Disable keeps an account from signing in, and ends its sessions. Its tokens no longer count.
func (r *Registry) Disable(ctx context.Context, login, by string) (Account, error) {
	return r.change(ctx, login, by, "disable", func(p *person) (string, string, error) {
		p.Disabled, p.Invite = true, nil
		p.Epoch++
		return "", "", nil
	})
}

// Enable undoes Disable. Who was signed in signs in again.
func (r *Registry) Enable(ctx context.Context, login, by string) (Account, error) {
	return r.change(ctx, login, by, "enable", func(p *person) (string, string, error) {
		p.Disabled = false
		return "", "", nil
	})
}

// SetProfile changes how somebody is called and in which language pages come.
func (r *Registry) SetProfile(ctx context.Context, login, name, language, by string) (Account, error) {
	if err := checkName(name); err != nil {
		return Account{}, err
	}
	if err := checkLanguage(language); err != nil {
		return Account{}, err
	}
	return r.change(ctx, login, by, "profile", func(p *person) (string, string, error) {
		was := profileText(p)
		p.Name, p.Language = name, language
		return was, profileText(p), nil
	})
}

// ChangePassword sets somebody's own password, who must know the old one: failures count as those to
// sign in from client do, and too many get a *ThrottledError. All their other sessions end; keep is the
// secret of the one that stays.
func (r *Registry) ChangePassword(ctx context.Context, login, old, fresh, keep string, client netip.Addr) error {
	if err := CheckPassword(fresh, login); err != nil {
		return err
	}
	if err := r.admitLogin(ctx, login, client); err != nil {
		return err
	}
	b, err := r.latest(ctx)
	if err != nil {
		return err
	}
	p, err := b.must(login)
	if err != nil {
		return err
	}
	ok, err := r.hasher.matches(ctx, old, p.Password)
	if err != nil {
		return err
	}
	if !ok {
		return &archive.FieldError{Field: "old", Problem: "it is not your password", Cure: "type the password that you sign in with"}
	}
	r.welcome(ctx, login, client)
	return r.replacePassword(ctx, login, fresh, keep)
}

// replacePassword sets a password and carries the session that has the secret over, if that is one of the account's.
func (r *Registry) replacePassword(ctx context.Context, login, fresh, keep string) error {
	if !plausible(keep) {
		return r.setPassword(ctx, login, fresh, login, "password")
	}
	before, err := r.readSession(ctx, hashOf(keep))
	if err == nil && before.Login != login {
		err = ErrNobody
	}
	if err != nil {
		return err
	}
	if err := r.setPassword(ctx, login, fresh, login, "password"); err != nil {
		return err
	}
	return r.renew(ctx, keep, *before)
}

// setPassword ends every session of the account.
func (r *Registry) setPassword(ctx context.Context, login, password, by, verb string) error {
	if err := CheckPassword(password, login); err != nil {
		return err
	}
	hash, err := r.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = r.change(ctx, login, by, verb, func(p *person) (string, string, error) {
		p.Password, p.Invite = hash, nil
		p.Epoch++
		return "", "", nil
	})
	return err
}

func profileText(p *person) string {
	return strings.TrimSpace(p.Name + " " + p.Language)
}

func rolesText(roles []Role) string {
	text := ""
	for i, r := range roles {
		if i > 0 {
			text += ", "
		}
		text += string(r)
	}
	return text
}
