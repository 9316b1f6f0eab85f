package catalog

import (
	"context"
	"log/slog"
	"time"

	"videoteca/archive"
)

// keepingDeadline is how long a write may be held up by the catalog: longer
// than other processes' batches, shorter than an editor's patience.
const keepingDeadline = 2 * time.Second

// WritingStore is a store whose writes appear in the catalog at once, so that a
// process reads what it wrote. Reading goes to the store, which has the truth.
type WritingStore struct {
	archive.Store
	catalog *Catalog
}

// NewStore puts c behind inner. The catalog failing never fails a write: the
// change feed brings the record later.
func NewStore(inner archive.Store, c *Catalog) *WritingStore {
	return &WritingStore{Store: inner, catalog: c}
}

var _ archive.Store = (*WritingStore)(nil)

// Create is that of archive.Store.
func (s *WritingStore) Create(ctx context.Context, v archive.Video, cause archive.Cause) (archive.Video, error) {
	created, err := s.Store.Create(ctx, v, cause)
	if err == nil {
		s.keep(ctx, created)
	}
	return created, err
}

// Update is that of archive.Store.
func (s *WritingStore) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	updated, err := s.Store.Update(ctx, id, cause, change)
	if err == nil {
		s.keep(ctx, updated)
	}
	return updated, err
}

// keep puts what was written into the catalog, also where the caller has gone
// meanwhile. The ETag is not known here; Fill learns it.
func (s *WritingStore) keep(ctx context.Context, v archive.Video) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepingDeadline)
	defer cancel()
	if err := s.catalog.Put(ctx, Entry{Video: v}); err != nil {
		s.catalog.log.WarnContext(ctx, "a record written is not in the catalog yet",
			slog.String("video", string(v.ID)), slog.Any("error", err))
	}
}

// Place is that of archive.Store.
func (s *WritingStore) Place(ctx context.Context, a archive.Article, id archive.VideoID) error {
	err := s.Store.Place(ctx, a, id)
	if err != nil {
		return err
	}
	placed := archive.Placement{Video: id, Added: time.Now().UTC().Truncate(time.Millisecond)} // about: the store's own moment comes with the feed
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepingDeadline)
	defer cancel()
	if err := s.catalog.place(ctx, a, placed); err != nil {
		s.catalog.log.WarnContext(ctx, "an article written is not in the catalog yet", slog.String("article", a.URL), slog.Any("error", err))
	}
	return nil
}
