package storage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
)

// Put implements Bucket.
func (d *Directory) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond Condition) (Object, error) {
	if err := d.check(ctx, key); err != nil {
		return Object{}, fmt.Errorf("writing %s: %w", key, err)
	}
	if size <= 0 {
		return Object{}, fmt.Errorf("writing %s: %w", key, ErrEmptyObject)
	}
	if err := d.prepare(); err != nil {
		return Object{}, fmt.Errorf("writing %s: %w", key, err)
	}
	temp, etag, err := d.writeTemp(ctx, body, size)
	if err != nil {
		return Object{}, fmt.Errorf("writing %s: %w", key, err)
	}
	object, err := d.install(ctx, temp, key, cond)
	if err != nil {
		// The error matters, not whether its leftover could be removed: sweep does that.
		_ = d.root.Remove(temp)
		return Object{}, fmt.Errorf("writing %s: %w", key, err)
	}
	object.Size, object.ETag = size, etag
	return object, nil
}

// writeTemp writes the body to a temporary file, durably, and returns its name and ETag.
func (d *Directory) writeTemp(ctx context.Context, body io.Reader, size int64) (name, etag string, err error) {
	name = path.Join(dirTemp, rand.Text())
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, d.modes.file)
	if err != nil {
		return "", "", fault(err)
	}
	digest := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, digest), io.LimitReader(cancellable{ctx, body}, size))
	if err == nil && n < size {
		err = fmt.Errorf("the body ended after %d of %d bytes: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = d.root.Remove(name) // sweep removes what stays
		return "", "", fault(err)
	}
	return name, hex.EncodeToString(digest.Sum(nil)), nil
}

// cancellable ends a copy between two reads when its context does.
type cancellable struct {
	ctx context.Context
	io.Reader
}

func (c cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}

// install renames a temporary file into place if the condition holds.
func (d *Directory) install(ctx context.Context, temp, key string, cond Condition) (Object, error) {
	unlock, err := d.locks.lock(ctx, key)
	if err != nil {
		return Object{}, err
	}
	defer unlock()
	if err := d.holds(key, cond); err != nil {
		return Object{}, err
	}
	unsure, err := d.rename(temp, key)
	if err != nil {
		return Object{}, err
	}
	if err := syncFolder(d.root, path.Dir(key)); err != nil {
		return Object{}, err
	}
	for _, folder := range unsure {
		if err := syncFolder(d.root, path.Dir(folder)); err != nil {
			return Object{}, err
		}
		d.lasting.add(folder)
	}
	info, err := d.root.Stat(key)
	if err != nil {
		return Object{}, fault(err)
	}
	return Object{Key: key, Modified: info.ModTime().UTC()}, nil
}

// rename moves a file into its place, and returns the folders above it of which it must be made sure that
// they last. A folder that somebody took away by hand is made again.
func (d *Directory) rename(temp, key string) (unsure []string, err error) {
	for range 2 {
		if unsure, err = d.makeFolders(path.Dir(key)); err != nil {
			return nil, err
		}
		err = d.root.Rename(temp, key)
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
		d.lasting.forget()
	}
	return unsure, fault(err)
}

// holds checks a condition under the key's lock.
func (d *Directory) holds(key string, cond Condition) error {
	if cond == (Condition{}) {
		return nil
	}
	f, object, err := d.open(key)
	missing := errors.Is(err, ErrNotFound)
	if err != nil && !missing {
		return err
	}
	if !missing {
		if err := f.Close(); err != nil {
			return err
		}
	}
	if cond.Create && !missing || cond.Match != "" && (missing || object.ETag != cond.Match) {
		return ErrNotWritten
	}
	return nil
}

// makeFolders makes the folder and those above it, and returns those of which this process does not
// know that they last: the new ones, and those that stood already, which another process
// may have made a moment ago and not have synced yet.
func (d *Directory) makeFolders(folder string) (unsure []string, err error) {
	if folder == "." || d.lasting.has(folder) {
		return nil, nil
	}
	if unsure, err = d.makeFolders(path.Dir(folder)); err != nil {
		return nil, err
	}
	err = d.root.Mkdir(folder, d.modes.folder)
	if errors.Is(err, fs.ErrExist) {
		err = d.checkFolder(folder)
	}
	if err != nil {
		return nil, fault(err)
	}
	return append(unsure, folder), nil
}

func (d *Directory) checkFolder(folder string) error {
	info, err := d.root.Stat(folder)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%w: %s is an object, so nothing can stand below it", ErrBadKey, folder)
	}
	return err
}

// mostLasting bounds the folders remembered: some 100 bytes each.
const mostLasting = 50_000

// lastingFolders are those whose names in their parents this process has synced.
// They are never removed, so they last for good.
type lastingFolders struct {
	mu    sync.Mutex
	names map[string]bool
}

func (l *lastingFolders) has(folder string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.names[folder]
}

func (l *lastingFolders) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.names = nil
}

func (l *lastingFolders) add(folder string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names == nil || len(l.names) >= mostLasting { // forgotten ones are synced once more
		l.names = map[string]bool{}
	}
	l.names[folder] = true
}

// syncFolder makes the names in a folder durable.
func syncFolder(root *os.Root, folder string) error {
	f, err := root.Open(folder)
	if err != nil {
		return fault(err)
	}
	return fault(errors.Join(f.Sync(), f.Close()))
}
