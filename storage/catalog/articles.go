package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"videoteca/archive"
)

const (
	selectAnyPlaced  = "SELECT EXISTS (SELECT 1 FROM placements)"
	selectPlaced     = "SELECT 1 FROM placements WHERE video = ? LIMIT 1"
	upsertArticle    = "INSERT INTO articles (id, url, record) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET url = excluded.url, record = excluded.record"
	insertPlacement  = "INSERT OR IGNORE INTO placements (video, article) VALUES (?, ?)"
	selectArticlesOf = "SELECT a.record FROM placements p CROSS JOIN articles a ON a.id = p.article WHERE p.video = ?"
	// A video that was merged away is found by the one that serves for it.
	selectPlacedSeq = `SELECT seq FROM videos WHERE listed = 1
AND id = COALESCE((SELECT video FROM aliases WHERE alias = ?1 ORDER BY video LIMIT 1), ?1)`
	deleteUnused = "DELETE FROM labels WHERE kind = 'used' AND value = 'no' AND seq = ?"
)

// PutArticles keeps articles with the videos that they embed. An article never loses a placement.
func (c *Catalog) PutArticles(ctx context.Context, articles ...archive.Article) error {
	if len(articles) == 0 {
		return nil
	}
	return c.write(ctx, func(tx *sql.Tx) error {
		for _, a := range articles {
			if err := putArticle(ctx, tx, a); err != nil {
				return fmt.Errorf("writing article %s into the catalog: %w", a.URL, err)
			}
		}
		return nil
	})
}

func putArticle(ctx context.Context, tx *sql.Tx, a archive.Article) error {
	record, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, upsertArticle, a.ID, a.URL, record); err != nil {
		return err
	}
	for _, p := range a.Placements {
		if err := putPlacement(ctx, tx, a, p.Video); err != nil {
			return err
		}
	}
	return nil
}

func putPlacement(ctx context.Context, tx *sql.Tx, a archive.Article, video archive.VideoID) error {
	added, err := tx.ExecContext(ctx, insertPlacement, video, a.ID)
	if err != nil {
		return err
	}
	if n, err := added.RowsAffected(); err != nil || n == 0 {
		return err
	}
	var seq int64
	if err := tx.QueryRowContext(ctx, selectPlacedSeq, video).Scan(&seq); err != nil {
		if errors.Is(absence(err), archive.ErrNotFound) {
			return nil // the video comes later, and finds the placement
		}
		return err
	}
	if _, err := tx.ExecContext(ctx, deleteUnused, seq); err != nil {
		return err
	}
	labelled, err := tx.ExecContext(ctx, insertLabel, "used", "yes", seq, "yes")
	if err != nil {
		return err
	}
	if n, err := labelled.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return addFacet(ctx, tx, "used", "yes", "yes", 1)
}

// ArticlesOf are the articles that embed a video, under its id or that of one merged into it, by address.
func (c *Catalog) ArticlesOf(ctx context.Context, v archive.Video) ([]archive.Article, error) {
	met := map[string]archive.Article{}
	for _, id := range append([]archive.VideoID{v.ID}, v.Aliases...) {
		if err := c.articlesOf(ctx, id, met); err != nil {
			return nil, fmt.Errorf("reading the articles of %s: %w", v.ID, err)
		}
	}
	list := make([]archive.Article, 0, len(met))
	for _, a := range met {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b archive.Article) int { return strings.Compare(a.URL, b.URL) })
	return list, nil
}

func (c *Catalog) articlesOf(ctx context.Context, id archive.VideoID, into map[string]archive.Article) error {
	rows, err := c.reader.QueryContext(ctx, selectArticlesOf, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var record []byte
		var a archive.Article
		if err := rows.Scan(&record); err != nil {
			return err
		}
		if err := json.Unmarshal(record, &a); err != nil {
			return err
		}
		into[a.ID] = a
	}
	return rows.Err()
}
