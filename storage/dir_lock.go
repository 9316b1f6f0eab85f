package storage

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// lockStripes is how many lock files there are. A fixed number, since a lock
// file may not be removed while another process waits for it.
const lockStripes = 256

// lockPause is how long a process waits before it asks for a taken lock again;
// flock itself cannot be given up when a context ends.
const lockPause = 2 * time.Millisecond

// fileLocks are locks on keys that hold between goroutines and between processes.
type fileLocks struct {
	root    *os.Root
	stripes [lockStripes]stripe
}

// stripe is one lock: a slot for the goroutines of this process, and a file for the processes.
type stripe struct {
	slot chan struct{}
	once sync.Once
	file *os.File
	err  error
}

func newFileLocks(root *os.Root) *fileLocks {
	l := &fileLocks{root: root}
	for i := range l.stripes {
		l.stripes[i].slot = make(chan struct{}, 1)
	}
	return l
}

// lock waits for the key's lock and returns what releases it.
func (l *fileLocks) lock(ctx context.Context, key string) (unlock func(), err error) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // never fails, see hash.Hash
	n := h.Sum32() % lockStripes
	s := &l.stripes[n]
	select {
	case s.slot <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := l.flock(ctx, s, n); err != nil {
		<-s.slot
		return nil, fmt.Errorf("locking: %w", err)
	}
	return func() {
		_ = unix.Flock(int(s.file.Fd()), unix.LOCK_UN) // the descriptor is ours and open
		<-s.slot
	}, nil
}

func (l *fileLocks) flock(ctx context.Context, s *stripe, n uint32) error {
	s.once.Do(func() {
		s.file, s.err = l.root.OpenFile(path.Join(dirLocks, fmt.Sprintf("%02x", n)), os.O_RDWR|os.O_CREATE, fileMode)
	})
	if s.err != nil {
		return fault(s.err)
	}
	for {
		err := unix.Flock(int(s.file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return err
		}
		select {
		case <-time.After(lockPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// close releases the lock files. It waits for nobody.
func (l *fileLocks) close() error {
	var errs []error
	for i := range l.stripes {
		s := &l.stripes[i]
		s.once.Do(func() { s.err = os.ErrClosed })
		if s.file != nil {
			errs = append(errs, s.file.Close())
		}
	}
	return errors.Join(errs...)
}
