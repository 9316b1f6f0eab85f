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
)

// etagsKept bounds the cache: 200 bytes an entry, so about 20 MB.
const etagsKept = 100_000

// etagCache remembers digests of files, so that a listing need not read them all.
//
// An object's file is never written in place: every write is a new file, hence a
// new inode with a new change time. A file with the same device, inode, size and
// change time (which no program can set) therefore has the same content.
type etagCache struct {
	mu   sync.Mutex
	sums map[fileIdentity]string
}

type fileIdentity struct {
	device, inode uint64
	size          int64
	changed       syscall.Timespec
}

func newETagCache() *etagCache { return &etagCache{sums: map[fileIdentity]string{}} }

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
	digest := sha256.New()
	if _, err := io.Copy(digest, f); err != nil {
		return "", fmt.Errorf("digesting: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("digesting: %w", err)
	}
	sum := hex.EncodeToString(digest.Sum(nil))
	if known {
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
