package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"videoteca/archive"
)

var _ archive.Mover = (*Store)(nil)

// CopyBelongings implements archive.Mover. Files come first: a capture names them.
func (s *Store) CopyBelongings(ctx context.Context, from, to archive.VideoID) error {
	if err := s.EnsureReady(ctx); err != nil {
		return fmt.Errorf("copying what belongs to video %s: %w", from, err)
	}
	there, err := s.names(ctx, filesPrefix(to))
	if err != nil {
		return fmt.Errorf("copying the files of video %s: %w", from, err)
	}
	for object, err := range s.bucket.List(ctx, filesPrefix(from), "") {
		if err == nil && there[path.Base(object.Key)] { // the same bytes: it is named by their digest
			continue
		}
		if err == nil {
			err = s.copyFile(ctx, object, filesPrefix(to)+path.Base(object.Key))
		}
		if err != nil {
			return fmt.Errorf("copying the files of video %s: %w", from, domainError(err))
		}
	}
	for stored, err := range s.StoredCaptures(ctx, from) {
		if err != nil {
			return fmt.Errorf("copying the captures of video %s: %w", from, err)
		}
		c := stored.Capture
		c.Video = to
		err = create(ctx, s.bucket, captureKey(to, c.ID), storedCapture{Version: recordVersion, Capture: c})
		if err != nil && !errors.Is(err, archive.ErrExists) {
			return fmt.Errorf("copying capture %s of video %s: %w", c.ID, from, err)
		}
	}
	return nil
}

// names is what lies under a prefix.
func (s *Store) names(ctx context.Context, prefix string) (map[string]bool, error) {
	found := map[string]bool{}
	for object, err := range s.bucket.List(ctx, prefix, "") {
		if err != nil {
			return nil, domainError(err)
		}
		found[path.Base(object.Key)] = true
	}
	return found, nil
}

func (s *Store) copyFile(ctx context.Context, object Object, to string) error {
	body := &reread{ctx: ctx, bucket: s.bucket, object: object}
	defer body.close()
	_, err := s.bucket.Put(ctx, to, body, object.Size, IfAbsent())
	if errors.Is(err, ErrPreconditionFailed) { // somebody else has copied it
		return nil
	}
	return err
}

// reread reads an object from a bucket, from the start again as often as a retry asks for.
type reread struct {
	ctx    context.Context
	bucket Bucket
	object Object
	at     int64
	body   io.ReadCloser
}

func (r *reread) Read(p []byte) (int, error) {
	if r.at >= r.object.Size {
		return 0, io.EOF
	}
	if r.body == nil {
		body, _, err := r.bucket.Get(r.ctx, r.object.Key, Range{Offset: r.at})
		if err != nil {
			return 0, err
		}
		r.body = body
	}
	n, err := r.body.Read(p)
	r.at += int64(n)
	return n, err
}

// Seek implements io.Seeker.
func (r *reread) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.object.Size
	}
	if offset < 0 {
		return 0, fmt.Errorf("seeking in %s: %d is before its start", r.object.Key, offset)
	}
	if offset != r.at {
		r.close()
		r.at = offset
	}
	return offset, nil
}

func (r *reread) close() {
	if r.body != nil {
		_ = r.body.Close() // it was only read
		r.body = nil
	}
}

// MoveClaim implements archive.Mover.
func (s *Store) MoveClaim(ctx context.Context, key archive.SourceKey, from, to archive.VideoID) error {
	return s.attempt(ctx, func(ctx context.Context) error {
		data, object, err := readAll(ctx, s.bucket, claimKey(key), maxRecord)
		if errors.Is(err, archive.ErrNotFound) {
			return nil
		}
		var c claim
		if err == nil {
			err = decode(claimKey(key), data, &c)
		}
		if err != nil {
			return fmt.Errorf("moving the claim of %s: %w", key, err)
		}
		if c.Video != from {
			return nil
		}
		next := c
		next.Video = to
		rewritten, err := rewrite(data, c, next)
		if err != nil {
			return err
		}
		_, err = put(ctx, s.bucket, claimKey(key), rewritten, IfMatch(object.ETag))
		if errors.Is(err, ErrPreconditionFailed) || errors.Is(err, ErrOutcomeUnknown) { // read again: it says who owns it
			return archive.ErrConflict
		}
		return domainError(err)
	})
}
