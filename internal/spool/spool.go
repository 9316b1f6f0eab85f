// Package spool keeps uploads on the local disk until all of them has come, so that memory stays
// small whatever their size. What comes in one piece and is broken off midway leaves nothing (Take).
// What comes in several goes on where it broke off (Begin, Append, Use):
//
//	resumable-<id>.data   the bytes that have come; locked by whoever writes or uses them
//	resumable-<id>.json   whose they are and what for, and later what they were used as
//
// The second is written last and makes the upload. Both are removed when nothing has been
// added for Options.Life.
package spool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	prefix = "upload-"
	// stale is how old a file is that nobody can be writing any more: longer than
	// the largest upload takes on a slow line.
	stale = 24 * time.Hour
)

// ErrNoRoom says that the disk has no room for a file of that size.
var ErrNoRoom = errors.New("no room on the local disk")

// ErrTooLarge says that more came than was allowed.
var ErrTooLarge = errors.New("too large")

// Options bound what is kept. The zero value of each has a meaning of its own.
type Options struct {
	PerPerson int              // unfinished uploads of one person; 0: 10
	InAll     int              // of everybody; 0: 100
	Life      time.Duration    // of one to which nothing is added; 0: 24 h
	Reserve   int64            // bytes left free on the disk: the catalog and the posters live there too; 0: 64 MiB
	Now       func() time.Time // nil: time.Now
}

func (o Options) withDefaults() Options {
	if o.PerPerson == 0 {
		o.PerPerson = 10
	}
	if o.InAll == 0 {
		o.InAll = 100
	}
	if o.Life == 0 {
		o.Life = 24 * time.Hour
	}
	if o.Reserve == 0 {
		o.Reserve = 64 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Spool is a folder for uploads on their way. It is safe for concurrent use.
type Spool struct {
	folder string
	o      Options
	mu     sync.Mutex // held while an upload begins, so that the bounds hold
}

// Open makes the folder, if need be, and removes what crashes and people have left in it.
func Open(folder string) (*Spool, error) { return OpenWith(folder, Options{}) }

// OpenWith is Open with bounds of one's own.
func OpenWith(folder string, o Options) (*Spool, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("opening the spool: %w", err)
	}
	s := &Spool{folder: folder, o: o.withDefaults()}
	if _, err := s.Sweep(); err != nil {
		return nil, fmt.Errorf("opening the spool: %w", err)
	}
	return s, nil
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
	if err := s.room(max(announced, 1)); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(s.folder, prefix)
	if err != nil {
		return nil, fmt.Errorf("keeping an upload: %w", full(err))
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

// room reports with ErrNoRoom that so many bytes cannot be written. Where the system does not
// say what is free, everything is tried.
func (s *Spool) room(size int64) error {
	free, known := freeSpace(s.folder)
	if known && free-s.o.Reserve < size {
		return fmt.Errorf("%w: %d bytes are free, of which %d stay so; %d are needed", ErrNoRoom, free, s.o.Reserve, size)
	}
	return nil
}

// Sweep removes what nobody has added to for so long that nobody will, and returns how many files
// it were. What somebody is working on stays.
func (s *Spool) Sweep() (removed int, err error) {
	left, err := s.names(prefix)
	if err != nil {
		return 0, fmt.Errorf("sweeping the spool: %w", err)
	}
	for _, name := range left {
		path := filepath.Join(s.folder, name)
		if info, err := os.Stat(path); err == nil && s.o.Now().Sub(info.ModTime()) > stale && os.Remove(path) == nil {
			removed++
		}
	}
	n, err := s.sweepResumable()
	return removed + n, err
}

// names is the files in the folder that begin so; of a folder that is gone there are none. The folder's own
// name may have any character, so it is no part of a pattern.
func (s *Spool) names(beginning string) ([]string, error) {
	entries, err := os.ReadDir(s.folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), beginning) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
