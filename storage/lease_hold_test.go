package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

func TestAKeptLeaseStaysForAsLongAsItIsKept(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		kept, stop := acquired(t, one, "a").Keep(t.Context())
		for range 50 {
			refused(t, two)
			time.Sleep(term / 2)
		}
		if kept.Err() != nil {
			t.Fatalf("lost: %v", context.Cause(kept))
		}
		stop()
		if cause := context.Cause(kept); !errors.Is(cause, context.Canceled) || errors.Is(cause, storage.ErrLeaseLost) {
			t.Errorf("stopped with %v", cause)
		}
		refused(t, two) // stopping does not release
		time.Sleep(term)
		acquired(t, two, "b")
	})
}

func TestKeepingEndsWithItsCaller(t *testing.T) {
	bubbled(t, func(t *testing.T, one, _ *stage) {
		ctx, cancel := context.WithCancel(t.Context())
		kept, stop := acquired(t, one, "a").Keep(ctx)
		defer stop()
		cancel()
		synctest.Wait()
		if !errors.Is(kept.Err(), context.Canceled) {
			t.Errorf("ended with %v", kept.Err())
		}
	})
}

func TestWorkEndsWhenItsLeaseIsLost(t *testing.T) {
	bubbled(t, func(t *testing.T, one, _ *stage) {
		kept, stop := acquired(t, one, "a").Keep(t.Context())
		defer stop()
		one.edit(t, leaseKey, `"holding": "`, `"holding": "another`)
		time.Sleep(term/3 + time.Millisecond)
		if cause := context.Cause(kept); !errors.Is(cause, storage.ErrLeaseLost) {
			t.Errorf("after the next renewal: %v", cause)
		}
	})
}

func TestWorkEndsAtTheEndOfATermWithoutRenewal(t *testing.T) {
	hung := func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
	for name, trouble := range map[string]func(*troubled){
		"the store is away": func(b *troubled) { b.down = true },
		"the store hangs":   func(b *troubled) { b.before = hung },
	} {
		t.Run(name, func(t *testing.T) {
			bubbled(t, func(t *testing.T, one, _ *stage) {
				lease := acquired(t, one, "a")
				kept, stop := lease.Keep(t.Context())
				defer stop()
				one.bucket.set(trouble)
				time.Sleep(time.Until(lease.Until()) - time.Millisecond)
				if kept.Err() != nil {
					t.Fatalf("a millisecond before: %v", context.Cause(kept))
				}
				time.Sleep(time.Millisecond)
				synctest.Wait()
				if cause := context.Cause(kept); !errors.Is(cause, storage.ErrLeaseLost) {
					t.Errorf("at the end of the term: %v", cause)
				}
			})
		})
	}
}

func TestTroubleThatPassesWithinATermIsNotNoticed(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		kept, stop := acquired(t, one, "a").Keep(t.Context())
		defer stop()
		for range 5 {
			one.bucket.set(func(b *troubled) { b.down = true })
			time.Sleep(term / 2)
			one.bucket.set(func(b *troubled) { b.down = false })
			time.Sleep(term / 2)
			refused(t, two)
		}
		if kept.Err() != nil {
			t.Errorf("lost: %v", context.Cause(kept))
		}
	})
}

// tenure is when one contender believed in its lease.
type tenure struct {
	holder     string
	begin, end time.Time
}

// race is contenders for one lease, each with a store of its own.
type race struct {
	term    time.Duration
	length  time.Duration // of the race
	mu      sync.Mutex
	tenures []tenure
}

// run contends until the race is over. A holder renews for a while, sometimes late, and then
// releases the lease or is never heard of again.
func (r *race) run(t *testing.T, stores []*storage.Store) {
	t.Helper()
	over := time.Now().Add(r.length)
	var wg sync.WaitGroup
	for i, s := range stores {
		wg.Go(func() {
			for time.Now().Before(over) {
				lease, err := s.Leases().Acquire(t.Context(), "audit", fmt.Sprint(i), r.term)
				if err == nil {
					r.hold(t, fmt.Sprint(i), lease)
				} else if !errors.Is(err, storage.ErrLeaseHeld) {
					t.Errorf("contender %d: %v", i, err)
				}
				time.Sleep(rand.N(r.term / 4))
			}
		})
	}
	wg.Wait()
}

func (r *race) hold(t *testing.T, holder string, lease *storage.Lease) {
	had := tenure{holder, lease.Until().Add(-r.term), lease.Until()}
	for range rand.N(4) {
		time.Sleep(rand.N(r.term * 5 / 4))
		if err := lease.Renew(t.Context()); errors.Is(err, storage.ErrLeaseLost) {
			break
		}
		if renewed := lease.Until(); time.Now().Before(had.end) {
			had.end = renewed
		} else { // it had ended before, so this is another one
			r.note(had)
			had = tenure{holder, renewed.Add(-r.term), renewed}
		}
	}
	if rand.N(2) == 0 {
		if now := time.Now(); now.Before(had.end) {
			had.end = now
		}
		if err := lease.Release(t.Context()); err != nil && !errors.Is(err, storage.ErrLeaseLost) {
			t.Errorf("releasing: %v", err)
		}
	}
	r.note(had)
}

func (r *race) note(had tenure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tenures = append(r.tenures, had)
}

// neverTwo fails the test if two contenders believed in their leases at once, or too few had it.
func (r *race) neverTwo(t *testing.T, least int) {
	t.Helper()
	for i, a := range r.tenures {
		for _, b := range r.tenures[i+1:] {
			if a.holder != b.holder && a.begin.Before(b.end) && b.begin.Before(a.end) {
				t.Errorf("%s held it from %v to %v, and %s from %v to %v", a.holder, a.begin, a.end, b.holder, b.begin, b.end)
			}
		}
	}
	if len(r.tenures) < least {
		t.Errorf("it was held only %d times, want %d", len(r.tenures), least)
	}
}

const contenders = 8

func TestOfEightContendersNoTwoHoldALeaseAtOnce(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := &race{term: term, length: 40 * time.Minute}
		var stores []*storage.Store
		for range contenders {
			s := stageIn(t, folder)
			if err := s.EnsureReady(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.bucket.set(func(b *troubled) { b.before, b.after = delayed, unanswered })
			stores = append(stores, s.Store)
		}
		r.run(t, stores)
		r.neverTwo(t, 30)
	})
}

// delayed keeps a write of a lease on its way for up to a third of a term.
func delayed(context.Context, string) error {
	time.Sleep(rand.N(term / 3))
	return nil
}

// unanswered delays the answer to a write that happened, and loses a fifth of them.
func unanswered(context.Context, string) error {
	time.Sleep(rand.N(term / 3))
	if rand.N(5) == 0 {
		return errCut
	}
	return nil
}

func TestOfEightContendersNoTwoHoldALeaseAtOnceOnS3(t *testing.T) {
	proxy := storagetest.StartLossy(t, storagetest.StartVersityGW(t))
	bucket := proxy.Bucket(t)
	r := &race{term: 150 * time.Millisecond, length: 5 * time.Second / 2}
	var stores []*storage.Store
	for range contenders {
		s := storage.NewStore(bucket, storage.StoreOptions{})
		if err := s.EnsureReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		stores = append(stores, s)
	}
	r.run(t, stores)
	r.neverTwo(t, 3)
	if proxy.Dropped() == 0 {
		t.Error("no answer was dropped")
	}
}
