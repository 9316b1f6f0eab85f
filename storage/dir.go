package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

// Where a Directory keeps what is not an object. No key starts with a dot.
const (
	dirPrivate = ".videoteca"
	dirTemp    = dirPrivate + "/tmp"
	dirLocks   = dirPrivate + "/locks"
	dirMode    = 0o700
	fileMode   = 0o600
)

// modes are what objects and their folders get, less the process's umask.
type modes struct{ file, folder fs.FileMode }

// Directory is a Bucket in a folder: one file an object, its path the key.
//
// A write goes to a temporary file, which is synced, and is renamed into place
// under a lock after its condition was checked once more; then the folder is
// synced, and every new folder above it. Locks hold between processes too, so several may share
// a folder on a local file system. The ETag is the SHA-256 of the content.
type Directory struct {
	root     *os.Root
	name     string
	modes    modes
	locks    *fileLocks
	etags    *etagCache
	lasting  lastingFolders
	prepared atomic.Bool
}

// OpenDirectory opens the store in the folder name, making it where there is none. Nobody but
// this user may read it.
func OpenDirectory(name string) (*Directory, error) {
	return openDirectory(name, modes{file: fileMode, folder: dirMode})
}

// OpenPublicDirectory is OpenDirectory for what a web server is to read, which runs as somebody else.
func OpenPublicDirectory(name string) (*Directory, error) {
	return openDirectory(name, modes{file: 0o644, folder: 0o755})
}

func openDirectory(name string, m modes) (*Directory, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", name, err)
	}
	if err := makeStore(abs, m.folder); err != nil {
		return nil, fmt.Errorf("making the store %s: %w", abs, err)
	}
	d, err := findDirectory(abs, m)
	if err != nil {
		return nil, err
	}
	if err := d.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("preparing the store %s: %w", abs, err), d.Close())
	}
	return d, nil
}

// makeStore makes the folder of a store and those above it, durably.
func makeStore(name string, mode fs.FileMode) error {
	var parents []string // of those that are new
	for dir := name; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		parents = append(parents, filepath.Dir(dir))
	}
	if err := os.MkdirAll(name, mode); err != nil {
		return folderFault(err)
	}
	for _, parent := range parents {
		f, err := os.Open(parent)
		if errors.Is(err, fs.ErrPermission) { // one that may be written to and not read cannot be synced
			continue
		}
		if err == nil {
			err = errors.Join(f.Sync(), f.Close())
		}
		if err != nil {
			return fault(err)
		}
	}
	return nil
}

// FindDirectory opens the store in the folder name and makes nothing before the first
// write. Where there is no such folder it gets ErrNoStore.
func FindDirectory(name string) (*Directory, error) {
	return findDirectory(name, modes{file: fileMode, folder: dirMode})
}

func findDirectory(name string, m modes) (*Directory, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", name, err)
	}
	info, err := os.Stat(abs)
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", abs, folderFault(err))
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", abs, fault(err))
	}
	return &Directory{root: root, name: abs, modes: m, locks: newFileLocks(root), etags: newETagCache()}, nil
}

// folderFault is fault for the folder that a store is to be in.
func folderFault(err error) error {
	switch {
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w: a file stands where the folder should be", ErrBadAddress)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: there is no such folder", ErrNoStore)
	}
	return fault(err)
}

// prepare makes the private folders, once. A store that may only be read is opened all the same.
func (d *Directory) prepare() error {
	if d.prepared.Load() {
		return nil
	}
	for _, dir := range []string{dirTemp, dirLocks} {
		if err := fault(d.root.MkdirAll(dir, dirMode)); err != nil && !errors.Is(err, ErrReadOnly) {
			return err
		}
	}
	if err := d.sweep(time.Now().Add(-time.Hour)); err != nil {
		return err
	}
	d.prepared.Store(true)
	return nil
}

// sweep removes temporary files that a process which died left behind. One that
// is being written is younger than an hour.
func (d *Directory) sweep(before time.Time) error {
	entries, err := fs.ReadDir(d.root.FS(), dirTemp)
	if err != nil {
		return nil //nolint:nilerr // a read-only store may lack the folder
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.ModTime().After(before) {
			continue
		}
		if err := d.root.Remove(path.Join(dirTemp, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil //nolint:nilerr // another process sweeps too; what is left costs only room
		}
	}
	return nil
}

// Close releases the folder and its locks. Calls under way may fail.
func (d *Directory) Close() error { return errors.Join(d.locks.close(), d.root.Close()) }

// Get implements Bucket.
func (d *Directory) Get(ctx context.Context, key string, r Range) (io.ReadCloser, Object, error) {
	if err := d.check(ctx, key); err != nil {
		return nil, Object{}, fmt.Errorf("reading %s: %w", key, err)
	}
	f, object, err := d.open(key)
	if err != nil {
		return nil, Object{}, fmt.Errorf("reading %s: %w", key, err)
	}
	body, err := section(f, object.Size, r)
	if err != nil {
		return nil, Object{}, errors.Join(fmt.Errorf("reading %s from %d: %w", key, r.Offset, err), f.Close())
	}
	return body, object, nil
}

// Stat implements Bucket.
func (d *Directory) Stat(ctx context.Context, key string) (Object, error) {
	if err := d.check(ctx, key); err != nil {
		return Object{}, fmt.Errorf("describing %s: %w", key, err)
	}
	f, object, err := d.open(key)
	if err != nil {
		return Object{}, fmt.Errorf("describing %s: %w", key, err)
	}
	return object, f.Close()
}

func (d *Directory) check(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	return ctx.Err()
}

// open opens an object and describes it. Reading needs no lock: a rename
// leaves an open file as it was.
func (d *Directory) open(key string) (*os.File, Object, error) {
	f, err := d.root.Open(key)
	if err != nil {
		return nil, Object{}, fault(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotFound
	}
	var etag string
	if err == nil {
		etag, err = d.etags.of(f, info)
	}
	if err != nil {
		return nil, Object{}, errors.Join(err, f.Close())
	}
	return f, Object{Key: key, Size: info.Size(), ETag: etag, Modified: info.ModTime().UTC()}, nil
}

// sectionReader is a part of a file that closes the file.
type sectionReader struct {
	io.Reader
	io.Closer
}

func section(f *os.File, size int64, r Range) (io.ReadCloser, error) {
	if r == (Range{}) {
		return f, nil
	}
	if r.Offset < 0 || r.Length < 0 || r.Offset >= size {
		return nil, ErrBadRange
	}
	length := size - r.Offset
	if r.Length > 0 {
		length = min(length, r.Length)
	}
	return sectionReader{io.NewSectionReader(f, r.Offset, length), f}, nil
}

// Delete implements Bucket. Folders that become empty stay: removing one could
// race with a write that has just found it.
func (d *Directory) Delete(ctx context.Context, key string) error {
	if err := d.check(ctx, key); err != nil {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	if err := d.prepare(); err != nil {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	unlock, err := d.locks.lock(ctx, key)
	if err != nil {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	defer unlock()
	err = fault(d.root.Remove(key))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	return syncFolder(d.root, path.Dir(key))
}
