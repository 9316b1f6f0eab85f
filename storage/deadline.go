package storage

import (
	"context"
	"io"
	"iter"
	"time"
)

// Deadlines bounds calls. A store that accepts and never answers would
// otherwise hold a request for as long as TCP does.
type Deadlines struct {
	Call time.Duration // Stat, Delete, the opening of a Get, a page of a List; 0: 10 s
	Rate int64         // bytes a second that a body must at least make; 0: 64 KiB
}

func (d Deadlines) withDefaults() Deadlines {
	if d.Call == 0 {
		d.Call = 10 * time.Second
	}
	if d.Rate == 0 {
		d.Rate = 64 << 10
	}
	return d
}

// forBody is how long a body of this size may take.
func (d Deadlines) forBody(size int64) time.Duration {
	return d.Call + time.Duration(size/d.Rate)*time.Second
}

// WithDeadlines gives every call of b a deadline.
func WithDeadlines(b Bucket, d Deadlines) Bucket { return &deadlines{b, d.withDefaults()} }

type deadlines struct {
	next   Bucket
	limits Deadlines
}

func (b *deadlines) Get(ctx context.Context, key string, r Range) (io.ReadCloser, Object, error) {
	ctx, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(b.limits.Call, cancel)
	body, object, err := b.next.Get(ctx, key, r)
	if err != nil {
		if !timer.Stop() && ctx.Err() != nil {
			err = lateError{err}
		}
		cancel()
		return nil, Object{}, err
	}
	timer.Reset(b.limits.forBody(object.Size))
	return &timedBody{body, func() { timer.Stop(); cancel() }}, object, nil
}

// lateError says that a deadline ended the call, where the error underneath speaks of a cancelled context.
type lateError struct{ cause error }

func (e lateError) Error() string        { return "no answer in time: " + e.cause.Error() }
func (e lateError) Unwrap() error        { return e.cause }
func (e lateError) Is(target error) bool { return target == context.DeadlineExceeded }

type timedBody struct {
	io.ReadCloser
	release func()
}

func (b *timedBody) Close() error {
	defer b.release()
	return b.ReadCloser.Close()
}

func (b *deadlines) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond Condition) (Object, error) {
	ctx, cancel := context.WithTimeout(ctx, b.limits.forBody(size))
	defer cancel()
	return b.next.Put(ctx, key, body, size, cond)
}

func (b *deadlines) Delete(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, b.limits.Call)
	defer cancel()
	return b.next.Delete(ctx, key)
}

func (b *deadlines) Stat(ctx context.Context, key string) (Object, error) {
	ctx, cancel := context.WithTimeout(ctx, b.limits.Call)
	defer cancel()
	return b.next.Stat(ctx, key)
}

// List bounds the wait for each next object, not the whole listing, which may be long.
func (b *deadlines) List(ctx context.Context, prefix, startAfter string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		timer := time.AfterFunc(3*b.limits.Call, cancel) // a page of 1,000 keys is slow on some servers
		defer timer.Stop()
		for object, err := range b.next.List(ctx, prefix, startAfter) {
			stopped := timer.Stop()
			if err != nil && !stopped {
				err = lateError{err}
			}
			if !yield(object, err) || err != nil {
				return
			}
			timer.Reset(3 * b.limits.Call)
		}
	}
}
