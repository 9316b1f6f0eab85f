package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"videoteca/archive"
)

// foundDocument is a JSON object as it was read; without an ETag there is none.
type foundDocument[T any] struct {
	value T
	etag  string
	raw   []byte
}

// readDocument reads a JSON object that need not be there.
func readDocument[T any](ctx context.Context, b Bucket, key string) (foundDocument[T], error) {
	var found foundDocument[T]
	data, object, err := readAll(ctx, b, key, maxRecord)
	if errors.Is(err, archive.ErrNotFound) {
		return found, nil
	}
	if err != nil {
		return found, err
	}
	found.etag, found.raw = object.ETag, data
	return found, decode(key, data, &found.value)
}

// condition lets a write replace exactly what was found, or create where there was nothing.
func (f foundDocument[T]) condition() Condition {
	if f.etag == "" {
		return IfAbsent()
	}
	return IfMatch(f.etag)
}

// tracked is a document that names its own newest writes; see Settle.
type tracked[T any] interface {
	*T
	form() int     // version of the document's form; 0 for a fresh one
	wrote(Written) // notes one more write, and the version that this program writes
	written() Written
}

// amend lets change alter the document under key, or fresh where there is none, until it is
// written or fails. Where change alters nothing, nothing is written. An error of change
// ends it and is returned as it is.
//
// All its tries have one id: a request that was thought lost may still arrive, and then the
// next try, which was refused for it, finds that id and writes the change no second time.
func amend[T any, D tracked[T]](ctx context.Context, s *Store, key string, fresh T, change func(*T) error) (T, error) {
	a := &amendment[T, D]{bucket: s.bucket, key: key, fresh: fresh, change: change}
	var document T
	writeID, err := s.ids.next(s.now())
	if err != nil {
		return document, err
	}
	a.id = writeID
	err = s.attempt(ctx, func(ctx context.Context) (err error) {
		document, err = a.try(ctx)
		return err
	})
	var own changeError
	if errors.As(err, &own) {
		return document, own.error
	}
	if err != nil {
		return document, fmt.Errorf("changing %s: %w", key, err)
	}
	return document, nil
}

type amendment[T any, D tracked[T]] struct {
	bucket Bucket
	key    string
	id     string // of the write
	lost   int64  // revision that a try was to reach of which nobody knows; 0 for none
	fresh  T
	change func(*T) error
}

func (a *amendment[T, D]) try(ctx context.Context) (T, error) {
	found, err := a.read(ctx)
	if err != nil {
		return found.value, err
	}
	known := D(&found.value)
	before := known.written()
	if happened, err := a.arrived(before); happened || err != nil {
		return found.value, err
	}
	if err := writable(a.key, known.form()); err != nil {
		return found.value, err
	}
	next, differs, err := amended(found.value, a.change)
	if err != nil || !differs {
		return next, err
	}
	w := before.Next(a.id)
	D(&next).wrote(w)
	data, err := rewrite(found.raw, found.value, next)
	if err != nil {
		return next, err
	}
	_, err = put(ctx, a.bucket, a.key, data, found.condition())
	if err == nil {
		return next, nil
	}
	if errors.Is(err, ErrNotWritten) { // an earlier try's fate is looked for at the next one
		return next, archive.ErrConflict
	}
	if uncertain(err) {
		a.lost = w.Revision
	}
	if errors.Is(err, ErrPreconditionFailed) || uncertain(err) {
		return next, a.settle(ctx, w.Revision, err)
	}
	return next, domainError(err)
}

// arrived reports whether a try that was thought lost has happened after all. Once somebody else's write
// has reached its revision, it never will.
func (a *amendment[T, D]) arrived(found Written) (bool, error) {
	if a.lost == 0 {
		return false, nil
	}
	happened, err := Settle(found, a.id, a.lost)
	if found.Revision >= a.lost {
		a.lost = 0
	}
	return happened, err
}

func (a *amendment[T, D]) read(ctx context.Context) (foundDocument[T], error) {
	found, err := readDocument[T](ctx, a.bucket, a.key)
	if err == nil && found.etag == "" {
		found.value = a.fresh
	}
	return found, err
}

// settle is nil where the write happened, and archive.ErrConflict where it did not.
func (a *amendment[T, D]) settle(ctx context.Context, revision int64, cause error) error {
	// A caller that gave up still has to be told the truth of its write.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settlingTime)
	defer cancel()
	found, err := a.read(ctx)
	if err != nil {
		return errors.Join(ErrOutcomeUnknown, cause, err)
	}
	happened, err := Settle(D(&found.value).written(), a.id, revision)
	if err != nil {
		return errors.Join(err, cause)
	}
	if !happened {
		return archive.ErrConflict
	}
	return nil
}

// amended is what change makes of a copy of the document, and whether that says anything else.
// Both sides go through JSON, which levels what means the same (an empty list, a missing one).
func amended[T any](document T, change func(*T) error) (next T, differs bool, err error) {
	before, err := json.Marshal(document)
	if err == nil {
		err = json.Unmarshal(before, &next)
	}
	if err != nil {
		return next, false, fmt.Errorf("copying a document: %w", err)
	}
	if err := change(&next); err != nil {
		return next, false, changeError{err}
	}
	after, err := json.Marshal(next)
	if err != nil {
		return next, false, fmt.Errorf("encoding a document: %w", err)
	}
	return next, !bytes.Equal(before, after), nil
}
