package people

import (
	"context"
	"errors"
	"sync"
	"time"

	"videoteca/archive"
)

// How long what was read counts. Every page asks who somebody is, and the store may be far away.
const (
	freshFor  = 10 * time.Second // what another process changed acts after it at the latest
	honourFor = time.Hour        // while the store cannot be asked
	mostKnown = 10_000           // sessions remembered, and as many secrets that are nobody's
)

// remembered is something read, and when.
type remembered[T any] struct {
	item  T
	read  time.Time
	tried time.Time // when the store was asked last and could not be
}

func (r remembered[T]) honoured(now time.Time) bool { return now.Sub(r.read) < honourFor }

// fresh reports whether the store need not be asked: it was lately, or just failed to answer.
// A store that takes seconds to fail would otherwise hold up every page.
func (r remembered[T]) fresh(now time.Time) bool {
	return now.Sub(r.read) < freshFor || r.honoured(now) && now.Sub(r.tried) < freshFor
}

// memory is what was read lately. It is safe for concurrent use.
type memory struct {
	mu       sync.Mutex
	book     remembered[*book]
	sessions map[string]remembered[*session] // by hash
	nobodys  map[string]remembered[*session] // by hash: there was none. Apart, so that made-up secrets push out nobody
}

func (m *memory) keepBook(b book, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.book = remembered[*book]{item: &b, read: at}
}

func (m *memory) keepSession(hash string, s *session, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, hash)
	delete(m.nobodys, hash)
	into := &m.sessions
	if s == nil {
		into = &m.nobodys
	}
	if *into == nil || len(*into) >= mostKnown {
		*into = map[string]remembered[*session]{} // read again; it is small
	}
	(*into)[hash] = remembered[*session]{item: s, read: at}
}

func (m *memory) triedSession(hash string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.sessions[hash]; ok {
		s.tried = at
		m.sessions[hash] = s
	}
}

func (m *memory) triedBook(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.book.tried = at
}

func (m *memory) knownBook() remembered[*book] {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.book
}

func (m *memory) knownSession(hash string) (remembered[*session], bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.sessions[hash]; ok {
		return s, true
	}
	s, ok := m.nobodys[hash]
	return s, ok
}

// people is the book, at most freshFor old, or honoured where the store cannot be asked. It must
// not be altered.
func (r *Registry) people(ctx context.Context) (*book, error) {
	known, now := r.memory.knownBook(), r.o.Now()
	if known.item != nil && known.fresh(now) {
		return known.item, nil
	}
	b, err := r.latest(ctx)
	if err == nil {
		return b, nil
	}
	if known.item != nil && known.honoured(now) && unavailable(err) {
		r.memory.triedBook(now)
		return known.item, nil
	}
	return nil, err
}

// latest is the book as it stands, for what must not act on what was: signing in, and one-time links.
func (r *Registry) latest(ctx context.Context) (*book, error) {
	now := r.o.Now()
	var b book
	if _, err := read(ctx, r.docs, bookKey, &b); err != nil {
		return nil, err
	}
	r.memory.keepBook(b, now)
	return &b, nil
}

// unavailable reports whether an error says that the store could not be asked.
func unavailable(err error) bool {
	return errors.Is(err, archive.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
}
