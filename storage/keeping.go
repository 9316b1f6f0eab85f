package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"videoteca/archive"
)

// largestFile is how much of a file File reads into memory: pictures and
// responses, which the adapters bound far below.
const largestFile = 64 << 20 // 64 MiB

// claim says which video owns a source.
type claim struct {
	Version  int             `json:"version"`
	Platform string          `json:"platform"`
	ID       string          `json:"id"`
	Video    archive.VideoID `json:"video"`
	At       time.Time       `json:"at"`
}

// Claim implements archive.Store.
func (s *Store) Claim(ctx context.Context, key archive.SourceKey, id archive.VideoID) (archive.VideoID, error) {
	if err := s.EnsureReady(ctx); err != nil {
		return "", fmt.Errorf("claiming %s: %w", key, err)
	}
	found, err := s.owner(ctx, key)
	if !errors.Is(err, archive.ErrNotFound) {
		return found, err
	}
	c := claim{Version: recordVersion, Platform: key.Platform, ID: key.ID, Video: id, At: s.now().UTC().Truncate(time.Millisecond)}
	err = create(ctx, s.bucket, claimKey(key), c)
	if err == nil {
		return id, nil
	}
	if !errors.Is(err, archive.ErrExists) {
		return "", fmt.Errorf("claiming %s: %w", key, err)
	}
	return s.owner(ctx, key)
}

func (s *Store) owner(ctx context.Context, key archive.SourceKey) (archive.VideoID, error) {
	data, _, err := readAll(ctx, s.bucket, claimKey(key), maxRecord)
	if err != nil {
		return "", fmt.Errorf("reading the claim of %s: %w", key, err)
	}
	var c claim
	if err := decode(claimKey(key), data, &c); err != nil {
		return "", err
	}
	return c.Video, nil
}

// SaveFile implements archive.Store.
func (s *Store) SaveFile(ctx context.Context, id archive.VideoID, about archive.File, data []byte) (archive.File, error) {
	about.Algorithm, about.Digest, about.Bytes = "sha256", hexDigest(data), int64(len(data))
	err := createBytes(ctx, s.bucket, fileKey(id, about), data)
	if err != nil && !errors.Is(err, archive.ErrExists) {
		return archive.File{}, fmt.Errorf("saving file %s of video %s: %w", about.Name(), id, err)
	}
	return about, nil
}

// storedCapture is the stored form of a capture.
type storedCapture struct {
	Version int `json:"version"`
	archive.Capture
}

// SaveCapture implements archive.Store.
func (s *Store) SaveCapture(ctx context.Context, c archive.Capture) (archive.Capture, error) {
	id, err := s.ids.next(s.now())
	if err != nil {
		return archive.Capture{}, err
	}
	c.ID = id
	if err := create(ctx, s.bucket, capturesPrefix(c.Video)+id+".json", storedCapture{recordVersion, c}); err != nil {
		return archive.Capture{}, fmt.Errorf("saving the capture of %s: %w", c.Source, err)
	}
	return c, nil
}

// Captures yields the captures of a video, the oldest first.
func (s *Store) Captures(ctx context.Context, id archive.VideoID) iter.Seq2[archive.Capture, error] {
	return documents[archive.Capture](ctx, s.bucket, capturesPrefix(id))
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
