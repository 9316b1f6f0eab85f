package posters

import (
	"image"
	"testing"
)

// BenchmarkMake is what one registration costs: four posters of a thumbnail of
// YouTube's "maxres" size.
func BenchmarkMake(b *testing.B) {
	s := &store{}
	v := s.video("0123456789ab", asJPEG(b, scene(1280, 720)), image.Pt(1280, 720))
	for b.Loop() {
		c, err := Open(b.TempDir(), 1<<30, s, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Make(b.Context(), v); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHit is what a request for a poster in memory costs.
func BenchmarkHit(b *testing.B) {
	s := &store{}
	v := s.video("0123456789ab", asJPEG(b, scene(320, 180)), image.Pt(320, 180))
	c, err := Open(b.TempDir(), 1<<30, s, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Make(b.Context(), v); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Poster(b.Context(), v, 320); err != nil {
			b.Fatal(err)
		}
	}
}
