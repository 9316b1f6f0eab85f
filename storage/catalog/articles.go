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
	selectAnyPlaced = "SELECT EXISTS (SELECT 1 FROM placements)"
	selectPlaced    = "SELECT 1 FROM placements WHERE video = ? LIMIT 1"
	// upsertArticle leaves a row alone that is as new, as upsertVideo does, unless it is the edition that may be replaced.
	upsertArticle = `
INSERT INTO articles (id, url, revision, etag, record) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (id) DO UPDATE SET url = excluded.url, revision = excluded.revision, etag = excluded.etag, record = excluded.record
WHERE excluded.revision > articles.revision
	OR excluded.revision = articles.revision AND excluded.etag <> '' AND excluded.etag <> articles.etag
	OR articles.revision = ?6 AND articles.etag = ?7`
	selectKnownArticle = "SELECT revision, etag, record FROM articles WHERE id = ?"
	insertPlacement    = "INSERT OR IGNORE INTO placements (video, article) VALUES (?, ?)"
	selectArticlesOf   = "SELECT a.record FROM placements p CROSS JOIN articles a ON a.id = p.article WHERE p.video = ?"
	// A video that was merged away is found by the one that serves for it.
	selectPlacedSeq = `SELECT seq FROM videos WHERE listed = 1
AND id = COALESCE((SELECT video FROM aliases WHERE alias = ?1 ORDER BY video LIMIT 1), ?1)`
	deleteUnused = "DELETE FROM labels WHERE kind = 'used' AND value = 'no' AND seq = ?"
)

// articleRow is an article on its way into the catalog.
type articleRow struct {
	article archive.Article
	etag    string   // of the object it was read from; empty where unknown, and then it is read again
	over    *edition // that it replaces whatever its revision; nil: none
}

// PutArticles keeps articles with the videos that they embed, all or none of them. An article that is older than what
// is kept of it is passed over, which is no error, and never takes a placement away.
func (c *Catalog) PutArticles(ctx context.Context, articles ...archive.Article) error {
	rows := make([]articleRow, 0, len(articles))
	for _, a := range articles {
		rows = append(rows, articleRow{article: a})
	}
	return c.putArticles(ctx, rows)
}

func (c *Catalog) putArticles(ctx context.Context, rows []articleRow) error {
	if len(rows) == 0 {
		return nil
	}
	return c.write(ctx, func(tx *sql.Tx) error {
		for _, r := range rows {
			if err := putArticle(ctx, tx, r); err != nil {
				return fmt.Errorf("writing article %s into the catalog: %w", r.article.URL, err)
			}
		}
		return nil
	})
}

func putArticle(ctx context.Context, tx *sql.Tx, r articleRow) error {
	a := r.article
	record, err := json.Marshal(a)
	if err != nil {
		return err
	}
	revision, etag := r.over.values()
	if _, err := tx.ExecContext(ctx, upsertArticle, a.ID, a.URL, a.Revision, r.etag, record, revision, etag); err != nil {
		return err
	}
	for _, p := range a.Placements {
		if err := putPlacement(ctx, tx, a, p.Video); err != nil {
			return err
		}
	}
	return nil
}

// place notes that an article embeds a video, until the article is read from the store: what is known of it stays, and
// the placement is added. One that is not known is kept as a says.
func (c *Catalog) place(ctx context.Context, a archive.Article, p archive.Placement) error {
	return c.write(ctx, func(tx *sql.Tx) error {
		known, err := knownArticle(ctx, tx, a)
		if err != nil {
			return fmt.Errorf("reading article %s in the catalog: %w", a.URL, err)
		}
		if slices.ContainsFunc(known.article.Placements, func(other archive.Placement) bool { return other.Video == p.Video }) {
			return nil
		}
		known.article.Placements = append(known.article.Placements, p)
		if err := putArticle(ctx, tx, known); err != nil {
			return fmt.Errorf("writing article %s into the catalog: %w", a.URL, err)
		}
		return nil
	})
}

// knownArticle is the row of an article as it may be altered: under no ETag, since the store has it otherwise.
func knownArticle(ctx context.Context, tx *sql.Tx, a archive.Article) (articleRow, error) {
	var over edition
	var record []byte
	err := tx.QueryRowContext(ctx, selectKnownArticle, a.ID).Scan(&over.revision, &over.etag, &record)
	if errors.Is(err, sql.ErrNoRows) {
		a.Revision, a.Placements = 0, nil
		return articleRow{article: a}, nil
	}
	if err != nil {
		return articleRow{}, err
	}
	r := articleRow{over: &over}
	return r, json.Unmarshal(record, &r.article)
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
