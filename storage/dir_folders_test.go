package storage

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func openedIn(t *testing.T, folder string) *Directory {
	t.Helper()
	d, err := OpenDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() }) // the folder goes next
	return d
}

func putIn(t *testing.T, d *Directory, key string) {
	t.Helper()
	if _, err := d.Put(t.Context(), key, strings.NewReader("x"), 1, Condition{}); err != nil {
		t.Fatal(err)
	}
}

// Two processes write below one new folder: whoever acknowledges first must not rely on the other's sync.
func TestAFolderThatAnotherProcessMadeIsNotTakenForDurable(t *testing.T) {
	store := t.TempDir()
	one, two := openedIn(t, store), openedIn(t, store)
	want := []string{"events", "events/7k", "events/7k/7k3mzq9x0abd"}
	made, err := one.makeFolders("events/7k/7k3mzq9x0abd") // and it has synced nothing yet
	if err != nil || !slices.Equal(made, want) {
		t.Fatalf("the first makes %v, %v", made, err)
	}
	if found, err := two.makeFolders("events/7k/7k3mzq9x0abd"); err != nil || !slices.Equal(found, want) {
		t.Errorf("the second relies on the first, and would sync above %v alone (%v)", found, err)
	}
	putIn(t, two, "events/7k/7k3mzq9x0abd/a.json")
	if again, err := two.makeFolders("events/7k/7k3mzq9x0abd"); err != nil || len(again) != 0 {
		t.Errorf("what it has synced it syncs again: %v, %v", again, err)
	}
	if next, err := two.makeFolders("events/7m/7m3mzq9x0abd"); err != nil || !slices.Equal(next, []string{"events/7m", "events/7m/7m3mzq9x0abd"}) {
		t.Errorf("of a folder beside it it is unsure of %v, %v", next, err)
	}
}

func TestTheFoldersRememberedAreBounded(t *testing.T) {
	l := lastingFolders{names: map[string]bool{}}
	for i := range mostLasting {
		l.names[string(rune(i))] = true
	}
	l.add("videos")
	if !l.has("videos") || len(l.names) > mostLasting {
		t.Errorf("%d are remembered", len(l.names))
	}
}

func TestAFolderTakenAwayByHandIsMadeAgain(t *testing.T) {
	store := t.TempDir()
	d := openedIn(t, store)
	putIn(t, d, "videos/7k/a.json")
	if err := os.RemoveAll(filepath.Join(store, "videos")); err != nil {
		t.Fatal(err)
	}
	putIn(t, d, "videos/7k/a.json")
	if _, err := os.Stat(filepath.Join(store, "videos", "7k", "a.json")); err != nil {
		t.Error(err)
	}
}

func TestNothingStandsBelowAnObject(t *testing.T) {
	d := openedIn(t, t.TempDir())
	putIn(t, d, "videos/7k")
	if _, err := d.Put(t.Context(), "videos/7k/a.json", strings.NewReader("x"), 1, Condition{}); !errors.Is(err, ErrBadKey) {
		t.Errorf("%v", err)
	}
}
