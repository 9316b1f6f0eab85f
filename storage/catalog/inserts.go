package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"videoteca/archive"
)

// upsertFacet and deleteFacet keep the count of a label. Within a batch it may be below what is
// true, and even below zero: what the batch adds is added at its end, once for each label.
const (
	upsertFacet = "INSERT INTO facets (kind, value, shown, videos) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, value) DO UPDATE SET videos = videos + excluded.videos, shown = excluded.shown"
	deleteFacet = "DELETE FROM facets WHERE kind = ? AND value = ? AND videos = 0"
)

// inserts is a batch under way: the statements that it repeats, and what it writes at its end.
type inserts struct {
	tx        *sql.Tx
	anyPlaced bool // any article is known at all

	video, place, source, alias, placed, search *sql.Stmt

	labels map[int]*sql.Stmt // by how many labels one writes
	gained map[label]gain    // without what is shown
	words  map[int64]words   // by seq
}

// words are what a video is searched by.
type words struct{ title, more string }

// gain is how many videos a label was added to, and how it was last written.
type gain struct {
	shown  string
	videos int
}

func putRows(ctx context.Context, tx *sql.Tx, rows []row) error {
	into, err := newInserts(ctx, tx)
	if err != nil {
		return fmt.Errorf("writing to the catalog: %w", err)
	}
	defer into.close()
	for _, r := range rows {
		if err := into.put(ctx, r); err != nil {
			return fmt.Errorf("writing video %s into the catalog: %w", r.video.ID, err)
		}
	}
	return into.finish(ctx)
}

func newInserts(ctx context.Context, tx *sql.Tx) (*inserts, error) {
	into := &inserts{tx: tx, labels: map[int]*sql.Stmt{}, gained: map[label]gain{}, words: map[int64]words{}}
	for text, statement := range map[string]**sql.Stmt{
		upsertVideo: &into.video, selectPlace: &into.place, insertSource: &into.source, insertAlias: &into.alias,
		insertSearch: &into.search, selectPlaced: &into.placed,
	} {
		prepared, err := tx.PrepareContext(ctx, text) //nolint:sqlclosecheck // by close
		if err != nil {
			into.close()
			return nil, err
		}
		*statement = prepared
	}
	if err := tx.QueryRowContext(ctx, selectAnyPlaced).Scan(&into.anyPlaced); err != nil {
		into.close()
		return nil, err
	}
	return into, nil
}

// close releases the statements; that of a transaction which ends anyway has no error worth telling.
func (into *inserts) close() {
	all := []*sql.Stmt{into.video, into.place, into.source, into.alias, into.search, into.placed}
	for _, s := range into.labels {
		all = append(all, s)
	}
	for _, s := range all {
		if s != nil {
			_ = s.Close()
		}
	}
}

// put writes a row and what leads to it. What led to the row that it replaces
// has been deleted by a trigger.
func (into *inserts) put(ctx context.Context, r row) error {
	v := r.video
	seq, err := into.placeFor(ctx, v)
	if err != nil {
		return err
	}
	revision, etag := r.over.values()
	err = into.video.QueryRowContext(ctx, seq, v.ID, v.Revision, r.etag, bestState(v).String(), isListed(v), r.record, revision, etag).Scan(&seq)
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
	delete(into.words, seq)
	if !isListed(v) {
		return nil
	}
	used, err := into.used(ctx, v)
	if err != nil {
		return err
	}
	into.words[seq] = words{r.title, r.more}
	return into.label(ctx, seq, append(r.labels, label{"used", used, used}))
}

// finish writes what is kept back until all rows are there: the words in the order of their rows, since FTS5
// writes out what it has gathered whenever a number is below the one before, or a statement of another kind comes
// between; and the counts.
func (into *inserts) finish(ctx context.Context) error {
	for _, seq := range slices.Sorted(maps.Keys(into.words)) {
		if _, err := into.search.ExecContext(ctx, seq, into.words[seq].title, into.words[seq].more); err != nil {
			return fmt.Errorf("writing words to search by into the catalog: %w", err)
		}
	}
	for l, g := range into.gained {
		if err := addFacet(ctx, into.tx, l.kind, l.value, g.shown, g.videos); err != nil {
			return fmt.Errorf("counting the label %s %q: %w", l.kind, l.value, err)
		}
	}
	return nil
}

// used is "yes" where an article embeds the video, else "no".
func (into *inserts) used(ctx context.Context, v archive.Video) (string, error) {
	if !into.anyPlaced {
		return "no", nil
	}
	for _, id := range append([]archive.VideoID{v.ID}, v.Aliases...) {
		var one int
		err := into.placed.QueryRowContext(ctx, id).Scan(&one)
		if err == nil {
			return "yes", nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return "", err
		}
	}
	return "no", nil
}

// label writes all labels of a video with one statement, and notes them for the counts.
func (into *inserts) label(ctx context.Context, seq int64, labels []label) error {
	statement, err := into.labelling(ctx, len(labels)) //nolint:sqlclosecheck // by close
	if err != nil {
		return err
	}
	values := make([]any, 0, 1+3*len(labels))
	values = append(values, seq)
	for _, l := range labels {
		values = append(values, l.kind, l.value, l.shown)
		key := label{kind: l.kind, value: l.value}
		into.gained[key] = gain{l.shown, into.gained[key].videos + 1}
	}
	_, err = statement.ExecContext(ctx, values...)
	return err
}

func (into *inserts) labelling(ctx context.Context, n int) (*sql.Stmt, error) {
	if s, ok := into.labels[n]; ok {
		return s, nil
	}
	s, err := into.tx.PrepareContext(ctx, "INSERT INTO labels (seq, kind, value, shown) VALUES (?1, ?, ?, ?)"+strings.Repeat(", (?1, ?, ?, ?)", n-1))
	if err == nil {
		into.labels[n] = s
	}
	return s, err
}

// placeFor is where a video stands in the order: where it stood, else a free place from seqOf on.
func (into *inserts) placeFor(ctx context.Context, v archive.Video) (int64, error) {
	for try := 0; ; try++ {
		var seq int64
		var itself bool
		wanted := placeOf(v, try)
		err := into.place.QueryRowContext(ctx, v.ID, wanted).Scan(&seq, &itself)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return wanted, nil
		case err != nil || itself:
			return seq, err
		}
	}
}

// addFacet counts so many more videos with a label.
func addFacet(ctx context.Context, tx *sql.Tx, kind, value, shown string, videos int) error {
	if _, err := tx.ExecContext(ctx, upsertFacet, kind, value, shown, videos); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, deleteFacet, kind, value)
	return err
}
