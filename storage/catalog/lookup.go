package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"videoteca/archive"
)

// lookUp asks the bucket for an id that the catalog has not. Callers who ask for
// the same id at the same time share one read.
func (r *Reader) lookUp(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	// The read outlives the caller who began it, since others may wait for it.
	flight := r.flights.DoChan(string(id), func() (any, error) { return r.ask(context.WithoutCancel(ctx), id) })
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
	ctx, cancel := context.WithTimeout(ctx, lookupDeadline)
	defer cancel()
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
