package archivetest

import (
	"image/color"
	"slices"
)

// Scene is the room that a video shows. Rooms are empty: no person is drawn.
type Scene string

// The scenes.
const (
	SceneHall     Scene = "hall"     // a long table with three microphones
	SceneLecterns Scene = "lecterns" // two lecterns before windows on a city
	SceneChairs   Scene = "chairs"   // two armchairs by a fireplace
)

func scenes() []Scene { return []Scene{SceneHall, SceneLecterns, SceneChairs} }

// room is a scene in a color: a wall that fades from top to bottom, and shapes
// in the order in which they are painted.
type room struct {
	top, bottom color.NRGBA
	shapes      []shape
}

func roomOf(s Scene, c color.NRGBA) room {
	r := room{top: lighter(c, 0.30), bottom: lighter(c, 0.08)}
	switch s {
	case SceneLecterns:
		r.shapes = lecterns(c)
	case SceneChairs:
		r.shapes = chairs(c)
	default:
		r.shapes = hall(c)
	}
	return r
}

func wood() color.NRGBA   { return color.NRGBA{R: 0x6b, G: 0x45, B: 0x2b, A: 255} }
func cream() color.NRGBA  { return color.NRGBA{R: 0xf1, G: 0xe7, B: 0xd3, A: 255} }
func shadow() color.NRGBA { return color.NRGBA{A: 70} }
func metal() color.NRGBA  { return color.NRGBA{R: 0x2b, G: 0x2e, B: 0x33, A: 255} }

// floor is seen from the front, with boards that run towards the viewer.
func floor(c color.NRGBA, from float32) []shape {
	shapes := []shape{
		polygon(darker(c, 0.45), -80, from, 1360, from, 1360, 800, -80, 800),
		rect(lighter(c, 0.55), -80, from-16, 1440, 16),
	}
	for x := float32(-1200); x <= 2480; x += 230 {
		top := 640 + (x-640)*0.45
		shapes = append(shapes, polygon(faint(darker(c, 0.7), 0.35), top, from, top+3, from, x+6, 800, x, 800))
	}
	return at(0.35, shapes...)
}

func lecterns(c color.NRGBA) []shape {
	var shapes []shape
	for i := range 3 {
		shapes = append(shapes, cityWindow(c, 90+float32(i)*390, i)...)
	}
	shapes = append(shapes, floor(c, 455)...)
	shapes = append(shapes, at(0.5, ellipse(faint(darker(c, 0.75), 0.55), 640, 590, 560, 60))...)
	return slices.Concat(shapes, lectern(c, 390), lectern(c, 890))
}

// cityWindow shows plain blocks, another row in each window.
func cityWindow(c color.NRGBA, x float32, which int) []shape {
	sky := color.NRGBA{R: 0xcf, G: 0xe3, B: 0xf2, A: 255}
	blocks := color.NRGBA{R: 0x7d, G: 0x93, B: 0xa8, A: 255}
	shapes := at(0.05, rect(sky, x, 70, 320, 310), rect(lighter(sky, 0.5), x, 240, 320, 140))
	heights := [][]float32{{150, 90, 210, 120, 170}, {110, 190, 140, 250, 100}, {180, 130, 90, 220, 150}}[which%3]
	for i, h := range heights {
		block := darker(blocks, float64(i%3)*0.12)
		bx := x + 6 + float32(i)*62
		shapes = append(shapes, at(0.05, rect(block, bx, 380-h, 56, h))...)
		for y := 380 - h + 14; y < 365; y += 26 {
			shapes = append(shapes, at(0.05, rect(lighter(block, 0.45), bx+10, y, 10, 12), rect(lighter(block, 0.45), bx+34, y, 10, 12))...)
		}
	}
	frame := lighter(c, 0.72)
	return append(shapes, at(0.12,
		rect(frame, x-14, 56, 348, 16), rect(frame, x-22, 378, 364, 20),
		rect(frame, x-14, 56, 16, 330), rect(frame, x+318, 56, 16, 330),
		rect(frame, x+156, 70, 9, 310), rect(frame, x, 196, 320, 8))...)
}

func lectern(c color.NRGBA, cx float32) []shape {
	w := wood()
	return at(0.8,
		ellipse(shadow(), cx, 590, 135, 17),
		rounded(darker(w, 0.25), cx-95, 566, 190, 24, 6),
		polygon(w, cx-66, 408, cx+66, 408, cx+80, 568, cx-80, 568),
		polygon(lighter(w, 0.12), cx-48, 430, cx+48, 430, cx+58, 548, cx-58, 548),
		rounded(lighter(c, 0.35), cx-26, 462, 52, 52, 26),
		polygon(lighter(w, 0.25), cx-88, 362, cx+88, 362, cx+104, 410, cx-104, 410),
		rect(darker(w, 0.35), cx-104, 408, 208, 9),
		polygon(metal(), cx-22, 364, cx-17, 364, cx-33, 300, cx-37, 302),
		polygon(metal(), cx+17, 364, cx+22, 364, cx+37, 302, cx+33, 300),
		ellipse(metal(), cx-36, 294, 9, 14), ellipse(metal(), cx+36, 294, 9, 14))
}

func chairs(c color.NRGBA) []shape {
	shapes := at(0.1, ellipse(faint(lighter(c, 0.6), 0.35), 640, 470, 760, 430))
	for _, x := range []float32{90, 960} {
		shapes = append(shapes, drapedWindow(c, x)...)
	}
	shapes = slices.Concat(shapes, fireplace(), floor(mixed(wood(), c, 0.35), 470))
	shapes = append(shapes, at(0.5,
		ellipse(lighter(c, 0.30), 640, 590, 600, 84), ellipse(lighter(c, 0.45), 640, 590, 540, 70),
		ellipse(lighter(c, 0.22), 640, 590, 500, 60))...)
	return slices.Concat(shapes, lowTable(), armchair(350, 1), armchair(930, -1))
}

func drapedWindow(c color.NRGBA, x float32) []shape {
	sky := color.NRGBA{R: 0xd9, G: 0xea, B: 0xdf, A: 255}
	drape, frame := lighter(mixed(c, color.NRGBA{R: 0xc9, G: 0xa2, B: 0x4b, A: 255}, 0.75), 0.1), cream()
	shapes := at(0.08, rect(sky, x, 60, 230, 400), ellipse(color.NRGBA{R: 0x8f, G: 0xb0, B: 0x8c, A: 255}, x+115, 440, 130, 110),
		rect(frame, x+110, 60, 9, 400), rect(frame, x, 180, 230, 7), rect(frame, x, 310, 230, 7))
	return append(shapes, at(0.14,
		rounded(darker(drape, 0.15), x-46, 34, 322, 46, 12),
		polygon(drape, x-40, 70, x+62, 70, x+22, 280, x+36, 470, x-46, 470),
		polygon(drape, x+270, 70, x+168, 70, x+208, 280, x+194, 470, x+276, 470),
		polygon(darker(drape, 0.18), x-10, 74, x+4, 74, x-8, 470, x-20, 470),
		polygon(darker(drape, 0.18), x+240, 74, x+226, 74, x+238, 470, x+250, 470))...)
}

func fireplace() []shape {
	stone := cream()
	return at(0.2,
		rounded(darker(stone, 0.45), 560, 90, 160, 170, 8), rounded(lighter(stone, 0.3), 572, 102, 136, 146, 4),
		ellipse(color.NRGBA{R: 0x9f, G: 0xb8, B: 0xc8, A: 255}, 640, 175, 52, 52),
		rect(darker(stone, 0.12), 470, 296, 340, 18), rect(stone, 482, 314, 316, 160),
		rect(darker(stone, 0.2), 482, 314, 316, 8), rounded(metal(), 548, 352, 184, 122, 10),
		ellipse(color.NRGBA{R: 0xe0, G: 0x8a, B: 0x3c, A: 255}, 640, 470, 58, 26),
		ellipse(color.NRGBA{R: 0xf6, G: 0xc8, B: 0x63, A: 255}, 640, 474, 30, 16),
		ellipse(color.NRGBA{R: 0x55, G: 0x7d, B: 0x52, A: 255}, 512, 276, 34, 26),
		ellipse(color.NRGBA{R: 0x55, G: 0x7d, B: 0x52, A: 255}, 768, 276, 34, 26))
}

func lowTable() []shape {
	w := wood()
	return at(0.7, ellipse(shadow(), 640, 584, 130, 14), rect(darker(w, 0.2), 560, 530, 12, 54), rect(darker(w, 0.2), 708, 530, 12, 54),
		rounded(lighter(w, 0.15), 530, 512, 220, 22, 8),
		rounded(cream(), 618, 486, 44, 28, 8), ellipse(color.NRGBA{R: 0xc7, G: 0x5b, B: 0x5b, A: 255}, 628, 476, 14, 13),
		ellipse(color.NRGBA{R: 0xe9, G: 0xb6, B: 0x59, A: 255}, 652, 475, 14, 13))
}

// armchair faces right with side 1, left with -1.
func armchair(cx, side float32) []shape {
	cloth := color.NRGBA{R: 0xd8, G: 0xb6, B: 0x5c, A: 255}
	leg := darker(wood(), 0.3)
	box := func(c color.NRGBA, x, y, w, h, r float32) shape {
		if side < 0 {
			x = -x - w
		}
		return rounded(c, cx+x, y, w, h, r)
	}
	return at(0.9,
		ellipse(shadow(), cx, 592, 140, 16),
		box(leg, -96, 560, 16, 32, 3), box(leg, 80, 560, 16, 32, 3),
		box(darker(cloth, 0.10), -118, 330, 150, 236, 44), box(lighter(cloth, 0.10), -92, 350, 104, 150, 34),
		box(cloth, -104, 478, 214, 90, 22), box(lighter(cloth, 0.20), -60, 462, 166, 44, 20),
		box(darker(cloth, 0.20), -112, 446, 62, 124, 26), box(darker(cloth, 0.06), -30, 440, 138, 34, 17),
		box(darker(cloth, 0.14), 82, 452, 28, 116, 12))
}

func hall(c color.NRGBA) []shape {
	var shapes []shape
	for i := range 5 {
		x := 80 + float32(i)*240
		shapes = append(shapes, at(0.1, rounded(faint(lighter(c, 0.6), 0.55), x, 60, 160, 370, 80), rounded(faint(darker(c, 0.3), 0.5), x+22, 90, 116, 340, 58))...)
	}
	shapes = append(shapes, floor(c, 460)...)
	w := wood()
	for _, cx := range []float32{380, 640, 900} {
		shapes = append(shapes, at(0.6, rounded(darker(c, 0.55), cx-56, 300, 112, 170, 26), rounded(darker(c, 0.38), cx-42, 316, 84, 130, 18))...)
	}
	shapes = append(shapes, at(0.8, ellipse(shadow(), 640, 592, 480, 18), rect(w, 220, 430, 840, 156), rect(lighter(w, 0.1), 250, 456, 780, 108),
		rounded(lighter(w, 0.28), 190, 408, 900, 28, 8))...)
	for _, cx := range []float32{380, 640, 900} {
		shapes = append(shapes, at(0.85, rounded(metal(), cx-24, 402, 48, 10, 4), polygon(metal(), cx-2, 404, cx+3, 404, cx+15, 346, cx+10, 345), ellipse(metal(), cx+14, 338, 9, 14))...)
	}
	return shapes
}
