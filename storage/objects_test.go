package storage_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// mute accepts a call and never answers, as long as its context lets it.
type mute struct{ storage.Bucket }

func (mute) Get(ctx context.Context, _ string, _ storage.Range) (io.ReadCloser, storage.Object, error) {
	<-ctx.Done()
	return nil, storage.Object{}, ctx.Err()
}

func (mute) List(ctx context.Context, _, _ string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) {
		<-ctx.Done()
		yield(storage.Object{}, ctx.Err())
	}
}

// A deadline ends a call by cancelling its context, which must not look like
// a caller that gave up: readers are to be told to come again, not that it is their doing.
func TestAStoreThatDoesNotAnswerInTimeIsUnavailable(t *testing.T) {
	s := storage.NewStore(storage.WithDeadlines(mute{}, storage.Deadlines{Call: 10 * time.Millisecond}), storage.StoreOptions{})
	if _, err := s.Video(t.Context(), "7k3mzq9x0abd"); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("reading: %v", err)
	}
	for _, err := range s.List(t.Context()) {
		if !errors.Is(err, archive.ErrUnavailable) {
			t.Errorf("listing: %v", err)
		}
	}
}

func TestACallerThatGaveUpIsNotToldThatTheStoreIsDown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := storage.NewStore(mute{}, storage.StoreOptions{})
	if _, err := s.Video(ctx, "7k3mzq9x0abd"); !errors.Is(err, context.Canceled) || errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

// broken hands out bodies that break off.
type broken struct{ storage.Bucket }

func (broken) Get(context.Context, string, storage.Range) (io.ReadCloser, storage.Object, error) {
	half, writer := io.Pipe()
	go func() {
		_, _ = writer.Write([]byte(`{"version":1,`)) // fails when nobody reads on
		_ = writer.CloseWithError(io.ErrUnexpectedEOF)
	}()
	return half, storage.Object{}, nil
}

func TestARecordThatBreaksOffOnTheWayIsUnavailableAndNotDamaged(t *testing.T) {
	s := storage.NewStore(broken{}, storage.StoreOptions{})
	if _, err := s.Video(t.Context(), "7k3mzq9x0abd"); !errors.Is(err, archive.ErrUnavailable) || errors.Is(err, storage.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}
