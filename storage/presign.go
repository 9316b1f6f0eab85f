package storage

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"videoteca/archive"
)

// presignTime is how long a presigned address works. Nobody can take one back, so it bounds
// how long a film that was withdrawn may still be read; the pages' script asks for a new
// one where a film was longer.
const presignTime = 15 * time.Minute

// Presigner is a bucket that can let browsers read an object without credentials,
// for a while.
type Presigner interface {
	PresignGet(ctx context.Context, key string, valid time.Duration) (string, error)
}

// PresignGet implements Presigner with a signature of version 4 in the query. It asks no network.
func (s *S3) PresignGet(ctx context.Context, key string, valid time.Duration) (string, error) {
	if err := CheckKey(key); err != nil {
		return "", fmt.Errorf("signing an address of %s: %w", key, err)
	}
	u, err := s.core.Client.PresignedGetObject(ctx, s.bucket, s.prefix+key, valid, url.Values{})
	if err != nil {
		return "", fmt.Errorf("signing an address of %s: %w", key, s3Fault(err))
	}
	return u.String(), nil
}

// FileAddress is an address at which browsers may read a kept file for a quarter of an hour.
// It fails with ErrUnsupported where the store has no addresses.
func (s *Store) FileAddress(ctx context.Context, id archive.VideoID, f archive.File) (string, error) {
	if s.presigner == nil {
		return "", fmt.Errorf("an address of file %s of video %s: %w", f.Name(), id, ErrUnsupported)
	}
	return s.presigner.PresignGet(ctx, fileKey(id, f), presignTime)
}
