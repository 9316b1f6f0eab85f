package posters

import (
	"errors"
	"image"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
)

// drawnFrom is the files of posters on the disk that were drawn from the picture of v.
func drawnFrom(t *testing.T, dir string, v archive.Video) []string {
	t.Helper()
	f, ok := v.Poster()
	if !ok {
		t.Fatal("the video has no picture")
	}
	paths, _ := filesIn(t, dir)
	return slices.DeleteFunc(paths, func(path string) bool { return !strings.HasPrefix(filepath.Base(path), f.Digest) })
}

func these(videos ...archive.Video) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestAForgottenPictureLeavesNoPoster(t *testing.T) {
	s, dir := &store{}, t.TempDir()
	c := open(t, dir, s)
	purged, kept := s.plain(t, 1, image.Pt(700, 400)), s.plain(t, 2, image.Pt(700, 400))
	veiled := purged
	veiled.ContentWarning = archive.Text{"es": "Violencia"}
	for _, v := range []archive.Video{purged, veiled, kept} {
		if err := c.Make(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Poster(t.Context(), purged, 640); err != nil { // it is in memory too
		t.Fatal(err)
	}
	if n := len(drawnFrom(t, dir, purged)); n != 2*3 { // at 320, 640 and its own width, veiled and not
		t.Fatalf("%d posters were made, so this tests nothing", n)
	}
	f, _ := purged.Poster()
	earlier := filepath.Join(dir, f.Digest[:2], f.Digest+"-640.r0.jpg")
	if err := os.WriteFile(earlier, []byte("drawn by an earlier version"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // to forget again is no error
		if err := c.Forget(t.Context(), []archive.File{f}); err != nil {
			t.Fatal(err)
		}
	}
	if left := drawnFrom(t, dir, purged); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
	if _, err := c.Poster(t.Context(), purged, 640); !errors.Is(err, ErrNotHeld) {
		t.Errorf("the memory still has it: %v", err)
	}
	if _, err := c.Poster(t.Context(), kept, 640); err != nil {
		t.Errorf("another video's: %v", err)
	}
}

func TestTheNameOfTheCachesFolderIsNoPattern(t *testing.T) {
	for _, name := range []string{"cache[1]", "what?", "all*", "open[", `back\slash`} {
		s, dir := &store{}, filepath.Join(t.TempDir(), name)
		c := open(t, dir, s)
		v := s.plain(t, 1, image.Pt(320, 180))
		if err := c.Make(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		if n := len(drawnFrom(t, dir, v)); n != 1 {
			t.Fatalf("in %s there are %d posters, so this tests nothing", name, n)
		}
		f, _ := v.Poster()
		if err := c.Forget(t.Context(), []archive.File{f}); err != nil {
			t.Errorf("in %s: %v", name, err)
		}
		if left := drawnFrom(t, dir, v); len(left) != 0 {
			t.Errorf("in %s is left %v", name, left)
		}
	}
}

func TestAFolderOfPostersThatCannotBeReadIsAnError(t *testing.T) {
	s, dir := &store{}, t.TempDir()
	c := open(t, dir, s)
	if err := os.WriteFile(filepath.Join(dir, "ab"), []byte("a file where the folder is to be"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Forget(t.Context(), []archive.File{{Digest: strings.Repeat("ab", 32)}}); err == nil {
		t.Error("no error")
	}
	if err := c.Forget(t.Context(), []archive.File{{Digest: strings.Repeat("cd", 32)}}); err != nil {
		t.Errorf("where there is no folder there is no poster: %v", err)
	}
}

func TestADigestThatIsNoneForgetsNothing(t *testing.T) {
	s, dir := &store{}, t.TempDir()
	c := open(t, dir, s)
	v := s.plain(t, 1, image.Pt(320, 180))
	if err := c.Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	for _, digest := range []string{"", "*", "../../" + strings.Repeat("a", 40)} {
		if err := c.Forget(t.Context(), []archive.File{{Digest: digest}}); err == nil {
			t.Errorf("%q: no error", digest)
		}
	}
	if len(drawnFrom(t, dir, v)) != 1 {
		t.Error("a poster is gone")
	}
}

func TestAPosterThatCannotBeRemovedIsAnError(t *testing.T) {
	s, dir := &store{}, t.TempDir()
	c := open(t, dir, s)
	f := archive.File{Digest: strings.Repeat("ab", 32)}
	if err := os.MkdirAll(filepath.Join(dir, "ab", f.Digest+"-640.r1.jpg", "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := c.Forget(t.Context(), []archive.File{f}); err == nil {
		t.Error("no error")
	}
}

func TestPruningLeavesThePostersThatVideosShow(t *testing.T) {
	s, dir := &store{}, t.TempDir()
	c := open(t, dir, s)
	shown, gone := s.plain(t, 1, image.Pt(320, 180)), s.plain(t, 2, image.Pt(320, 180))
	veiled := s.plain(t, 3, image.Pt(320, 180))
	unveiled := veiled
	veiled.ContentWarning = archive.Text{"es": "Violencia"}
	other := open(t, dir, s) // another process of this machine
	for _, v := range []archive.Video{shown, gone, veiled} {
		if err := other.Make(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Make(t.Context(), unveiled); err != nil {
		t.Fatal(err)
	}
	removed, err := c.Prune(t.Context(), these(shown, veiled, archive.Video{ID: "without0pict"}))
	if err != nil || removed != 2 {
		t.Errorf("removed %d, %v", removed, err)
	}
	if len(drawnFrom(t, dir, gone)) != 0 || len(drawnFrom(t, dir, shown)) != 1 {
		t.Error("the wrong ones went")
	}
	if left := drawnFrom(t, dir, veiled); len(left) != 1 || !strings.Contains(left[0], "veiled") {
		t.Errorf("of the veiled one there are %v", left)
	}
}

func TestPruningAfterAnErrorRemovesNothing(t *testing.T) {
	s, dir := &store{}, t.TempDir()
	c := open(t, dir, s)
	v := s.plain(t, 1, image.Pt(320, 180))
	if err := c.Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	torn := func(yield func(archive.Video, error) bool) { yield(archive.Video{}, archive.ErrUnavailable) }
	removed, err := c.Prune(t.Context(), torn)
	if !errors.Is(err, archive.ErrUnavailable) || removed != 0 || !slices.Contains(c.disk.names(), posterOf(mustOriginal(t, v), 320).name()) {
		t.Errorf("removed %d, %v", removed, err)
	}
}

func mustOriginal(t *testing.T, v archive.Video) original {
	t.Helper()
	of, ok := originalOf(v)
	if !ok {
		t.Fatal("the video has no picture")
	}
	return of
}
