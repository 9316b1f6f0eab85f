package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// Times of the change feed; see docs/design.md on replicas.
const (
	feedOverlap  = 40 * time.Minute // S3 refuses clocks 15 minutes off, so two writers differ by 30 at most
	markerWaits  = 2 * time.Minute  // a writer gives up after 30 s, so this long after its marker it has written or never will
	markersKept  = 48 * time.Hour
	sweepsAtMost = 1000 // markers deleted in one sweep
)

// mark says that a record is about to reach a revision. It is written before the
// record: a crash in between leaves a marker for nothing, never a change that nobody hears of.
func (s *Store) mark(ctx context.Context, at time.Time, key string, revision int64) error {
	id, err := s.ids.next(at)
	if err != nil {
		return err
	}
	if err := create(ctx, s.bucket, prefixChanges+id+".json", map[string]int64{key: revision}); err != nil {
		return fmt.Errorf("marking the change of %s: %w", key, err)
	}
	return nil
}

// Feed reads the change feed of a store for one replica.
type Feed struct {
	Article func(context.Context, archive.Article) error // called with each article that changed; nil: nobody listens

	store   *Store
	newest  string               // marker
	met     map[string]time.Time // markers within the overlap, and when they were drawn
	pending map[string]wanted    // records that have not reached their revision
}

// wanted is the revision that a record is about to reach, and until when to
// wait for it: on this replica's clock from when it read the marker, since the writer's may differ by half an hour.
type wanted struct {
	revision int64
	until    time.Time
}

// NewFeed begins at the time since: changes marked before it are taken as known.
func NewFeed(s *Store, since time.Time) *Feed {
	return &Feed{store: s, newest: floorULID(since), met: map[string]time.Time{}, pending: map[string]wanted{}}
}

// Poll reads the markers that came, and the records they name, and hands each
// record that has reached its revision to apply, with its ETag. A record that has not is read again
// at the next polls, until its marker was met two minutes ago. An error of the store
// leaves the feed where it was; so does an error of apply, which is returned.
func (f *Feed) Poll(ctx context.Context, apply func(ctx context.Context, v archive.Video, etag string) error) error {
	if err := f.readMarkers(ctx); err != nil {
		return fmt.Errorf("polling the change feed: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(f.pending)) {
		if err := f.follow(ctx, key, apply); err != nil {
			return fmt.Errorf("following the change of %s: %w", key, err)
		}
	}
	return nil
}

func (f *Feed) readMarkers(ctx context.Context) error {
	from, err := f.from()
	if err != nil {
		return err
	}
	for object, err := range f.store.bucket.List(ctx, prefixChanges, prefixChanges+floorULID(from)) {
		if err != nil {
			return domainError(err)
		}
		id := strings.TrimSuffix(strings.TrimPrefix(object.Key, prefixChanges), ".json")
		drawn, err := ulidTime(id)
		if err != nil || !f.met[id].IsZero() {
			continue
		}
		if err := f.readMarker(ctx, object.Key); err != nil {
			return err
		}
		f.met[id] = drawn
		f.newest = max(f.newest, id)
	}
	maps.DeleteFunc(f.met, func(_ string, drawn time.Time) bool { return drawn.Before(from) }) // no later listing shows them
	return nil
}

// from is where to list from: the overlap before the newest marker seen. A marker from
// the future, by a clock gone wrong, must not hide those that follow.
func (f *Feed) from() (time.Time, error) {
	at, err := ulidTime(f.newest)
	if err != nil {
		return time.Time{}, err
	}
	if now := f.store.now(); at.After(now) {
		at = now
	}
	return at.Add(-feedOverlap).Truncate(time.Millisecond), nil
}

func (f *Feed) readMarker(ctx context.Context, key string) error {
	data, _, err := readAll(ctx, f.store.bucket, key, maxRecord)
	if errors.Is(err, archive.ErrNotFound) { // swept meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	var named map[string]int64
	if err := decode(key, data, &named); err != nil {
		f.store.log.WarnContext(ctx, "change marker passed over", slog.String("key", key), slog.Any("error", err))
		return nil
	}
	for record, revision := range named {
		if w := f.pending[record]; revision > w.revision {
			f.pending[record] = wanted{revision, f.store.now().Add(markerWaits)}
		}
	}
	return nil
}

// followArticle tells of a changed article as soon as it has the revision that was marked.
func (f *Feed) followArticle(ctx context.Context, key string) error {
	w := f.pending[key]
	found, err := f.store.article(ctx, key)
	if errors.Is(err, archive.ErrUnavailable) || ctx.Err() != nil {
		return err
	}
	if err == nil && found.ID != "" {
		if err := f.Article(ctx, found.Article); err != nil {
			return err
		}
	}
	if err == nil && found.Revision >= w.revision || f.store.now().After(w.until) {
		delete(f.pending, key)
	}
	return nil
}

func (f *Feed) follow(ctx context.Context, key string, apply func(context.Context, archive.Video, string) error) error {
	w := f.pending[key]
	id, isVideo := videoOf(key)
	if !isVideo {
		if f.Article != nil && strings.HasPrefix(key, prefixArticles) {
			return f.followArticle(ctx, key)
		}
		delete(f.pending, key)
		return nil
	}
	v, etag, err := f.store.Read(ctx, id)
	if errors.Is(err, archive.ErrUnavailable) || ctx.Err() != nil {
		return err
	}
	if err == nil {
		if err := apply(ctx, v, etag); err != nil {
			return err
		}
	}
	if err == nil && v.Revision >= w.revision || f.store.now().After(w.until) {
		delete(f.pending, key)
	}
	return nil
}

// Sweep deletes markers older than two days.
func (s *Store) Sweep(ctx context.Context) error {
	limit := prefixChanges + floorULID(s.now().Add(-markersKept))
	var old []string
	for object, err := range s.bucket.List(ctx, prefixChanges, "") {
		if err != nil {
			return fmt.Errorf("sweeping change markers: %w", domainError(err))
		}
		if object.Key >= limit || len(old) == sweepsAtMost {
			break
		}
		old = append(old, object.Key)
	}
	for _, key := range old {
		if err := s.bucket.Delete(ctx, key); err != nil {
			return fmt.Errorf("sweeping change markers: %w", domainError(err))
		}
	}
	return nil
}
