package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// WithMetrics counts and times the calls of b:
// videoteca_store_seconds by op and outcome (ok, missing, conflict, failed).
func WithMetrics(b Bucket, r prometheus.Registerer) (Bucket, error) {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "videoteca_store_seconds", Help: "Duration of calls to the store, in seconds.",
		Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
	}, []string{"op", "outcome"})
	if err := r.Register(seconds); err != nil {
		return nil, fmt.Errorf("registering the store's metrics: %w", err)
	}
	return &metrics{b, seconds}, nil
}

type metrics struct {
	next    Bucket
	seconds *prometheus.HistogramVec
}

func (b *metrics) note(op string, begun time.Time, err error) {
	outcome := "ok"
	switch {
	case errors.Is(err, ErrNotFound):
		outcome = "missing"
	case errors.Is(err, ErrPreconditionFailed):
		outcome = "conflict"
	case err != nil:
		outcome = "failed"
	}
	b.seconds.WithLabelValues(op, outcome).Observe(time.Since(begun).Seconds())
}

func (b *metrics) Get(ctx context.Context, key string, r Range) (io.ReadCloser, Object, error) {
	begun := time.Now()
	body, object, err := b.next.Get(ctx, key, r)
	b.note("get", begun, err)
	return body, object, err
}

func (b *metrics) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond Condition) (Object, error) {
	begun := time.Now()
	object, err := b.next.Put(ctx, key, body, size, cond)
	b.note("put", begun, err)
	return object, err
}

func (b *metrics) Delete(ctx context.Context, key string) error {
	begun := time.Now()
	err := b.next.Delete(ctx, key)
	b.note("delete", begun, err)
	return err
}

func (b *metrics) Stat(ctx context.Context, key string) (Object, error) {
	begun := time.Now()
	object, err := b.next.Stat(ctx, key)
	b.note("stat", begun, err)
	return object, err
}

func (b *metrics) List(ctx context.Context, prefix, startAfter string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		begun := time.Now()
		var last error
		for object, err := range b.next.List(ctx, prefix, startAfter) {
			last = err
			if !yield(object, err) {
				break
			}
		}
		b.note("list", begun, last)
	}
}
