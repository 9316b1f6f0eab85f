package pace

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAWatchEndsARequestThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		s.takes = time.Minute
		tr := New(Options{Next: s})
		ctx, w := NewWatch(t.Context(), 10*time.Second)
		began := time.Now()
		_, err := ask(ctx, tr, here)
		if took := w.Stop(); !errors.Is(err, context.DeadlineExceeded) || took != 10*time.Second || time.Since(began) != took {
			t.Errorf("%v after %s", err, took)
		}
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("the context ended with %v", ctx.Err())
		}
	})
}

func TestWaitingForATurnIsNoTimeOfTheHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		s.takes = 2 * time.Second
		tr := New(Options{Next: s, PerSecond: 0.05}) // a request every twenty seconds
		answers(t, tr, here, 200)
		ctx, w := NewWatch(t.Context(), 5*time.Second)
		began := time.Now()
		status, err := ask(ctx, tr, here)
		if took := w.Stop(); err != nil || status != 200 || took != 2*time.Second || time.Since(began) != 20*time.Second {
			t.Errorf("%d, %v, %s of %s", status, err, took, time.Since(began))
		}
	})
}

func TestAWatchRunsOnThroughSeveralRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		s.takes = 2 * time.Second
		tr := New(Options{Next: s})
		ctx, w := NewWatch(t.Context(), 5*time.Second)
		for range 2 {
			if _, err := ask(ctx, tr, here); err != nil {
				t.Fatal(err)
			}
		}
		_, err := ask(ctx, tr, here)
		if took := w.Stop(); !errors.Is(err, context.DeadlineExceeded) || took != 5*time.Second {
			t.Errorf("%v after %s", err, took)
		}
	})
}

func TestAWatchThatIsStoppedStaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w := NewWatch(t.Context(), time.Second)
		w.Stop()
		w.begin()
		time.Sleep(2 * time.Second)
		if took := w.Stop(); took != 0 || !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("%s, %v", took, ctx.Err())
		}
	})
}

func TestTheEndOfTheCallersContextIsItsOwn(t *testing.T) {
	outer, cancel := context.WithCancel(t.Context())
	ctx, w := NewWatch(outer, time.Hour)
	defer w.Stop()
	cancel()
	if !errors.Is(ctx.Err(), context.Canceled) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Errorf("%v", ctx.Err())
	}
}
