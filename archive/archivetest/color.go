package archivetest

import (
	"fmt"
	"hash/fnv"
	"image/color"
	"strconv"
)

// parseColor reads #rrggbb.
func parseColor(s string) (color.NRGBA, error) {
	if len(s) != 7 || s[0] != '#' {
		return color.NRGBA{}, fmt.Errorf("color %q: %w", s, ErrInvalid)
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return color.NRGBA{}, fmt.Errorf("color %q: %w", s, ErrInvalid)
	}
	return color.NRGBA{R: byte(n >> 16), G: byte(n >> 8), B: byte(n), A: 255}, nil
}

// colorFrom gives each id a color of its own, dark enough for white words on it.
func colorFrom(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash never fails
	n := h.Sum32()
	channel := func(shift uint) uint32 { return 40 + (n>>shift)%110 }
	return fmt.Sprintf("#%02x%02x%02x", channel(0), channel(8), channel(16))
}

// mixed is a with the share t, 0 to 1, of b.
func mixed(a, b color.NRGBA, t float64) color.NRGBA {
	blend := func(x, y byte) byte { return byte(float64(x)*(1-t) + float64(y)*t + 0.5) }
	return color.NRGBA{R: blend(a.R, b.R), G: blend(a.G, b.G), B: blend(a.B, b.B), A: a.A}
}

func lighter(c color.NRGBA, t float64) color.NRGBA {
	return mixed(c, color.NRGBA{R: 255, G: 255, B: 255, A: 255}, t)
}

func darker(c color.NRGBA, t float64) color.NRGBA { return mixed(c, color.NRGBA{A: 255}, t) }

// faint is the color with an opacity of t, 0 to 1.
func faint(c color.NRGBA, t float64) color.NRGBA {
	c.A = byte(255*t + 0.5)
	return c
}

// css writes a color as #rrggbbaa.
func css(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x%02x", c.R, c.G, c.B, c.A) }
