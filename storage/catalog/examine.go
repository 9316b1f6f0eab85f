package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// errUnfit says that the file is no catalog of this program and this store, or damaged.
var errUnfit = errors.New("not a usable catalog")

// openWriter opens the file for writing, made or made anew where it must be.
func openWriter(ctx context.Context, path string, o Options) (db *sql.DB, fresh bool, err error) {
	err = verdictOn(path)
	if err == nil {
		db, fresh, err = openAsIs(ctx, path, o)
	}
	if err == nil || !unfit(err) {
		return db, fresh, err
	}
	o.Log.WarnContext(ctx, "the catalog cannot be used and is built anew from the store; the old file is kept beside it",
		slog.String("path", path), slog.Any("reason", err))
	if err := moveAside(path); err != nil {
		return nil, false, fmt.Errorf("moving the old file aside: %w", err)
	}
	return openAsIs(ctx, path, o)
}

// openAsIs opens the file if it is fit, and fills in the tables if it is empty.
func openAsIs(ctx context.Context, path string, o Options) (db *sql.DB, fresh bool, err error) {
	db, err = connectWriter(ctx, path)
	if err != nil {
		return nil, false, err
	}
	fresh, err = examine(ctx, db, o.Store)
	switch {
	case fresh:
		err = create(ctx, db, o.Store)
	case err == nil && !isLarge(path, o.CheckedAtOnce):
		err = quickCheck(ctx, db)
	}
	if err != nil {
		_ = db.Close() // the first error says more
		return nil, false, err
	}
	return db, fresh, nil
}

// examine reports whether the file is empty. Where it holds something else than
// a catalog of the store the error is errUnfit, or SQLite's own.
func examine(ctx context.Context, db *sql.DB, store string) (empty bool, err error) {
	var tables, version, application int
	for query, into := range map[string]*int{
		"SELECT count(*) FROM sqlite_schema": &tables, "PRAGMA user_version": &version, "PRAGMA application_id": &application,
	} {
		if err := db.QueryRowContext(ctx, query).Scan(into); err != nil {
			return false, err
		}
	}
	if tables == 0 && version == 0 && application == 0 {
		return true, nil
	}
	if application != applicationID || version != schemaVersion {
		return false, fmt.Errorf("%w: layout %x/%d instead of %x/%d", errUnfit, application, version, applicationID, schemaVersion)
	}
	return false, examineStamp(ctx, db, store)
}

// examineStamp gets errUnfit where there is no stamp, or that of another store. Any other error is that of asking.
func examineStamp(ctx context.Context, db *sql.DB, store string) error {
	var of string
	err := db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'store'").Scan(&of)
	if errors.Is(err, sql.ErrNoRows) || isStrange(err) {
		return fmt.Errorf("%w: no stamp: %w", errUnfit, err)
	}
	if err != nil {
		return fmt.Errorf("reading the stamp: %w", err)
	}
	if of != store {
		return fmt.Errorf("%w: of the store %s", errUnfit, of)
	}
	return nil
}

// isStrange reports whether SQLite could not make sense of a statement: the file lacks a table or a column.
func isStrange(err error) bool {
	var fault *sqlite.Error
	return errors.As(err, &fault) && fault.Code() == codes.SQLITE_ERROR
}

// unfit reports whether err speaks of the file's content. A lock, a full disk
// or a missing permission does not, and is no reason to begin anew.
func unfit(err error) bool {
	if errors.Is(err, errUnfit) {
		return true
	}
	var fault *sqlite.Error
	if !errors.As(err, &fault) {
		return false
	}
	primary := fault.Code() & 0xff // the upper bits say more precisely where
	return primary == codes.SQLITE_CORRUPT || primary == codes.SQLITE_NOTADB || fault.Code() == codes.SQLITE_IOERR_SHORT_READ
}

// moveAside renames the file and deletes its log and index, which belong to it
// alone, and what condemned it last. A process that still has it open goes on with what it opened.
// A file that is not there is no error: somebody deleted it, or an earlier moving was broken off.
func moveAside(path string) error {
	if err := os.Rename(path, path+".aside"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, file := range []string{path + "-wal", path + "-shm", condemned(path)} {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
