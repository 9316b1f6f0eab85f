package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"videoteca/storage"
)

// largestDocument bounds what is read into memory, in bytes, as the store does.
const largestDocument = 16 << 20

// errUnreadable says that the store answers and cannot give one object.
var errUnreadable = errors.New("the store cannot give it")

// opening is a function that reads a body to its end.
type opening func(io.Reader) error

// stream reads an object, twice if the first time fails. A missing one gets storage.ErrNotFound, one that cannot be
// read from a store that otherwise answers gets errUnreadable, anything else archive.ErrUnavailable.
func stream(ctx context.Context, b storage.Bucket, key string, use opening) (storage.Object, error) {
	var object storage.Object
	var err error
	for range 2 {
		if object, err = streamOnce(ctx, b, key, use); err == nil || errors.Is(err, storage.ErrNotFound) || errors.Is(err, errTooLarge) {
			return object, err
		}
		if ctx.Err() != nil {
			return object, ctx.Err()
		}
	}
	if _, alive := b.Stat(ctx, storage.KeyInstallation); alive != nil {
		return object, unavailable(err)
	}
	return object, fmt.Errorf("%w: %w", errUnreadable, err)
}

func streamOnce(ctx context.Context, b storage.Bucket, key string, use opening) (storage.Object, error) {
	body, object, err := b.Get(ctx, key, storage.Range{})
	if err != nil {
		return object, err
	}
	return object, errors.Join(use(body), body.Close())
}

// errTooLarge says that a document has more bytes than any that is written.
var errTooLarge = fmt.Errorf("more than %d bytes", largestDocument)

// readDocument reads an object into memory.
func readDocument(ctx context.Context, b storage.Bucket, key string) ([]byte, storage.Object, error) {
	var data []byte
	object, err := stream(ctx, b, key, func(body io.Reader) (err error) {
		data, err = io.ReadAll(io.LimitReader(body, largestDocument+1))
		if err == nil && len(data) > largestDocument {
			return errTooLarge
		}
		return err
	})
	return data, object, err
}

// digestOf reads an object for its digest and its size.
func digestOf(ctx context.Context, b storage.Bucket, key string) (digest string, o storage.Object, err error) {
	o, err = stream(ctx, b, key, func(body io.Reader) error {
		sum := sha256.New()
		_, err := io.Copy(sum, body)
		digest = hex.EncodeToString(sum.Sum(nil))
		return err
	})
	return digest, o, err
}

func hexDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// exists asks for an object by its key.
func exists(ctx context.Context, b storage.Bucket, key string) (bool, error) {
	_, err := b.Stat(ctx, key)
	if err == nil || errors.Is(err, storage.ErrNotFound) {
		return err == nil, nil
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	return false, unavailable(err)
}
