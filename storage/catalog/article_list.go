package catalog

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"videoteca/archive"
)

const (
	// selectArticles goes down the index of addresses from a place in it.
	selectArticles = `SELECT record FROM articles WHERE url > ? ORDER BY url LIMIT ?`
	selectArticle  = `SELECT record FROM articles WHERE id = ? AND ? > 0`
)

// Articles returns a page of articles with their placements, in the order of their addresses; see
// archive.ArticleQuery. An After that no page gave, or a URL that is none, gets an *archive.FieldError.
func (c *Catalog) Articles(ctx context.Context, q archive.ArticleQuery) (archive.ArticlePage, error) {
	limit := pageSize(q.Limit)
	after, err := parseArticleCursor(q.After)
	if err != nil {
		return archive.ArticlePage{}, err
	}
	if q.URL == "" {
		return c.articles(ctx, limit, selectArticles, after)
	}
	one, err := archive.NewArticle(q.URL, "")
	if err != nil {
		return archive.ArticlePage{}, err
	}
	return c.articles(ctx, limit, selectArticle, one.ID)
}

// articles reads one more than asked for, which tells whether there is a next page.
func (c *Catalog) articles(ctx context.Context, limit int, statement, from string) (archive.ArticlePage, error) {
	page := archive.ArticlePage{}
	rows, err := c.reader.QueryContext(ctx, statement, from, limit+1)
	if err != nil {
		return page, fmt.Errorf("listing articles: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if len(page.Articles) == limit {
			page.Next = articleCursor(page.Articles[limit-1].URL)
			break
		}
		var record []byte
		var a archive.Article
		if err := rows.Scan(&record); err != nil {
			return page, fmt.Errorf("listing articles: %w", err)
		}
		if err := json.Unmarshal(record, &a); err != nil {
			return page, fmt.Errorf("listing articles: %w", err)
		}
		page.Articles = append(page.Articles, a)
	}
	if err := rows.Err(); err != nil {
		return page, fmt.Errorf("listing articles: %w", err)
	}
	return page, nil
}

// articleCursor is the place behind an article. It is encoded so that nobody builds on it.
func articleCursor(address string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(address))
}

// parseArticleCursor reads what articleCursor wrote. The empty one stands before the first article.
func parseArticleCursor(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	address, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return "", archive.NoPageEndedThere(err)
	}
	canonical, err := archive.CanonicalAddress(string(address))
	if err != nil || articleCursor(canonical) != s { // one place has one form
		return "", archive.NoPageEndedThere(err)
	}
	return canonical, nil
}
