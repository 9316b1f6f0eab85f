package storage_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

// failing fails the next calls with its errors, in their order, then does them. It notes
// when each was made.
type failing struct {
	storage.Bucket
	errs []error
	at   []time.Time
}

func (b *failing) next() error {
	b.at = append(b.at, time.Now())
	if len(b.errs) == 0 {
		return nil
	}
	err := b.errs[0]
	b.errs = b.errs[1:]
	return err
}

func (b *failing) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	if err := b.next(); err != nil {
		return nil, storage.Object{}, err
	}
	return b.Bucket.Get(ctx, key, r)
}

func (b *failing) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	if err := b.next(); err != nil {
		_, _ = io.CopyN(io.Discard, body, size/2) // as much as was sent before the failure
		return storage.Object{}, err
	}
	return b.Bucket.Put(ctx, key, body, size, cond)
}

func (b *failing) Delete(ctx context.Context, key string) error {
	if err := b.next(); err != nil {
		return err
	}
	return b.Bucket.Delete(ctx, key)
}

func (b *failing) Stat(ctx context.Context, key string) (storage.Object, error) {
	if err := b.next(); err != nil {
		return storage.Object{}, err
	}
	return b.Bucket.Stat(ctx, key)
}

// List breaks off after one object where it fails.
func (b *failing) List(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) {
		failure := b.next()
		for object, err := range b.Bucket.List(ctx, prefix, startAfter) {
			if !yield(object, err) {
				return
			}
			if failure != nil {
				break
			}
		}
		if failure != nil {
			yield(storage.Object{}, failure)
		}
	}
}

// calls makes each call that may be made twice.
func calls(t *testing.T, b storage.Bucket) map[string]func() error {
	return map[string]func() error{
		"Get": func() error {
			body, _, err := b.Get(t.Context(), "k.json", storage.Range{})
			if err != nil {
				return err
			}
			return body.Close()
		},
		"Stat":   func() error { _, err := b.Stat(t.Context(), "k.json"); return err },
		"Delete": func() error { return b.Delete(t.Context(), "none.json") },
		"Put": func() error {
			_, err := b.Put(t.Context(), "k.json", strings.NewReader("abcd"), 4, storage.Condition{})
			return err
		},
	}
}

func TestWhatMayBeMadeTwiceIsMadeUpToThreeTimes(t *testing.T) {
	f := &failing{Bucket: directory(t)}
	b := storage.WithRetries(f, storage.Retries{Initial: time.Millisecond})
	storagetest.Put(t, b, "k.json", "abcd", storage.Condition{})
	for what, call := range calls(t, b) {
		f.errs, f.at = []error{errCut, errCut}, nil
		if err := call(); err != nil || len(f.at) != 3 {
			t.Errorf("%s after two failures: %d calls, %v", what, len(f.at), err)
		}
		f.errs, f.at = []error{errCut, errCut, errCut}, nil
		if err := call(); !errors.Is(err, errCut) || len(f.at) != 3 {
			t.Errorf("%s after three failures: %d calls, %v", what, len(f.at), err)
		}
		for _, answer := range kinds() {
			if errors.Is(answer, storage.ErrOutcomeUnknown) { // no store says so: the retries do
				continue
			}
			f.errs, f.at = []error{answer}, nil
			if err := call(); !errors.Is(err, answer) || len(f.at) != 1 {
				t.Errorf("%s after %q: %d calls, %v", what, answer, len(f.at), err)
			}
		}
	}
}

func TestABodyIsSentAgainFromWhereItBegan(t *testing.T) {
	f := &failing{Bucket: directory(t), errs: []error{errCut, errCut}}
	b := storage.WithRetries(f, storage.Retries{Initial: time.Millisecond})
	body := strings.NewReader("header:body")
	if _, err := body.Seek(7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(t.Context(), "k.json", body, 4, storage.Condition{}); err != nil {
		t.Fatal(err)
	}
	read, _, err := b.Get(t.Context(), "k.json", storage.Range{})
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if got, err := io.ReadAll(read); err != nil || string(got) != "body" {
		t.Errorf("written was %q, %v", got, err)
	}
}

// stuck is a body that cannot be sent again.
type stuck struct{ io.Reader }

func (stuck) Seek(int64, int) (int64, error) { return 0, errors.New("it came through a pipe") }

func TestABodyThatCannotBeSentAgainIsNotSent(t *testing.T) {
	f := &failing{Bucket: directory(t)}
	body := stuck{iotest.ErrReader(errors.New("it was read"))}
	_, err := storage.WithRetries(f, storage.Retries{}).Put(t.Context(), "k.json", body, 4, storage.Condition{})
	if err == nil || !strings.Contains(err.Error(), "writing k.json: it came through a pipe") || len(f.at) != 0 {
		t.Errorf("%d calls, %v", len(f.at), err)
	}
}

func TestALostReplyOfAConditionalWriteIsNotTriedAgain(t *testing.T) {
	for _, cond := range []storage.Condition{storage.IfAbsent(), storage.IfMatch("1")} {
		f := &failing{Bucket: directory(t), errs: []error{errCut}}
		_, err := storage.WithRetries(f, storage.Retries{}).Put(t.Context(), "k.json", strings.NewReader("x"), 1, cond)
		if !errors.Is(err, storage.ErrOutcomeUnknown) || !errors.Is(err, errCut) || len(f.at) != 1 {
			t.Errorf("%+v: %d calls, %v", cond, len(f.at), err)
		}
	}
}

func TestThePausesGrow(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &failing{Bucket: opened(t, folder), errs: slices.Repeat([]error{errCut}, 5)}
		b := storage.WithRetries(f, storage.Retries{Tries: 5, Initial: time.Second})
		if _, err := b.Stat(t.Context(), "k.json"); !errors.Is(err, errCut) || len(f.at) != 5 {
			t.Fatalf("%d calls, %v", len(f.at), err)
		}
		for i := range 4 {
			wait := f.at[i+1].Sub(f.at[i])
			middle := time.Duration(float64(time.Second) * []float64{1, 1.5, 2.25, 3.375}[i])
			if wait < middle/2 || wait > middle*3/2+time.Millisecond { // at random, so that callers do not come back together
				t.Errorf("before try %d it waited %s, and half to one and a half of %s was meant", i+2, wait, middle)
			}
		}
	})
}

func TestAnEndingContextEndsThePause(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &failing{Bucket: opened(t, folder)}
		b := storage.WithRetries(f, storage.Retries{Tries: 9, Initial: time.Minute})
		for what, call := range waits(t.Context(), b) { // what would be waited for
			f.errs, f.at = slices.Repeat([]error{errCut}, 9), nil
			begun := time.Now()
			if err := call(); err == nil || len(f.at) != 9 || time.Since(begun) < 4*time.Minute {
				t.Errorf("%s: %d calls in %s, %v", what, len(f.at), time.Since(begun), err)
			}
		}
		for what := range waits(t.Context(), b) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			f.errs, f.at = slices.Repeat([]error{errCut}, 9), nil
			begun := time.Now()
			err := waits(ctx, b)[what]()
			if took := time.Since(begun); !errors.Is(err, context.DeadlineExceeded) || took != time.Second {
				t.Errorf("%s took %s, %v", what, took, err)
			}
			cancel()
		}
	})
}

func TestAListingGoesOnWhereItBrokeOff(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &failing{Bucket: opened(t, folder)}
		b := storage.WithRetries(f, storage.Retries{})
		want := []string{"a", "b", "c", "d", "e"}
		for _, key := range want {
			storagetest.Put(t, b, key, key, storage.Condition{})
		}
		f.errs = slices.Repeat([]error{errCut}, 4) // more than the tries of one call: each that brings something counts anew
		if got := storagetest.Keys(t, b, "", ""); !slices.Equal(got, want) {
			t.Errorf("listed %v", got)
		}
		f.errs = slices.Repeat([]error{errCut}, 3)
		var failed error
		for _, err := range b.List(t.Context(), "none/", "") {
			failed = errors.Join(failed, err)
		}
		if !errors.Is(failed, errCut) || len(f.errs) != 0 {
			t.Errorf("a listing that brings nothing thrice: %v, %d tries left", failed, len(f.errs))
		}
		f.errs, f.at = []error{storage.ErrBadKey}, nil
		for _, err := range b.List(t.Context(), "none/", "") {
			failed = err
		}
		if !errors.Is(failed, storage.ErrBadKey) || len(f.at) != 1 {
			t.Errorf("an answer: %d calls, %v", len(f.at), failed)
		}
	})
}

// opened is the plain directory, for tests that wrap it themselves.
func opened(t *testing.T, folder string) *storage.Directory {
	t.Helper()
	d, err := storage.OpenDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() }) // some tests close it themselves
	return d
}
