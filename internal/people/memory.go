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
	honoured  = time.Hour        // while the store cannot be asked
	mostKnown = 10_000           // sessions remembered
)

// remembered is something read, and when.
type remembered[T any] struct {
	item T
	read time.Time
}

// memory is what was read lately. It is safe for concurrent use.
type memory struct {
	mu       sync.Mutex
	book     remembered[*book]
	sessions map[string]remembered[*session] // by hash; nil: there was none
}

func (m *memory) keepBook(b book, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.book = remembered[*book]{&b, at}
}

func (m *memory) keepSession(hash string, s *session, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sessions == nil || len(m.sessions) >= mostKnown {
		m.sessions = map[string]remembered[*session]{} // read again; it is small
	}
	m.sessions[hash] = remembered[*session]{s, at}
}

func (m *memory) knownBook() remembered[*book] {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.book
}

func (m *memory) knownSession(hash string) (remembered[*session], bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[hash]
	return s, ok
}

// people is the book, at most freshFor old, or honoured where the store cannot be asked. It must
// not be altered.
func (r *Registry) people(ctx context.Context) (*book, error) {
	known, now := r.memory.knownBook(), r.o.Now()
	if known.item != nil && now.Sub(known.read) < freshFor {
		return known.item, nil
	}
	b, err := r.latest(ctx)
	if err == nil {
		return b, nil
	}
	if known.item != nil && now.Sub(known.read) < honoured && unavailable(err) {
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
