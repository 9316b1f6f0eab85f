package posters

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"videoteca/archive"
)

// chessboard has as much to be made out as a picture can have.
func chessboard(size image.Point) image.Image {
	img := image.NewGray(image.Rectangle{Max: size})
	for i := range img.Pix {
		if (i%size.X/40+i/size.X/40)%2 == 0 {
			img.Pix[i] = 255
		}
	}
	return img
}

// sharpest is the largest step between neighbours of a row.
func sharpest(t *testing.T, data []byte) int {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for x := 1; x < img.Bounds().Dx(); x++ {
		a, _, _, _ := color.GrayModel.Convert(img.At(x-1, 20)).RGBA()
		b, _, _, _ := color.GrayModel.Convert(img.At(x, 20)).RGBA()
		most = max(most, int(a>>8)-int(b>>8), int(b>>8)-int(a>>8))
	}
	return most
}

func TestWithAContentWarningNothingCanBeMadeOut(t *testing.T) {
	s := &store{}
	c := open(t, t.TempDir(), s)
	size := image.Pt(1280, 720)
	plain := s.video("7k3mzq9x0abd", asPNG(t, chessboard(size)), size)
	warned := plain
	warned.ContentWarning = archive.Text{"es": "Imágenes fuertes."}
	steps := map[bool]int{}
	for _, v := range []archive.Video{plain, warned} {
		if err := c.Make(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		p, err := c.Poster(t.Context(), v, 640)
		if err != nil || p.Width != 640 || p.Height != 360 {
			t.Fatalf("%d by %d, %v", p.Width, p.Height, err)
		}
		steps[len(v.ContentWarning) > 0] = sharpest(t, p.Data)
	}
	if steps[false] < 100 || steps[true] > 12 {
		t.Errorf("the sharpest step is %d without a warning and %d with one", steps[false], steps[true])
	}
	if held, all, err := c.Share(t.Context(), each(nil, warned)); err != nil || held != 1 || all != 1 {
		t.Errorf("%d of %d held, %v", held, all, err)
	}
}
