package catalog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

func count(t *testing.T, s *statements, text string, args ...any) (n int) {
	t.Helper()
	rows, err := s.query(t.Context(), text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStatementsAreKeptPreparedUpToABound(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 3)
	s := &statements{db: c.reader}
	for i := range 2 * mostStatements {
		if n := count(t, s, fmt.Sprintf("SELECT seq FROM videos WHERE seq > ? AND %d = %d", i, i), 0); n != 3 {
			t.Fatalf("statement %d gives %d rows", i, n)
		}
	}
	if len(s.kept) != mostStatements {
		t.Errorf("%d are kept", len(s.kept))
	}
	if err := s.close(); err != nil || len(s.kept) != 0 {
		t.Errorf("%d are left, %v", len(s.kept), err)
	}
}

func TestAStatementThatIsNoneIsAnErrorEachTime(t *testing.T) {
	s := &statements{db: newCatalog(t).reader}
	for range 2 {
		if _, err := s.prepared(t.Context(), "SELECT nothing FROM nowhere"); err == nil { //nolint:sqlclosecheck // there is none
			t.Error("no error")
		}
	}
	if len(s.kept) != 0 {
		t.Errorf("%d are kept", len(s.kept))
	}
}

// Who gives up while a statement is prepared spoils it for nobody else.
func TestAStatementOutlivesWhoAskedFirst(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 3)
	s := &statements{db: c.reader}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.prepared(ctx, selectAll); !errors.Is(err, context.Canceled) { //nolint:sqlclosecheck // there is none
		t.Errorf("got %v", err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if n := count(t, s, selectAll, "", 10); n != 3 {
				t.Errorf("%d rows", n)
			}
		})
	}
	wait.Wait()
}
