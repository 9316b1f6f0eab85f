package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"videoteca/archive"
)

// Store is archive.Store on a Bucket.
type Store struct {
	bucket    Bucket
	prepare   func(context.Context) error
	presigner Presigner
	leases    *Leases
	ids       *ulids
	now       func() time.Time
	log       *slog.Logger

	proving chan struct{} // has room for the one caller that may look at what follows
	proven  bool
	refused error
}

// StoreOptions configures NewStore. The zero value is good.
type StoreOptions struct {
	Prepare   func(context.Context) error // makes the bucket where it is missing; nil: it is there
	Presigner Presigner                   // nil: files have no addresses of their own
	Now       func() time.Time            // nil: time.Now
	Log       *slog.Logger                // nil: discarded
}

var _ archive.Store = (*Store)(nil)

// NewStore keeps records in b. It asks nothing yet: the store is proven by the
// first write, or by EnsureReady.
func NewStore(b Bucket, o StoreOptions) *Store {
	s := &Store{bucket: b, prepare: o.Prepare, presigner: o.Presigner, ids: newULIDs(), now: o.Now, log: o.Log, proving: make(chan struct{}, 1)}
	s.leases = &Leases{store: s, seen: map[string]sighting{}}
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

// EnsureReady makes the bucket if it may, checks the format's marker, proves conditional
// writes, and marks a new store, once. A store that was refused (ErrUnsupported,
// ErrNewerFormat) stays refused; one that could not be reached is asked again.
// Callers wait for each other no longer than their contexts allow.
func (s *Store) EnsureReady(ctx context.Context) error {
	select {
	case s.proving <- struct{}{}:
		defer func() { <-s.proving }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for the store's proof: %w", domainError(ctx.Err()))
	}
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

// proofTries is how often a proof is made in which a reply was lost: that says
// nothing of the store, and each one writes other keys.
const proofTries = 4

func (s *Store) prove(ctx context.Context) error {
	if s.prepare != nil {
		if err := s.prepare(ctx); err != nil {
			return domainError(err)
		}
	}
	// A store of a later version is not written to, and one that fails the proof is not marked.
	if _, err := ReadInstallation(ctx, s.bucket); err != nil && !errors.Is(err, archive.ErrNotFound) {
		return err
	}
	if err := s.tryProof(ctx); err != nil {
		return err
	}
	_, err := Ensure(ctx, s.bucket, s.now())
	return err
}

func (s *Store) tryProof(ctx context.Context) error {
	var err error
	for range proofTries {
		err = Prove(ctx, s.bucket)
		if !errors.Is(err, ErrOutcomeUnknown) || errors.Is(err, ErrUnsupported) {
			break
		}
	}
	if errors.Is(err, ErrUnsupported) {
		return err
	}
	return domainError(err)
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
	id, err := archive.ParseVideoID(string(id)) // retyped ids may be in upper case, keys never are
	if err != nil {
		return stored{}, fmt.Errorf("%w: %w", archive.ErrNotFound, err)
	}
	data, object, err := readAll(ctx, s.bucket, videoKey(id), maxRecord)
	if err != nil {
		return stored{}, err
	}
	return decodeRecord(videoKey(id), data, object.ETag)
}

// Listed is one record as a listing shows it.
type Listed struct {
	ID   archive.VideoID
	ETag string
}

// List yields the videos of the store by id, without reading their records.
func (s *Store) List(ctx context.Context) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		for object, err := range s.bucket.List(ctx, prefixVideos, "") {
			if err != nil {
				yield(Listed{}, fmt.Errorf("listing videos: %w", domainError(err)))
				return
			}
			if id, ok := videoOf(object.Key); ok && !yield(Listed{id, object.ETag}, nil) {
				return
			}
		}
	}
}
