package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"strings"

	"videoteca/archive"
)

var _ archive.Shelf = (*Store)(nil)

// StoredCaptures implements archive.Shelf.
func (s *Store) StoredCaptures(ctx context.Context, id archive.VideoID) iter.Seq2[archive.StoredCapture, error] {
	return func(yield func(archive.StoredCapture, error) bool) {
		for object, err := range s.RawCaptures(ctx, id) {
			if errors.Is(err, archive.ErrNotFound) { // removed since it was listed
				continue
			}
			c := archive.StoredCapture{Digest: hexDigest(object.Data)}
			if err == nil {
				err = decode(object.Key, object.Data, &c.Capture)
			}
			if err == nil && (c.Video != id || captureKey(id, c.ID) != object.Key) {
				err = fmt.Errorf("%w: %s is capture %s of video %s", ErrDamaged, object.Key, c.ID, c.Video)
			}
			if err != nil {
				yield(archive.StoredCapture{}, err)
				return
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// Files implements archive.Shelf. What lies there under a name that no file has is left out.
func (s *Store) Files(ctx context.Context, id archive.VideoID) iter.Seq2[archive.File, error] {
	return func(yield func(archive.File, error) bool) {
		for object, err := range s.bucket.List(ctx, filesPrefix(id), "") {
			if err != nil {
				yield(archive.File{}, fmt.Errorf("listing the files of video %s: %w", id, domainError(err)))
				return
			}
			digest, extension, _ := strings.Cut(path.Base(object.Key), ".")
			f := archive.File{Digest: digest, Extension: extension, Bytes: object.Size}
			if !fileDigest.MatchString(digest) || !fileExtension.MatchString(extension) {
				continue
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// RemoveCapture implements archive.Shelf. What is no id of a capture gets ErrBadKey.
func (s *Store) RemoveCapture(ctx context.Context, id archive.VideoID, capture string) error {
	if _, err := ulidTime(capture); err != nil {
		return fmt.Errorf("removing capture %s of video %s: %w: %w", capture, id, ErrBadKey, err)
	}
	if err := s.remove(ctx, captureKey(id, capture)); err != nil {
		return fmt.Errorf("removing capture %s of video %s: %w", capture, id, err)
	}
	return nil
}

// RemoveFile implements archive.Shelf. What is no name of a file gets ErrBadKey.
func (s *Store) RemoveFile(ctx context.Context, id archive.VideoID, f archive.File) error {
	if !fileExtension.MatchString(f.Extension) || !fileDigest.MatchString(f.Digest) {
		return fmt.Errorf("removing a file of video %s: %w: %s is no digest with an extension of a-z and 0-9", id, ErrBadKey, f.Name())
	}
	if err := s.remove(ctx, fileKey(id, f)); err != nil {
		return fmt.Errorf("removing file %s of video %s: %w", f.Name(), id, err)
	}
	return nil
}

// remove deletes an object. Deleting is the same however often it happens, so no condition is needed.
func (s *Store) remove(ctx context.Context, key string) error {
	if err := s.EnsureReady(ctx); err != nil {
		return err
	}
	return domainError(s.bucket.Delete(ctx, key))
}

func captureKey(id archive.VideoID, capture string) string {
	return capturesPrefix(id) + capture + ".json"
}
