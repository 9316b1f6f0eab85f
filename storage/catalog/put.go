package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"videoteca/archive"
)

// Entry is a record as it was read from the store.
type Entry struct {
	Video archive.Video
	ETag  string // of the object it was read from; empty where unknown, and then Fill reads it again
}

// upsertVideo leaves a row alone that is as new, unless it is the edition that may be replaced. The same revision under
// another ETag is a record that somebody rewrote by hand; an unknown ETag says nothing.
const upsertVideo = `
INSERT INTO videos (seq, id, revision, etag, state, listed, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, etag = excluded.etag,
	state = excluded.state, listed = excluded.listed, record = excluded.record
WHERE excluded.revision > videos.revision
	OR excluded.revision = videos.revision AND excluded.etag <> '' AND excluded.etag <> videos.etag
	OR videos.revision = ?8 AND videos.etag = ?9
RETURNING seq`

const (
	deleteVideo = "DELETE FROM videos WHERE id = ?"
	// selectPlace finds what stands in the way of a video at a place: first itself, where it has one.
	selectPlace  = "SELECT seq, 1 FROM videos WHERE id = ?1 UNION ALL SELECT seq, 0 FROM videos WHERE seq = ?2 LIMIT 1"
	insertSource = "INSERT OR IGNORE INTO sources (platform, source_id, video, state, first_bad, held, url) VALUES (?, ?, ?, ?, ?, ?, ?)"
	insertLabel  = "INSERT OR IGNORE INTO labels (kind, value, seq, shown) VALUES (?, ?, ?, ?)"
	insertSearch = "INSERT INTO search (rowid, title, more) VALUES (?, ?, ?)"
	insertAlias  = "INSERT OR IGNORE INTO aliases (alias, video) VALUES (?, ?)"
)

// row is an entry made ready before the transaction, which keeps every other writer waiting.
type row struct {
	video       archive.Video
	etag        string
	over        *edition // that it replaces whatever its revision; nil: none
	record      []byte
	labels      []label // each once; without the one that says whether an article uses it
	title, more string  // the words it is found by
}

func newRow(e Entry) (row, error) {
	record, err := json.Marshal(e.Video)
	if err != nil {
		return row{}, fmt.Errorf("writing video %s into the catalog: %w", e.Video.ID, err)
	}
	r := row{video: e.Video, etag: e.ETag, record: record}
	if isListed(e.Video) {
		r.labels = labelsOf(e.Video)
		r.title, r.more = wordsOf(e.Video)
	}
	return r, nil
}

// Put keeps the entries, all or none of them. An entry that is older than what
// is kept of the same video is passed over, which is no error.
func (c *Catalog) Put(ctx context.Context, entries ...Entry) error {
	rows := make([]row, 0, len(entries))
	for _, e := range entries {
		r, err := newRow(e)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	return c.putRows(ctx, rows)
}

// putRows keeps the rows, all or none of them.
func (c *Catalog) putRows(ctx context.Context, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	return c.write(ctx, func(tx *sql.Tx) error { return putRows(ctx, tx, rows) })
}

// Apply keeps one changed record, as a change feed delivers it. See Put.
func (c *Catalog) Apply(ctx context.Context, e Entry) error { return c.Put(ctx, e) }

// Remove forgets the videos. Forgetting an unknown one is no error.
func (c *Catalog) Remove(ctx context.Context, ids ...archive.VideoID) error {
	if len(ids) == 0 {
		return nil
	}
	return c.write(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, deleteVideo, id); err != nil {
				return fmt.Errorf("removing video %s from the catalog: %w", id, err)
			}
		}
		return nil
	})
}

// write runs change in one transaction that holds the writer's lock from its start.
func (c *Catalog) write(ctx context.Context, change func(*sql.Tx) error) error {
	tx, err := c.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("writing to the catalog: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	// Even a commit that reports an error may have happened.
	defer c.written.Add(1)
	if err := change(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("writing to the catalog: %w", err)
	}
	return nil
}
