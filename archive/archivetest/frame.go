package archivetest

import (
	"image"
	"image/color"
	"image/draw"
)

// simulationMark stands on every frame, in the two languages of the demo.
const simulationMark = "SIMULACIÓN · SIMULATION"

// Sizes of letters in a frame 1280 wide: still legible in one of 320.
const (
	markSize  = 40 // px
	titleSize = 46 // px
	smallSize = 34 // px, in the narrow frame of a vertical video
)

// stageOf is the part of the frame that the room fills: all of it, or for a
// vertical video a column between dark sides, as the platform's thumbnails have it.
func stageOf(v Video) (image.Rectangle, placement) {
	if !v.Vertical {
		return image.Rect(0, 0, frameWidth, frameHeight), placement{scale: 1}
	}
	const column, scale = 405, 0.5 // 9:16 of the height
	left := (frameWidth - column) / 2
	return image.Rect(left, 0, left+column, frameHeight), placement{scale, frameWidth * (1 - scale) / 2, 150}
}

// paintFrame draws a video's still at 1280x720.
func paintFrame(v Video) (*image.RGBA, error) {
	c, err := parseColor(v.Color)
	if err != nil {
		return nil, err
	}
	whole := image.NewRGBA(image.Rect(0, 0, frameWidth, frameHeight))
	draw.Draw(whole, whole.Bounds(), image.NewUniform(darker(c, 0.8)), image.Point{}, draw.Src)
	bounds, at := stageOf(v)
	stage, ok := whole.SubImage(bounds).(*image.RGBA)
	if !ok {
		return whole, nil
	}
	r := roomOf(v.Scene, c)
	fade(stage, r.top, r.bottom)
	if v.Vertical {
		// Below the shrunken room its floor goes on.
		draw.Draw(stage, image.Rect(bounds.Min.X, 430, bounds.Max.X, frameHeight), image.NewUniform(darker(c, 0.5)), image.Point{}, draw.Src)
	}
	for _, s := range r.shapes {
		s.paint(stage, at)
	}
	if err := mark(stage, v); err != nil {
		return nil, err
	}
	return whole, entitle(stage, v)
}

func fade(onto *image.RGBA, top, bottom color.NRGBA) {
	b := onto.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		c := mixed(top, bottom, float64(y-b.Min.Y)/float64(b.Dy()))
		draw.Draw(onto, image.Rect(b.Min.X, y, b.Max.X, y+1), image.NewUniform(c), image.Point{}, draw.Src)
	}
}

// mark says at the top that this is a simulation.
func mark(onto *image.RGBA, v Video) error {
	size := float64(markSize)
	if v.Vertical {
		size = smallSize * 0.75
	}
	w, err := newLettering(size)
	if err != nil {
		return err
	}
	b := onto.Bounds()
	width := w.width(simulationMark)
	x, y := b.Min.X+36, b.Min.Y+28
	if v.Vertical {
		x = b.Min.X + (b.Dx()-width)/2
	}
	pill := rounded(color.NRGBA{R: 0xff, G: 0xd8, B: 0x4d, A: 255}, float32(x-18), float32(y), float32(width+36), float32(w.height+18), 12)
	pill.paint(onto, placement{scale: 1})
	w.write(onto, simulationMark, color.NRGBA{R: 0x22, G: 0x1c, B: 0x05, A: 255}, x, y+w.height)
	return nil
}

// markRoom is how far down the mark reaches.
const markRoom = 96 // px

// entitle writes the label on a dark band below the mark: at the foot of a
// picture, pages that embed it write their own.
func entitle(onto *image.RGBA, v Video) error {
	size, lines := float64(titleSize), 2
	if v.Vertical {
		size, lines = smallSize, 4
	}
	w, err := newLettering(size)
	if err != nil {
		return err
	}
	b := onto.Bounds()
	const margin = 24
	text := w.balanced(v.Label, b.Dx()-2*margin, lines)
	top := b.Min.Y + markRoom
	band := image.Rect(b.Min.X, top, b.Max.X, top+len(text)*w.height+28)
	draw.Draw(onto, band, image.NewUniform(color.NRGBA{R: 10, G: 12, B: 16, A: 200}), image.Point{}, draw.Over)
	for i, line := range text {
		w.write(onto, line, color.White, b.Min.X+margin, top+(i+1)*w.height-4)
	}
	return nil
}
