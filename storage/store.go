package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"sync"
	"time"

	"videoteca/archive"
)

// How long a change of a record is tried. Between the marker and the write a
// reader of the change feed waits at most two minutes, so writers must give up well before.
const (
	maxAttempts = 200
	writingTime = 30 * time.Second
	firstPause  = 5 * time.Millisecond
	longPause   = 250 * time.Millisecond
)

// Store is archive.Store on a Bucket.
type Store struct {
	bucket  Bucket
	prepare func(context.Context) error
	ids     *ulids
	now     func() time.Time
	log     *slog.Logger

	ready   sync.Mutex
	proven  bool
	refused error
}

// StoreOptions configures NewStore. The zero value is good.
type StoreOptions struct {
	Prepare func(context.Context) error // makes the bucket where it is missing; nil: it is there
	Now     func() time.Time            // nil: time.Now
	Log     *slog.Logger                // nil: discarded
}

var _ archive.Store = (*Store)(nil)

// NewStore keeps records in b. It asks nothing yet: the store is proven by the
// first write, or by EnsureReady.
func NewStore(b Bucket, o StoreOptions) *Store {
	s := &Store{bucket: b, prepare: o.Prepare, ids: newULIDs(), now: o.Now, log: o.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Bucket is what the records are kept in.
func (s *Store) Bucket() Bucket { return s.bucket }

// EnsureReady makes the bucket if it may, checks or writes the format's marker and proves
// conditional writes, once. A store that was refused (ErrUnsupported,
// ErrNewerFormat) stays refused; one that could not be reached is asked again.
func (s *Store) EnsureReady(ctx context.Context) error {
	s.ready.Lock()
	defer s.ready.Unlock()
	if s.proven || s.refused != nil {
		return s.refused
	}
	err := s.prove(ctx)
	switch {
	case err == nil:
		s.proven = true
	case errors.Is(err, ErrUnsupported), errors.Is(err, ErrNewerFormat):
		s.refused = err
	}
	return err
}

func (s *Store) prove(ctx context.Context) error {
	if s.prepare != nil {
		if err := s.prepare(ctx); err != nil {
			return domainError(err)
		}
	}
	if _, err := Ensure(ctx, s.bucket, s.now()); err != nil {
		return err
	}
	if err := Prove(ctx, s.bucket); err != nil {
		if errors.Is(err, ErrUnsupported) {
			return err
		}
		return domainError(err)
	}
	return nil
}

// Video implements archive.Store.
func (s *Store) Video(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	v, _, err := s.Read(ctx, id)
	return v, err
}

// Read returns a record with its ETag. A missing one gets archive.ErrNotFound.
func (s *Store) Read(ctx context.Context, id archive.VideoID) (archive.Video, string, error) {
	found, err := s.read(ctx, id)
	if err != nil {
		return archive.Video{}, "", fmt.Errorf("reading video %s: %w", id, err)
	}
	return found.Video, found.etag, nil
}

func (s *Store) read(ctx context.Context, id archive.VideoID) (stored, error) {
	if _, err := archive.ParseVideoID(string(id)); err != nil {
		return stored{}, fmt.Errorf("%w: %w", archive.ErrNotFound, err)
	}
	data, object, err := readAll(ctx, s.bucket, videoKey(id), maxRecord)
	if err != nil {
		return stored{}, err
	}
	return decodeRecord(videoKey(id), data, object.ETag)
}

// Create implements archive.Store.
func (s *Store) Create(ctx context.Context, v archive.Video, cause archive.Cause) (archive.Video, error) {
	ctx, cancel := context.WithTimeout(ctx, writingTime)
	defer cancel()
	if err := s.EnsureReady(ctx); err != nil {
		return archive.Video{}, fmt.Errorf("creating video %s: %w", v.ID, err)
	}
	created, err := s.write(ctx, stored{}, v, cause)
	if err != nil {
		return archive.Video{}, fmt.Errorf("creating video %s: %w", v.ID, err)
	}
	return created, nil
}

// Update implements archive.Store.
func (s *Store) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	ctx, cancel := context.WithTimeout(ctx, writingTime)
	defer cancel()
	if err := s.EnsureReady(ctx); err != nil {
		return archive.Video{}, fmt.Errorf("changing video %s: %w", id, err)
	}
	wait := firstPause
	for range maxAttempts {
		v, err := s.tryUpdate(ctx, id, cause, change)
		if err == nil || !errors.Is(err, archive.ErrConflict) || errors.Is(err, errOfChange) {
			return v, unwrapChange(err, id)
		}
		pause(ctx, wait/2+rand.N(wait)) // writers that collided must not collide again
		wait = min(2*wait, longPause)
	}
	return archive.Video{}, fmt.Errorf("changing video %s: %w", id, archive.ErrConflict)
}

// errOfChange marks an error that the change itself returned, which ends the update.
var errOfChange = errors.New("the change was not made")

type changeError struct{ error }

func (e changeError) Unwrap() error        { return e.error }
func (e changeError) Is(target error) bool { return target == errOfChange }

func unwrapChange(err error, id archive.VideoID) error {
	var own changeError
	if errors.As(err, &own) {
		return own.error
	}
	if err != nil {
		return fmt.Errorf("changing video %s: %w", id, err)
	}
	return nil
}

func (s *Store) tryUpdate(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	found, err := s.read(ctx, id)
	if err != nil {
		return archive.Video{}, err
	}
	next, err := copyOf(found.Video)
	if err != nil {
		return archive.Video{}, err
	}
	if err := change(&next); err != nil {
		return archive.Video{}, changeError{err}
	}
	// What was read has been through JSON; so must what it is compared with.
	if next, err = copyOf(next); err != nil {
		return archive.Video{}, err
	}
	if reflect.DeepEqual(next, found.Video) {
		return found.Video, nil
	}
	return s.write(ctx, found, next, cause)
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
	if err := s.writeEvent(ctx, found.Video, next, cause, at); err != nil {
		return archive.Video{}, err
	}
	key := videoKey(next.ID)
	if err := s.mark(ctx, at, key, w.Revision); err != nil {
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
	if err == nil {
		return nil
	}
	if !errors.Is(err, ErrPreconditionFailed) && !errors.Is(err, ErrOutcomeUnknown) {
		return domainError(err)
	}
	now, readErr := s.read(ctx, id)
	if errors.Is(readErr, archive.ErrNotFound) {
		return fmt.Errorf("%w: %w", archive.ErrConflict, err) // it did not happen; try again
	}
	if readErr != nil {
		return errors.Join(ErrOutcomeUnknown, err, readErr)
	}
	happened, settleErr := Settle(now.written(), writeID, revision)
	switch {
	case happened:
		return nil
	case settleErr != nil:
		return errors.Join(settleErr, err)
	case found.etag == "":
		return fmt.Errorf("%w: %w", archive.ErrExists, err)
	}
	return fmt.Errorf("%w: %w", archive.ErrConflict, err)
}

// File reads a kept file and checks its digest. It fails with ErrDamaged where that differs.
func (s *Store) File(ctx context.Context, id archive.VideoID, f archive.File) ([]byte, error) {
	data, _, err := readAll(ctx, s.bucket, fileKey(id, f), largestFile)
	if err != nil {
		return nil, fmt.Errorf("reading file %s of video %s: %w", f.Name(), id, err)
	}
	if hexDigest(data) != f.Digest {
		return nil, fmt.Errorf("%w: file %s of video %s has another content than its name says", ErrDamaged, f.Name(), id)
	}
	return data, nil
}

// OpenFile opens a kept file, or a part of it, as it stands: unchecked, for
// files too large for memory. The caller closes it.
func (s *Store) OpenFile(ctx context.Context, id archive.VideoID, f archive.File, r Range) (io.ReadCloser, error) {
	body, _, err := s.bucket.Get(ctx, fileKey(id, f), r)
	if err != nil {
		return nil, fmt.Errorf("opening file %s of video %s: %w", f.Name(), id, domainError(err))
	}
	return body, nil
}
