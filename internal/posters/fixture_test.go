package posters

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"videoteca/archive"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// store is a small store of originals that can be taken down.
type store struct {
	mu    sync.Mutex
	files map[string][]byte
	down  atomic.Bool
	reads atomic.Int32
}

func (s *store) File(_ context.Context, _ archive.VideoID, f archive.File) ([]byte, error) {
	s.reads.Add(1)
	if s.down.Load() {
		return nil, fmt.Errorf("reading %s: %w", f.Name(), archive.ErrUnavailable)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.files[f.Digest]
	if !ok {
		return nil, archive.ErrNotFound
	}
	return data, nil
}

// captured is when the thumbnails of video's were captured.
var captured = time.Date(2025, 4, 14, 12, 0, 0, 0, time.UTC)

// video keeps a thumbnail in the store and returns a video that has it.
func (s *store) video(id string, data []byte, size image.Point) archive.Video {
	sum := sha256.Sum256(data)
	f := archive.File{Algorithm: "sha256", Digest: hex.EncodeToString(sum[:]), Extension: "png", Type: "image/png", Bytes: int64(len(data)), Width: size.X, Height: size.Y}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string][]byte{}
	}
	s.files[f.Digest] = data
	described := &archive.Description{At: captured, Thumbnails: []archive.File{f}}
	return archive.Video{ID: archive.VideoID(id), Sources: []archive.Source{{Described: described}}}
}

// plain is a video whose thumbnail is one colour, told apart by n.
func (s *store) plain(t *testing.T, n int, size image.Point) archive.Video {
	t.Helper()
	img := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{R: uint8(n), G: uint8(n >> 8), A: 255}), image.Point{}, draw.Src)
	return s.video(fmt.Sprintf("video%07d", n), asPNG(t, img), size)
}

func open(t *testing.T, dir string, s *store) *Cache {
	t.Helper()
	c, err := Open(dir, 64<<20, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// filesIn lists the files under a directory.
func filesIn(t *testing.T, dir string) (paths []string, size int64) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			paths = append(paths, path)
			size += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths, size
}
