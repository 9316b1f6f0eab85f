package archivetest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// lettering draws text in one size. It serves one picture: a font face keeps state.
type lettering struct {
	face   font.Face
	height int // of a line, px
}

func newLettering(size float64) (lettering, error) {
	parsed, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return lettering{}, fmt.Errorf("reading the font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		return lettering{}, fmt.Errorf("making the font's face: %w", err)
	}
	return lettering{face: face, height: int(size * 1.2)}, nil
}

func (w lettering) width(text string) int { return font.MeasureString(w.face, text).Ceil() }

// write puts text with its baseline at the point.
func (w lettering) write(onto draw.Image, text string, c color.Color, x, y int) {
	d := font.Drawer{Dst: onto, Src: image.NewUniform(c), Face: w.face, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

// balanced is wrapped in lines of about the same width, so that none holds a single word.
func (w lettering) balanced(text string, width, lines int) []string {
	best := w.wrapped(text, width, lines)
	if len(best) < 2 {
		return best
	}
	for narrow := width - width/20; narrow > width/3; narrow -= width / 20 {
		tried := w.wrapped(text, narrow, lines+1)
		if len(tried) > len(best) || strings.HasSuffix(tried[len(tried)-1], "…") {
			break
		}
		best = tried
	}
	return best
}

// wrapped breaks text into at most so many lines of a width; what is left over
// ends in an ellipsis.
func (w lettering) wrapped(text string, width, lines int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line == "" || w.width(longer) <= width {
			line = longer
			continue
		}
		out, line = append(out, line), word
	}
	if line != "" {
		out = append(out, line)
	}
	if len(out) > lines {
		out = append(out[:lines-1], out[lines-1]+" …")
	}
	for i := range out {
		out[i] = w.clipped(out[i], width)
	}
	return out
}

// clipped shortens a line that is still too wide.
func (w lettering) clipped(line string, width int) string {
	if w.width(line) <= width {
		return line
	}
	runes := []rune(strings.TrimSuffix(line, " …"))
	for len(runes) > 0 && w.width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}
