package storage_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

// mounted is a tmpfs of the size, which only root may mount. Where it cannot be
// mounted the test fails: a full disk that was not tried must not look like one that is survived.
func mounted(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Fatalf("mounting a tmpfs (run the tests as root): %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDiskTearsNothingAndSaysSo(t *testing.T) {
	dir := mounted(t, "1m")
	d, err := storage.OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	old := strings.Repeat("o", 100<<10)
	made := storagetest.Put(t, d, "videos/old.json", old, storage.IfAbsent())
	large := strings.Repeat("n", 2<<20)
	for _, cond := range []storage.Condition{{}, storage.IfMatch(made.ETag)} {
		if _, err := d.Put(t.Context(), "videos/old.json", strings.NewReader(large), int64(len(large)), cond); !errors.Is(err, storage.ErrFull) {
			t.Errorf("a write that does not fit: %v", err)
		}
	}
	if _, err := d.Put(t.Context(), "videos/new.json", strings.NewReader(large), int64(len(large)), storage.IfAbsent()); !errors.Is(err, storage.ErrFull) {
		t.Errorf("a new object that does not fit: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "videos", "old.json"))
	if err != nil || string(data) != old {
		t.Errorf("the old object has %d bytes, %v", len(data), err)
	}
	if got := storagetest.Keys(t, d, "", ""); len(got) != 1 {
		t.Errorf("a full disk left %v", got)
	}
	left, err := os.ReadDir(filepath.Join(dir, ".videoteca", "tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
	storagetest.Put(t, d, "videos/old.json", "small", storage.IfMatch(made.ETag))
}

func TestAReadOnlyMountIsReadAndRefusesWrites(t *testing.T) {
	dir := mounted(t, "4m")
	d, err := storage.OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	storagetest.Put(t, d, "k.json", "x", storage.Condition{})
	if err := d.Close(); err != nil { // its lock files are open for writing, which a read-only mount does not allow
		t.Fatal(err)
	}
	if err := unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	again, err := storage.OpenDirectory(dir)
	if err != nil {
		t.Fatalf("opening a read-only store: %v", err)
	}
	defer again.Close()
	if _, err := again.Put(t.Context(), "k.json", strings.NewReader("y"), 1, storage.Condition{}); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("writing: %v", err)
	}
	if err := again.Delete(t.Context(), "k.json"); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("deleting: %v", err)
	}
	if object, err := again.Stat(t.Context(), "k.json"); err != nil || object.Size != 1 {
		t.Errorf("reading: %+v, %v", object, err)
	}
}

// kill -9 says nothing of what a power cut leaves: the kernel has the bytes either way. What must
// be seen is the order of the system calls before a write is acknowledged.
func TestAWriteIsSyncedAndRenamedBeforeItIsAcknowledged(t *testing.T) {
	steps := durableSteps(traced(t, t.TempDir(), 3))
	want := strings.Repeat("sync-file rename sync-folder acknowledge ", 3)
	// The first write makes folders, whose parents are synced too.
	if got := regexp.MustCompile(`(sync-folder )+`).ReplaceAllString(strings.Join(steps, " ")+" ", "sync-folder "); got != want {
		t.Errorf("the order is %s\nwant %s", got, want)
	}
}

// A folder that stands already may be another process's, and not on the disk yet. So whoever writes first
// below it syncs above it too, and above a new store.
func TestTheFoldersAboveAnObjectAreSyncedBeforeItIsAcknowledged(t *testing.T) {
	parent := t.TempDir()
	fresh, shared := filepath.Join(parent, "new", "store"), filepath.Join(parent, "shared")
	if err := os.MkdirAll(filepath.Join(shared, "kill"), 0o700); err != nil {
		t.Fatal(err)
	}
	for store, wants := range map[string][]string{
		fresh:  {parent, filepath.Join(parent, "new"), fresh, filepath.Join(fresh, "kill")},
		shared: {shared, filepath.Join(shared, "kill")},
	} {
		trace := traced(t, store, 1)
		before, _, acknowledged := strings.Cut(trace, `write(1<`)
		if !acknowledged {
			t.Fatalf("nothing is acknowledged:\n%s", trace)
		}
		for _, folder := range wants {
			if !regexp.MustCompile(`fsync\(\d+<` + regexp.QuoteMeta(folder) + `>`).MatchString(before) {
				t.Errorf("%s is not synced before the acknowledgement:\n%s", folder, before)
			}
		}
	}
}

// traced is the system calls of a process that writes so many documents into a store.
func traced(t *testing.T, store string, rounds int) string {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	c := exec.CommandContext(t.Context(), "strace", "-f", "-y", "-o", trace, "-e", "trace=fsync,rename,renameat,renameat2,write", os.Args[0])
	c.Env = append(os.Environ(), writerEnv+"="+store, fmt.Sprintf("VIDEOTECA_TEST_ROUNDS=%d", rounds))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("strace (tools/install-deps installs it): %v\n%s", err, out)
	}
	raw, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// durableSteps names the system calls of a trace that durability is made of.
func durableSteps(trace string) []string {
	var steps []string
	for line := range strings.Lines(trace) {
		switch {
		case strings.Contains(line, "resumed>"):
		case strings.Contains(line, "fsync(") && strings.Contains(line, "/.videoteca/tmp/"):
			steps = append(steps, "sync-file")
		case strings.Contains(line, "fsync("):
			steps = append(steps, "sync-folder")
		case strings.Contains(line, "rename") && strings.Contains(line, "/.videoteca/tmp"): // not those of a coverage report
			steps = append(steps, "rename")
		case strings.Contains(line, `write(1<`) && strings.Contains(line, "kill/"):
			steps = append(steps, "acknowledge")
		}
	}
	return steps
}

func TestWhoMayReadADirectory(t *testing.T) {
	before := unix.Umask(0o022)
	t.Cleanup(func() { unix.Umask(before) })
	for name, tt := range map[string]struct {
		open         func(string) (*storage.Directory, error)
		file, folder fs.FileMode
	}{
		"a store":                 {storage.OpenDirectory, 0o600, 0o700},
		"what a web server reads": {storage.OpenPublicDirectory, 0o644, 0o755},
	} {
		root := filepath.Join(t.TempDir(), "new")
		d, err := tt.open(root)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() }) // the folder goes with the test
		if _, err := d.Put(t.Context(), "a/b.json", strings.NewReader("{}"), 2, storage.Condition{}); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]fs.FileMode{"": tt.folder, "a": tt.folder, "a/b.json": tt.file, ".videoteca": 0o700} {
			info, err := os.Stat(filepath.Join(root, path))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("%s: %q has mode %o, want %o", name, path, got, want)
			}
		}
	}
}
