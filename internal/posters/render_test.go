package posters

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

// noise is what compresses worst.
func noise(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(random.Uint32())
	}
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

func rendered(t *testing.T, img image.Image, width int) (image.Image, []byte) {
	t.Helper()
	data, err := Render(img, width)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return out, data
}

func TestRenderKeepsProportionsAndNeverEnlarges(t *testing.T) {
	for name, c := range map[string]struct {
		from  image.Point
		width int
		want  image.Point
	}{
		"16:9":                    {image.Pt(640, 360), 320, image.Pt(320, 180)},
		"vertical":                {image.Pt(360, 640), 320, image.Pt(320, 569)},
		"square":                  {image.Pt(500, 500), 320, image.Pt(320, 320)},
		"as wide as asked":        {image.Pt(640, 480), 640, image.Pt(640, 480)},
		"wider than there is":     {image.Pt(480, 360), 1280, image.Pt(480, 360)},
		"a line stays one":        {image.Pt(2000, 1), 320, image.Pt(320, 1)},
		"one pixel":               {image.Pt(1, 1), 320, image.Pt(1, 1)},
		"as tall as is permitted": {image.Pt(50, 400), 320, image.Pt(50, 400)},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := rendered(t, scene(c.from.X, c.from.Y), c.width)
			if got.Bounds().Size() != c.want {
				t.Errorf("%v, want %v", got.Bounds().Size(), c.want)
			}
		})
	}
}

func TestRenderFitsTheBudget(t *testing.T) {
	for name, c := range map[string]struct {
		img   image.Image
		width int
		most  int
	}{
		"a scene at 640":     {scene(640, 360), 640, 50_000},
		"a scene at 1280":    {scene(1280, 720), 1280, 200_000},
		"vertical at 640":    {scene(640, 1138), 640, 50_000},
		"noise at 320":       {noise(320, 180), 320, 20_000},
		"noise at 640":       {noise(640, 360), 640, 50_000},
		"vertical noise":     {noise(180, 320), 320, 20_000},
		"the tallest, noise": {noise(64, 512), 320, 20_000},
	} {
		t.Run(name, func(t *testing.T) {
			if _, data := rendered(t, c.img, c.width); len(data) > c.most {
				t.Errorf("%d bytes, want at most %d", len(data), c.most)
			}
		})
	}
}

func TestRenderShowsThePicture(t *testing.T) {
	got, _ := rendered(t, scene(640, 360), 320)
	want := scene(320, 180)
	var off int
	for y := range 180 {
		for x := range 320 {
			r, g, b, _ := got.At(x, y).RGBA()
			c := want.NRGBAAt(x, y)
			off += abs(int(r>>8)-int(c.R)) + abs(int(g>>8)-int(c.G)) + abs(int(b>>8)-int(c.B))
		}
	}
	if mean := off / (320 * 180 * 3); mean > 6 {
		t.Errorf("colours are off by %d in the mean", mean)
	}
}

func abs(n int) int { return max(n, -n) }

func TestTransparentPartsBecomeBlack(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 64)) // wholly transparent
	for y := range 32 {
		for x := range 64 {
			img.SetNRGBA(x, y, color.NRGBA{R: 255, G: 255, B: 255, A: 255})
		}
	}
	got, _ := rendered(t, img, 320)
	if r, _, _, _ := got.At(32, 60).RGBA(); r>>8 > 8 {
		t.Errorf("below: %v", got.At(32, 60))
	}
	if r, _, _, _ := got.At(32, 4).RGBA(); r>>8 < 247 {
		t.Errorf("above: %v", got.At(32, 4))
	}
}

func TestAPictureThatDoesNotBeginAtZeroIsDrawnWhole(t *testing.T) {
	part := scene(200, 100).SubImage(image.Rect(100, 50, 200, 100))
	got, _ := rendered(t, part, 320)
	if size := got.Bounds().Size(); size != image.Pt(100, 50) {
		t.Errorf("%v", size)
	}
}

func TestWhatCannotBeAPosterIsRefused(t *testing.T) {
	if _, err := Render(scene(10, 81), 320); !errors.Is(err, ErrNotPicture) {
		t.Errorf("a strip: %v", err)
	}
	if _, err := Render(image.NewNRGBA(image.Rect(0, 0, 0, 5)), 320); err == nil {
		t.Error("a picture without pixels was drawn")
	}
	if _, err := Render(scene(10, 10), 0); err == nil {
		t.Error("a poster without width was drawn")
	}
}
