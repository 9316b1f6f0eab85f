package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"videoteca/archive"
)

// stride is how many rows an iteration reads at once. Between two strides it
// holds no connection and no snapshot, so a slow consumer neither starves
// other readers nor makes the write-ahead log grow.
const stride = 500

const (
	selectETags = "SELECT id, etag FROM videos WHERE id > ? ORDER BY id LIMIT ?"
	selectAll   = "SELECT id, record FROM videos WHERE id > ? ORDER BY id LIMIT ?"
)

// Listed is one record as a listing shows it.
type Listed struct {
	ID   archive.VideoID
	ETag string
}

// ETags yields every video with the ETag that it was read under, by id.
// An error is yielded once, last.
func (c *Catalog) ETags(ctx context.Context) iter.Seq2[Listed, error] {
	return each(ctx, c.reader, selectETags, func(id archive.VideoID, etag []byte) (Listed, error) {
		return Listed{ID: id, ETag: string(etag)}, nil
	})
}

// All yields every video, by id. What is written meanwhile may or may not
// appear. An error is yielded once, last.
func (c *Catalog) All(ctx context.Context) iter.Seq2[archive.Video, error] {
	return each(ctx, c.reader, selectAll, func(_ archive.VideoID, record []byte) (archive.Video, error) {
		return decode(record)
	})
}

// heardAtOnce is how many videos' sources are looked up in one question.
const heardAtOnce = 100

// AllHeard is All with what the ledger knows of when the sources were heard, which no record is written
// for alone.
func (c *Catalog) AllHeard(ctx context.Context) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		batch := make([]archive.Video, 0, heardAtOnce)
		pass := func() bool {
			err := c.hear(ctx, batch)
			for _, v := range batch {
				if !yield(v, err) || err != nil {
					return false
				}
			}
			batch = batch[:0]
			return true
		}
		for v, err := range c.All(ctx) {
			if err != nil {
				if pass() {
					yield(v, err)
				}
				return
			}
			if batch = append(batch, v); len(batch) == heardAtOnce && !pass() {
				return
			}
		}
		pass()
	}
}

// pair is one row of an iteration's query.
type pair[K ~string] struct {
	id    K
	value []byte
}

// each runs a query of (after, limit) for (id, value) stride by stride.
func each[K ~string, T any](ctx context.Context, db *sql.DB, query string, read func(K, []byte) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var after K
		for {
			pairs, err := step(ctx, db, query, after)
			for _, p := range pairs {
				item, err := read(p.id, p.value)
				if !yield(item, err) || err != nil {
					return
				}
				after = p.id
			}
			if err != nil {
				var none T
				yield(none, fmt.Errorf("going through the catalog: %w", err))
				return
			}
			if len(pairs) < stride {
				return
			}
		}
	}
}

func step[K ~string](ctx context.Context, db *sql.DB, query string, after K) ([]pair[K], error) {
	rows, err := db.QueryContext(ctx, query, after, stride)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	pairs := make([]pair[K], 0, stride)
	for rows.Next() {
		var p pair[K]
		if err := rows.Scan(&p.id, &p.value); err != nil {
			return pairs, err
		}
		pairs = append(pairs, p)
	}
	return pairs, rows.Err()
}
