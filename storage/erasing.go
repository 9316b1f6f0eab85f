package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"videoteca/archive"
)

var _ archive.Attic = (*Store)(nil)

// Belongings implements archive.Attic: the objects under the video's prefixes, by key.
func (s *Store) Belongings(ctx context.Context, id archive.VideoID, events []string) iter.Seq2[archive.Belonging, error] {
	return func(yield func(archive.Belonging, error) bool) {
		for _, prefix := range []string{filesPrefix(id), capturesPrefix(id), eventsPrefix(id)} {
			for object, err := range s.bucket.List(ctx, prefix, "") {
				if err != nil {
					yield(archive.Belonging{}, domainError(err))
					return
				}
				name, _, _ := strings.Cut(path.Base(object.Key), ".")
				if prefix == eventsPrefix(id) && slices.Contains(events, name) {
					continue
				}
				b := archive.Belonging{Key: object.Key, Bytes: object.Size}
				if prefix == filesPrefix(id) {
					b.File = name
				}
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

// RemoveBelonging implements archive.Attic. A key outside the video's prefixes gets ErrBadKey.
func (s *Store) RemoveBelonging(ctx context.Context, id archive.VideoID, b archive.Belonging) error {
	for _, prefix := range []string{filesPrefix(id), capturesPrefix(id), eventsPrefix(id)} {
		if strings.HasPrefix(b.Key, prefix) {
			return s.remove(ctx, b.Key)
		}
	}
	return fmt.Errorf("removing %s: %w: it does not belong to video %s", b.Key, ErrBadKey, id)
}

// ReleaseClaim implements archive.Attic. It reads the claim first: between the erasure and its
// completion the source may have been registered anew. What is no digest gets ErrBadKey.
func (s *Store) ReleaseClaim(ctx context.Context, id archive.VideoID, digest string) error {
	if !fileDigest.MatchString(digest) {
		return fmt.Errorf("releasing a claim of video %s: %w: %q is no digest", id, ErrBadKey, digest)
	}
	key := claimKeyOf(digest)
	data, _, err := readAll(ctx, s.bucket, key, maxRecord)
	if errors.Is(err, archive.ErrNotFound) {
		return nil
	}
	var c claim
	if err == nil {
		err = decode(key, data, &c)
	}
	if err != nil {
		return fmt.Errorf("releasing the claim %s of video %s: %w", digest, id, err)
	}
	if c.Video != id {
		return nil
	}
	return s.remove(ctx, key)
}
