package posters

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

var (
	// ErrBomb says that a picture would take more memory or time than one may.
	ErrBomb = errors.New("picture too large to decode")
	// ErrNotPicture says that data is no picture of a known format, or a broken one.
	ErrNotPicture = errors.New("not a picture")
)

// limits bound what one picture may cost.
type limits struct {
	bytes  int
	pixels int
	scans  int
}

// outer are the limits of pictures from outside.
func outer() limits {
	return limits{
		bytes:  12 << 20,   // 12 MiB: twice the largest thumbnail seen
		pixels: 40_000_000, // 160 MB decoded; YouTube's largest are 3840x2160
		scans:  500,        // of a progressive JPEG, where 10 are usual
	}
}

// format is one format that is decoded. The table is written out, and not left to
// image.RegisterFormat, so that an import elsewhere cannot widen it.
type format struct {
	magic  string // "?" is any byte
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func formats() []format {
	return []format{
		{"\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
		{"\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
		{"GIF8?a", gif.DecodeConfig, gif.Decode}, // the first frame
		{"RIFF????WEBP", webp.DecodeConfig, webp.Decode},
	}
}

// Decode reads a JPEG, PNG, GIF (first frame) or WebP of at most 12 MiB and 40
// megapixels. More gets ErrBomb, anything else ErrNotPicture.
func Decode(data []byte) (image.Image, error) { return decode(data, outer()) }

func decode(data []byte, l limits) (image.Image, error) {
	f, ok := formatOf(data)
	if !ok {
		return nil, ErrNotPicture
	}
	if err := l.check(data, f); err != nil {
		return nil, err
	}
	img, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPicture, err)
	}
	if img.Bounds().Empty() {
		return nil, fmt.Errorf("%w: it has no pixels", ErrNotPicture)
	}
	return img, nil
}

// check judges a picture by its header. The attack: 33 bytes of PNG can claim
// 9.5 GB, and a JPEG of a few megabytes can ask for its picture to be gone over
// a hundred thousand times.
func (l limits) check(data []byte, f format) error {
	if len(data) > l.bytes {
		return fmt.Errorf("%w: %d bytes", ErrBomb, len(data))
	}
	c, err := f.config(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotPicture, err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return fmt.Errorf("%w: it has no pixels", ErrNotPicture)
	}
	if c.Width > l.pixels/c.Height {
		return fmt.Errorf("%w: %d by %d pixels", ErrBomb, c.Width, c.Height)
	}
	// A scan begins with ff da, which entropy-coded data never contains.
	if scans := bytes.Count(data, []byte{0xff, 0xda}); data[0] == 0xff && scans > l.scans {
		return fmt.Errorf("%w: %d scans", ErrBomb, scans)
	}
	return nil
}

func formatOf(data []byte) (format, bool) {
	for _, f := range formats() {
		if matches(data, f.magic) {
			return f, true
		}
	}
	return format{}, false
}

func matches(data []byte, magic string) bool {
	if len(data) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && data[i] != magic[i] {
			return false
		}
	}
	return true
}

// Measure decodes a picture and returns its size in pixels; archive.PosterMaker says when.
func (c *Cache) Measure(data []byte) (width, height int, err error) {
	img, err := Decode(data)
	if err != nil {
		return 0, 0, err
	}
	return img.Bounds().Dx(), img.Bounds().Dy(), nil
}
