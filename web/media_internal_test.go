package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"videoteca/archive"
)

// reel is a file in memory; what it was opened at is kept.
type reel struct {
	data   []byte
	opened []int64
	down   error
}

func (r *reel) Open(_ context.Context, _ archive.VideoID, _ archive.File, from int64) (io.ReadCloser, error) {
	r.opened = append(r.opened, from)
	return io.NopCloser(bytes.NewReader(r.data[from:])), r.down
}

func (*reel) Address(context.Context, archive.VideoID, archive.File) (string, error) { return "", nil }

func TestAFileIsOpenedWhereItIsReadAndNowhereElse(t *testing.T) {
	r := &reel{data: []byte("0123456789")}
	f := &lateFile{ctx: t.Context(), media: r, file: archive.File{Bytes: 10}}
	defer f.Close()
	for _, c := range []struct {
		offset int64
		whence int
		at     int64
		want   string
	}{
		{0, io.SeekEnd, 10, ""},
		{-4, io.SeekEnd, 6, "67"},
		{0, io.SeekCurrent, 8, "89"},
		{-7, io.SeekCurrent, 3, "34"},
		{0, io.SeekStart, 0, "01"},
	} {
		at, err := f.Seek(c.offset, c.whence)
		if err != nil || at != c.at {
			t.Fatalf("seeking %d from %d leads to %d, %v", c.offset, c.whence, at, err)
		}
		got := make([]byte, 2)
		n, err := io.ReadFull(f, got)
		if c.want == "" {
			if !errors.Is(err, io.EOF) {
				t.Errorf("at the end: %d, %v", n, err)
			}
			continue
		}
		if err != nil || string(got[:n]) != c.want {
			t.Errorf("at %d: %q, %v", at, got[:n], err)
		}
	}
	if want := []int64{6, 3, 0}; len(r.opened) != len(want) || r.opened[0] != 6 || r.opened[1] != 3 || r.opened[2] != 0 {
		t.Errorf("it was opened at %v, want %v", r.opened, want)
	}
	if _, err := f.Seek(-1, io.SeekStart); err == nil {
		t.Error("it can be read before its beginning")
	}
}

func TestAFileThatCannotBeOpenedSaysSo(t *testing.T) {
	f := &lateFile{ctx: t.Context(), media: &reel{data: []byte("0123"), down: archive.ErrUnavailable}, file: archive.File{Bytes: 4}}
	if _, err := f.Read(make([]byte, 1)); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
