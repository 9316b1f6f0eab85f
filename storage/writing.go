package storage

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"videoteca/archive"
)

// How long a change is tried. Between the marker and the write a reader of the
// change feed waits at most two minutes, so writers must give up well before.
const (
	maxAttempts  = 200
	writingTime  = 30 * time.Second
	settlingTime = 5 * time.Second // for reading what became of a write whose caller has gone
	firstPause   = 5 * time.Millisecond
	longPause    = 250 * time.Millisecond
)

// Create implements archive.Store.
func (s *Store) Create(ctx context.Context, v archive.Video, cause archive.Cause) (archive.Video, error) {
	var created archive.Video
	err := s.attempt(ctx, func(ctx context.Context) (err error) {
		created, err = s.write(ctx, stored{}, v, cause)
		return err
	})
	if err != nil {
		return archive.Video{}, fmt.Errorf("creating video %s: %w", v.ID, err)
	}
	return created, nil
}

// Update implements archive.Store.
func (s *Store) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	var updated archive.Video
	err := s.attempt(ctx, func(ctx context.Context) (err error) {
		updated, err = s.tryUpdate(ctx, id, cause, change)
		return err
	})
	var own changeError
	if errors.As(err, &own) {
		return archive.Video{}, own.error
	}
	if err != nil {
		return archive.Video{}, fmt.Errorf("changing video %s: %w", id, err)
	}
	return updated, nil
}

// changeError is an error that the change itself returned, which ends the update, also
// where it is an archive.ErrConflict.
type changeError struct{ error }

func (e changeError) Unwrap() error { return e.error }

// attempt tries until the outcome is another than archive.ErrConflict.
func (s *Store) attempt(ctx context.Context, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, writingTime)
	defer cancel()
	if err := s.EnsureReady(ctx); err != nil {
		return err
	}
	wait := firstPause
	for range maxAttempts {
		err := try(ctx)
		var own changeError
		if !errors.Is(err, archive.ErrConflict) || errors.As(err, &own) {
			return err
		}
		pause(ctx, wait/2+rand.N(wait)) // writers that collided must not collide again
		wait = min(2*wait, longPause)
	}
	return archive.ErrConflict
}

func (s *Store) tryUpdate(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	found, err := s.read(ctx, id)
	if err != nil {
		return archive.Video{}, err
	}
	// Copies go through JSON, which levels what people wrote by hand (an empty list, a
	// missing one). So both sides of the comparison are copies.
	before, err := copyOf(found.Video)
	if err != nil {
		return archive.Video{}, err
	}
	next, err := changed(before, change)
	if err != nil {
		return archive.Video{}, err
	}
	if reflect.DeepEqual(next, before) {
		return before, nil
	}
	return s.write(ctx, found, next, cause)
}

// changed is what change makes of a copy of v. A record keeps its id and its revision.
func changed(v archive.Video, change func(*archive.Video) error) (archive.Video, error) {
	next, err := copyOf(v)
	if err != nil {
		return archive.Video{}, err
	}
	if err := change(&next); err != nil {
		return archive.Video{}, changeError{err}
	}
	next.ID, next.Revision = v.ID, v.Revision
	return copyOf(next)
}

// write writes event, marker and record, in this order, over what was found;
// a zero found creates.
func (s *Store) write(ctx context.Context, found stored, next archive.Video, cause archive.Cause) (archive.Video, error) {
	at := s.now().UTC().Truncate(time.Millisecond)
	writeID, err := s.ids.next(at)
	if err != nil {
		return archive.Video{}, err
	}
	w := found.written().Next(writeID)
	next.Revision, next.Updated = w.Revision, at
	data, err := found.rewrite(record{Version: recordVersion, Video: next, Writes: w.Writes})
	if err != nil {
		return archive.Video{}, err
	}
	if err := s.writeEvent(ctx, writeID, found.Video, next, cause); err != nil {
		return archive.Video{}, err
	}
	if err := s.mark(ctx, at, videoKey(next.ID), w.Revision); err != nil {
		return archive.Video{}, err
	}
	if err := s.putRecord(ctx, next.ID, data, found, writeID, w.Revision); err != nil {
		return archive.Video{}, err
	}
	return copyOf(next)
}

// putRecord writes the record and settles what became of it where the reply does not say.
func (s *Store) putRecord(ctx context.Context, id archive.VideoID, data []byte, found stored, writeID string, revision int64) error {
	cond := IfAbsent()
	if found.etag != "" {
		cond = IfMatch(found.etag)
	}
	_, err := put(ctx, s.bucket, videoKey(id), data, cond)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNotWritten) && found.etag == "": // whoever made it, it stands
		return archive.ErrExists
	case errors.Is(err, ErrNotWritten):
		return archive.ErrConflict
	case !errors.Is(err, ErrPreconditionFailed) && !uncertain(err):
		return domainError(err)
	}
	// A caller that gave up still has to be told the truth of its write.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settlingTime)
	defer cancel()
	return s.settle(ctx, id, found.etag == "", writeID, revision, err)
}

// settle reads the record to see what became of a write: nil where it happened,
// archive.ErrConflict where it did not and may be tried again.
func (s *Store) settle(ctx context.Context, id archive.VideoID, creating bool, writeID string, revision int64, cause error) error {
	found, err := s.read(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		return archive.ErrConflict
	}
	if err != nil {
		return errors.Join(ErrOutcomeUnknown, cause, err)
	}
	happened, err := Settle(found.written(), writeID, revision)
	switch {
	case happened:
		return nil
	case creating: // whoever made it, it stands
		return archive.ErrExists
	case err != nil:
		return errors.Join(err, cause)
	}
	return archive.ErrConflict
}
