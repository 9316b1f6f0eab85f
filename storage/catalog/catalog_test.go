package catalog

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"videoteca/archive"
)

const store = "dir:///srv/videoteca"

func TestMain(m *testing.M) {
	if path := os.Getenv("CATALOG_WRITE_UNTIL_KILLED"); path != "" {
		writeUntilKilled(path)
	}
	goleak.VerifyTestMain(m)
}

// open opens the catalog at path and closes it when the test ends.
func open(t testing.TB, path string) *Catalog {
	t.Helper()
	c, err := Open(t.Context(), path, Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func newCatalog(t testing.TB) *Catalog {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "catalog.db"))
}

// id is the n-th video's. Digits are within the alphabet of ids.
func id(n int) archive.VideoID { return archive.VideoID(fmt.Sprintf("%012d", n)) }

// video is the n-th video at a revision, registered n minutes after the first.
func video(n int, revision int64) archive.Video {
	registered := time.Date(2025, 4, 14, 12, n, 0, 0, time.UTC)
	return archive.Video{
		ID: id(n), Revision: revision, Created: registered, Updated: registered,
		Title: archive.Text{"es": fmt.Sprintf("Reunión %d, revisión %d", n, revision)},
		Sources: []archive.Source{{
			SourceKey: archive.SourceKey{Platform: "youtube", ID: fmt.Sprintf("source-%d", n)},
			URL:       fmt.Sprintf("https://www.youtube.com/watch?v=source-%d", n), Added: registered,
		}},
	}
}

func entry(n int, revision int64) Entry {
	return Entry{Video: video(n, revision), ETag: fmt.Sprintf("etag-%d-%d", n, revision)}
}

func put(t testing.TB, c *Catalog, entries ...Entry) {
	t.Helper()
	if err := c.Put(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
}

// fill puts the videos 1 to n.
func fill(t testing.TB, c *Catalog, n int) {
	t.Helper()
	entries := make([]Entry, 0, n)
	for i := range n {
		entries = append(entries, entry(i+1, 1))
	}
	put(t, c, entries...)
}

func revision(t testing.TB, c *Catalog, id archive.VideoID) int64 {
	t.Helper()
	v, err := c.Video(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v.Revision
}

func TestAFileIsKeptFromOneStartToTheNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made", "when needed", "100% a?b#c.db")
	c, err := Open(t.Context(), path, Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Fresh() {
		t.Error("a file that was not there is not called fresh")
	}
	fill(t, c, 3)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if again.Fresh() {
		t.Error("a file that was there is called fresh")
	}
	if got := revision(t, again, id(3)); got != 1 {
		t.Errorf("revision %d", got)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file has another name than it was given: %v", err)
	}
}

func TestAFileThatCannotBeUsedIsBuiltAnew(t *testing.T) {
	overwrite := func(at int64, with []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt(with, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	truncate := func(size func(was int64) int64) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, size(info.Size())); err != nil {
				t.Fatal(err)
			}
		}
	}
	execute := func(statement string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			db, err := connectWriter(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	garbage := bytes.Repeat([]byte("no database "), 4096)
	for name, spoil := range map[string]func(*testing.T, string){
		"garbage":                 overwrite(0, garbage),
		"garbage behind the head": overwrite(4096, garbage),
		"one page lost":           overwrite(9*4096, make([]byte, 4096)),
		"cut in half":             truncate(func(was int64) int64 { return was / 2 }),
		"cut by a page":           truncate(func(was int64) int64 { return was - 4096 }),
		"cut inside the head":     truncate(func(int64) int64 { return 50 }),
		"cut inside a page":       truncate(func(int64) int64 { return 1000 }),
		"another version":         execute("PRAGMA user_version = 99"),
		"another program":         execute("PRAGMA application_id = 1"),
		"another store":           execute("UPDATE meta SET value = 's3://elsewhere' WHERE name = 'store'"),
		"no stamp":                execute("DELETE FROM meta"),
		"no table of stamps":      execute("DROP TABLE meta"),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "catalog.db")
			c, err := Open(t.Context(), path, Options{Store: store})
			if err != nil {
				t.Fatal(err)
			}
			fill(t, c, 40)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			spoil(t, path)

			var log bytes.Buffer
			c, err = Open(t.Context(), path, Options{Store: store, Log: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if !c.Fresh() {
				t.Error("the file is not called fresh")
			}
			if !strings.Contains(log.String(), "built anew") {
				t.Errorf("the log says nothing of it: %q", log.String())
			}
			if _, err := os.Stat(path + ".aside"); err != nil {
				t.Errorf("the old file is gone: %v", err)
			}
			fill(t, c, 2)
			if got := revision(t, c, id(2)); got != 1 {
				t.Errorf("revision %d", got)
			}
		})
	}
}

func TestAFileThatCouldNotBeAskedIsNotTakenForUnfit(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, test := range map[string]struct {
		ctx    context.Context
		settle string // of the other connection, before the question
	}{
		"a start that is broken off":       {gone, ""},
		"another has the file for its own": {t.Context(), "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "catalog.db")
			first, err := Open(t.Context(), path, Options{Store: store})
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			asking, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer asking.Close()
			other, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			if _, err := other.ExecContext(t.Context(), test.settle); err != nil {
				t.Fatal(err)
			}
			if err := examineStamp(test.ctx, asking, store); err == nil || unfit(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnEmptyFileIsNoDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if c := open(t, path); !c.Fresh() {
		t.Error("an empty file is not called fresh")
	}
	if _, err := os.Stat(path + ".aside"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty file was moved aside: %v", err)
	}
}

func TestAFolderThatCannotBeWrittenIsAnErrorAndDestroysNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	if err := os.Mkdir(path, 0o700); err != nil { // a folder where the file should be
		t.Fatal(err)
	}
	if c, err := Open(t.Context(), path, Options{Store: store}); err == nil {
		_ = c.Close()
		t.Fatal("it opened")
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		t.Errorf("the folder is gone: %v", err)
	}
}

func TestProcessesThatFindADamagedFileTogetherReplaceItOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), 10_000), 0o600); err != nil {
		t.Fatal(err)
	}
	const processes = 6
	opened := make([]*Catalog, processes)
	var group sync.WaitGroup
	for i := range processes {
		group.Go(func() {
			c, err := Open(t.Context(), path, Options{Store: store})
			if err != nil {
				t.Error(err)
				return
			}
			opened[i] = c
			if err := c.Put(t.Context(), entry(i, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	fresh := 0
	for _, c := range opened {
		if c == nil {
			continue
		}
		if c.Fresh() {
			fresh++
		}
		if counts, err := c.Counts(t.Context()); err != nil || counts.Total != processes {
			t.Errorf("one process sees %d videos of %d: %v", counts.Total, processes, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if fresh != 1 {
		t.Errorf("%d processes began the file, not one", fresh)
	}
}

func TestOpeningWaitsForAnotherThatOpensAsLongAsTheCallerDoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	unlock, err := lock(t.Context(), path+".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, path, Options{Store: store}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestAProcessGoesOnWithTheFileThatAnotherMovedAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	old := open(t, path)
	fill(t, old, 1)
	other, err := Open(t.Context(), path, Options{Store: "s3://another"})
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Put(t.Context(), entry(7, 1)); err != nil {
		t.Fatal(err)
	}
	put(t, old, entry(2, 1))
	for _, n := range []int{1, 2} {
		if got := revision(t, old, id(n)); got != 1 {
			t.Errorf("video %d at revision %d", n, got)
		}
	}
	if err := old.Close(); err != nil { // it must not take the new file's log along
		t.Fatal(err)
	}
	if got := revision(t, other, id(7)); got != 1 {
		t.Errorf("revision %d", got)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
}
