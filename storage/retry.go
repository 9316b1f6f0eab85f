package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Retries bounds how often a call is made again.
type Retries struct {
	Tries   uint          // of one call; 0: 3
	Initial time.Duration // before the second try; 0: 100 ms
}

// WithRetries makes calls again that failed for a reason that may pass.
//
// Reads, deletes and unconditional writes may be made twice. A conditional write
// is made again only when the server refused it before doing anything: after a
// lost reply a second try would meet its own first one, and report a conflict
// for a write that happened. Such a write fails with ErrOutcomeUnknown; Settle finds out.
func WithRetries(b Bucket, r Retries) Bucket {
	if r.Tries == 0 {
		r.Tries = 3
	}
	if r.Initial == 0 {
		r.Initial = 100 * time.Millisecond
	}
	return &retries{b, r}
}

type retries struct {
	next   Bucket
	limits Retries
}

// again runs call until it succeeds, fails for good, or has had its tries.
func again[T any](ctx context.Context, r Retries, transient func(error) bool, call func() (T, error)) (T, error) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = r.Initial
	return backoff.Retry(ctx, func() (T, error) {
		result, err := call()
		if err != nil && (ctx.Err() != nil || !transient(err)) {
			return result, backoff.Permanent(err)
		}
		return result, err
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(r.Tries))
}

// mayPass reports whether a failed call that changes nothing if made twice is worth another try.
func mayPass(err error) bool { return !definite(err) }

// definite reports whether the store gave its answer.
func definite(err error) bool {
	for _, answer := range []error{ErrNotFound, ErrPreconditionFailed, ErrBadKey, ErrBadRange, ErrEmptyObject, ErrUnsupported, ErrFull, ErrReadOnly, ErrNoStore} {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}

// refused reports whether the server said that it did nothing.
func refused(err error) bool { return errors.Is(err, errBusy) }

type gotten struct {
	body   io.ReadCloser
	object Object
}

func (b *retries) Get(ctx context.Context, key string, r Range) (io.ReadCloser, Object, error) {
	got, err := again(ctx, b.limits, mayPass, func() (gotten, error) {
		body, object, err := b.next.Get(ctx, key, r)
		return gotten{body, object}, err
	})
	return got.body, got.object, err
}

func (b *retries) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond Condition) (Object, error) {
	start, err := body.Seek(0, io.SeekCurrent)
	if err != nil {
		return Object{}, fmt.Errorf("writing %s: %w", key, err)
	}
	transient := mayPass
	if cond != (Condition{}) {
		transient = refused
	}
	object, err := again(ctx, b.limits, transient, func() (Object, error) {
		if _, err := body.Seek(start, io.SeekStart); err != nil {
			return Object{}, backoff.Permanent(err)
		}
		return b.next.Put(ctx, key, body, size, cond)
	})
	if err != nil && cond != (Condition{}) && !definite(err) && !refused(err) {
		return Object{}, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	}
	return object, err
}

func (b *retries) Delete(ctx context.Context, key string) error {
	_, err := again(ctx, b.limits, mayPass, func() (struct{}, error) { return struct{}{}, b.next.Delete(ctx, key) })
	return err
}

func (b *retries) Stat(ctx context.Context, key string) (Object, error) {
	return again(ctx, b.limits, mayPass, func() (Object, error) { return b.next.Stat(ctx, key) })
}

// List goes on after the last object that came when a listing breaks off.
func (b *retries) List(ctx context.Context, prefix, startAfter string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for tries := uint(1); ; tries++ {
			failed, stopped := error(nil), false
			for object, err := range b.next.List(ctx, prefix, startAfter) {
				if err != nil {
					failed = err
					break
				}
				startAfter, tries = object.Key, 1
				if stopped = !yield(object, nil); stopped {
					break
				}
			}
			if stopped || failed == nil {
				return
			}
			if tries >= b.limits.Tries || definite(failed) || ctx.Err() != nil {
				yield(Object{}, failed)
				return
			}
			pause(ctx, b.limits.Initial<<tries)
		}
	}
}

// pause waits, or returns early when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
