package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"videoteca/archive"
)

// Session is one place where somebody is signed in.
type Session struct {
	ID      string // the beginning of its hash; not secret
	Created time.Time
	Ends    time.Time
	Agent   string // what the browser calls itself
	Current bool   // whether it is the one that asks
}

// shownID is how much of a hash names a session to people.
const shownID = 16

// sessionsAtOnce is how many sessions are read from the store side by side: a newsroom has hundreds.
const sessionsAtOnce = 8

// Sessions is where somebody is signed in, the newest first; current is the secret of the one that asks.
func (r *Registry) Sessions(ctx context.Context, login, current string) ([]Session, error) {
	stored, err := r.sessionsOf(ctx, login)
	if err != nil {
		return nil, err
	}
	var list []Session
	for _, s := range stored {
		list = append(list, Session{ID: s.hash[:shownID], Created: s.Created, Ends: s.Ends, Agent: s.Agent, Current: s.hash == hashOf(current)})
	}
	slices.SortFunc(list, func(a, b Session) int { return b.Created.Compare(a.Created) })
	return list, nil
}

// EndSession ends a session of an account by its id. An unknown one gets archive.ErrNotFound.
func (r *Registry) EndSession(ctx context.Context, login, id, by string) error {
	stored, err := r.sessionsOf(ctx, login)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(stored, func(s storedSession) bool { return s.hash[:shownID] == id })
	if i < 0 {
		return fmt.Errorf("session %s of %s: %w", id, login, archive.ErrNotFound)
	}
	if err := r.end(ctx, stored[i].hash); err != nil {
		return err
	}
	r.note(ctx, by, "end-session", login, "", id)
	return nil
}

// storedSession is a session and the hash that names it.
type storedSession struct {
	session
	hash string
}

// sessionsOf is every session of an account that is not over, in the order of their hashes. It removes
// those of anybody that are.
func (r *Registry) sessionsOf(ctx context.Context, login string) ([]storedSession, error) {
	// The accounts come first and are read anew: of a session that is renewed meanwhile, one then sees at
	// worst a later epoch than the account's, and never takes it for an earlier one's.
	b, err := r.latest(ctx)
	if err != nil {
		return nil, err
	}
	hashes, err := r.sessionHashes(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]*session, len(hashes))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(sessionsAtOnce)
	for i, hash := range hashes {
		group.Go(func() error {
			var err error
			found[i], err = r.unlessOver(groupCtx, b, hash)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	var list []storedSession
	for i, s := range found {
		if s != nil && s.Login == login {
			list = append(list, storedSession{*s, hashes[i]})
		}
	}
	return list, nil
}

// unlessOver reads a session. It removes one that is over, and returns nil for it as for one that is not there.
func (r *Registry) unlessOver(ctx context.Context, b *book, hash string) (*session, error) {
	var s session
	etag, err := read(ctx, r.docs, sessionKey(hash), &s)
	if err != nil || etag == "" {
		return nil, err
	}
	if s.over(b.person(s.Login), r.now()) {
		return nil, r.end(ctx, hash)
	}
	return &s, nil
}

// over reports whether a session can never be good again: it has ended, or its account, nil where that is
// not known, has a later epoch.
func (s *session) over(p *person, now time.Time) bool {
	return !now.Before(s.Ends) || p != nil && s.Epoch < p.Epoch
}

// sessionHashes names every session that is stored.
func (r *Registry) sessionHashes(ctx context.Context) ([]string, error) {
	var hashes []string
	for key, err := range r.docs.List(ctx, sessionsPrefix) {
		if err != nil {
			return nil, fmt.Errorf("listing sessions: %w", err)
		}
		if hash, ok := hashIn(key); ok {
			hashes = append(hashes, hash)
		}
	}
	return hashes, nil
}

// hashIn is the hash by which a key names a session.
func hashIn(key string) (string, bool) {
	if len(key) != len(sessionKey(hashOf(""))) {
		return "", false
	}
	return strings.TrimSuffix(key[len(sessionsPrefix):], ".json"), true
}
