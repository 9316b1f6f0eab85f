package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"videoteca/archive"
)

// Entry is a record as it was read from the store.
type Entry struct {
	Video archive.Video
	ETag  string // of the object it was read from; empty where unknown, and then Fill reads it again
}

// upsertVideo leaves a row alone that is as new. The same revision under another
// ETag is a record that somebody rewrote by hand; an unknown ETag says nothing.
const upsertVideo = `
INSERT INTO videos (seq, id, revision, etag, state, listed, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, etag = excluded.etag,
	state = excluded.state, listed = excluded.listed, record = excluded.record
WHERE ?8 OR excluded.revision > videos.revision
	OR excluded.revision = videos.revision AND excluded.etag <> '' AND excluded.etag <> videos.etag
RETURNING seq`

const (
	deleteVideo  = "DELETE FROM videos WHERE id = ?"
	selectSeq    = "SELECT seq FROM videos WHERE id = ?"
	selectTaken  = "SELECT 1 FROM videos WHERE seq = ?"
	insertSource = "INSERT OR IGNORE INTO sources (platform, source_id, video, state, first_bad, held, url) VALUES (?, ?, ?, ?, ?, ?, ?)"
	insertLabel  = "INSERT OR IGNORE INTO labels (kind, value, seq, shown) VALUES (?, ?, ?, ?)"
	insertSearch = "INSERT INTO search (rowid, title, more) VALUES (?, ?, ?)"
	insertAlias  = "INSERT OR IGNORE INTO aliases (alias, video) VALUES (?, ?)"
)

// row is an entry made ready before the transaction, which keeps every other writer waiting.
type row struct {
	video  archive.Video
	etag   string
	record []byte
	force  bool // it replaces what is kept, whatever the revision
}

// Put keeps the entries, all or none of them. An entry that is older than what
// is kept of the same video is passed over, which is no error.
func (c *Catalog) Put(ctx context.Context, entries ...Entry) error {
	return c.put(ctx, entries, false)
}

func (c *Catalog) put(ctx context.Context, entries []Entry, force bool) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([]row, 0, len(entries))
	for _, e := range entries {
		record, err := json.Marshal(e.Video)
		if err != nil {
			return fmt.Errorf("writing video %s into the catalog: %w", e.Video.ID, err)
		}
		rows = append(rows, row{video: e.Video, etag: e.ETag, record: record, force: force})
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

// inserts are the statements that a batch repeats.
type inserts struct{ video, seq, taken, source, alias, label, search, placed *sql.Stmt }

func putRows(ctx context.Context, tx *sql.Tx, rows []row) error {
	var into inserts
	for text, statement := range map[string]**sql.Stmt{
		upsertVideo: &into.video, selectSeq: &into.seq, selectTaken: &into.taken, insertSource: &into.source, insertAlias: &into.alias,
		insertLabel: &into.label, insertSearch: &into.search, selectPlaced: &into.placed,
	} {
		prepared, err := tx.PrepareContext(ctx, text)
		if err != nil {
			return fmt.Errorf("writing to the catalog: %w", err)
		}
		defer prepared.Close()
		*statement = prepared
	}
	for _, r := range rows {
		if err := r.put(ctx, into); err != nil {
			return fmt.Errorf("writing video %s into the catalog: %w", r.video.ID, err)
		}
	}
	return nil
}

// put writes the row and what leads to it. What led to the row that it replaces
// has been deleted by a trigger.
func (r row) put(ctx context.Context, into inserts) error {
	v := r.video
	seq, err := into.place(ctx, v)
	if err != nil {
		return err
	}
	err = into.video.QueryRowContext(ctx, seq, v.ID, v.Revision, r.etag, bestState(v).String(), isListed(v), r.record, r.force).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) { // what is kept is as new
		return nil
	}
	if err != nil {
		return err
	}
	for _, s := range v.Sources {
		if _, err := into.source.ExecContext(ctx, s.Platform, s.SourceKey.ID, v.ID, s.Standing.State.String(), nanoseconds(s.Standing.FirstBad), len(s.Standing.Held) > 0, s.URL); err != nil {
			return err
		}
	}
	for _, alias := range v.Aliases {
		if _, err := into.alias.ExecContext(ctx, alias, v.ID); err != nil {
			return err
		}
	}
	if !isListed(v) {
		return nil
	}
	return into.find(ctx, v, seq)
}

// find writes what a video is found by.
func (into inserts) find(ctx context.Context, v archive.Video, seq int64) error {
	used := "no"
	for _, id := range append([]archive.VideoID{v.ID}, v.Aliases...) {
		var one int
		err := into.placed.QueryRowContext(ctx, id).Scan(&one)
		if err == nil {
			used = "yes"
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	for _, l := range append(labelsOf(v), label{"used", used, used}) {
		if _, err := into.label.ExecContext(ctx, l.kind, l.value, seq, l.shown); err != nil {
			return err
		}
	}
	title, more := wordsOf(v)
	_, err := into.search.ExecContext(ctx, seq, title, more)
	return err
}

// place is where a video stands in the order: where it stood, else a free place from seqOf on.
func (into inserts) place(ctx context.Context, v archive.Video) (int64, error) {
	var seq int64
	err := into.seq.QueryRowContext(ctx, v.ID).Scan(&seq)
	if !errors.Is(err, sql.ErrNoRows) {
		return seq, err
	}
	for try := 0; ; try++ {
		var one int
		seq = placeOf(v, try)
		err := into.taken.QueryRowContext(ctx, seq).Scan(&one)
		if errors.Is(err, sql.ErrNoRows) {
			return seq, nil
		}
		if err != nil {
			return 0, err
		}
	}
}
