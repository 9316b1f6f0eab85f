package catalog

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// watchInterval is how long a commit of another process may go unnoticed by
// what is cached in memory. SQLite answers in microseconds, but not in none.
const watchInterval = time.Second

// watch asks SQLite whether anybody else has written.
type watch struct {
	conn *sql.Conn // data_version means something only between calls on one connection
	mu   sync.Mutex
	seen int64
	next time.Time // when to ask again
}

// changes returns a number that grows whenever a record may have changed: at
// once for writes of this Catalog, within watchInterval for those of others.
func (c *Catalog) changes(ctx context.Context) uint64 {
	// Whoever finds another asking goes on with what is known.
	if c.watch.mu.TryLock() {
		defer c.watch.mu.Unlock()
		c.look(ctx)
	}
	return c.written.Load()
}

func (c *Catalog) look(ctx context.Context) {
	if time.Now().Before(c.watch.next) {
		return
	}
	// One reader's departure must not keep the others from hearing of a change.
	version, err := c.watch.version(context.WithoutCancel(ctx))
	c.watch.next = time.Now().Add(watchInterval)
	if err != nil {
		// Better to read again than to serve what may be stale.
		c.log.WarnContext(ctx, "asking the catalog for changes", slog.Any("error", err))
		c.written.Add(1)
		return
	}
	if version != c.watch.seen {
		c.watch.seen = version
		c.written.Add(1)
	}
}

func (w *watch) version(ctx context.Context) (int64, error) {
	var version int64
	err := w.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version)
	return version, err
}

func (w *watch) close() error {
	if w.conn == nil {
		return nil
	}
	if err := w.conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}
