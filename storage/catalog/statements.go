package catalog

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// mostStatements bounds what is kept prepared: a listing has a text for each number of its conditions.
const mostStatements = 64

// statements keeps those prepared that readers ask again and again: to prepare one takes as long as to
// read a short page with it. The zero value is of no use; it is safe for concurrent use.
type statements struct {
	db *sql.DB

	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

// query is that of the database, with a statement that is prepared once.
func (s *statements) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	prepared, err := s.prepared(ctx, text) //nolint:sqlclosecheck // by close
	if err != nil {
		return nil, err
	}
	if prepared == nil {
		return s.db.QueryContext(ctx, text, args...)
	}
	return prepared.QueryContext(ctx, args...)
}

// prepared is the statement, or nil where there are too many already.
func (s *statements) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if known, full := s.known(text); known != nil || full {
		return known, nil
	}
	prepared, err := s.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.keep(text, prepared)
}

func (s *statements) known(text string) (known *sql.Stmt, full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[text], len(s.kept) >= mostStatements
}

// keep keeps a statement, or closes it where another has prepared the same meanwhile. Nobody waits for
// the preparing, which needs a connection.
func (s *statements) keep(text string, prepared *sql.Stmt) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.kept[text]; ok {
		return known, prepared.Close()
	}
	if s.kept == nil {
		s.kept = map[string]*sql.Stmt{}
	}
	s.kept[text] = prepared
	return prepared, nil
}

func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, prepared := range s.kept {
		err = errors.Join(err, prepared.Close())
	}
	s.kept = nil
	return err
}
