package posters

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// touchEvery is how much younger a use must be to be written to the file's
	// time: an hour is exact enough for choosing what to let go.
	touchEvery = time.Hour
	// staleTemp is the age at which a temporary file has no writer any more.
	staleTemp = time.Hour
	// spare is the share of the limit, in percent, that is freed beyond need, so
	// that the next poster does not sort the index again.
	spare = 5

	tempPrefix = ".tmp-"
)

// disk keeps posters within a limit. The file's modification time is the time of
// its last use, which other processes and the next start go by.
type disk struct {
	dir   string
	limit int64 // bytes; NoLimit: nothing is let go

	mu    sync.Mutex
	files map[string]entry // by path under dir
	size  int64            // of all files, bytes
}

type entry struct {
	size    int64
	used    time.Time
	stamped time.Time // the file's own time, at most touchEvery older
}

func openDisk(dir string, limit int64) (*disk, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the poster cache: %w", err)
	}
	d := &disk{dir: dir, limit: limit}
	return d, d.scan()
}

// scan takes the index from the directory, where other processes write too.
func (d *disk) scan() error {
	files := map[string]entry{}
	err := filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // removed by another process in the meantime
			return nil
		}
		if err != nil || e.IsDir() {
			return err
		}
		d.scanFile(files, path, e)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the poster cache: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	known := d.files
	d.files, d.size = files, 0
	for name, f := range files {
		d.size += f.size
		if k := known[name]; k.used.After(f.used) {
			f.used = k.used
			files[name] = f
		}
	}
	d.evict()
	return nil
}

// scanFile notes a poster, and removes what a writer that died left behind.
func (d *disk) scanFile(files map[string]entry, path string, e fs.DirEntry) {
	info, err := e.Info()
	if err != nil {
		return
	}
	if strings.HasPrefix(e.Name(), tempPrefix) {
		if time.Since(info.ModTime()) > staleTemp {
			_ = os.Remove(path) // the next scan tries again
		}
		return
	}
	if name, err := filepath.Rel(d.dir, path); err == nil && filepath.Ext(name) == ".jpg" {
		files[name] = entry{size: info.Size(), used: info.ModTime(), stamped: info.ModTime()}
	}
}

// has reports whether the index or the directory has the file.
func (d *disk) has(name string) bool {
	d.mu.Lock()
	_, ok := d.files[name]
	d.mu.Unlock()
	if ok {
		return true
	}
	_, err := os.Stat(filepath.Join(d.dir, name))
	return err == nil
}

// read returns a file's bytes; fs.ErrNotExist where there is none.
func (d *disk) read(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(d.dir, name))
	d.mu.Lock()
	defer d.mu.Unlock()
	switch _, known := d.files[name]; {
	case errors.Is(err, fs.ErrNotExist): // another process may have let it go
		d.drop(name)
	case err == nil && !known: // another process made it
		d.add(name, entry{size: int64(len(data))})
	}
	return data, err
}

// use notes a use of a file, in the file's own time too where that is long past.
func (d *disk) use(name string) {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	e, known := d.files[name]
	if !known {
		return
	}
	e.used = now
	if now.Sub(e.stamped) > touchEvery {
		e.stamped = now
		_ = os.Chtimes(filepath.Join(d.dir, name), time.Time{}, now) // else it only ages sooner
	}
	d.files[name] = e
}

// write puts a file in its place at once, so that no reader meets half of one.
// It is not synced: what a crash takes is made again.
func (d *disk) write(name string, data []byte) error {
	path := filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("writing poster %s: %w", name, err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), tempPrefix)
	if err != nil {
		return fmt.Errorf("writing poster %s: %w", name, err)
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return fmt.Errorf("writing poster %s: %w", name, err)
	}
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.add(name, entry{size: int64(len(data)), used: now, stamped: now})
	d.evict()
	return nil
}

// add puts a file into the index. The caller has the lock.
func (d *disk) add(name string, e entry) {
	d.size += e.size - d.files[name].size
	d.files[name] = e
}

// drop takes a file out of the index. The caller has the lock.
func (d *disk) drop(name string) {
	d.size -= d.files[name].size
	delete(d.files, name)
}

// evict lets the longest unused go until the limit holds. The caller has the lock.
func (d *disk) evict() {
	if d.size <= d.limit {
		return
	}
	target := d.limit - d.limit*spare/100
	names := slices.SortedFunc(maps.Keys(d.files), func(a, b string) int {
		return cmp.Or(d.files[a].used.Compare(d.files[b].used), cmp.Compare(a, b))
	})
	for _, name := range names {
		if d.size <= target {
			return
		}
		_ = os.Remove(filepath.Join(d.dir, name)) // one that stays is met by the next scan
		d.drop(name)
	}
}

// remove removes a file.
func (d *disk) remove(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = os.Remove(filepath.Join(d.dir, name)) // one that stays is replaced when it is made again
	d.drop(name)
}

// full reports whether the posters of one more video, of the mean size, would push others out.
func (d *disk) full() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.files) == 0 {
		return d.limit <= 0
	}
	mean := d.size / int64(len(d.files))
	return d.size+mean*int64(len(Widths())) > d.limit
}
