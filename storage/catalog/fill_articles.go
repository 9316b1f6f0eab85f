package catalog

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"videoteca/archive"
)

const selectArticleETags = "SELECT id, etag FROM articles WHERE id > ? ORDER BY id LIMIT ?"

// ListedArticle is one article as a listing shows it.
type ListedArticle struct {
	ID   string
	ETag string
}

// ArticleOrigin is the store that articles are read from.
type ArticleOrigin interface {
	// ArticleList lists all articles, in any order. An error is yielded once, last.
	ArticleList(ctx context.Context) iter.Seq2[ListedArticle, error]

	// ReadArticle returns an article and its ETag. A missing one gets archive.ErrNotFound.
	ReadArticle(ctx context.Context, id string) (a archive.Article, etag string, err error)
}

// FillArticles reads the articles of the store that are missing here or have changed, and goes on as Fill does where
// some cannot be read. None is removed: the store never loses one. An error comes with what was done until then.
func (c *Catalog) FillArticles(ctx context.Context, origin ArticleOrigin) (Filled, error) {
	return c.fillArticles(ctx, origin, false)
}

// ReindexArticles reads every article of the store anew, as Reindex does with videos.
func (c *Catalog) ReindexArticles(ctx context.Context, origin ArticleOrigin) (Filled, error) {
	filled, err := c.fillArticles(ctx, origin, true)
	if err != nil {
		return filled, err
	}
	_, err = c.FillArticles(ctx, origin)
	return filled, err
}

func (c *Catalog) fillArticles(ctx context.Context, origin ArticleOrigin, anew bool) (Filled, error) {
	var filled Filled
	changed, listing := c.compareArticles(ctx, origin, anew, &filled)
	in := intake[string, articleRow]{
		what: "article", keep: c.putArticles, filled: &filled, log: c.log,
		read: func(ctx context.Context, id string) (articleRow, error) { return c.readArticle(ctx, origin, id, anew) },
	}
	// What was listed is worth reading even where the listing broke off.
	if err := errors.Join(listing, in.all(ctx, changed)); err != nil {
		return filled, fmt.Errorf("filling the catalog with articles: %w", err)
	}
	return filled, nil
}

// compareArticles lists the articles of the store and returns those that must be read.
func (c *Catalog) compareArticles(ctx context.Context, origin ArticleOrigin, anew bool, filled *Filled) (changed []string, err error) {
	have := newETags[string]()
	for known, err := range c.articleETags(ctx) {
		if err != nil {
			return nil, err
		}
		have.add(known.ID, known.ETag)
	}
	for listed, err := range origin.ArticleList(ctx) {
		if err != nil {
			return changed, fmt.Errorf("listing the articles of the store: %w", err)
		}
		filled.Listed++
		if have.differs(listed.ID, listed.ETag) || anew {
			changed = append(changed, listed.ID)
		}
	}
	return changed, nil
}

// articleETags yields every article with the ETag that it was read under, by id. An error is yielded once, last.
func (c *Catalog) articleETags(ctx context.Context) iter.Seq2[ListedArticle, error] {
	return each(ctx, c.reader, selectArticleETags, func(id string, etag []byte) (ListedArticle, error) {
		return ListedArticle{ID: id, ETag: string(etag)}, nil
	})
}

func (c *Catalog) readArticle(ctx context.Context, origin ArticleOrigin, id string, anew bool) (articleRow, error) {
	var over *edition
	if anew {
		var err error
		if over, err = c.edition(ctx, selectArticleEdition, id); err != nil {
			return articleRow{}, err
		}
	}
	a, etag, err := origin.ReadArticle(ctx, id)
	return articleRow{article: a, etag: etag, over: over}, err
}
