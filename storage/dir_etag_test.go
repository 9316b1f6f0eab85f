package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// digest is what the ETag of a content must be.
func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// folder is a directory store and the path of its object k.json.
func folder(t *testing.T) (d *Directory, file string) {
	t.Helper()
	name := t.TempDir()
	d, err := OpenDirectory(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Put(t.Context(), "k.json", strings.NewReader("mine"), 4, Condition{}); err != nil {
		t.Fatal(err)
	}
	return d, filepath.Join(name, "k.json")
}

// etag is what the store says of k.json, which must be the same everywhere.
func etag(t *testing.T, d *Directory) string {
	t.Helper()
	stat, err := d.Stat(t.Context(), "k.json")
	if err != nil {
		t.Fatal(err)
	}
	body, got, err := d.Get(t.Context(), "k.json", Range{})
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(body)
	if err != nil || body.Close() != nil {
		t.Fatal(err)
	}
	for listed, err := range d.List(t.Context(), "", "") {
		if err != nil || listed.ETag != stat.ETag || got.ETag != stat.ETag || stat.ETag != digest(string(content)) {
			t.Errorf("of %q: listed as %s, described as %s, read as %s, %v", content, listed.ETag, stat.ETag, got.ETag, err)
		}
	}
	return stat.ETag
}

// A store in a folder is restored and mirrored with other programs.
func TestAnETagFollowsWhatOtherProgramsDoToTheFile(t *testing.T) {
	d, file := folder(t)
	if got := etag(t, d); got != digest("mine") {
		t.Errorf("the ETag is %s", got)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // more than a tick of the kernel's clock, by which files change
	if err := os.WriteFile(file, []byte("Mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	// A careful copy sets the old time again; that does not hide the change.
	if err := os.Chtimes(file, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := etag(t, d); got != digest("Mine") {
		t.Error("a file written in place has the ETag from before")
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, file); err != nil {
		t.Fatal(err)
	}
	if got := etag(t, d); got != digest("more") {
		t.Error("a file that was replaced has the ETag from before")
	}
}

// later makes a store believe that so much time has gone by, since nobody can set a file's change time.
func later(d *Directory, by time.Duration) {
	d.etags.now = func() time.Time { return time.Now().Add(by) }
}

func TestAFileIsDigestedOnce(t *testing.T) {
	d, _ := folder(t)
	later(d, atRest)
	etag(t, d)
	for id := range d.etags.sums {
		d.etags.sums[id] = "remembered"
	}
	if stat, err := d.Stat(t.Context(), "k.json"); err != nil || stat.ETag != "remembered" {
		t.Errorf("it was read again: %s, %v", stat.ETag, err)
	}
}

// Within a tick of the kernel's clock a file may get the inode, the size and the change time of one before.
func TestNothingIsRememberedOfAFileThatHasJustChanged(t *testing.T) {
	d, file := folder(t)
	for _, age := range []time.Duration{0, atRest / 2, -time.Hour} { // the last by a clock that was set back
		later(d, age)
		if etag(t, d); len(d.etags.sums) != 0 {
			t.Errorf("at the age of %v its digest is remembered", age)
		}
	}
	for _, content := range []string{"ours", "owns", "oars"} { // of one size, as fast as it goes
		later(d, 0)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := etag(t, d); got != digest(content) {
			t.Errorf("%q has another's ETag", content)
		}
	}
	later(d, atRest)
	if etag(t, d); len(d.etags.sums) != 1 {
		t.Error("of a file at rest nothing is remembered")
	}
}

func TestRememberedDigestsAreBounded(t *testing.T) {
	c := newETagCache()
	for i := range uint64(etagsKept + 10) {
		c.put(fileIdentity{inode: i}, "x")
	}
	if len(c.sums) > etagsKept {
		t.Errorf("%d are kept", len(c.sums))
	}
	if _, ok := c.get(fileIdentity{inode: etagsKept + 9}); !ok {
		t.Error("the newest is not among them")
	}
}
