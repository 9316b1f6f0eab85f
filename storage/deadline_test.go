package storage_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

// hanging is a store that accepts every call and answers none.
type hanging struct{}

func (hanging) Get(ctx context.Context, _ string, _ storage.Range) (io.ReadCloser, storage.Object, error) {
	<-ctx.Done()
	return nil, storage.Object{}, ctx.Err()
}

func (hanging) Put(ctx context.Context, _ string, _ io.ReadSeeker, _ int64, _ storage.Condition) (storage.Object, error) {
	<-ctx.Done()
	return storage.Object{}, ctx.Err()
}

func (hanging) Delete(ctx context.Context, _ string) error {
	<-ctx.Done()
	return ctx.Err()
}

func (hanging) List(ctx context.Context, _, _ string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) {
		<-ctx.Done()
		yield(storage.Object{}, ctx.Err())
	}
}

func (hanging) Stat(ctx context.Context, _ string) (storage.Object, error) {
	<-ctx.Done()
	return storage.Object{}, ctx.Err()
}

// waits makes each call and returns how it ended, by its name.
func waits(ctx context.Context, b storage.Bucket) map[string]func() error {
	return map[string]func() error{
		"Get":    func() error { _, _, err := b.Get(ctx, "k.json", storage.Range{}); return err },
		"Stat":   func() error { _, err := b.Stat(ctx, "k.json"); return err },
		"Delete": func() error { return b.Delete(ctx, "k.json") },
		"Put": func() error { // 1 MiB, at 64 KiB a second
			_, err := b.Put(ctx, "k.json", strings.NewReader(""), 1<<20, storage.Condition{})
			return err
		},
		"List": func() (last error) {
			for _, err := range b.List(ctx, "", "") {
				last = err
			}
			return last
		},
	}
}

func TestACallThatIsNotAnsweredEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := map[string]time.Duration{"Get": 10 * time.Second, "Stat": 10 * time.Second, "Delete": 10 * time.Second, "List": 30 * time.Second, "Put": 26 * time.Second}
		for what, call := range waits(t.Context(), storage.WithDeadlines(hanging{}, storage.Deadlines{})) {
			begun := time.Now()
			if err := call(); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", what, err)
			}
			if took := time.Since(begun); took != limits[what] {
				t.Errorf("%s took %s, want %s", what, took, limits[what])
			}
		}
	})
}

func TestACallerThatGivesUpIsNotToldOfADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for what := range waits(t.Context(), hanging{}) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			err := waits(ctx, storage.WithDeadlines(hanging{}, storage.Deadlines{}))[what]()
			if !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// dripping is a store whose bodies wait before each read, and end with their context as a connection does.
type dripping struct {
	storage.Bucket
	pause time.Duration
}

func (b dripping) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	body, object, err := b.Bucket.Get(ctx, key, r)
	return drips{ctx, body, b.pause}, object, err
}

type drips struct {
	ctx context.Context
	io.ReadCloser
	pause time.Duration
}

func (d drips) Read(p []byte) (int, error) {
	select {
	case <-time.After(d.pause):
		return d.ReadCloser.Read(p)
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

func TestABodyMustComeAtTheLeastRate(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d := opened(t, folder)
		storagetest.Put(t, d, "k.mp4", strings.Repeat("x", 1<<20), storage.Condition{})
		limits := storage.Deadlines{Call: time.Second, Rate: 1 << 20} // two seconds in all
		for _, tt := range []struct {
			pause time.Duration
			want  error
		}{
			{500 * time.Millisecond, nil},
			{3 * time.Second, context.Canceled},
		} {
			begun := time.Now()
			body, _, err := storage.WithDeadlines(dripping{d, tt.pause}, limits).Get(t.Context(), "k.mp4", storage.Range{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadFull(body, make([]byte, 1<<20))
			if took := time.Since(begun); !errors.Is(err, tt.want) || took > 2*time.Second {
				t.Errorf("with pauses of %s: %v after %s", tt.pause, err, took)
			}
			if err := body.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// A listing's reader may take its time: what is bounded is the store's part.
func TestTheTimeOfAListingsReaderDoesNotCount(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d := opened(t, folder)
		b := storage.WithDeadlines(d, storage.Deadlines{Call: time.Second})
		for _, key := range []string{"a", "b", "c"} {
			storagetest.Put(t, b, key, "x", storage.Condition{})
		}
		n := 0
		for _, err := range b.List(t.Context(), "", "") {
			if err != nil {
				t.Fatal(err)
			}
			n++
			time.Sleep(time.Hour)
		}
		if n != 3 {
			t.Errorf("listed %d", n)
		}
	})
}
