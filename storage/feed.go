package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"time"

	"videoteca/archive"
)

// Feed reads the change feed of a store for one replica.
//
// What cannot be read keeps nothing else from being followed. It is tried again at each poll, after what gave no
// trouble, for two minutes in which the store answered otherwise: then the fault is its own, and the change is left to
// whoever compares the whole store with what is known here. While the store does not answer these minutes do not
// run, so nothing is forgotten however long it is away.
type Feed struct {
	Article func(context.Context, archive.Article) error // called with each article that changed; nil: nobody listens

	store   *Store
	newest  string               // marker
	met     map[string]time.Time // markers within the overlap, and when they were drawn
	pending map[string]wanted    // by key: markers that were not read yet, and records that have not reached their revision
}

// wanted is what is waited for at a key, and until when:
// on this replica's clock from when it met the marker, since the writer's may differ by half an hour.
type wanted struct {
	revision int64 // that a record is about to reach; a marker has none
	until    time.Time
	failures int // polls in a row at which it could not be read, or not be taken
}

// NewFeed begins at the time since: changes marked before it are taken as known.
func NewFeed(s *Store, since time.Time) *Feed {
	return &Feed{store: s, newest: floorULID(since), met: map[string]time.Time{}, pending: map[string]wanted{}}
}

// Poll reads the markers that came, and the records they name, and hands each
// record that has reached its revision to apply, with its ETag. A record that has not is read again
// at the next polls, until its marker was met two minutes ago. Where one cannot be read the others
// are followed all the same, unless the store takes seconds to say so; the errors are joined. An error of apply,
// which is returned, ends the poll, and the next one begins with the others. What was not followed stays to be followed.
func (f *Feed) Poll(ctx context.Context, apply func(ctx context.Context, v archive.Video, etag string) error) error {
	if err := f.list(ctx); err != nil {
		f.waitAnew()
		return fmt.Errorf("polling the change feed: %w", err)
	}
	t := &turn{Feed: f, apply: apply, tried: map[string]bool{}}
	if err := t.run(ctx); err != nil {
		return fmt.Errorf("polling the change feed: %w", err)
	}
	return nil
}

// list takes note of the markers that came. Where the listing breaks off, those before it are noted.
func (f *Feed) list(ctx context.Context) error {
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
		f.met[id] = drawn
		f.newest = max(f.newest, id)
		f.pending[object.Key] = wanted{until: f.store.now().Add(markerWaits)}
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

// waitAnew lets the wait for everything begin once more.
func (f *Feed) waitAnew() {
	for key, w := range f.pending {
		w.until = f.store.now().Add(markerWaits)
		f.pending[key] = w
	}
}

// follow reads what is at a key and tells of it. Its errors are that it could not be read, and a tellingError;
// what is there and makes no sense is waited for like what is not there.
func (f *Feed) follow(ctx context.Context, key string, apply func(context.Context, archive.Video, string) error) error {
	revision, err := f.tell(ctx, key, apply)
	w := f.pending[key]
	var telling tellingError
	if errors.Is(err, archive.ErrUnavailable) || errors.As(err, &telling) || err != nil && ctx.Err() != nil {
		w.failures++
		f.pending[key] = w
		return err
	}
	w.failures = 0
	f.pending[key] = w
	if err == nil && revision >= w.revision || f.store.now().After(w.until) {
		delete(f.pending, key)
	}
	return nil
}

// tellingError is an error of whoever is told of a change, and says nothing of the store.
type tellingError struct{ error }

func (e tellingError) Unwrap() error { return e.error }

// tell returns the revision of what it found and told of.
func (f *Feed) tell(ctx context.Context, key string, apply func(context.Context, archive.Video, string) error) (int64, error) {
	if isMarker(key) {
		return 0, f.readMarker(ctx, key)
	}
	id, isVideo := videoOf(key)
	if !isVideo {
		return f.tellArticle(ctx, key)
	}
	v, etag, err := f.store.Read(ctx, id)
	if err != nil {
		return 0, err
	}
	if err := apply(ctx, v, etag); err != nil {
		return 0, tellingError{err}
	}
	return v.Revision, nil
}

func (f *Feed) tellArticle(ctx context.Context, key string) (int64, error) {
	found, err := f.store.article(ctx, key)
	if err != nil || found.ID == "" {
		return 0, err
	}
	if err := f.Article(ctx, found.Article); err != nil {
		return 0, tellingError{err}
	}
	return found.Revision, nil
}

func isMarker(key string) bool { return strings.HasPrefix(key, prefixChanges) }

// listens reports whether anybody is told of changes of what is at a key.
func (f *Feed) listens(key string) bool {
	_, isVideo := videoOf(key)
	return isVideo || f.Article != nil && strings.HasPrefix(key, prefixArticles)
}

// readMarker takes note of the records that a marker names.
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
		w := f.pending[record]
		if revision <= w.revision || !f.listens(record) {
			continue
		}
		w.revision, w.until = revision, f.store.now().Add(markerWaits)
		f.pending[record] = w
	}
	return nil
}
