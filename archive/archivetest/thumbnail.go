package archivetest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	stddraw "image/draw"
	"image/jpeg"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/image/draw"
)

// thumbnail answers a missing size, and every size of a video that is gone, with
// status 404 and a grey picture, so that who looks at the body alone is misled
// here as by the real platform.
func (p *Platform) thumbnail(w http.ResponseWriter, r *http.Request) {
	v := p.seen(r.PathValue("id"))
	size, known := sizeOf(r.PathValue("file"))
	if !known || v.State.gone() || !slices.Contains(v.Largest.andSmaller(), size) {
		body, err := placeholder()
		answerPicture(w, http.StatusNotFound, body, err)
		return
	}
	body, err := p.gallery.picture(v, size)
	answerPicture(w, http.StatusOK, body, err)
}

func answerPicture(w http.ResponseWriter, status int, body []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.WriteHeader(status)
	write(w, body)
}

// placeholder is what stands for a picture that does not exist, 120x90.
func placeholder() ([]byte, error) {
	shape := Default.shape()
	grey := image.NewRGBA(image.Rect(0, 0, shape.X, shape.Y))
	stddraw.Draw(grey, grey.Bounds(), image.NewUniform(color.NRGBA{R: 0xcc, G: 0xcc, B: 0xcc, A: 255}), image.Point{}, stddraw.Src)
	for _, x := range []float32{50, 60, 70} {
		ellipse(color.NRGBA{R: 0x99, G: 0x99, B: 0x99, A: 255}, x, 45, 3, 3).paint(grey, placement{scale: 1})
	}
	return encoded(grey)
}

// gallery keeps what has been drawn: a frame costs some tens of milliseconds, and
// every size is scaled from it.
type gallery struct {
	mu   sync.Mutex
	kept map[look]*drawn
}

// drawn is one look: its frame, and the pictures of it that have been asked for.
type drawn struct {
	frame    *image.RGBA
	pictures map[Size][]byte
}

// look is everything that a picture depends on.
type look struct {
	color, label string
	scene        Scene
	vertical     bool
}

func (g *gallery) picture(v Video, s Size) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d, err := g.drawn(v)
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", v.ID, err)
	}
	if body, ok := d.pictures[s]; ok {
		return body, nil
	}
	body, err := encoded(fitted(d.frame, s.shape()))
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", v.ID, err)
	}
	d.pictures[s] = body
	return body, nil
}

func (g *gallery) drawn(v Video) (*drawn, error) {
	key := look{v.Color, v.Label, v.Scene, v.Vertical}
	if d, ok := g.kept[key]; ok {
		return d, nil
	}
	frame, err := paintFrame(v)
	if err != nil {
		return nil, err
	}
	if g.kept == nil {
		g.kept = map[look]*drawn{}
	}
	g.kept[key] = &drawn{frame, map[Size][]byte{}}
	return g.kept[key], nil
}

// fitted scales a frame of 16:9 to a width and centres it; bars fill what is left.
func fitted(frame *image.RGBA, size image.Point) image.Image {
	if frame.Bounds().Size() == size {
		return frame
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	stddraw.Draw(out, out.Bounds(), image.Black, image.Point{}, stddraw.Src)
	height := size.X * frameHeight / frameWidth
	top := (size.Y - height) / 2
	draw.BiLinear.Scale(out, image.Rect(0, top, size.X, top+height), frame, frame.Bounds(), draw.Src, nil)
	return out
}

const quality = 88 // of JPEG: no rings round the letters

func encoded(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encoding a picture: %w", err)
	}
	return out.Bytes(), nil
}
