package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// term is that of the leases of these tests.
const term = 30 * time.Second

const leaseKey = "leases/audit.json"

// acquired takes the lease at once, or fails the test.
func acquired(t *testing.T, s *stage, holder string) *storage.Lease {
	t.Helper()
	lease, err := s.Leases().Acquire(t.Context(), "audit", holder, term)
	if err != nil {
		t.Fatal(err)
	}
	return lease
}

// refused fails the test if the lease is given out.
func refused(t *testing.T, s *stage) {
	t.Helper()
	if _, err := s.Leases().Acquire(t.Context(), "audit", "other", term); !errors.Is(err, storage.ErrLeaseHeld) {
		t.Errorf("after %s the other got %v", time.Now().Format(time.TimeOnly), err)
	}
}

// bubbled runs a test in which time costs nothing, with two processes on one store.
func bubbled(t *testing.T, test func(t *testing.T, one, two *stage)) {
	t.Helper()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) { test(t, stageIn(t, folder), stageIn(t, folder)) })
}

func TestALeaseIsFreeOnceItStoodStillForAWholeTerm(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		acquired(t, one, "host-a, process 12") // and dies
		time.Sleep(10 * term)                  // in which nobody watched
		refused(t, two)
		time.Sleep(term - time.Millisecond)
		refused(t, two)
		time.Sleep(time.Millisecond)
		lease := acquired(t, two, "other")
		if got := time.Until(lease.Until()); got != term {
			t.Errorf("it is held for %s", got)
		}
	})
}

func TestALeaseThatIsRenewedIsNeverFree(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		lease := acquired(t, one, "a")
		for range 20 {
			refused(t, two)
			time.Sleep(term - time.Millisecond)
			if err := lease.Renew(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := one.read(t, leaseKey); !strings.Contains(got, `"counter": 21`) {
			t.Errorf("the record is\n%s", got)
		}
	})
}

func TestTheTermIsTheHoldersAndNotTheObservers(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		acquired(t, one, "a")
		for range 10 {
			if _, err := two.Leases().Acquire(t.Context(), "audit", "hasty", time.Second); !errors.Is(err, storage.ErrLeaseHeld) {
				t.Fatalf("got %v", err)
			}
			time.Sleep(term / 12)
		}
	})
}

func TestTheClockOfTheWallSaysNothingOfALease(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		acquired(t, one, "a")
		refused(t, two)
		two.clock.advance(100 * term)
		refused(t, two)
	})
}

func TestAReleasedLeaseIsFreeAtOnce(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		lease := acquired(t, one, "a")
		for range 2 {
			if err := lease.Release(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if time.Now().Before(lease.Until()) {
			t.Error("its holder still believes in it")
		}
		acquired(t, two, "b")
		if err := lease.Renew(t.Context()); !errors.Is(err, storage.ErrLeaseLost) {
			t.Errorf("renewing what was released: %v", err)
		}
	})
}

func TestAHolderThatStartsAgainWaitsAsEverybodyDoes(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		acquired(t, one, "a")
		_, err := two.Leases().Acquire(t.Context(), "audit", "a", term)
		if !errors.Is(err, storage.ErrLeaseHeld) || !strings.Contains(err.Error(), "held by a") {
			t.Errorf("got %v", err)
		}
	})
}

func TestALostLeaseIsLostForGood(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		lease := acquired(t, one, "a")
		refused(t, two)
		time.Sleep(term)
		taken := acquired(t, two, "b")
		for range 2 {
			if err := lease.Renew(t.Context()); !errors.Is(err, storage.ErrLeaseLost) || !errors.Is(err, archive.ErrConflict) {
				t.Errorf("renewing: %v", err)
			}
			if err := lease.Release(t.Context()); !errors.Is(err, storage.ErrLeaseLost) {
				t.Errorf("releasing: %v", err)
			}
		}
		if err := taken.Renew(t.Context()); err != nil || !lease.Until().IsZero() {
			t.Errorf("the new holder got %v, the old one believes in %v", err, lease.Until())
		}
	})
}

func TestALeaseThatExpiredUnnoticedIsKeptByItsHolder(t *testing.T) {
	bubbled(t, func(t *testing.T, one, _ *stage) {
		lease := acquired(t, one, "a")
		time.Sleep(5 * term)
		if err := lease.Renew(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestLostRepliesOfALeaseAreSettledByReadingAgain(t *testing.T) {
	hooks := map[string]func(*troubled){
		"the reply":   func(b *troubled) { b.after = once("leases/", errCut) },
		"the request": func(b *troubled) { b.before = once("leases/", errCut) },
		"the outcome": func(b *troubled) { b.after = once("leases/", storage.ErrOutcomeUnknown) },
	}
	for name, hook := range hooks {
		t.Run(name, func(t *testing.T) {
			bubbled(t, func(t *testing.T, one, two *stage) {
				one.bucket.set(hook)
				lease := acquired(t, one, "a")
				refused(t, two)
				one.bucket.set(hook)
				if err := lease.Renew(t.Context()); err != nil {
					t.Errorf("renewing: %v", err)
				}
				one.bucket.set(hook)
				if err := lease.Release(t.Context()); err != nil {
					t.Errorf("releasing: %v", err)
				}
				acquired(t, two, "b")
			})
		})
	}
}

// A request that was given up may still be on its way, and arrive when the next one was read.
func TestARenewalThatArrivesLateIsStillTheHolders(t *testing.T) {
	bubbled(t, func(t *testing.T, one, _ *stage) {
		lease := acquired(t, one, "a")
		gone, cancel := context.WithCancel(t.Context())
		one.bucket.set(func(b *troubled) {
			b.after = func(context.Context, string) error {
				cancel()
				one.bucket.set(func(b *troubled) { b.down = true })
				return errCut
			}
		})
		if err := lease.Renew(gone); err == nil || errors.Is(err, storage.ErrLeaseLost) {
			t.Fatalf("a renewal that nobody answered: %v", err)
		}
		one.bucket.set(func(b *troubled) { b.after, b.down = nil, false })
		if err := lease.Renew(t.Context()); err != nil {
			t.Errorf("the next: %v", err)
		}
		if err := lease.Release(t.Context()); err != nil {
			t.Errorf("the release: %v", err)
		}
	})
}

func TestALeaseThatCannotBeReadKeepsNobodyOutForEver(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		acquired(t, one, "a")
		one.overwrite(t, leaseKey, "{]")
		refused(t, two)
		time.Sleep(term)
		acquired(t, two, "b")
	})
}

func TestALeaseOfALaterVersionIsLeftAlone(t *testing.T) {
	bubbled(t, func(t *testing.T, one, two *stage) {
		lease := acquired(t, one, "a")
		one.edit(t, leaseKey, `"version": 1`, `"version": 2`)
		if _, err := two.Leases().Acquire(t.Context(), "audit", "b", term); !errors.Is(err, storage.ErrNewerFormat) {
			t.Errorf("acquiring: %v", err)
		}
		if err := lease.Renew(t.Context()); !errors.Is(err, storage.ErrNewerFormat) {
			t.Errorf("renewing: %v", err)
		}
	})
}

func TestLeasesOfOtherNamesAndBadOnes(t *testing.T) {
	s := newStage(t)
	acquired(t, s, "a")
	if _, err := s.Leases().Acquire(t.Context(), "publish", "b", term); err != nil {
		t.Errorf("another lease: %v", err)
	}
	for _, name := range []string{"", "Audit", "../audit", "a/b", "a b"} {
		if _, err := s.Leases().Acquire(t.Context(), name, "a", term); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, short := range []time.Duration{-term, 0, time.Microsecond} {
		if _, err := s.Leases().Acquire(t.Context(), "other", "a", short); err == nil {
			t.Errorf("a term of %s was given", short)
		}
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	if _, err := s.Leases().Acquire(t.Context(), "third", "a", term); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("without a store: %v", err)
	}
}

func FuzzLease(f *testing.F) {
	f.Add([]byte(`{"version":1,"holder":"a","holding":"x","nonce":"y","counter":3,"term":1}`))
	f.Add([]byte(`{"released":true,"counter":9223372036854775807}`))
	f.Add([]byte(`[1]`))
	f.Add([]byte(`null`))
	directory, err := storage.OpenDirectory(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	n := 0
	f.Fuzz(func(t *testing.T, record []byte) {
		if len(record) == 0 {
			return
		}
		s := storage.NewStore(directory, storage.StoreOptions{})
		n++
		name := fmt.Sprint("fuzz-", n)
		if _, err := directory.Put(t.Context(), "leases/"+name+".json", strings.NewReader(string(record)), int64(len(record)), storage.Condition{}); err != nil {
			t.Fatal(err)
		}
		lease, err := s.Leases().Acquire(t.Context(), name, "a", term)
		if err != nil {
			if !errors.Is(err, storage.ErrLeaseHeld) && !errors.Is(err, storage.ErrNewerFormat) {
				t.Errorf("%q: %v", record, err)
			}
			return
		}
		if err := lease.Renew(t.Context()); err != nil {
			t.Errorf("renewing over %q: %v", record, err)
		}
	})
}
