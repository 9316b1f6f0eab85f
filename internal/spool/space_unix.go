//go:build unix

package spool

import (
	"errors"
	"fmt"
	"syscall"
)

// freeSpace is what an ordinary user may still write at path, in bytes.
func freeSpace(path string) (int64, bool) {
	var at syscall.Statfs_t
	if err := syscall.Statfs(path, &at); err != nil {
		return 0, false
	}
	return int64(at.Bavail) * int64(at.Bsize), true //nolint:unconvert // the types differ between systems
}

// full names a full disk.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrNoRoom, err)
	}
	return err
}
