package web

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"sync"

	"videoteca/internal/posters"
)

// placeholders are the pictures of videos that have none, or none here at
// present: a dark frame with a triangle, in the shape of most videos. They are
// drawn when first asked for. Safe for concurrent use.
type placeholders struct {
	byWidth map[int]func() (posters.Picture, error)
}

func newPlaceholders() *placeholders {
	p := &placeholders{byWidth: map[int]func() (posters.Picture, error){}}
	for _, width := range posters.Widths() {
		p.byWidth[width] = sync.OnceValues(func() (posters.Picture, error) { return drawPlaceholder(width) })
	}
	return p
}

func (p *placeholders) picture(width int) (posters.Picture, error) {
	draw, ok := p.byWidth[width]
	if !ok {
		return posters.Picture{}, fmt.Errorf("%w: %d", posters.ErrWidth, width)
	}
	return draw()
}

func drawPlaceholder(width int) (posters.Picture, error) {
	height := width * 9 / 16
	img := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetGray(x, y, shade(x, y, width, height))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
		return posters.Picture{}, fmt.Errorf("drawing a placeholder: %w", err)
	}
	return posters.Picture{Data: out.Bytes(), ETag: etagOf(out.Bytes()), Width: width, Height: height}, nil
}

// shade is light inside the triangle that points right, whose height is a
// quarter of the picture's.
func shade(x, y, width, height int) color.Gray {
	side := height / 4
	dx, dy := x-(width-side)/2, y-height/2
	if dy < 0 {
		dy = -dy
	}
	if dx >= 0 && dx <= side && 2*dy <= side-dx {
		return color.Gray{Y: 0x8a}
	}
	return color.Gray{Y: 0x2c}
}
