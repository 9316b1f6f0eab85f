package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"videoteca/archive"
)

// Ledger is when each source was heard, as the journal's parts and checkpoints say. It is
// part of the catalog's file and as disposable. It is safe for concurrent use.
type Ledger struct{ c *Catalog }

// Ledger is the ledger of the catalog.
func (c *Catalog) Ledger() Ledger { return Ledger{c} }

const (
	// selectHeard takes the sources as a list of pairs.
	selectHeard = `
SELECT h.platform, h.source_id, h.last_round, h.last_clear, h.last_good, h.pictured, h.outcome, h.method, h.reason
FROM json_each(?) k CROSS JOIN heard h ON h.platform = k.value->>0 AND h.source_id = k.value->>1`

	// What comes late does not replace what is newer, and no moment is lost.
	upsertHeard = `
INSERT INTO heard (platform, source_id, last_round, last_clear, last_good, pictured, outcome, method, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (platform, source_id) DO UPDATE SET
	outcome = CASE WHEN excluded.last_round > last_round THEN excluded.outcome ELSE outcome END,
	method = CASE WHEN excluded.last_round > last_round THEN excluded.method ELSE method END,
	reason = CASE WHEN excluded.last_round > last_round THEN excluded.reason ELSE reason END,
	last_round = max(last_round, excluded.last_round),
	last_clear = max(last_clear, excluded.last_clear),
	last_good = max(last_good, excluded.last_good),
	pictured = max(pictured, excluded.pictured)`

	// Both go through the whole table, once an audit and once in a lifetime.
	selectLater = "SELECT EXISTS (SELECT 1 FROM heard WHERE last_round > ?)"
	forgetLater = `
UPDATE heard SET
	last_round = 0, outcome = '', method = '', reason = '',
	last_clear = CASE WHEN last_clear > ?1 THEN 0 ELSE last_clear END,
	last_good = CASE WHEN last_good > ?1 THEN 0 ELSE last_good END,
	pictured = CASE WHEN pictured > ?1 THEN 0 ELSE pictured END
WHERE last_round > ?1`

	selectAllHeard = `
SELECT platform, source_id, last_round, last_clear, last_good, pictured, outcome, method, reason FROM heard
WHERE (platform, source_id) > (?, ?) ORDER BY platform, source_id LIMIT ?`

	// While a source moves from one video to another, two records name it and it counts twice for
	// a moment: among thousands that changes nothing, and to tell them apart needs a sort.
	countGuard = `
SELECT count(*), count(CASE WHEN held OR (state IN ('suspect', 'gone') AND first_bad > ?2) THEN 1 END)
FROM sources WHERE platform = ?1 AND (state NOT IN ('suspect', 'gone') OR held OR first_bad > ?2)`

	selectReadUpTo = "SELECT value FROM meta WHERE name = 'heard up to'"
	upsertReadUpTo = "INSERT INTO meta (name, value) VALUES ('heard up to', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)

// Heard is what is known of the sources; those never heard are absent.
func (l Ledger) Heard(ctx context.Context, keys []archive.SourceKey) (map[archive.SourceKey]archive.Heard, error) {
	known := make(map[archive.SourceKey]archive.Heard, len(keys))
	if len(keys) == 0 {
		return known, nil
	}
	pairs := make([][2]string, len(keys))
	for i, key := range keys {
		pairs[i] = [2]string{key.Platform, key.ID}
	}
	asked, err := json.Marshal(pairs)
	if err != nil {
		return nil, fmt.Errorf("reading when sources were heard: %w", err)
	}
	rows, err := l.c.asked.query(ctx, selectHeard, string(asked))
	if err != nil {
		return nil, fmt.Errorf("reading when sources were heard: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var h heardRow
		if err := rows.Scan(append([]any{&h.Source.Platform, &h.Source.ID}, h.values()...)...); err != nil {
			return nil, fmt.Errorf("reading when sources were heard: %w", err)
		}
		if said := h.heard(); h.said() {
			known[h.Source] = said
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading when sources were heard: %w", err)
	}
	return known, nil
}

// heardRow is a row on its way from the file.
type heardRow struct {
	archive.Heard
	round, clear, good, pictured int64
	outcome                      string
}

// values is where the columns from last_round on go.
func (h *heardRow) values() []any {
	return []any{&h.round, &h.clear, &h.good, &h.pictured, &h.outcome, &h.Method, &h.Reason}
}

// said reports whether the row says anything: of a source that was forgotten none may be left.
func (h *heardRow) said() bool { return h.round != 0 || h.clear != 0 || h.pictured != 0 }

func (h *heardRow) heard() archive.Heard {
	h.LastRound, h.LastClear, h.LastGood = moment(h.round), moment(h.clear), moment(h.good)
	h.Pictured = moment(h.pictured)
	_ = h.Outcome.UnmarshalText([]byte(h.outcome)) // never fails: an unknown word is Unclear
	return h.Heard
}

// Note merges what was heard with what is known, all or nothing.
func (l Ledger) Note(ctx context.Context, heard []archive.Heard) error {
	if len(heard) == 0 {
		return nil
	}
	return l.c.write(ctx, func(tx *sql.Tx) error {
		statement, err := tx.PrepareContext(ctx, upsertHeard)
		if err != nil {
			return fmt.Errorf("noting what was heard: %w", err)
		}
		defer statement.Close()
		for _, h := range heard {
			_, err := statement.ExecContext(ctx, h.Source.Platform, h.Source.ID,
				nanoseconds(h.LastRound), nanoseconds(h.LastClear), nanoseconds(h.LastGood), nanoseconds(h.Pictured), string(h.Outcome), h.Method, h.Reason)
			if err != nil {
				return fmt.Errorf("noting what was heard of %s: %w", h.Source, err)
			}
		}
		return nil
	})
}

// Forget takes back every moment later than that, and returns of how many sources there were any: what a
// clock that was ahead has noted. No moment of a source is later than its newest round.
func (l Ledger) Forget(ctx context.Context, later time.Time) (int, error) {
	var found bool
	if err := l.c.reader.QueryRowContext(ctx, selectLater, later.UnixNano()).Scan(&found); err != nil {
		return 0, fmt.Errorf("looking for what lies in the future: %w", err)
	}
	if !found {
		return 0, nil
	}
	var forgot int64
	err := l.c.write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, forgetLater, later.UnixNano())
		if err == nil {
			forgot, err = done.RowsAffected()
		}
		if err != nil {
			return fmt.Errorf("forgetting what lies in the future: %w", err)
		}
		return nil
	})
	return int(forgot), err
}

// All yields everything that is known, in the order of the keys. It holds no snapshot.
func (l Ledger) All(ctx context.Context) iter.Seq2[archive.Heard, error] {
	return func(yield func(archive.Heard, error) bool) {
		var after archive.SourceKey
		for {
			list, err := l.stride(ctx, after)
			for _, h := range list {
				if !yield(h, nil) {
					return
				}
				after = h.Source
			}
			if err != nil {
				yield(archive.Heard{}, fmt.Errorf("going through what was heard: %w", err))
				return
			}
			if len(list) < stride {
				return
			}
		}
	}
}

func (l Ledger) stride(ctx context.Context, after archive.SourceKey) ([]archive.Heard, error) {
	rows, err := l.c.reader.QueryContext(ctx, selectAllHeard, after.Platform, after.ID, stride)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make([]archive.Heard, 0, stride)
	for rows.Next() {
		var h heardRow
		if err := rows.Scan(append([]any{&h.Source.Platform, &h.Source.ID}, h.values()...)...); err != nil {
			return list, err
		}
		list = append(list, h.heard())
	}
	return list, rows.Err()
}

// Guard counts a platform's sources at the time now.
func (l Ledger) Guard(ctx context.Context, platform string, t archive.Thresholds, now time.Time) (archive.Guard, error) {
	var g archive.Guard
	since := now.Add(-t.Window()).UnixNano()
	if err := l.c.reader.QueryRowContext(ctx, countGuard, platform, since).Scan(&g.Sources, &g.Turning); err != nil {
		return archive.Guard{}, fmt.Errorf("counting the sources of %s: %w", platform, err)
	}
	return g, nil
}

// ReadUpTo is the time before which every audit began whose parts are all noted here; zero for none.
func (l Ledger) ReadUpTo(ctx context.Context) (time.Time, error) {
	var text string
	err := l.c.reader.QueryRowContext(ctx, selectReadUpTo).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("reading how far the journal is known: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // what cannot be read is read again from the journal
	}
	return at, nil
}

// SetReadUpTo moves it.
func (l Ledger) SetReadUpTo(ctx context.Context, at time.Time) error {
	return l.c.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, upsertReadUpTo, at.UTC().Format(time.RFC3339Nano)); err != nil {
			return fmt.Errorf("noting how far the journal is known: %w", err)
		}
		return nil
	})
}

// nanoseconds is a time as the file has it.
func nanoseconds(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixNano()
}

func moment(nanoseconds int64) time.Time {
	if nanoseconds == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanoseconds).UTC()
}
