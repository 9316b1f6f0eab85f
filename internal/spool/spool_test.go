package spool

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func open(t *testing.T) (*Spool, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "spool")
	s, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return s, folder
}

// files is how many there are in the folder.
func files(t *testing.T, folder string) int {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestAnUploadStandsAtItsBeginningAndIsGoneWhenClosed(t *testing.T) {
	s, folder := open(t)
	for _, announced := range []int64{5, -1} {
		f, err := s.Take(strings.NewReader("hello"), announced, 10)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(f); err != nil || string(data) != "hello" || f.Size != 5 {
			t.Errorf("it holds %q (%d bytes), %v", data, f.Size, err)
		}
		if err := f.Close(); err != nil || files(t, folder) != 0 {
			t.Errorf("closing left %d files, %v", files(t, folder), err)
		}
	}
}

func TestWhatIsTooLargeBrokenOffOrUnreadableLeavesNothing(t *testing.T) {
	s, folder := open(t)
	for name, tt := range map[string]struct {
		body      io.Reader
		announced int64
		want      error
	}{
		"announced too large":  {iotest.ErrReader(errors.New("must not be read")), 11, ErrTooLarge},
		"larger than it said":  {strings.NewReader(strings.Repeat("x", 12)), -1, ErrTooLarge},
		"shorter than it said": {strings.NewReader("x"), 5, io.ErrUnexpectedEOF},
		"a broken line":        {io.MultiReader(strings.NewReader("x"), iotest.ErrReader(iotest.ErrTimeout)), -1, iotest.ErrTimeout},
	} {
		if f, err := s.Take(tt.body, tt.announced, 10); !errors.Is(err, tt.want) || f != nil {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		if n := files(t, folder); n != 0 {
			t.Errorf("%s: %d files are left", name, n)
		}
	}
}

func TestAFileThatCannotFitIsNotRead(t *testing.T) {
	s, _ := open(t)
	const exabyte = 1 << 60
	if _, err := s.Take(iotest.ErrReader(errors.New("must not be read")), exabyte, exabyte); !errors.Is(err, ErrNoRoom) {
		t.Errorf("got %v", err)
	}
}

func TestOpeningRemovesWhatCrashesLeft(t *testing.T) {
	_, folder := open(t)
	for name, age := range map[string]time.Duration{prefix + "old": 25 * time.Hour, prefix + "new": time.Hour, "other": 48 * time.Hour} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, prefix+"old")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the old one is still there")
	}
	if n := files(t, folder); n != 2 {
		t.Errorf("%d files are left, want 2", n)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "spool")); err == nil {
		t.Error("it was opened")
	}
}
