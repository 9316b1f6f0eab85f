package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"videoteca/archive"
)

// storedArticle is the stored form of an article.
type storedArticle struct {
	Version int `json:"version"`
	archive.Article
	Revision int64    `json:"revision"`
	Writes   []string `json:"writes"`
}

// Place implements archive.Store.
func (s *Store) Place(ctx context.Context, a archive.Article, id archive.VideoID) error {
	if err := s.EnsureReady(ctx); err != nil {
		return fmt.Errorf("noting article %s: %w", a.URL, err)
	}
	wait := firstPause
	for range maxAttempts {
		err := s.tryPlace(ctx, a, id)
		if !errors.Is(err, archive.ErrConflict) {
			return err
		}
		pause(ctx, wait)
		wait = min(2*wait, longPause)
	}
	return fmt.Errorf("noting article %s: %w", a.URL, archive.ErrConflict)
}

func (s *Store) tryPlace(ctx context.Context, a archive.Article, id archive.VideoID) error {
	key := articleKey(a.ID)
	found, etag, err := s.article(ctx, key)
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
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
	next := found
	if etag == "" {
		next = storedArticle{Version: recordVersion, Article: a}
	}
	w := Written{found.Revision, found.Writes}.Next(writeID)
	next.Revision, next.Writes = w.Revision, w.Writes
	next.Placements = append(slices.Clone(found.Placements), archive.Placement{Video: id, Added: at})
	if err := s.mark(ctx, at, key, w.Revision); err != nil {
		return err
	}
	data, err := encode(next)
	if err != nil {
		return err
	}
	cond := IfAbsent()
	if etag != "" {
		cond = IfMatch(etag)
	}
	_, err = put(ctx, s.bucket, key, data, cond)
	// Placing is idempotent, so a write of unknown outcome is simply tried again.
	if errors.Is(err, ErrPreconditionFailed) || errors.Is(err, ErrOutcomeUnknown) {
		return fmt.Errorf("%w: %w", archive.ErrConflict, err)
	}
	return domainError(err)
}

func (s *Store) article(ctx context.Context, key string) (storedArticle, string, error) {
	data, object, err := readAll(ctx, s.bucket, key, maxRecord)
	if err != nil {
		return storedArticle{}, "", err
	}
	var a storedArticle
	err = decode(key, data, &a)
	return a, object.ETag, err
}

// Articles yields the articles of the store by id.
func (s *Store) Articles(ctx context.Context) iter.Seq2[archive.Article, error] {
	return documents[archive.Article](ctx, s.bucket, prefixArticles)
}
