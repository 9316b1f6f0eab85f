package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"
)

// etagsKept bounds the cache: 200 bytes an entry, so about 20 MB.
const etagsKept = 100_000

// atRest is how old a file's change time must be for its digest to be remembered. The kernel stamps files with
// a clock that ticks every 1 to 10 ms, and file systems may keep whole seconds of it.
const atRest = 2 * time.Second

// etagCache remembers digests of files, so that a listing need not read them all.
//
// A file is known again by its device, inode, size and change time, which no program can set. Alone they
// do not tell writes apart that follow each other within a tick of the kernel's clock: a new file of the same size may
// get the inode of one that has just gone, and the same change time. So a digest is remembered only if the change
// time was at least atRest ago when the digesting began. Whatever is written after that, to this file or to another
// with its inode, has a later change time, unless somebody sets the machine's clock back.
type etagCache struct {
	now func() time.Time // the clock that stamps files

	mu   sync.Mutex
	sums map[fileIdentity]string
}

type fileIdentity struct {
	device, inode uint64
	size          int64
	changed       syscall.Timespec
}

func newETagCache() *etagCache { return &etagCache{now: time.Now, sums: map[fileIdentity]string{}} }

// of returns the digest of an open file, leaving it at its start.
func (c *etagCache) of(f *os.File, info fs.FileInfo) (string, error) {
	stat, known := info.Sys().(*syscall.Stat_t)
	var id fileIdentity
	if known {
		id = fileIdentity{uint64(stat.Dev), stat.Ino, stat.Size, stat.Ctim} //nolint:unconvert // Dev is narrower on other systems
		if sum, ok := c.get(id); ok {
			return sum, nil
		}
	}
	resting := known && c.now().Sub(time.Unix(id.changed.Unix())) >= atRest
	digest := sha256.New()
	if _, err := io.Copy(digest, f); err != nil {
		return "", fmt.Errorf("digesting: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("digesting: %w", err)
	}
	sum := hex.EncodeToString(digest.Sum(nil))
	if resting {
		c.put(id, sum)
	}
	return sum, nil
}

func (c *etagCache) get(id fileIdentity) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sum, ok := c.sums[id]
	return sum, ok
}

func (c *etagCache) put(id fileIdentity, sum string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sums) >= etagsKept {
		clear(c.sums)
	}
	c.sums[id] = sum
}
