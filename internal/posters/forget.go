package posters

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"videoteca/archive"
)

// Forget removes every poster that was drawn from the originals, veiled or not, at whatever width and
// by whatever version of this program. A video that still shows one of them gets its posters anew
// when they are asked for.
func (c *Cache) Forget(_ context.Context, originals []archive.File) error {
	var errs []error
	for _, f := range originals {
		of := original{File: f}
		if err := checkDigest(of); err != nil {
			errs = append(errs, fmt.Errorf("forgetting posters: %w", err))
			continue
		}
		paths, err := c.drawnFrom(f.Digest)
		if err != nil {
			errs = append(errs, fmt.Errorf("forgetting the posters of %s: %w", f.Digest, err))
		}
		for _, path := range paths {
			errs = append(errs, c.forget(path))
		}
	}
	return errors.Join(errs...)
}

// drawnFrom is the posters on the disk of an original. The cache's folder may have any name, so it is no
// part of a pattern.
func (c *Cache) drawnFrom(digest string) ([]string, error) {
	folder := filepath.Join(c.disk.dir, digest[:2])
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), digest+"-") {
			paths = append(paths, filepath.Join(folder, e.Name()))
		}
	}
	return paths, nil
}

func (c *Cache) forget(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forgetting a poster: %w", err)
	}
	name, err := filepath.Rel(c.disk.dir, path)
	if err != nil {
		return fmt.Errorf("forgetting a poster: %w", err)
	}
	c.hot.drop(name)
	c.disk.remove(name)
	return nil
}

// Prune removes the posters of originals that no video shows, and returns how many: those that
// another machine's retention purged. Videos must be all that there are; after an error of theirs
// nothing is removed.
func (c *Cache) Prune(ctx context.Context, videos iter.Seq2[archive.Video, error]) (int, error) {
	shown := map[string]bool{}
	for v, err := range videos {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return 0, fmt.Errorf("pruning posters: %w", err)
		}
		if of, ok := originalOf(v); ok {
			shown[of.id()] = true
		}
	}
	if err := c.disk.scan(); err != nil {
		return 0, err
	}
	var errs []error
	removed := 0
	for _, name := range c.disk.names() {
		if shown[originalIn(name)] {
			continue
		}
		errs = append(errs, c.forget(filepath.Join(c.disk.dir, name)))
		removed++
	}
	return removed, errors.Join(errs...)
}

// originalIn is the id of the original in the name of a poster.
func originalIn(name string) string {
	base := filepath.Base(name)
	return base[:max(0, strings.LastIndexByte(base, '-'))]
}

// names is the files of the index.
func (d *disk) names() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := make([]string, 0, len(d.files))
	for name := range d.files {
		names = append(names, name)
	}
	return names
}

// drop lets a poster go.
func (m *memory) drop(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.byName[name]; ok {
		m.remove(e)
	}
}
