package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// List implements Bucket. A folder's names are sorted with a slash behind those
// of folders, which makes the order that of the keys' bytes: `a-b`, `a.json`,
// `a/y`, `a0`.
func (d *Directory) List(ctx context.Context, prefix, startAfter string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for _, p := range []string{prefix, startAfter} {
			if err := CheckPrefix(p); err != nil {
				yield(Object{}, fmt.Errorf("listing %s: %w", prefix, err))
				return
			}
		}
		w := walk{dir: d, ctx: ctx, prefix: prefix, after: startAfter, yield: yield}
		folder := ""
		if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
			folder = prefix[:i+1]
		}
		w.folder(folder)
	}
}

// walk is one listing under way.
type walk struct {
	dir           *Directory
	ctx           context.Context
	prefix, after string
	yield         func(Object, error) bool
}

// folder lists a folder, named with its final slash. It reports whether to go on.
func (w *walk) folder(name string) bool {
	names, err := w.names(name)
	if err != nil {
		return w.fail(err)
	}
	for _, n := range names {
		key := name + n
		if strings.HasSuffix(n, "/") {
			if w.mayHold(key) && !w.folder(key) {
				return false
			}
			continue
		}
		if strings.HasPrefix(key, w.prefix) && key > w.after && !w.object(key) {
			return false
		}
	}
	return true
}

// mayHold reports whether a folder can have keys that are asked for.
func (w *walk) mayHold(folder string) bool {
	if !strings.HasPrefix(folder, w.prefix) && !strings.HasPrefix(w.prefix, folder) {
		return false
	}
	return folder > w.after || strings.HasPrefix(w.after, folder)
}

// names are the entries of a folder in the order of keys.
func (w *walk) names(folder string) ([]string, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(w.dir.root.FS(), path.Clean("./"+folder))
	if err != nil && !errors.Is(fault(err), ErrNotFound) {
		return nil, fault(err)
	}
	var names []string
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			names = append(names, e.Name()+"/")
		default:
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// object yields one object. One that was deleted meanwhile is passed over.
func (w *walk) object(key string) bool {
	if CheckKey(key) != nil { // a stranger's file
		return true
	}
	object, err := w.dir.describe(key)
	if errors.Is(err, ErrNotFound) {
		return true
	}
	if err != nil {
		return w.fail(err)
	}
	return w.yield(object, w.ctx.Err()) && w.ctx.Err() == nil
}

// describe is what a listing says of an object. Of one that cannot be read the ETag is not known, which must not
// hide those behind it.
func (d *Directory) describe(key string) (Object, error) {
	f, object, err := d.open(key)
	if err == nil {
		return object, f.Close()
	}
	if !unreadable(err) {
		return object, err
	}
	info, err := d.root.Stat(key)
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotFound
	}
	if err != nil {
		return Object{}, fault(err)
	}
	return Object{Key: key, Size: info.Size(), Modified: info.ModTime().UTC()}, nil
}

func (w *walk) fail(err error) bool {
	w.yield(Object{}, fmt.Errorf("listing %s: %w", w.prefix, err))
	return false
}
