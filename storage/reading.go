package storage

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"videoteca/archive"
)

// RawObject is an object as it stands in the bucket.
type RawObject struct {
	Key  string
	Data []byte
}

// RawEvents yields the events of a video as they stand, the oldest first: what the digests of
// their chain are taken of. After an object that cannot be read the rest still comes.
func (s *Store) RawEvents(ctx context.Context, id archive.VideoID) iter.Seq2[RawObject, error] {
	return s.raw(ctx, eventsPrefix(id))
}

// RawCaptures is the same for the captures.
func (s *Store) RawCaptures(ctx context.Context, id archive.VideoID) iter.Seq2[RawObject, error] {
	return s.raw(ctx, capturesPrefix(id))
}

func (s *Store) raw(ctx context.Context, prefix string) iter.Seq2[RawObject, error] {
	return func(yield func(RawObject, error) bool) {
		for object, err := range s.bucket.List(ctx, prefix, "") {
			if err != nil {
				yield(RawObject{}, fmt.Errorf("listing %s: %w", prefix, domainError(err)))
				return
			}
			data, _, err := readAll(ctx, s.bucket, object.Key, maxRecord)
			if !yield(RawObject{object.Key, data}, err) {
				return
			}
		}
	}
}

// RawRecord is a video's record as it stands. A missing one gets archive.ErrNotFound.
func (s *Store) RawRecord(ctx context.Context, id archive.VideoID) (RawObject, error) {
	id, err := archive.ParseVideoID(string(id)) // retyped ids may be in upper case, keys never are
	if err != nil {
		return RawObject{}, fmt.Errorf("%w: %w", archive.ErrNotFound, err)
	}
	data, _, err := readAll(ctx, s.bucket, videoKey(id), maxRecord)
	if err != nil {
		return RawObject{}, fmt.Errorf("reading video %s: %w", id, err)
	}
	return RawObject{videoKey(id), data}, nil
}

// ReadCapture reads one capture of a video. A missing one gets archive.ErrNotFound.
func (s *Store) ReadCapture(ctx context.Context, id archive.VideoID, capture string) (archive.Capture, error) {
	capture = strings.ToLower(capture) // as in ids that were retyped
	if _, err := ulidTime(capture); err != nil {
		return archive.Capture{}, fmt.Errorf("%w: capture %s of video %s: %w", archive.ErrNotFound, capture, id, err)
	}
	key := capturesPrefix(id) + capture + ".json"
	data, _, err := readAll(ctx, s.bucket, key, maxRecord)
	if err != nil {
		return archive.Capture{}, fmt.Errorf("reading capture %s of video %s: %w", capture, id, err)
	}
	var c archive.Capture
	if err := decode(key, data, &c); err != nil {
		return archive.Capture{}, err
	}
	if c.ID != capture || c.Video != id {
		return archive.Capture{}, fmt.Errorf("%w: %s is capture %s of video %s", ErrDamaged, key, c.ID, c.Video)
	}
	return c, nil
}

// FileSize is the size of a kept file in bytes, as the store has it. A missing file gets archive.ErrNotFound.
func (s *Store) FileSize(ctx context.Context, id archive.VideoID, f archive.File) (int64, error) {
	object, err := s.bucket.Stat(ctx, fileKey(id, f))
	if err != nil {
		return 0, fmt.Errorf("describing file %s of video %s: %w", f.Name(), id, domainError(err))
	}
	return object.Size, nil
}
