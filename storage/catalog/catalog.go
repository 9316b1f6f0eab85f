package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
)

// Catalog is an open catalog. It is safe for concurrent use.
type Catalog struct {
	writer *sql.DB // one connection, since SQLite has one writer at a time
	reader *sql.DB
	asked  statements // of the reader
	read   decoded    // records of pages
	watch  watch
	// written counts what may have made a cached record stale: commits of this
	// process, and commits of others as they are noticed.
	written   atomic.Uint64
	fresh     bool
	unchecked atomic.Bool // the file is large and Check has not gone through it
	path      string
	log       *slog.Logger
}

// Options configures Open.
type Options struct {
	Store string       // address of the store whose records these are; a file of another store is rebuilt
	Log   *slog.Logger // nil: discarded

	CheckedAtOnce int64 // bytes of the largest file that Open checks itself; 64 MiB if 0
}

// Open opens the catalog at path and makes it, folders too, where there is none.
// A file that is damaged, of another version or of another store is moved to
// path+".aside" (replacing an earlier one) and begun anew, with a line in the log.
// A small file is checked whole; a large one is left to Check.
func Open(ctx context.Context, path string, o Options) (*Catalog, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening the catalog: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("opening the catalog: %w", err)
	}
	// Two processes that find the same damaged file must not both replace it.
	unlock, err := lock(ctx, path+".lock")
	if err != nil {
		return nil, fmt.Errorf("waiting to open the catalog: %w", err)
	}
	defer unlock()
	if o.CheckedAtOnce == 0 {
		o.CheckedAtOnce = checkedAtOnce
	}
	c := &Catalog{log: o.Log, path: path}
	c.unchecked.Store(isLarge(path, o.CheckedAtOnce))
	if c.writer, c.fresh, err = openWriter(ctx, path, o); err != nil {
		return nil, fmt.Errorf("opening the catalog %s: %w", path, err)
	}
	if err := c.openReaders(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the catalog %s: %w", path, err), c.Close())
	}
	return c, nil
}

// Fresh reports whether Open began an empty file: nothing was known, or it was rebuilt.
func (c *Catalog) Fresh() bool { return c.fresh }

// Close closes the file. Calls under way end with an error.
func (c *Catalog) Close() error {
	err := c.watch.close()
	if c.reader != nil {
		err = errors.Join(err, c.asked.close(), c.reader.Close())
	}
	// The writer goes last: the last connection folds the write-ahead log into the file.
	return errors.Join(err, c.writer.Close())
}
