package catalog

import (
	"context"
	"database/sql"
	"fmt"
)

// schemaVersion is kept in SQLite's user_version. A file with another one is rebuilt.
const schemaVersion = 6

// applicationID marks the file as a catalog ("vtec" in ASCII), for file(1) and for people.
const applicationID = 0x76746563

// schema makes an empty catalog.
//
// Times are nanoseconds since 1970, 0 for none.
//
// videos.seq is the order of registration, see seqOf. Everything that a list can be narrowed by is
// a row of labels, so that any filter goes down one index in that order, and facets counts them: a trigger what is
// deleted, the writer what is added, once a batch. What is erased or merged away is not listed, and has neither labels nor words in search.
//
// sources and aliases have the video in their key: while a source moves from one
// video to another, both records may name it for a moment, and whichever is
// read again last must not take the other's row with it.
const schema = `
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE videos (
	seq      INTEGER PRIMARY KEY,
	id       TEXT    NOT NULL UNIQUE,
	revision INTEGER NOT NULL,
	etag     TEXT    NOT NULL,
	state    TEXT    NOT NULL,
	listed   INTEGER NOT NULL,
	record   BLOB    NOT NULL
);
CREATE INDEX videos_listed ON videos (listed, seq);

CREATE TABLE labels (
	kind  TEXT    NOT NULL,
	value TEXT    NOT NULL,
	seq   INTEGER NOT NULL,
	shown TEXT    NOT NULL,
	PRIMARY KEY (kind, value, seq)
) WITHOUT ROWID;
CREATE INDEX labels_video ON labels (seq);

CREATE TABLE facets (
	kind   TEXT    NOT NULL,
	value  TEXT    NOT NULL,
	shown  TEXT    NOT NULL,
	videos INTEGER NOT NULL,
	PRIMARY KEY (kind, value)
) WITHOUT ROWID;
CREATE INDEX facets_top ON facets (kind, videos DESC);

CREATE VIRTUAL TABLE search USING fts5 (
	title, more, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE articles (
	id       TEXT    NOT NULL PRIMARY KEY,
	url      TEXT    NOT NULL,
	revision INTEGER NOT NULL,
	etag     TEXT    NOT NULL,
	record   BLOB    NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_url ON articles (url);
CREATE TABLE placements (
	video   TEXT NOT NULL,
	article TEXT NOT NULL,
	PRIMARY KEY (video, article)
) WITHOUT ROWID;
CREATE INDEX placements_article ON placements (article);

CREATE TABLE sources (
	platform  TEXT NOT NULL,
	source_id TEXT NOT NULL,
	video     TEXT NOT NULL,
	state     TEXT NOT NULL,
	first_bad INTEGER NOT NULL,
	held      INTEGER NOT NULL,
	url       TEXT NOT NULL,
	PRIMARY KEY (platform, source_id, video)
) WITHOUT ROWID;
CREATE INDEX sources_id ON sources (source_id);
CREATE INDEX sources_url ON sources (url);
CREATE INDEX sources_video ON sources (video);
CREATE INDEX sources_guard ON sources (platform, state, first_bad, held);

CREATE TABLE heard (
	platform   TEXT NOT NULL,
	source_id  TEXT NOT NULL,
	last_round INTEGER NOT NULL,
	last_clear INTEGER NOT NULL,
	last_good  INTEGER NOT NULL,
	pictured   INTEGER NOT NULL,
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

CREATE TRIGGER videos_added AFTER INSERT ON videos WHEN NEW.listed BEGIN
	UPDATE counts SET videos = videos + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER videos_replaced AFTER UPDATE ON videos BEGIN
	DELETE FROM sources WHERE video = OLD.id;
	DELETE FROM aliases WHERE video = OLD.id;
	DELETE FROM labels WHERE seq = OLD.seq;
	DELETE FROM search WHERE rowid = OLD.seq;
END;
CREATE TRIGGER videos_moved AFTER UPDATE OF state, listed ON videos WHEN OLD.state <> NEW.state OR OLD.listed <> NEW.listed BEGIN
	UPDATE counts SET videos = videos - OLD.listed WHERE state = OLD.state;
	UPDATE counts SET videos = videos + NEW.listed WHERE state = NEW.state;
END;
CREATE TRIGGER videos_removed AFTER DELETE ON videos BEGIN
	UPDATE counts SET videos = videos - OLD.listed WHERE state = OLD.state;
	DELETE FROM sources WHERE video = OLD.id;
	DELETE FROM aliases WHERE video = OLD.id;
	DELETE FROM labels WHERE seq = OLD.seq;
	DELETE FROM search WHERE rowid = OLD.seq;
END;
CREATE TRIGGER labels_removed AFTER DELETE ON labels BEGIN
	INSERT INTO facets (kind, value, shown, videos) VALUES (OLD.kind, OLD.value, OLD.shown, -1)
	ON CONFLICT (kind, value) DO UPDATE SET videos = videos - 1;
	DELETE FROM facets WHERE kind = OLD.kind AND value = OLD.value AND videos = 0;
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
