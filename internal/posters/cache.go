package posters

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image/jpeg"
	"io/fs"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"videoteca/archive"
)

var (
	// ErrNotHeld says that a poster is not on this machine at present. It has been
	// queued to be made.
	ErrNotHeld = errors.New("poster not held at present")
	// ErrNoPoster says that the video has no thumbnail to make one from.
	ErrNoPoster = errors.New("video has no thumbnail")
	// ErrWidth says that posters are not made at this width.
	ErrWidth = errors.New("no poster width")
)

// rendersAtOnce bounds the memory that decoded originals take: 160 MB each at worst.
const rendersAtOnce = 2

// Files reads originals from the store. It may fail with archive.ErrUnavailable.
type Files interface {
	// File returns the bytes of a file of a video.
	File(ctx context.Context, id archive.VideoID, f archive.File) ([]byte, error)
}

// Picture is a poster, ready to be served. Data must not be changed: readers share it.
type Picture struct {
	Data     []byte // JPEG
	ETag     string // strong, with quotes; of the bytes, so it is the same on every replica
	Modified time.Time
	Width    int // pixels; less than asked for where the original is smaller
	Height   int
}

// Cache keeps posters on the local disk. It is safe for concurrent use, and
// several processes may share its directory.
type Cache struct {
	disk  *disk
	hot   *memory
	files Files
	slots chan struct{}
	log   *slog.Logger

	mu      sync.Mutex
	queue   chan wanted
	pending map[string]time.Time // by digest: queued, or not to be tried again before
}

// NoLimit is for processes beside the one that serves the directory: how much room posters
// take is that one's to say, and one that only looks something up must not let its posters go.
const NoLimit int64 = math.MaxInt64

// Open opens a directory of posters, which is made if missing, and keeps it
// within limit bytes. A nil log is discarded.
func Open(dir string, limit int64, files Files, log *slog.Logger) (*Cache, error) {
	d, err := openDisk(dir, limit)
	if err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Cache{
		disk: d, hot: newMemory(memoryLimit), files: files, log: log,
		slots: make(chan struct{}, rendersAtOnce),
		queue: make(chan wanted, queueLength), pending: map[string]time.Time{},
	}, nil
}

// Make makes the posters of a video that are missing. A video without a thumbnail
// has none, which is no error.
func (c *Cache) Make(ctx context.Context, v archive.Video) error {
	of, ok := originalOf(v)
	if !ok {
		return nil
	}
	return c.make(ctx, v.ID, of)
}

func (c *Cache) make(ctx context.Context, id archive.VideoID, of original) error {
	if err := checkDigest(of); err != nil {
		return fmt.Errorf("making posters of %s: %w", id, err)
	}
	if c.holds(of) {
		return nil
	}
	if most := int64(outer().bytes); of.Bytes > most { // before it is in memory
		return fmt.Errorf("making posters of %s: %w: %d bytes", id, ErrBomb, of.Bytes)
	}
	data, err := c.files.File(ctx, id, of.File)
	if err != nil {
		return fmt.Errorf("reading the thumbnail of %s: %w", id, err)
	}
	select { // after reading, so that a store that hangs holds nobody else up
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := c.render(of, data); err != nil {
		return fmt.Errorf("making posters of %s: %w", id, err)
	}
	return nil
}

// render draws and writes the missing posters of an original.
func (c *Cache) render(of original, data []byte) error {
	img, err := Decode(data)
	if err != nil {
		return err
	}
	if of.veiled {
		img = veiled(img)
	}
	for _, p := range postersOf(of) {
		if c.disk.has(p.name()) {
			continue
		}
		drawn, err := Render(img, p.width)
		if err != nil {
			return err
		}
		if err := c.disk.write(p.name(), drawn); err != nil {
			return err
		}
	}
	return nil
}

// holds reports whether all posters of an original are here.
func (c *Cache) holds(of original) bool {
	return !slices.ContainsFunc(postersOf(of), func(p poster) bool { return !c.disk.has(p.name()) })
}

// Poster returns a video's poster at one of Widths, from memory or disk alone: the
// store is not asked while a reader waits. One that is not here gets ErrNotHeld and
// is queued for Run.
func (c *Cache) Poster(ctx context.Context, v archive.Video, width int) (Picture, error) {
	if !slices.Contains(Widths(), width) {
		return Picture{}, fmt.Errorf("%w: %d", ErrWidth, width)
	}
	of, ok := originalOf(v)
	if !ok {
		return Picture{}, fmt.Errorf("%w: %s", ErrNoPoster, v.ID)
	}
	if err := checkDigest(of); err != nil {
		return Picture{}, fmt.Errorf("%w: %s: %w", ErrNoPoster, v.ID, err)
	}
	name := posterOf(of, width).name()
	p, ok := c.hot.get(name)
	if !ok {
		var err error
		if p, err = c.load(ctx, name); err != nil {
			c.want(wanted{video: v.ID, original: of})
			return Picture{}, fmt.Errorf("%w: %s at %d", ErrNotHeld, v.ID, width)
		}
		c.hot.put(name, p)
	}
	c.disk.use(name)
	p.Modified = described(v, of.File)
	return p, nil
}

// load reads a poster from disk. One that a crash left torn is removed.
func (c *Cache) load(ctx context.Context, name string) (Picture, error) {
	data, err := c.disk.read(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			c.log.WarnContext(ctx, "poster not readable", slog.String("file", name), slog.Any("error", err))
		}
		return Picture{}, err
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || !bytes.HasSuffix(data, []byte{0xff, 0xd9}) {
		c.disk.remove(name)
		return Picture{}, ErrNotPicture
	}
	sum := sha256.Sum256(data)
	return Picture{Data: data, ETag: `"` + hex.EncodeToString(sum[:16]) + `"`, Width: size.Width, Height: size.Height}, nil
}

// described is when the capture was made that the original belongs to. It is the
// same on every replica, which a file's own time is not.
func described(v archive.Video, original archive.File) time.Time {
	for _, s := range v.Sources {
		if s.Described != nil && slices.Contains(s.Described.Thumbnails, original) {
			return s.Described.At
		}
	}
	return time.Time{}
}
