package archivetest

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"time"
)

func TestAnOutlineIsTheSameForPictureAndPlayer(t *testing.T) {
	white := color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	for want, s := range map[string]shape{
		"M 1.0 2.0L 4.0 2.0L 4.0 6.0L 1.0 6.0Z": rect(white, 1, 2, 3, 4),
		"M 0.0 0.0L 8.0 0.0L 0.0 8.0Z":          polygon(white, 0, 0, 8, 0, 0, 8),
	} {
		if got := s.svg(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := ellipse(white, 5, 5, 3, 3).svg(); strings.Count(got, "C") != 4 || !strings.HasSuffix(got, "Z") {
		t.Errorf("an ellipse has four curves: %s", got)
	}
	if got := rounded(white, 0, 0, 9, 9, 2).svg(); strings.Count(got, "C") != 4 || strings.Count(got, "L") != 4 {
		t.Errorf("a rounded rectangle has four of each: %s", got)
	}
}

func TestAShapeFillsItsAreaAndNoMore(t *testing.T) {
	red := color.NRGBA{R: 255, A: 255}
	for what, c := range map[string]struct {
		shape   shape
		at      placement
		in, out image.Point
	}{
		"as described": {rect(red, 10, 10, 20, 20), placement{scale: 1}, image.Pt(20, 20), image.Pt(35, 20)},
		"half":         {rect(red, 10, 10, 20, 20), placement{scale: 0.5}, image.Pt(10, 10), image.Pt(20, 20)},
		"moved":        {rect(red, 10, 10, 20, 20), placement{1, 30, 5}, image.Pt(50, 25), image.Pt(20, 20)},
		"cut off":      {rect(red, -50, -50, 80, 80), placement{scale: 1}, image.Pt(0, 0), image.Pt(31, 31)},
		"round":        {ellipse(red, 30, 30, 20, 20), placement{scale: 1}, image.Pt(30, 12), image.Pt(13, 13)},
	} {
		m := image.NewRGBA(image.Rect(0, 0, 64, 64))
		c.shape.paint(m, c.at)
		if m.RGBAAt(c.in.X, c.in.Y).R != 255 || m.RGBAAt(c.out.X, c.out.Y).R != 0 {
			t.Errorf("%s: inside %v, outside %v", what, m.RGBAAt(c.in.X, c.in.Y), m.RGBAAt(c.out.X, c.out.Y))
		}
	}
}

func TestAShapeOutsideThePictureIsNoTrouble(t *testing.T) {
	m := image.NewRGBA(image.Rect(100, 100, 120, 120))
	rect(color.NRGBA{R: 255, A: 255}, 0, 0, 50, 50).paint(m, placement{scale: 1})
	if m.RGBAAt(110, 110).R != 0 {
		t.Error("it was painted")
	}
	rect(color.NRGBA{R: 255, A: 255}, 105, 105, 10, 10).paint(m, placement{scale: 1})
	if m.RGBAAt(110, 110).R != 255 || m.RGBAAt(101, 101).R != 0 {
		t.Error("in a part of a picture points stay where the whole has them")
	}
}

func TestEverySceneIsARoomOfItsOwn(t *testing.T) {
	seen := map[string]Scene{}
	for _, s := range scenes() {
		d := roomOf(s, color.NRGBA{R: 60, G: 90, B: 120, A: 255}).data()
		var all strings.Builder
		for _, shape := range d.Shapes {
			all.WriteString(shape.D)
		}
		if twin, known := seen[all.String()]; known || len(d.Shapes) < 20 {
			t.Errorf("%s: %d shapes, as %s", s, len(d.Shapes), twin)
		}
		seen[all.String()] = s
	}
}

func TestColors(t *testing.T) {
	black, white := color.NRGBA{A: 255}, color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	for want, got := range map[string]color.NRGBA{
		"#808080ff": mixed(black, white, 0.5), "#000000ff": darker(white, 1), "#ffffffff": lighter(black, 1), "#ffffff80": faint(white, 0.5),
	} {
		if css(got) != want {
			t.Errorf("%s, want %s", css(got), want)
		}
	}
	if c, err := parseColor("#0aFf10"); err != nil || css(c) != "#0aff10ff" {
		t.Errorf("%v %v", c, err)
	}
	if colorFrom("one________") == colorFrom("other______") || colorFrom("one________") != colorFrom("one_"+"_______") {
		t.Error("an id's color is its own and stays")
	}
}

func TestWordsAreWrappedIntoTheirLines(t *testing.T) {
	w, err := newLettering(20)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		lines int
		want  int
	}{
		{"", 2, 0}, {"word", 2, 1}, {"several words that do not fit into one line", 3, 3},
		{strings.Repeat("many words ", 50), 2, 2}, {strings.Repeat("x", 500), 2, 1},
	} {
		got := w.wrapped(c.text, 200, c.lines)
		if len(got) != c.want {
			t.Errorf("%.30q: %d lines %q", c.text, len(got), got)
		}
		for _, line := range got {
			if w.width(line) > 200 {
				t.Errorf("%.30q: %q is too wide", c.text, line)
			}
		}
	}
	if got := w.wrapped(strings.Repeat("many words ", 50), 200, 2); !strings.HasSuffix(got[1], "…") {
		t.Errorf("what is left out is not marked: %q", got)
	}
}

func TestLinesAreBalanced(t *testing.T) {
	w, err := newLettering(46)
	if err != nil {
		t.Fatal(err)
	}
	got := w.balanced("Reunión presidencial, Nueva York, 25 de septiembre de 2019", 1232, 2)
	if len(got) != 2 || w.width(got[1]) < w.width(got[0])/2 {
		t.Errorf("%q", got)
	}
	if one := w.balanced("Short", 1232, 2); len(one) != 1 || one[0] != "Short" {
		t.Errorf("%q", one)
	}
	if none := w.balanced("", 1232, 2); len(none) != 0 {
		t.Errorf("%q", none)
	}
}

func TestDurationsAreWrittenAsTheAPIDoes(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"P0D": 0, "PT19S": 19 * time.Second, "PT1M": time.Minute, "PT3M12S": 192 * time.Second, "PT1H": time.Hour,
		"PT1H2M3S": 3723 * time.Second, "P1D": 24 * time.Hour, "P1DT1S": 24*time.Hour + time.Second, "PT1S": 1900 * time.Millisecond,
	} {
		if got := isoDuration(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
}

func TestSizesAreOrderedAndNamed(t *testing.T) {
	for i, s := range sizes() {
		if len(s.andSmaller()) != i+1 {
			t.Errorf("%s and smaller: %v", s, s.andSmaller())
		}
		name, _ := s.file()
		if back, known := sizeOf(name + ".jpg"); !known || back != s {
			t.Errorf("%s.jpg is read as %q", name, back)
		}
	}
	if _, known := sizeOf("maxresdefault.webp"); known {
		t.Error("there is no webp")
	}
}
