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
)

// Put implements Bucket.
func (d *Directory) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond Condition) (Object, error) {
	if err := d.check(ctx, key); err != nil {
		return Object{}, fmt.Errorf("writing %s: %w", key, err)
	}
	if size <= 0 {
		return Object{}, fmt.Errorf("writing %s: %w", key, ErrEmptyObject)
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
	made, err := d.makeFolders(path.Dir(key))
	if err != nil {
		return Object{}, err
	}
	if err := d.root.Rename(temp, key); err != nil {
		return Object{}, fault(err)
	}
	for _, folder := range append(made, path.Dir(key)) {
		if err := syncFolder(d.root, folder); err != nil {
			return Object{}, err
		}
	}
	info, err := d.root.Stat(key)
	if err != nil {
		return Object{}, fault(err)
	}
	return Object{Key: key, Modified: info.ModTime().UTC()}, nil
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
		return ErrPreconditionFailed
	}
	return nil
}

// makeFolders makes the folder and those above it, and returns the parents of
// the new ones, which must be synced for the new ones to last.
func (d *Directory) makeFolders(folder string) (parents []string, err error) {
	if folder == "." {
		return nil, nil
	}
	info, err := d.root.Stat(folder)
	if err == nil {
		if !info.IsDir() {
			return nil, fmt.Errorf("%w: %s is an object, so nothing can stand below it", ErrBadKey, folder)
		}
		return nil, nil
	}
	if err := fault(err); !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if parents, err = d.makeFolders(path.Dir(folder)); err != nil {
		return nil, err
	}
	if err := d.root.Mkdir(folder, d.modes.folder); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fault(err)
	}
	return append(parents, path.Dir(folder)), nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(root *os.Root, folder string) error {
	f, err := root.Open(folder)
	if err != nil {
		return fault(err)
	}
	return fault(errors.Join(f.Sync(), f.Close()))
}
