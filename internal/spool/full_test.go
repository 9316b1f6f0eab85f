//go:build linux

package spool

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// onSmallDisk is a spool on a tmpfs of a mebibyte, all of which may be filled; only root may mount it.
func onSmallDisk(t *testing.T) (s *Spool, disk, folder string) {
	t.Helper()
	disk = t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"); err != nil {
		t.Fatalf("mounting a tmpfs (run the tests as root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	folder = filepath.Join(disk, "spool")
	s, err := OpenWith(folder, Options{Reserve: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s, disk, folder
}

func TestAFileThatFillsTheDiskLeavesNothing(t *testing.T) {
	s, _, folder := onSmallDisk(t)
	const mebibytes = 2 << 20
	if f, err := s.Take(bytes.NewReader(make([]byte, mebibytes)), -1, mebibytes); !errors.Is(err, ErrNoRoom) || f != nil {
		t.Errorf("it is taken: %v, %v", f, err)
	}
	if n := files(t, folder); n != 0 {
		t.Errorf("%d files are left", n)
	}
	f, err := s.Take(bytes.NewReader(make([]byte, 100)), -1, mebibytes)
	if err != nil {
		t.Fatalf("one that fits: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestAnUploadWhosePiecesFillTheDiskGoesOnOnceThereIsRoom(t *testing.T) {
	s, disk, folder := onSmallDisk(t)
	film := make([]byte, 300<<10)
	id := begin(t, s, "ana", int64(len(film)))
	add(t, s, id, 0, string(film[:1000]))
	other := filepath.Join(disk, "other")
	if err := os.WriteFile(other, make([]byte, 900<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	rest := film[1000:]
	sum := sha256.Sum256(rest)
	if n, err := s.AppendChecked(id, 1000, bytes.NewReader(rest), int64(len(rest)), sum[:]); !errors.Is(err, ErrNoRoom) || n != 0 {
		t.Errorf("a piece with a digest: %d bytes, %v", n, err)
	}
	if n := files(t, folder); n != 2 || offset(t, s, id) != 1000 {
		t.Errorf("%d files are left, and the upload ends at %d", n, offset(t, s, id))
	}
	n, err := s.Append(id, 1000, bytes.NewReader(rest))
	if !errors.Is(err, ErrNoRoom) || offset(t, s, id) != 1000+n {
		t.Errorf("a piece: %d bytes, %v, and the upload ends at %d", n, err, offset(t, s, id))
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	add(t, s, id, 1000+n, string(rest[n:]))
	if r, err := s.Look(id); err != nil || !r.Whole() {
		t.Errorf("it is %+v, %v", r, err)
	}
}
