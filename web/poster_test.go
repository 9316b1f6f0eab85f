package web_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"testing"
)

func TestPosters(t *testing.T) {
	s := newSite(t)
	for file, want := range map[string]int{
		"320.jpg": 200, "640.jpg": 200, "960.jpg": 200, "1280.jpg": 200,
		"1920.jpg": 404, "0.jpg": 404, "-640.jpg": 404, "0640.jpg": 404, "+640.jpg": 404, "640.png": 404, "640": 404, "x.jpg": 404, "640.jpg.jpg": 404,
	} {
		r := s.get(t, "/p/"+string(pictured)+"/"+file)
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d", file, r.StatusCode, want)
		}
		if want == 200 && (r.Header.Get("Content-Type") != "image/jpeg" || r.Header.Get("Last-Modified") == "") {
			t.Errorf("%s: %v", file, r.Header)
		}
	}
}

func TestAVideoWithoutAPictureGetsAPlaceholderOfEachWidth(t *testing.T) {
	s := newSite(t)
	for _, width := range []int{320, 640, 960, 1280} {
		r := s.get(t, fmt.Sprintf("/p/%s/%d.jpg", bare, width))
		img, err := jpeg.Decode(bytes.NewReader([]byte(text(t, r))))
		if err != nil || r.StatusCode != 200 {
			t.Fatalf("%d: %v", r.StatusCode, err)
		}
		if b := img.Bounds(); b.Dx() != width || b.Dy() != width*9/16 {
			t.Errorf("the picture is %v", b)
		}
		ground, _, _, _ := img.At(2, 2).RGBA()
		sign, _, _, _ := img.At(width/2, width*9/32).RGBA()
		if sign < 2*ground {
			t.Errorf("the sign (%d) does not stand out from the ground (%d)", sign, ground)
		}
	}
}

func TestAPosterThatIsNotHereYetIsNotCached(t *testing.T) {
	s := newSite(t)
	s.wall.empty = true
	r := s.get(t, "/p/"+string(pictured)+"/640.jpg")
	if r.StatusCode != 200 || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d %q", r.StatusCode, r.Header.Get("Cache-Control"))
	}
	s.wall.empty = false
	if r := s.get(t, "/p/"+string(pictured)+"/640.jpg"); r.Header.Get("ETag") != `"w640"` {
		t.Errorf("the real one does not follow: %v", r.Header)
	}
}

func TestPostersOfHiddenVideosAreForTheNewsroom(t *testing.T) {
	r := newSite(t).get(t, "/p/"+string(embargoed)+"/640.jpg", bearer())
	if r.StatusCode != 200 || r.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("got %d %q", r.StatusCode, r.Header.Get("Cache-Control"))
	}
}
