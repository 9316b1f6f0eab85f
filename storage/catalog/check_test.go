package catalog

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// large makes every file one that Open leaves unchecked.
const large = 1

// withLostPage is a catalog of 40 videos that has a page of zeros in its middle.
func withLostPage(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "catalog.db")
	c, err := Open(t.Context(), path, Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, c, 40)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, 4096), 9*4096); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestALargeFileIsOpenedUncheckedAndDamageIsFoundLaterAndMendedByTheNextStart(t *testing.T) {
	path := withLostPage(t)
	c, err := Open(t.Context(), path, Options{Store: store, CheckedAtOnce: large})
	if err != nil {
		t.Fatal(err)
	}
	if c.Fresh() {
		t.Error("the file was gone through at once")
	}
	for range 2 { // it stays damaged
		if err := c.Check(t.Context()); !errors.Is(err, ErrDamaged) {
			t.Errorf("%v", err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c, err = Open(t.Context(), path, Options{Store: store, CheckedAtOnce: large, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !c.Fresh() || !strings.Contains(log.String(), "built anew") {
		t.Errorf("fresh: %v, log: %s", c.Fresh(), &log)
	}
	fill(t, c, 3)
	if err := c.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if got := revision(t, c, id(3)); got != 1 {
		t.Errorf("revision %d", got)
	}
}

func TestASoundLargeFileStaysAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	fill(t, open(t, path), 40)
	for range 2 {
		c, err := Open(t.Context(), path, Options{Store: store, CheckedAtOnce: large})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Check(t.Context()); err != nil || c.Fresh() || total(t, c) != 40 {
			t.Errorf("fresh: %v, %v", c.Fresh(), err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACheckThatIsBrokenOffCondemnsNothing(t *testing.T) {
	path := withLostPage(t)
	c, err := Open(t.Context(), path, Options{Store: store, CheckedAtOnce: large})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	gone, stop := context.WithCancel(t.Context())
	stop()
	if err := c.Check(gone); !errors.Is(err, context.Canceled) || errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(condemned(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is condemned: %v", err)
	}
}

func TestASmallFileNeedsNoCheckLater(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 2)
	gone, stop := context.WithCancel(t.Context())
	stop()
	if err := c.Check(gone); err != nil { // nothing is read
		t.Error(err)
	}
}

// As kill -9 in the middle of moving the file aside leaves it, or an operator who deletes the catalog.
func TestACondemnedFileThatIsGoneIsBegunAnewAndCondemnedNoMore(t *testing.T) {
	for name, leave := range map[string]func(t *testing.T, path string){
		"moved aside, its log still there": func(t *testing.T, path string) {
			if err := os.Rename(path, path+".aside"); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path+"-wal", []byte("of the file before"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"deleted": func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := withLostPage(t)
			if err := os.WriteFile(condemned(path), []byte("damaged"), 0o600); err != nil {
				t.Fatal(err)
			}
			leave(t, path)
			for _, fresh := range []bool{true, false} {
				c, err := Open(t.Context(), path, Options{Store: store})
				if err != nil {
					t.Fatal(err)
				}
				if c.Fresh() != fresh {
					t.Errorf("fresh: %v, not %v", c.Fresh(), fresh)
				}
				fill(t, c, 3)
				if err := c.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := os.Stat(condemned(path)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("it is still condemned: %v", err)
			}
		})
	}
}
