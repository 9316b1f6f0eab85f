package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// twoProcesses are the locks of two stores on one folder: each has files of its own, as two processes have.
func twoProcesses(t *testing.T) (one, two *fileLocks) {
	t.Helper()
	d, file := folder(t)
	other, err := OpenDirectory(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
	return d.locks, other.locks
}

// soon is a context for a lock that should not be had.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func TestALockIsHeldAgainstGoroutinesAndProcesses(t *testing.T) {
	one, two := twoProcesses(t)
	unlock, err := one.lock(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	for who, locks := range map[string]*fileLocks{"a goroutine": one, "a process": two} {
		if _, err := locks.lock(soon(t), "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s was let in: %v", who, err)
		}
		free, err := locks.lock(soon(t), "b")
		if err != nil {
			t.Fatalf("%s waits for another key: %v", who, err)
		}
		free()
	}
	unlock()
	for _, locks := range []*fileLocks{two, one} { // who gave up holds nothing
		unlock, err := locks.lock(soon(t), "a")
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
}

func TestOneAtATimeHoldsALock(t *testing.T) {
	one, two := twoProcesses(t)
	var inside, turns atomic.Int64
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for range 5 {
				unlock, err := []*fileLocks{one, two}[i%2].lock(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold it", n)
				}
				turns.Add(1)
				inside.Add(-1)
				unlock()
			}
		})
	}
	wg.Wait()
	if turns.Load() != 80 {
		t.Errorf("%d turns", turns.Load())
	}
}

func TestLockFilesAreFewAndStay(t *testing.T) {
	d, file := folder(t)
	for i := range 600 {
		unlock, err := d.locks.lock(t.Context(), strings.Repeat("k", 1+i%250)+string(rune('a'+i%26)))
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
	files, err := os.ReadDir(filepath.Join(filepath.Dir(file), dirLocks))
	if err != nil || len(files) < lockStripes/2 || len(files) > lockStripes {
		t.Errorf("%d lock files, %v", len(files), err)
	}
}

func TestAStoreThatIsClosedLocksNothing(t *testing.T) {
	d, err := OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.locks.lock(t.Context(), "a"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := d.Delete(t.Context(), "a"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("deleting: %v", err)
	}
}

func TestALockFileThatCannotBeMadeIsAFaultAndHoldsNobodyUp(t *testing.T) {
	d, file := folder(t)
	locks := filepath.Join(filepath.Dir(file), dirLocks)
	if err := os.RemoveAll(locks); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(locks, nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	for range 2 {
		if _, err := d.locks.lock(soon(t), "another"); err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	}
}
