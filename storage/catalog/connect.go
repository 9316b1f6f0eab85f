package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"modernc.org/sqlite"
)

// readers is how many connections read at once: more than the cores of a small
// machine, few enough that each may keep its 2 MB of pages.
const readers = 4

// connect opens a pool of at most n connections to the file, with all of them
// kept: a connection opened later would meet the new file where another process
// has replaced the one that the others still use.
func connect(ctx context.Context, path string, n int, settings url.Values) (*sql.DB, error) {
	settings.Set("_busy_timeout", "5000") // ms; a batch of a Fill takes a few hundred
	settings.Set("_synchronous", "NORMAL")
	settings.Set("_dqs", "0")
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + settings.Encode()
	connector, err := sqlite.NewConnector(name)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	if err := warm(ctx, db, n); err != nil {
		_ = db.Close() // the error of opening says more
		return nil, err
	}
	return db, nil
}

// warm opens n connections and gives them back to the pool.
func warm(ctx context.Context, db *sql.DB, n int) error {
	for range n {
		conn, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		// SQLite opens the file, and the log beside it, at the first read.
		var tables int
		if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
			return err
		}
	}
	return nil
}

func connectWriter(ctx context.Context, path string) (*sql.DB, error) {
	// What a statement would undo stays in memory, with room for the pages of a batch (in KiB): on a disk it costs more than the rows.
	tuned := []string{"temp_store(memory)", "cache_size(-16000)"}
	return connect(ctx, path, 1, url.Values{"_journal_mode": {"WAL"}, "_txlock": {"immediate"}, "_pragma": tuned})
}

func (c *Catalog) openReaders(ctx context.Context, path string) error {
	db, err := connect(ctx, path, readers+1, url.Values{"_query_only": {"1"}})
	if err != nil {
		return err
	}
	c.reader, c.asked.db = db, db
	if c.watch.conn, err = db.Conn(ctx); err != nil {
		return fmt.Errorf("watching for changes: %w", err)
	}
	c.watch.seen, err = c.watch.version(ctx)
	return err
}
