package catalog

import (
	"context"
	"database/sql"
	"fmt"
)

// schemaVersion is kept in SQLite's user_version. A file with another one is rebuilt.
const schemaVersion = 2

// applicationID marks the file as a catalog ("vtec" in ASCII), for file(1) and for people.
const applicationID = 0x76746563

// schema makes an empty catalog.
//
// Times are nanoseconds since 1970, 0 for none, except videos.registered.
//
// sources and aliases have the video in their key: while a source moves from one
// video to another, both records may name it for a moment, and whichever is
// read again last must not take the other's row with it.
const schema = `
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE videos (
	id         TEXT    NOT NULL PRIMARY KEY,
	revision   INTEGER NOT NULL,
	etag       TEXT    NOT NULL,
	registered INTEGER NOT NULL,
	state      TEXT    NOT NULL,
	record     BLOB    NOT NULL
);
CREATE INDEX videos_registered ON videos (registered, id);

CREATE TABLE sources (
	platform  TEXT NOT NULL,
	source_id TEXT NOT NULL,
	video     TEXT NOT NULL,
	state     TEXT NOT NULL,
	first_bad INTEGER NOT NULL,
	held      INTEGER NOT NULL,
	PRIMARY KEY (platform, source_id, video)
) WITHOUT ROWID;
CREATE INDEX sources_video ON sources (video);
CREATE INDEX sources_guard ON sources (platform, state, first_bad, held);

CREATE TABLE heard (
	platform   TEXT NOT NULL,
	source_id  TEXT NOT NULL,
	last_round INTEGER NOT NULL,
	last_clear INTEGER NOT NULL,
	last_good  INTEGER NOT NULL,
	outcome    TEXT NOT NULL,
	method     TEXT NOT NULL,
	reason     TEXT NOT NULL,
	PRIMARY KEY (platform, source_id)
) WITHOUT ROWID;

CREATE TABLE aliases (
	alias TEXT NOT NULL,
	video TEXT NOT NULL,
	PRIMARY KEY (alias, video)
) WITHOUT ROWID;
CREATE INDEX aliases_video ON aliases (video);

CREATE TABLE counts (state TEXT NOT NULL PRIMARY KEY, videos INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counts VALUES ('unchecked', 0), ('live', 0), ('limited', 0), ('suspect', 0), ('gone', 0);

CREATE TRIGGER videos_added AFTER INSERT ON videos BEGIN
	UPDATE counts SET videos = videos + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER videos_replaced AFTER UPDATE ON videos BEGIN
	DELETE FROM sources WHERE video = OLD.id;
	DELETE FROM aliases WHERE video = OLD.id;
END;
CREATE TRIGGER videos_moved AFTER UPDATE OF state ON videos WHEN OLD.state <> NEW.state BEGIN
	UPDATE counts SET videos = videos - 1 WHERE state = OLD.state;
	UPDATE counts SET videos = videos + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER videos_removed AFTER DELETE ON videos BEGIN
	UPDATE counts SET videos = videos - 1 WHERE state = OLD.state;
	DELETE FROM sources WHERE video = OLD.id;
	DELETE FROM aliases WHERE video = OLD.id;
END;
`

// create makes the tables and stamps the file, all or nothing.
func create(ctx context.Context, db *sql.DB, store string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("creating the catalog: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("creating the catalog's tables: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ('store', ?)", store); err != nil {
		return fmt.Errorf("stamping the catalog: %w", err)
	}
	stamp := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion)
	if _, err := tx.ExecContext(ctx, stamp); err != nil {
		return fmt.Errorf("stamping the catalog: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("creating the catalog: %w", err)
	}
	return nil
}
