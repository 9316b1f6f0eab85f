package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"videoteca/archive"
)

// maxRecord bounds what is read into memory as one JSON document.
const maxRecord = 16 << 20 // 16 MiB

// readAll reads a whole object.
func readAll(ctx context.Context, b Bucket, key string, limit int64) ([]byte, Object, error) {
	body, object, err := b.Get(ctx, key, Range{})
	if err != nil {
		return nil, Object{}, domainError(err)
	}
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err = errors.Join(err, body.Close()); err != nil {
		return nil, Object{}, fmt.Errorf("%w: reading %s: %w", archive.ErrUnavailable, key, err)
	}
	if int64(len(data)) > limit {
		return nil, Object{}, fmt.Errorf("reading %s: more than %d bytes", key, limit)
	}
	return data, object, nil
}

// put writes a document under a condition.
func put(ctx context.Context, b Bucket, key string, data []byte, cond Condition) (Object, error) {
	return b.Put(ctx, key, bytes.NewReader(data), int64(len(data)), cond)
}

// create writes an immutable object. One that stands already gets archive.ErrExists.
func create(ctx context.Context, b Bucket, key string, document any) error {
	data, err := encode(document)
	if err != nil {
		return fmt.Errorf("writing %s: %w", key, err)
	}
	return createBytes(ctx, b, key, data)
}

// createBytes settles a lost reply by looking: an object with these very bytes is ours,
// or as good as ours.
func createBytes(ctx context.Context, b Bucket, key string, data []byte) error {
	_, err := put(ctx, b, key, data, IfAbsent())
	if err == nil {
		return nil
	}
	if !errors.Is(err, ErrPreconditionFailed) && !errors.Is(err, ErrOutcomeUnknown) {
		return domainError(err)
	}
	found, _, readErr := readAll(ctx, b, key, int64(len(data)))
	switch {
	case readErr == nil && bytes.Equal(found, data):
		return nil
	case errors.Is(err, ErrPreconditionFailed):
		return fmt.Errorf("%w: %w", archive.ErrExists, err)
	}
	return domainError(errors.Join(err, readErr))
}

// encode is the form of every JSON object: indented for people, with a line end.
func encode(document any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return out.Bytes(), nil
}

// domainError gives an error of the bucket the name that the domain uses.
// What is neither an answer nor a refusal means that the store could not be asked.
func domainError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNotFound):
		return fmt.Errorf("%w: %w", archive.ErrNotFound, err)
	case errors.Is(err, archive.ErrUnavailable), errors.Is(err, archive.ErrNotFound), errors.Is(err, archive.ErrExists), errors.Is(err, ErrBadKey), errors.Is(err, context.Canceled):
		return err
	}
	return fmt.Errorf("%w: %w", archive.ErrUnavailable, err)
}

// documents yields the JSON objects under a prefix in the order of their keys.
func documents[T any](ctx context.Context, b Bucket, prefix string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for object, err := range b.List(ctx, prefix, "") {
			var document T
			if err != nil {
				yield(document, domainError(err))
				return
			}
			data, _, err := readAll(ctx, b, object.Key, maxRecord)
			if err == nil {
				err = decode(object.Key, data, &document)
			}
			if !yield(document, err) {
				return
			}
		}
	}
}

func decode(key string, data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, key, err)
	}
	return nil
}

// ErrDamaged says that an object's content is not what it must be.
var ErrDamaged = errors.New("damaged")
