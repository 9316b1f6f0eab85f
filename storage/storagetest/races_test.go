package storagetest

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/storage"
)

// racingFlaws are stores that are right as long as one writes at a time.
func racingFlaws() []flaw {
	return []flaw{
		{"it lets everybody create", ignoresCreate, creators, "16 winners"},
		{"it checks for an object before it writes one", checksFirst, creators, "16 winners"},
		{"it lets nobody create", refusesCreating, creators, "0 winners, the last is -1"},
		{"it keeps another body than the winner's", swapsBodies, creators, `and the object says "somebody else's"`},
		{"it compares an ETag before it writes", checksFirst, counters, "counted to "},
		{"it ignores If-Match under sixteen writers", ignoresMatch, counters, "counted to "},
		{"it acknowledges writes that it drops", dropsWrites, counters, "counted to "},
		{"it never lets a counter grow", standsStill, counters, "counted to 0, want 320"},
		{"it never lets a counter begin", refusesAll, counters, "the store is down"},
		{"it loses the counter", losesCounter, counters, "no such object"},
	}
}

// checksFirst compares and then writes, with a moment in between.
func checksFirst(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		found, err := b.Stat(ctx, key)
		missing := errors.Is(err, storage.ErrNotFound)
		if cond.Create && !missing || cond.Match != "" && found.ETag != cond.Match {
			return storage.Object{}, storage.ErrPreconditionFailed
		}
		time.Sleep(time.Millisecond)
		return b.Put(ctx, key, body, size, storage.Condition{})
	}}
}

func refusesCreating(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if cond.Create {
			return storage.Object{}, storage.ErrPreconditionFailed
		}
		return b.Put(ctx, key, body, size, cond)
	}}
}

func refusesAll(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: down{}.Put}
}

// standsStill refuses every write to a counter that it has always had. It answers from
// memory: the writers ask it very often before they give up.
func standsStill(b storage.Bucket) storage.Bucket {
	return flawed{
		Bucket: b,
		get: func(context.Context, string, storage.Range) (io.ReadCloser, storage.Object, error) {
			return io.NopCloser(strings.NewReader(`{"n":0}`)), storage.Object{Key: counterKey, Size: 7, ETag: "1"}, nil
		},
		put: func(context.Context, string, io.ReadSeeker, int64, storage.Condition) (storage.Object, error) {
			return storage.Object{}, storage.ErrPreconditionFailed
		},
	}
}

func swapsBodies(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, get: func(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
		_, object, err := get(ctx, b, key, r)
		return io.NopCloser(strings.NewReader("somebody else's")), object, err
	}}
}

// dropsWrites acknowledges every seventh write and forgets it.
func dropsWrites(b storage.Bucket) storage.Bucket {
	var writes atomic.Int64
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		if found, err := b.Stat(ctx, key); cond.Match != "" && err == nil && found.ETag == cond.Match && writes.Add(1)%7 == 0 {
			return found, nil
		}
		return b.Put(ctx, key, body, size, cond)
	}}
}

func losesCounter(b storage.Bucket) storage.Bucket {
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		object, err := b.Put(ctx, key, body, size, cond)
		if cond.Match != "" && err == nil {
			err = b.Delete(ctx, key)
		}
		return object, err
	}}
}

var errDown = errors.New("the store is down")

// down is a store that fails every call.
type down struct{}

func (down) Get(context.Context, string, storage.Range) (io.ReadCloser, storage.Object, error) {
	return nil, storage.Object{}, errDown
}

func (down) Put(context.Context, string, io.ReadSeeker, int64, storage.Condition) (storage.Object, error) {
	return storage.Object{}, errDown
}
func (down) Delete(context.Context, string) error { return errDown }
func (down) List(context.Context, string, string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) { yield(storage.Object{}, errDown) }
}
func (down) Stat(context.Context, string) (storage.Object, error) { return storage.Object{}, errDown }

var errLost = errors.New("the connection was cut")

// losesAnswers does every write and says of each fifth that the connection was cut.
func losesAnswers(b storage.Bucket, lost *atomic.Int64) storage.Bucket {
	var writes atomic.Int64
	return flawed{Bucket: b, put: func(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
		object, err := b.Put(ctx, key, body, size, cond)
		if err == nil && writes.Add(1)%lossEvery == 0 {
			lost.Add(1)
			return storage.Object{}, errLost
		}
		return object, err
	}}
}

func TestTheCountIsExactOnASoundStoreAlsoWhenAnswersAreLost(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var lost atomic.Int64
		if got := Count(t, losesAnswers(directory(t, folder), &lost)); got != writers*increments {
			t.Errorf("counted to %d, want %d", got, writers*increments)
		}
		if lost.Load() == 0 {
			t.Error("no answer was lost")
		}
	})
}

func TestACounterThatStandsIsCountedOn(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := directory(t, folder)
		Put(t, b, counterKey, `{"n":5}`, storage.Condition{})
		if got := Count(t, b); got != 5+writers*increments {
			t.Errorf("counted to %d", got)
		}
	})
}

func TestAnIncrementIsGivenUpWithItsContext(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := directory(t, folder)
		Put(t, b, counterKey, `{"n":0}`, storage.IfAbsent())
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		if err := increment(ctx, refusesMatch(b), "1-1"); err == nil {
			t.Error("it was counted")
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
