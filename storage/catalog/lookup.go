package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"videoteca/archive"
)

// mostMerges is how many times in a row the video that serves for an id may have been merged into another itself.
const mostMerges = 4

// lookUp asks the bucket for what serves for an id and the catalog has not. Callers who ask for
// the same id at the same time share one read.
func (r *Reader) lookUp(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	// The read outlives the caller who began it, since others may wait for it.
	flight := r.flights.DoChan(string(id), func() (any, error) { return r.resolve(context.WithoutCancel(ctx), id) })
	waiting, cancel := context.WithTimeout(ctx, lookupDeadline)
	defer cancel()
	select {
	case answer := <-flight:
		v, _ := answer.Val.(archive.Video)
		return v, answer.Err
	case <-waiting.Done():
	}
	if ctx.Err() != nil {
		return archive.Video{}, fmt.Errorf("looking up video %s: %w", id, ctx.Err())
	}
	return archive.Video{}, fmt.Errorf("looking up video %s: no answer in time: %w", id, archive.ErrUnavailable)
}

// resolve reads the record that serves for an id: its own, or that of the video it was merged into, which the
// catalog finds by itself only once it has that one. Where the store says that it has it not, the id's own record serves.
func (r *Reader) resolve(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupDeadline)
	defer cancel()
	v, err := r.one(ctx, id)
	for range mostMerges {
		if err != nil || v.MergedInto == "" {
			break
		}
		into, absent := r.one(ctx, v.MergedInto)
		if errors.Is(absent, archive.ErrNotFound) {
			break
		}
		v, err = into, absent
	}
	return v, err
}

// one reads a record from the catalog, else from the store.
func (r *Reader) one(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	if v, err := r.catalog.Video(ctx, id); err == nil {
		return v, nil
	}
	return r.ask(ctx, id)
}

// ask reads the record from the store if that may be done now, and keeps the answer.
func (r *Reader) ask(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	if until, ok := r.absent.get(0, id); ok && time.Now().Before(until) {
		return archive.Video{}, fmt.Errorf("video %s: %w", id, archive.ErrNotFound)
	}
	release, ok := r.admit()
	if !ok {
		return archive.Video{}, fmt.Errorf("looking up video %s: too many unknown ids: %w", id, archive.ErrUnavailable)
	}
	defer release()
	v, etag, err := r.lookup.Read(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		r.absent.add(0, id, time.Now().Add(absenceKept))
		return archive.Video{}, fmt.Errorf("video %s: %w", id, archive.ErrNotFound)
	}
	if err != nil {
		return archive.Video{}, fmt.Errorf("looking up video %s: %w: %w", id, archive.ErrUnavailable, err)
	}
	if err := r.catalog.Put(ctx, Entry{Video: v, ETag: etag}); err != nil {
		r.log.WarnContext(ctx, "a record looked up could not be kept", slog.String("video", string(id)), slog.Any("error", err))
	}
	return v, nil
}

// admit reports whether the store may be asked once more, and what to call afterwards.
func (r *Reader) admit() (release func(), ok bool) {
	select {
	case r.slots <- struct{}{}:
	default:
		return nil, false
	}
	release = func() { <-r.slots }
	if !r.budget.Allow() {
		release()
		return nil, false
	}
	return release, true
}
