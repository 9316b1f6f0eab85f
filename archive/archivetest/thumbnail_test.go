package archivetest_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"videoteca/archive/archivetest"
)

func drawn(t testing.TB, p *archivetest.Platform, path string) image.Image {
	t.Helper()
	res := get(p, path)
	if res.StatusCode != 200 {
		t.Fatalf("%s: %d", path, res.StatusCode)
	}
	m, err := jpeg.Decode(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEverySizeIsAPictureOfItsSize(t *testing.T) {
	p := platform(t)
	for file, want := range map[string]image.Point{
		"maxresdefault": {X: 1280, Y: 720}, "sddefault": {X: 640, Y: 480}, "hqdefault": {X: 480, Y: 360},
		"mqdefault": {X: 320, Y: 180}, "default": {X: 120, Y: 90},
	} {
		res := get(p, "/vi/"+oneID+"/"+file+".jpg")
		if got := shapeOf(t, res); res.StatusCode != 200 || got != want {
			t.Errorf("%s: %d, %v", file, res.StatusCode, got)
		}
	}
}

func TestAMissingSizeIsA404WithAPicture(t *testing.T) {
	p := platform(t)
	small := one()
	small.Largest = archivetest.High
	if err := p.Add(small); err != nil {
		t.Fatal(err)
	}
	set(t, p, otherID, archivetest.Private)
	for _, path := range []string{
		"/vi/" + oneID + "/maxresdefault.jpg", "/vi/" + oneID + "/sddefault.jpg", "/vi/" + oneID + "/nonsense.jpg",
		"/vi/" + oneID + "/hqdefault.webp", "/vi/" + otherID + "/hqdefault.jpg", "/vi/" + otherID + "/default.jpg",
		"/vi/never______/default.jpg", "/vi/not-an-id/default.jpg",
	} {
		res := get(p, path)
		if got := shapeOf(t, res); res.StatusCode != 404 || got != image.Pt(120, 90) {
			t.Errorf("%s: %d, %v", path, res.StatusCode, got)
		}
	}
}

// distance is how far two colors are apart, 0 to 3*255.
func distance(a, b color.Color) int {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	d := func(x, y uint32) int { return max(int(x>>8)-int(y>>8), int(y>>8)-int(x>>8)) }
	return d(ar, br) + d(ag, bg) + d(ab, bb)
}

// apart is the share of sampled points in which two pictures differ clearly.
func apart(a, b image.Image) float64 {
	differ, all := 0, 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y += 9 {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x += 9 {
			all++
			if distance(a.At(x, y), b.At(x, y)) > 40 {
				differ++
			}
		}
	}
	return float64(differ) / float64(all)
}

func TestEachVideoIsRecognisable(t *testing.T) {
	p := platform(t)
	if err := p.Add(archivetest.TwoMeetings()...); err != nil {
		t.Fatal(err)
	}
	all := p.List()
	for i, a := range all {
		for _, b := range all[i+1:] {
			if share := apart(drawn(t, p, "/vi/"+a.ID+"/mqdefault.jpg"), drawn(t, p, "/vi/"+b.ID+"/mqdefault.jpg")); share < 0.25 {
				t.Errorf("%s and %s differ in %.0f %% only", a.ID, b.ID, 100*share)
			}
		}
	}
}

func TestTheSameVideoIsTheSameBytes(t *testing.T) {
	path := "/vi/" + oneID + "/hqdefault.jpg"
	p := platform(t)
	first := textOf(t, get(p, path))
	if again := textOf(t, get(p, path)); again != first {
		t.Error("drawn twice, two pictures")
	}
	if elsewhere := textOf(t, get(platform(t), path)); elsewhere != first {
		t.Error("two platforms, two pictures")
	}
}

func TestATitleThatChangesIsDrawnAnew(t *testing.T) {
	p := platform(t)
	path := "/vi/" + oneID + "/maxresdefault.jpg"
	before := textOf(t, get(p, path))
	v := one()
	v.Title = "Other words"
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal([]byte(before), []byte(textOf(t, get(p, path)))) {
		t.Error("the old words are still on the picture")
	}
}

func TestTheMarkOfASimulationStandsOnEveryFrame(t *testing.T) {
	p := platform(t)
	tall := one()
	tall.ID, tall.Vertical = "tall_______", true
	if err := p.Add(append(archivetest.TwoMeetings(), tall)...); err != nil {
		t.Fatal(err)
	}
	yellow := color.NRGBA{R: 0xff, G: 0xd8, B: 0x4d, A: 255}
	for _, v := range p.List() {
		m := drawn(t, p, "/vi/"+v.ID+"/maxresdefault.jpg")
		marked, inked := 0, 0
		for x := range 1280 {
			switch d := distance(m.At(x, 55), yellow); {
			case d < 60:
				marked++
			case d > 300 && marked > 0:
				inked++
			}
		}
		if marked < 150 || inked < 30 {
			t.Errorf("%s: %d points of the mark's color and %d of its letters in the row that crosses it", v.ID, marked, inked)
		}
	}
}

func TestSizesOf4By3HaveBlackBars(t *testing.T) {
	p := platform(t)
	m := drawn(t, p, "/vi/"+oneID+"/hqdefault.jpg")
	for _, y := range []int{5, 355} {
		if d := distance(m.At(240, y), color.Black); d > 20 {
			t.Errorf("row %d is no bar: %v", y, m.At(240, y))
		}
	}
	if d := distance(m.At(240, 180), color.Black); d < 60 {
		t.Errorf("the middle is black")
	}
}

func TestAVerticalVideoStandsBetweenDarkSides(t *testing.T) {
	p := platform(t)
	v := one()
	v.Vertical = true
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	m := drawn(t, p, "/vi/"+oneID+"/maxresdefault.jpg")
	for _, x := range []int{50, 400, 860, 1200} {
		if d := distance(m.At(x, 300), color.Black); d > 120 {
			t.Errorf("the side at %d is %v", x, m.At(x, 300))
		}
	}
	if apart(m, m) != 0 || distance(m.At(640, 160), m.At(50, 160)) < 60 {
		t.Error("the middle is as dark as the sides")
	}
}
