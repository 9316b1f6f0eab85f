package people

import (
	"context"
	"slices"
	"time"

	"videoteca/archive"
)

const bookKey = "accounts/people.json"

// book is everybody, as one document.
type book struct {
	Version int      `json:"version"`
	SetUp   *link    `json:"setUp,omitempty"`
	People  []person `json:"people"`
}

// link is a one-time secret of which the hash is kept.
type link struct {
	Hash string    `json:"hash"`
	Ends time.Time `json:"ends"`
}

func (l *link) opens(secret string, now time.Time) bool {
	return l != nil && now.Before(l.Ends) && l.Hash == hashOf(secret)
}

// person is an account as it is stored.
type person struct {
	Login     string        `json:"login"`
	Name      string        `json:"name,omitempty"`
	Roles     []Role        `json:"roles"`
	Disabled  bool          `json:"disabled,omitempty"`
	Language  string        `json:"language,omitempty"`
	Created   time.Time     `json:"created"`
	CreatedBy string        `json:"createdBy,omitempty"`
	Password  string        `json:"password,omitempty"` // PHC string
	Epoch     int           `json:"epoch,omitempty"`    // sessions of an earlier one are over
	Invite    *link         `json:"invite,omitempty"`
	Tokens    []storedToken `json:"tokens,omitempty"`
	Feed      *storedFeed   `json:"feed,omitempty"`
}

// storedToken is a token as it is stored.
type storedToken struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Hash    string       `json:"hash"`
	Scopes  []Permission `json:"scopes"`
	Created time.Time    `json:"created"`
	Expires time.Time    `json:"expires"`
	Used    time.Time    `json:"used,omitzero"`
}

// person finds an account, or nil. The pointer is into b.
func (b *book) person(login string) *person {
	for i := range b.People {
		if b.People[i].Login == login {
			return &b.People[i]
		}
	}
	return nil
}

// must is person where a missing one is an error.
func (b *book) must(login string) (*person, error) {
	if p := b.person(login); p != nil {
		return p, nil
	}
	return nil, &archive.FieldError{Field: "login", Problem: "nobody is called " + login, Cure: "choose one of the accounts there are", Cause: archive.ErrNotFound}
}

// add is for a login that is not taken.
func (b *book) add(p person) error {
	if b.person(p.Login) != nil {
		return &archive.FieldError{Field: "login", Problem: p.Login + " is taken", Cure: "choose another", Cause: archive.ErrConflict}
	}
	b.People = append(b.People, p)
	return nil
}

// governed reports whether somebody can let others in: an administrator who has a password.
func (b *book) governed() bool {
	return slices.ContainsFunc(b.People, func(p person) bool {
		return !p.Disabled && p.Password != "" && slices.Contains(p.Roles, Admin)
	})
}

// amend changes the book. A change after which nobody could let others in is refused, where
// somebody could before.
func (r *Registry) amend(ctx context.Context, change func(*book) error) (book, error) {
	b, err := amend(ctx, r.docs, bookKey, func(b *book) error {
		governed := b.governed()
		if err := change(b); err != nil {
			return err
		}
		if governed && !b.governed() {
			return &archive.FieldError{Field: "roles", Problem: "nobody would be left to manage accounts", Cure: "make somebody else an administrator first", Cause: archive.ErrConflict}
		}
		b.Version = documentVersion
		return nil
	})
	if err == nil {
		r.memory.keepBook(b, r.o.Now())
	}
	return b, err
}

func (p *person) account() Account {
	a := Account{
		Login: p.Login, Name: p.Name, Roles: slices.Clone(p.Roles), Disabled: p.Disabled, Language: p.Language,
		Created: p.Created, CreatedBy: p.CreatedBy, HasPassword: p.Password != "",
	}
	if a.Name == "" {
		a.Name = p.Login
	}
	if p.Invite != nil {
		a.InviteEnds = p.Invite.Ends
	}
	if p.Feed != nil {
		a.Feed = &FeedAddress{Created: p.Feed.Created, Used: p.Feed.Used}
	}
	for _, t := range p.Tokens {
		a.Tokens = append(a.Tokens, t.token())
	}
	return a
}

func (t storedToken) token() Token {
	return Token{ID: t.ID, Name: t.Name, Scopes: slices.Clone(t.Scopes), Created: t.Created, Expires: t.Expires, Used: t.Used}
}

func (p *person) identity(via Means) Identity {
	a := p.account()
	return Identity{Login: a.Login, Name: a.Name, Roles: a.Roles, Permissions: grantedTo(a.Roles), Via: via, Language: a.Language}
}
