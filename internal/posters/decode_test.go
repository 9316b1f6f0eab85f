package posters

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// scene draws a picture with areas, edges and a gradient, as thumbnails have.
func scene(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{R: uint8(255 * x / width), G: uint8(255 * y / height), B: 120, A: 255}
			if (x*8/width+y*8/height)%3 == 0 {
				c = color.NRGBA{R: 240, G: 230, B: 200, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// asGIF has two frames, of which the second is black.
func asGIF(t testing.TB, first *image.Paletted) []byte {
	t.Helper()
	second := image.NewPaletted(first.Rect, color.Palette{color.Black})
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &gif.GIF{Image: []*image.Paletted{first, second}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tinyWebP is a lossy picture of one pixel.
func tinyWebP(t testing.TB) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pngClaiming is the 33 bytes of a PNG header that claims a size.
func pngClaiming(width, height uint32) []byte {
	chunk := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(chunk[4:], width)
	binary.BigEndian.PutUint32(chunk[8:], height)
	chunk[12], chunk[13] = 8, 6
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

func TestDecodeReadsTheFourFormats(t *testing.T) {
	white := image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.White})
	for name, c := range map[string]struct {
		data []byte
		size image.Point
	}{
		"jpeg": {asJPEG(t, scene(64, 36)), image.Pt(64, 36)},
		"png":  {asPNG(t, scene(36, 64)), image.Pt(36, 64)},
		"gif":  {asGIF(t, white), image.Pt(7, 5)},
		"webp": {tinyWebP(t), image.Pt(1, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			img, err := Decode(c.data)
			if err != nil {
				t.Fatal(err)
			}
			if got := img.Bounds().Size(); got != c.size {
				t.Errorf("%v, want %v", got, c.size)
			}
		})
	}
}

func TestOfAnAnimationTheFirstFrameIsTaken(t *testing.T) {
	white := image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.White})
	img, err := Decode(asGIF(t, white))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := img.At(3, 3).RGBA(); r != 0xffff {
		t.Errorf("the pixel is %v", img.At(3, 3))
	}
}

func TestBombsAreRefusedByTheirHeader(t *testing.T) {
	scans := append(asJPEG(t, scene(16, 16)), bytes.Repeat([]byte{0xff, 0xda}, 501)...)
	gifHeader := append([]byte("GIF89a\xff\xff\xff\xff\x80\x00\x00"), make([]byte, 64)...)
	for name, data := range map[string][]byte{
		"33 bytes that claim 9.5 GB": pngClaiming(48_000, 48_000),
		"just over 40 megapixels":    pngClaiming(8000, 5001),
		"one very long line":         pngClaiming(1<<31-1, 1),
		"a GIF of 4 gigapixels":      gifHeader,
		"a hundred thousand scans":   scans,
		"more than 12 MiB":           append(asJPEG(t, scene(16, 16)), make([]byte, 12<<20)...),
	} {
		t.Run(name, func(t *testing.T) {
			before := testing.AllocsPerRun(1, func() {
				if _, err := Decode(data); !errors.Is(err, ErrBomb) {
					t.Errorf("got %v, want ErrBomb", err)
				}
			})
			if before > 1000 {
				t.Errorf("%v allocations for a header", before)
			}
		})
	}
}

func TestWhatIsNoPictureIsSaidToBeNone(t *testing.T) {
	whole := asJPEG(t, scene(64, 36))
	for name, data := range map[string][]byte{
		"nothing":                nil,
		"a page":                 []byte("<!doctype html>"),
		"SVG, which has scripts": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`),
		"a bitmap":               []byte("BM\x00\x00\x00\x00"),
		"half a JPEG":            whole[:len(whole)/2],
		"a JPEG's first bytes":   whole[:3],
		"a header alone":         pngClaiming(10, 10),
		"no pixels":              pngClaiming(0, 10),
		"another RIFF":           []byte("RIFF\x00\x00\x00\x00WAVEfmt "),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Decode(data); !errors.Is(err, ErrNotPicture) {
				t.Errorf("got %v, want ErrNotPicture", err)
			}
		})
	}
}

// FuzzDecode: no data makes a decoder panic or go past the limits, and what is
// decoded can be drawn.
func FuzzDecode(f *testing.F) {
	f.Add(asJPEG(f, scene(16, 9)))
	f.Add(asPNG(f, scene(9, 16)))
	f.Add(asGIF(f, image.NewPaletted(image.Rect(0, 0, 3, 3), color.Palette{color.White})))
	f.Add(tinyWebP(f))
	f.Add(pngClaiming(48_000, 48_000))
	small := limits{bytes: 4096, pixels: 1024, scans: 8}
	f.Fuzz(func(t *testing.T, data []byte) {
		img, err := decode(data, small)
		if err != nil {
			if !errors.Is(err, ErrBomb) && !errors.Is(err, ErrNotPicture) {
				t.Fatalf("an error of neither kind: %v", err)
			}
			return
		}
		size := img.Bounds().Size()
		if len(data) > small.bytes || size.X*size.Y > small.pixels {
			t.Fatalf("%d bytes became %v", len(data), size)
		}
		if _, err := Render(img, 16); err != nil && !errors.Is(err, ErrNotPicture) {
			t.Fatal(err)
		}
	})
}
