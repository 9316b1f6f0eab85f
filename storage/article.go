package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// storedArticle is the stored form of an article.
type storedArticle struct {
	Version int `json:"version"`
	archive.Article
	Writes []string `json:"writes"`
}

// foundArticle is an article as it was read; a zero one is not there.
type foundArticle struct {
	storedArticle
	etag string
	raw  []byte
}

// Place implements archive.Store.
func (s *Store) Place(ctx context.Context, a archive.Article, id archive.VideoID) error {
	err := s.attempt(ctx, func(ctx context.Context) error { return s.tryPlace(ctx, a, id) })
	if err != nil {
		return fmt.Errorf("noting video %s in article %s: %w", id, a.URL, err)
	}
	return nil
}

func (s *Store) tryPlace(ctx context.Context, a archive.Article, id archive.VideoID) error {
	key := articleKey(a.ID)
	found, err := s.article(ctx, key)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(found.Placements, func(p archive.Placement) bool { return p.Video == id }) {
		return nil
	}
	at := s.now().UTC().Truncate(time.Millisecond)
	writeID, err := s.ids.next(at)
	if err != nil {
		return err
	}
	next := found.placed(a, archive.Placement{Video: id, Added: at}, writeID)
	data, err := found.rewrite(next)
	if err != nil {
		return err
	}
	if err := s.mark(ctx, at, key, next.Revision); err != nil {
		return err
	}
	return s.putArticle(ctx, key, data, found.etag)
}

func (s *Store) putArticle(ctx context.Context, key string, data []byte, etag string) error {
	cond := IfAbsent()
	if etag != "" {
		cond = IfMatch(etag)
	}
	_, err := put(ctx, s.bucket, key, data, cond)
	// Placing is idempotent, so a write of unknown outcome is simply tried again.
	if err != nil && (errors.Is(err, ErrPreconditionFailed) || uncertain(err)) {
		return archive.ErrConflict
	}
	return domainError(err)
}

// placed is the article with one placement more.
func (f foundArticle) placed(a archive.Article, p archive.Placement, writeID string) storedArticle {
	next := f.storedArticle
	if f.etag == "" {
		next.Article = a
	}
	w := Written{f.Revision, f.Writes}.Next(writeID)
	next.Version, next.Revision, next.Writes = recordVersion, w.Revision, w.Writes
	next.Placements = append(slices.Clone(f.Placements), p)
	return next
}

func (f foundArticle) rewrite(next storedArticle) ([]byte, error) {
	if err := writable("article "+f.ID, f.Version); err != nil {
		return nil, err
	}
	return rewrite(f.raw, f.storedArticle, next)
}

func (s *Store) article(ctx context.Context, key string) (foundArticle, error) {
	data, object, err := readAll(ctx, s.bucket, key, maxRecord)
	if errors.Is(err, archive.ErrNotFound) {
		return foundArticle{}, nil
	}
	if err != nil {
		return foundArticle{}, err
	}
	f := foundArticle{etag: object.ETag, raw: data}
	return f, decode(key, data, &f.storedArticle)
}

// ListedArticle is one article as a listing shows it.
type ListedArticle struct {
	ID   string
	ETag string
}

// ListArticles yields the articles of the store by id, without reading them. An error is yielded once, last.
func (s *Store) ListArticles(ctx context.Context) iter.Seq2[ListedArticle, error] {
	return func(yield func(ListedArticle, error) bool) {
		for object, err := range s.bucket.List(ctx, prefixArticles, "") {
			if err != nil {
				yield(ListedArticle{}, fmt.Errorf("listing articles: %w", domainError(err)))
				return
			}
			id := strings.TrimSuffix(path.Base(object.Key), ".json")
			if articleKey(id) == object.Key && !yield(ListedArticle{id, object.ETag}, nil) {
				return
			}
		}
	}
}

// ReadArticle returns an article with its ETag. A missing one gets archive.ErrNotFound.
func (s *Store) ReadArticle(ctx context.Context, id string) (archive.Article, string, error) {
	found, err := s.article(ctx, articleKey(id))
	if err == nil && found.etag == "" {
		err = archive.ErrNotFound
	}
	if err == nil && found.ID != id {
		err = fmt.Errorf("%w: it has the id %q", ErrDamaged, found.ID)
	}
	if err != nil {
		return archive.Article{}, "", fmt.Errorf("reading article %s: %w", id, err)
	}
	return found.Article, found.etag, nil
}

// Articles yields the articles of the store by id.
func (s *Store) Articles(ctx context.Context) iter.Seq2[archive.Article, error] {
	return documents[archive.Article](ctx, s.bucket, prefixArticles)
}
