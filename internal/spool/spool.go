// Package spool keeps an upload on the local disk until all of it has come, so that
// memory stays small whatever its size, and what is broken off midway leaves nothing.
package spool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

const (
	prefix = "upload-"
	// stale is how old a file is that nobody can be writing any more: longer than
	// the largest upload takes on a slow line.
	stale = 24 * time.Hour
	// reserve is what is left free on the disk, in bytes: the catalog and the posters live there too.
	reserve = 64 << 20
)

// ErrNoRoom says that the disk has no room for a file of that size.
var ErrNoRoom = errors.New("no room on the local disk")

// ErrTooLarge says that more came than was allowed.
var ErrTooLarge = errors.New("too large")

// Spool is a folder for uploads on their way.
type Spool struct{ folder string }

// Open makes the folder, if need be, and removes what crashes have left in it.
func Open(folder string) (*Spool, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("opening the spool: %w", err)
	}
	left, err := filepath.Glob(filepath.Join(folder, prefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("opening the spool: %w", err)
	}
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > stale {
			_ = os.Remove(name) // it is tried again at the next start
		}
	}
	return &Spool{folder}, nil
}

// File is an upload that has come. Close removes it.
type File struct {
	*os.File
	Size int64 // bytes
}

// Close removes the file.
func (f *File) Close() error {
	return errors.Join(f.File.Close(), os.Remove(f.Name()))
}

// Take writes the body to the disk, at most largest bytes of it, and stands at its
// beginning. Announced is its size if it is known, else -1; for one that cannot
// fit nothing is read, and ErrNoRoom returned.
func (s *Spool) Take(body io.Reader, announced, largest int64) (*File, error) {
	if announced > largest {
		return nil, fmt.Errorf("%w: %d bytes of at most %d", ErrTooLarge, announced, largest)
	}
	if free, ok := freeSpace(s.folder); ok && free-reserve < max(announced, 1) {
		return nil, fmt.Errorf("%w: %d bytes are free, of which %d stay so", ErrNoRoom, free, int64(reserve))
	}
	f, err := os.CreateTemp(s.folder, prefix)
	if err != nil {
		return nil, fmt.Errorf("keeping an upload: %w", err)
	}
	size, err := io.Copy(f, io.LimitReader(body, largest+1))
	switch {
	case err != nil:
	case size > largest:
		err = fmt.Errorf("%w: more than %d bytes", ErrTooLarge, largest)
	case announced >= 0 && size < announced:
		err = fmt.Errorf("%w after %d of %d bytes", io.ErrUnexpectedEOF, size, announced)
	default:
		_, err = f.Seek(0, io.SeekStart)
	}
	taken := &File{File: f, Size: size}
	if err != nil {
		_ = taken.Close() // what went wrong first is what matters
		return nil, fmt.Errorf("keeping an upload: %w", full(err))
	}
	return taken, nil
}
