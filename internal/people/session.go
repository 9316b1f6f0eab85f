package people

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// sessionTerm is how long a session lasts at most.
const sessionTerm = 30 * 24 * time.Hour

// longestAgent bounds what is kept of a browser's name, in bytes.
const longestAgent = 200

const sessionsPrefix = "accounts/sessions/"

func sessionKey(hash string) string { return sessionsPrefix + hash + ".json" }

// session is one as it is stored, under the hash of its secret.
type session struct {
	Version int       `json:"version"`
	Login   string    `json:"login"`
	Epoch   int       `json:"epoch"`
	Created time.Time `json:"created"`
	Ends    time.Time `json:"ends"`
	Agent   string    `json:"agent,omitempty"`
}

// Attempt is an attempt to sign in.
type Attempt struct {
	Login    string
	Password string
	Client   netip.Addr // whence; the zero address is one client like another
	Agent    string     // what the browser calls itself
}

// SignIn starts a session, and returns its secret. What does not belong together gets ErrSignIn, and
// too many attempts a *ThrottledError, also where the password is right.
func (r *Registry) SignIn(ctx context.Context, a Attempt) (secret string, who Identity, err error) {
	a.Login = strings.ToLower(strings.TrimSpace(a.Login)) // which is how they are all written
	if err := r.admit(ctx, a.Login, a.Client); err != nil {
		return "", Identity{}, err
	}
	b, err := r.latest(ctx)
	if err != nil {
		return "", Identity{}, err
	}
	stored := ""
	p := b.person(a.Login)
	if p != nil && !p.Disabled {
		stored = p.Password
	}
	ok, err := r.hasher.matches(ctx, a.Password, stored)
	if err != nil {
		return "", Identity{}, fmt.Errorf("signing in: %w", err)
	}
	if !ok {
		return "", Identity{}, ErrSignIn
	}
	r.succeeded(ctx, a.Login, a.Client)
	if r.hasher.stale(stored) {
		r.rehash(ctx, p.Login, a.Password, stored)
	}
	secret, err = r.begin(ctx, p, a.Agent)
	return secret, p.identity(BySession), err
}

// SignInAs starts a session for somebody who has just shown who they are by a one-time link. Failed attempts
// hold nobody up here, and where they come from is familiar afterwards.
func (r *Registry) SignInAs(ctx context.Context, login, agent string, client netip.Addr) (secret string, err error) {
	b, err := r.latest(ctx)
	if err != nil {
		return "", err
	}
	p, err := b.must(login)
	if err != nil {
		return "", err
	}
	if p.Disabled {
		return "", ErrSignIn
	}
	r.welcome(ctx, login, client)
	return r.begin(ctx, p, agent)
}

func (r *Registry) begin(ctx context.Context, p *person, agent string) (string, error) {
	secret := newSecret()
	s := session{Version: documentVersion, Login: p.Login, Epoch: p.Epoch, Created: r.now(), Ends: r.now().Add(sessionTerm), Agent: clipped(agent)}
	if err := write(ctx, r.docs, sessionKey(hashOf(secret)), s, ""); err != nil {
		return "", fmt.Errorf("starting a session: %w", err)
	}
	r.memory.keepSession(hashOf(secret), &s, r.o.Now())
	return secret, nil
}

func clipped(agent string) string {
	if len(agent) > longestAgent {
		agent = agent[:longestAgent]
	}
	clean := []rune{}
	for _, c := range agent {
		if c >= ' ' && c < 0x7f {
			clean = append(clean, c)
		}
	}
	return string(clean)
}

// rehash brings a hash to today's cost. Failing, the old one goes on being good.
func (r *Registry) rehash(ctx context.Context, login, password, stored string) {
	hash, err := r.hasher.hash(ctx, password)
	if err != nil {
		return
	}
	_, _ = r.amend(ctx, func(b *book) error {
		if p := b.person(login); p != nil && p.Password == stored {
			p.Password = hash
		}
		return nil
	})
}

// Session finds who has a session's secret, or ErrNobody.
func (r *Registry) Session(ctx context.Context, secret string) (Identity, error) {
	if !plausible(secret) {
		return Identity{}, ErrNobody
	}
	s, err := r.session(ctx, hashOf(secret))
	if err != nil {
		return Identity{}, err
	}
	p, err := r.ownerOf(ctx, s)
	if err != nil {
		return Identity{}, err
	}
	if p != nil && s.Epoch < p.Epoch {
		if s, err = r.renewed(ctx, hashOf(secret), p); err != nil {
			return Identity{}, err
		}
	}
	if p == nil || !p.holds(s, r.now()) {
		return Identity{}, ErrNobody
	}
	return p.identity(BySession), nil
}

// ownerOf is the account of a session, nil for none. A session that is later than what is remembered of
// its account was renewed, or begun, by another process: the accounts are then read again.
func (r *Registry) ownerOf(ctx context.Context, s *session) (*person, error) {
	b, err := r.people(ctx)
	if err != nil {
		return nil, err
	}
	p := b.person(s.Login)
	if p != nil && s.Epoch <= p.Epoch {
		return p, nil
	}
	if b, err = r.latest(ctx); err != nil {
		return nil, err
	}
	return b.person(s.Login), nil
}

// renewed reads a session again that seems to be of an earlier epoch: another process may have carried it
// over. One that was not is remembered as nobody's, so that its secret costs no read for every request.
func (r *Registry) renewed(ctx context.Context, hash string, p *person) (*session, error) {
	s, err := r.readSession(ctx, hash)
	if err != nil {
		return nil, err
	}
	if s.Epoch < p.Epoch {
		r.memory.keepSession(hash, nil, r.o.Now())
	}
	return s, nil
}

// holds reports whether a session of the account is still good.
func (p *person) holds(s *session, now time.Time) bool {
	return !p.Disabled && p.Epoch == s.Epoch && now.Before(s.Ends)
}

func (r *Registry) session(ctx context.Context, hash string) (*session, error) {
	now := r.o.Now()
	known, met := r.memory.knownSession(hash)
	if met && known.fresh(now) {
		return existing(known.item)
	}
	s, err := r.readSession(ctx, hash)
	if err != nil && met && known.item != nil && known.honoured(now) && unavailable(err) {
		r.memory.triedSession(hash, now)
		return known.item, nil
	}
	return s, err
}

// readSession reads a session from the store, and remembers it. One that is not there is ErrNobody.
func (r *Registry) readSession(ctx context.Context, hash string) (*session, error) {
	now := r.o.Now()
	var s session
	etag, err := read(ctx, r.docs, sessionKey(hash), &s)
	if err != nil {
		return nil, err
	}
	if etag == "" {
		r.memory.keepSession(hash, nil, now)
		return nil, ErrNobody
	}
	r.memory.keepSession(hash, &s, now)
	return &s, nil
}

func existing(s *session) (*session, error) {
	if s == nil {
		return nil, ErrNobody
	}
	return s, nil
}

// SignOut ends a session. One that is not there is no error.
func (r *Registry) SignOut(ctx context.Context, secret string) error {
	if !plausible(secret) {
		return nil
	}
	return r.end(ctx, hashOf(secret))
}

func (r *Registry) end(ctx context.Context, hash string) error {
	if err := r.docs.Delete(ctx, sessionKey(hash)); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	r.memory.keepSession(hash, nil, r.o.Now())
	return nil
}

// renew carries one session over into the account's new epoch. Where a process that listed sessions has
// just taken it for one of the earlier epoch and removed it, it is written again as it was before.
func (r *Registry) renew(ctx context.Context, secret string, before session) error {
	b, err := r.latest(ctx)
	if err != nil {
		return err
	}
	p, err := b.must(before.Login)
	if err != nil {
		return err
	}
	s, err := amend(ctx, r.docs, sessionKey(hashOf(secret)), func(s *session) error {
		if s.Login == "" {
			*s = before
		}
		s.Epoch = p.Epoch
		return nil
	})
	if err == nil {
		r.memory.keepSession(hashOf(secret), &s, r.o.Now())
	}
	return err
}
