package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"videoteca/archive"
)

// ErrDamaged says that an object's content is not what it must be.
var ErrDamaged = errors.New("damaged")

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
		return nil, Object{}, domainError(fmt.Errorf("reading %s: %w", key, err))
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

// createTries is how often an immutable object is written whose write was lost on the way.
const createTries = 3

// createBytes settles a lost reply by looking: an object with these very bytes is ours,
// or as good as ours. Where there is none the write never arrived, and is made
// again: it creates only, so it can do no harm.
func createBytes(ctx context.Context, b Bucket, key string, data []byte) error {
	for range createTries {
		_, err := put(ctx, b, key, data, IfAbsent())
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrPreconditionFailed) && !uncertain(err) {
			return domainError(err)
		}
		same, err := holds(ctx, b, key, data)
		switch {
		case err == nil && same:
			return nil
		case err == nil:
			return fmt.Errorf("%w: %s", archive.ErrExists, key)
		case !errors.Is(err, archive.ErrNotFound):
			return err
		}
	}
	// Not the reading's ErrNotFound: a caller would take it for an answer about the item.
	return fmt.Errorf("%w: %s was written %d times and is not there", archive.ErrUnavailable, key, createTries)
}

// holds reports whether the object has these very bytes.
func holds(ctx context.Context, b Bucket, key string, data []byte) (bool, error) {
	object, err := b.Stat(ctx, key)
	if err != nil {
		return false, domainError(err)
	}
	if object.Size != int64(len(data)) {
		return false, nil
	}
	found, _, err := readAll(ctx, b, key, object.Size)
	return bytes.Equal(found, data), err
}

// uncertain reports whether a conditional write that failed like this may have happened.
func uncertain(err error) bool {
	return errors.Is(err, ErrOutcomeUnknown) || !definite(err) && !refused(err)
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
	case cancelled(err), isAny(err, archive.ErrUnavailable, archive.ErrNotFound, archive.ErrExists, ErrBadKey, ErrBadRange, ErrEmptyObject):
		return err
	}
	return fmt.Errorf("%w: %w", archive.ErrUnavailable, err)
}

// cancelled reports whether the caller gave up. A deadline of a call cancels a context too,
// and then it is the store that did not answer.
func cancelled(err error) bool {
	return errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

func isAny(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}

// documents yields the JSON objects under a prefix in the order of their keys.
func documents[T any](ctx context.Context, b Bucket, prefix string) iter.Seq2[T, error] {
	return documentsAfter[T](ctx, b, prefix, "")
}

// documentsAfter leaves out, unread, those up to the one named; empty: none.
func documentsAfter[T any](ctx context.Context, b Bucket, prefix, name string) iter.Seq2[T, error] {
	start := ""
	if name != "" {
		start = prefix + name + ".json"
	}
	return func(yield func(T, error) bool) {
		for object, err := range b.List(ctx, prefix, start) {
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
