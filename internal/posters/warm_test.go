package posters

import (
	"context"
	"errors"
	"fmt"
	"image"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
)

// each yields videos, then err if there is one.
func each(err error, videos ...archive.Video) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
		if err != nil {
			yield(archive.Video{}, err)
		}
	}
}

func share(t *testing.T, c *Cache, videos ...archive.Video) string {
	t.Helper()
	held, all, err := c.Share(t.Context(), each(nil, videos...))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d of %d", held, all)
}

func TestWarmMakesWhatIsMissing(t *testing.T) {
	s := &store{}
	c := open(t, t.TempDir(), s)
	broken := s.video("broken", []byte("<html>"), image.Pt(9, 9))
	videos := []archive.Video{s.plain(t, 1, image.Pt(320, 180)), broken, {ID: "bare"}, s.plain(t, 2, image.Pt(320, 180))}
	if got := share(t, c, videos...); got != "0 of 3" {
		t.Errorf("before: %s", got)
	}
	if err := c.Warm(t.Context(), each(nil, videos...)); err != nil {
		t.Fatal(err)
	}
	if got := share(t, c, videos...); got != "2 of 3" {
		t.Errorf("after: %s; a broken thumbnail should not stop the rest", got)
	}
}

func TestWarmEndsEarlyWhereGoingOnIsPointless(t *testing.T) {
	s := &store{}
	one, two := s.plain(t, 1, image.Pt(320, 180)), s.plain(t, 2, image.Pt(320, 180))
	t.Run("the store is down", func(t *testing.T) {
		s.down.Store(true)
		defer s.down.Store(false)
		s.reads.Store(0)
		err := open(t, t.TempDir(), s).Warm(t.Context(), each(nil, one, two))
		if !errors.Is(err, archive.ErrUnavailable) || s.reads.Load() != 1 {
			t.Errorf("%v after %d reads", err, s.reads.Load())
		}
	})
	t.Run("the videos cannot be read", func(t *testing.T) {
		cause := errors.New("catalog closed")
		c := open(t, t.TempDir(), s)
		if err := c.Warm(t.Context(), each(cause, one)); !errors.Is(err, cause) {
			t.Errorf("Warm: %v", err)
		}
		if held, all, err := c.Share(t.Context(), each(cause, one)); !errors.Is(err, cause) || held != 1 || all != 1 {
			t.Errorf("Share: %d of %d, %v", held, all, err)
		}
	})
	t.Run("the context ended", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		c := open(t, t.TempDir(), s)
		if err := c.Warm(ctx, each(nil, one, two)); !errors.Is(err, context.Canceled) {
			t.Errorf("Warm: %v", err)
		}
		if _, _, err := c.Share(ctx, each(nil, one)); !errors.Is(err, context.Canceled) {
			t.Errorf("Share: %v", err)
		}
	})
	t.Run("the cache is full", func(t *testing.T) {
		c := open(t, t.TempDir(), s)
		if err := c.Make(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		c, err := Open(t.TempDir(), c.disk.size*3/2, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Warm(t.Context(), each(nil, one, two)); err != nil {
			t.Fatal(err)
		}
		if got := share(t, c, one, two); got != "1 of 2" {
			t.Errorf("%s; the first in order should stay", got)
		}
	})
}

func TestRunMakesWhatWasAskedForInVain(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := open(t, dir, s)
		v := s.plain(t, 1, image.Pt(320, 180))
		ctx, cancel := context.WithCancel(t.Context())
		go c.Run(ctx)
		defer synctest.Wait()
		defer cancel()
		if _, err := c.Poster(ctx, v, 320); !errors.Is(err, ErrNotHeld) {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := c.Poster(ctx, v, 320); err != nil {
			t.Errorf("after the worker: %v", err)
		}
	})
}

func TestADeadStoreIsAskedOnceAMinute(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := open(t, dir, s)
		v := s.plain(t, 1, image.Pt(320, 180))
		s.down.Store(true)
		ctx, cancel := context.WithCancel(t.Context())
		go c.Run(ctx)
		defer synctest.Wait()
		defer cancel()
		for range 100 { // seconds
			_, _ = c.Poster(ctx, v, 320)
			time.Sleep(time.Second)
		}
		if n := s.reads.Load(); n != 2 {
			t.Errorf("asked %d times in 100 s, want 2", n)
		}
		s.down.Store(false)
		time.Sleep(time.Minute)
		_, _ = c.Poster(ctx, v, 320)
		synctest.Wait()
		if _, err := c.Poster(ctx, v, 320); err != nil {
			t.Errorf("when it was back: %v", err)
		}
	})
}

func TestRunSeesWhatOtherProcessesWrote(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	v := s.plain(t, 1, image.Pt(320, 180))
	synctest.Test(t, func(t *testing.T) {
		c, other := open(t, dir, s), open(t, dir, s)
		ctx, cancel := context.WithCancel(t.Context())
		go c.Run(ctx)
		defer synctest.Wait()
		defer cancel()
		if err := other.Make(ctx, v); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rescanEvery + time.Second)
		synctest.Wait()
		if c.disk.size == 0 || c.disk.size != other.disk.size {
			t.Errorf("%d bytes, the other counts %d", c.disk.size, other.disk.size)
		}
	})
}

func TestTheQueueIsBounded(t *testing.T) {
	c := open(t, t.TempDir(), &store{})
	for n := range 3 * queueLength {
		c.want(wanted{original: original{File: archive.File{Digest: fmt.Sprintf("%032x", n)}}})
	}
	if len(c.queue) != queueLength || len(c.pending) != queueLength {
		t.Errorf("%d queued, %d pending; want %d", len(c.queue), len(c.pending), queueLength)
	}
	for n := range maxPending + 10 {
		c.settle(wanted{original: original{File: archive.File{Digest: fmt.Sprintf("%032x", n)}}}, errors.New("no"))
	}
	<-c.queue
	c.want(wanted{original: original{File: archive.File{Digest: "one more"}}})
	if len(c.pending) > maxPending {
		t.Errorf("%d failures remembered", len(c.pending))
	}
}
