package posters

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"
)

const (
	bestQuality  = 80 // above, a JPEG grows faster than it gains
	worstQuality = 40 // below, blocks show
	qualityStep  = 10

	tallest = 8 // heights to a width: film strips and the like are no posters
)

// budget is how many bytes a poster of a width may have, so that an article with
// many of them loads on a telephone: 20 kB at 320 and 50 kB at 640, and in
// proportion to the pixels beyond.
func budget(width int) int {
	switch {
	case width <= 320:
		return 20_000
	case width <= 640:
		return 50_000
	case width <= 960:
		return 110_000
	}
	return 200_000
}

// Render draws a picture as JPEG at a width in pixels, in its own proportions.
// A width beyond the picture's own gets the picture's own, since enlarging adds
// bytes and no detail. Transparent parts become black, the ground of a player.
// The quality goes from 80 down to 40 until the poster fits its budget; one of
// noise that does not fit even so is drawn smoother, never larger than the budget.
func Render(img image.Image, width int) ([]byte, error) {
	from := img.Bounds()
	if from.Empty() || width <= 0 {
		return nil, errors.New("rendering a poster: no pixels")
	}
	most := budget(width)
	if from.Dy() > tallest*from.Dx() {
		return nil, fmt.Errorf("%w: %d by %d is no poster", ErrNotPicture, from.Dx(), from.Dy())
	}
	width = min(width, from.Dx())
	height := max(1, (from.Dy()*width+from.Dx()/2)/from.Dx())
	for detail := width; ; detail = max(detail/2, 1) {
		data, err := fit(draught(img, image.Pt(width, height), detail), most)
		if err != nil {
			return nil, fmt.Errorf("rendering a poster of %d pixels: %w", width, err)
		}
		if len(data) <= most || detail == 1 {
			return data, nil
		}
	}
}

// draught draws img at a size, with no more detail than detail pixels of width have.
func draught(img image.Image, size image.Point, detail int) image.Image {
	if detail >= size.X {
		return scaled(img, size)
	}
	coarse := image.Pt(detail, max(1, size.Y*detail/size.X))
	return scaled(scaled(img, coarse), size)
}

// veilDetail is how many pixels of width are left of a veiled picture: enough for its
// colours, too few for what it shows.
const veilDetail = 16

// veiled is img of the same size with nothing left to be made out.
func veiled(img image.Image) image.Image {
	size := img.Bounds().Size()
	return draught(img, size, min(veilDetail, size.X))
}

// scaled draws img on black at a size.
func scaled(img image.Image, size image.Point) image.Image {
	to := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(to, to.Bounds(), image.Black, image.Point{}, draw.Src)
	if img.Bounds().Size() == size {
		draw.Draw(to, to.Bounds(), img, img.Bounds().Min, draw.Over)
		return to
	}
	draw.CatmullRom.Scale(to, to.Bounds(), img, img.Bounds(), draw.Over, nil)
	return to
}

// fit encodes img at the best quality that has at most so many bytes, else at the worst.
func fit(img image.Image, most int) ([]byte, error) {
	var out bytes.Buffer
	for quality := bestQuality; ; quality -= qualityStep {
		out.Reset()
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if out.Len() <= most || quality <= worstQuality {
			return out.Bytes(), nil
		}
	}
}
