package archivetest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"

	"golang.org/x/image/vector"
)

// Scenes are described in a frame of this size and scaled from it.
const (
	frameWidth  = 1280
	frameHeight = 720
)

// shape is a filled outline. The thumbnails rasterise it here and the player
// draws the same outline in the browser, so that a picture and its film agree.
type shape struct {
	fill  color.NRGBA
	depth float64 // how much it moves when the player's camera does: 0 far, 1 near
	steps []step
}

// step is M (one point), L (one), C (three) or Z (none), as in an SVG path.
type step struct {
	op byte
	p  [6]float32
}

// svg is the outline as an SVG path.
func (s shape) svg() string {
	var out strings.Builder
	for _, st := range s.steps {
		out.WriteByte(st.op)
		for i := range points(st.op) * 2 {
			fmt.Fprintf(&out, " %.1f", st.p[i])
		}
	}
	return out.String()
}

func points(op byte) int {
	switch op {
	case 'C':
		return 3
	case 'Z':
		return 0
	}
	return 1
}

// placement puts a scene into a picture: points are scaled, then moved.
type placement struct{ scale, x, y float32 }

// paint fills the shape in the picture; what lies outside is cut off.
func (s shape) paint(onto draw.Image, at placement) {
	area := s.box(at).Intersect(onto.Bounds())
	if area.Empty() {
		return
	}
	// A rasteriser of the shape's own size: one of the frame's would cost as
	// much for a window pane as for a wall.
	z := vector.NewRasterizer(area.Dx(), area.Dy())
	at.x, at.y = at.x-float32(area.Min.X), at.y-float32(area.Min.Y)
	for _, st := range s.steps {
		p := at.placed(st.p)
		switch st.op {
		case 'M':
			z.MoveTo(p[0], p[1])
		case 'L':
			z.LineTo(p[0], p[1])
		case 'C':
			z.CubeTo(p[0], p[1], p[2], p[3], p[4], p[5])
		case 'Z':
			z.ClosePath()
		}
	}
	z.Draw(onto, area, image.NewUniform(s.fill), image.Point{})
}

func (at placement) placed(p [6]float32) [6]float32 {
	for i := range p {
		offset := at.x
		if i%2 == 1 {
			offset = at.y
		}
		p[i] = p[i]*at.scale + offset
	}
	return p
}

// box holds all points of the placed shape, those that only pull at a curve too.
func (s shape) box(at placement) image.Rectangle {
	var b image.Rectangle
	for _, st := range s.steps {
		p := at.placed(st.p)
		for i := range points(st.op) {
			x, y := int(math.Floor(float64(p[2*i]))), int(math.Floor(float64(p[2*i+1])))
			b = b.Union(image.Rect(x, y, x+2, y+2)) // whole pixels, and one for the edge
		}
	}
	return b
}

// polygon takes x and y in turn.
func polygon(fill color.NRGBA, xy ...float32) shape {
	s := shape{fill: fill}
	for i := 0; i+1 < len(xy); i += 2 {
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		s.steps = append(s.steps, step{op, [6]float32{xy[i], xy[i+1]}})
	}
	s.steps = append(s.steps, step{op: 'Z'})
	return s
}

func rect(fill color.NRGBA, x, y, w, h float32) shape {
	return polygon(fill, x, y, x+w, y, x+w, y+h, x, y+h)
}

// arc is the handle of a cubic curve that comes nearest to a quarter circle.
const arc = 0.5523

func ellipse(fill color.NRGBA, cx, cy, rx, ry float32) shape {
	kx, ky := rx*arc, ry*arc
	return shape{fill: fill, steps: []step{
		{'M', [6]float32{cx + rx, cy}},
		{'C', [6]float32{cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry}},
		{'C', [6]float32{cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy}},
		{'C', [6]float32{cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry}},
		{'C', [6]float32{cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy}},
		{op: 'Z'},
	}}
}

// rounded is a rectangle with corners of radius r.
func rounded(fill color.NRGBA, x, y, w, h, r float32) shape {
	k := r * (1 - arc)
	return shape{fill: fill, steps: []step{
		{'M', [6]float32{x + r, y}}, {'L', [6]float32{x + w - r, y}},
		{'C', [6]float32{x + w - k, y, x + w, y + k, x + w, y + r}}, {'L', [6]float32{x + w, y + h - r}},
		{'C', [6]float32{x + w, y + h - k, x + w - k, y + h, x + w - r, y + h}}, {'L', [6]float32{x + r, y + h}},
		{'C', [6]float32{x + k, y + h, x, y + h - k, x, y + h - r}}, {'L', [6]float32{x, y + r}},
		{'C', [6]float32{x, y + k, x + k, y, x + r, y}}, {op: 'Z'},
	}}
}

// at gives shapes their depth.
func at(depth float64, shapes ...shape) []shape {
	for i := range shapes {
		shapes[i].depth = depth
	}
	return shapes
}
