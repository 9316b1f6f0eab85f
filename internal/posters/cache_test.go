package posters

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
)

func TestPostersAreMadeAtEveryWidth(t *testing.T) {
	s := &store{}
	c := open(t, t.TempDir(), s)
	v := s.plain(t, 1, image.Pt(1280, 160))
	if err := c.Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	tags := map[string]bool{}
	for _, width := range Widths() {
		p, err := c.Poster(t.Context(), v, width)
		if err != nil {
			t.Fatal(err)
		}
		if p.Width != width || p.Height != width/8 || !p.Modified.Equal(captured) {
			t.Errorf("at %d: %dx%d of %v", width, p.Width, p.Height, p.Modified)
		}
		if !strings.HasPrefix(p.ETag, `"`) || !strings.HasSuffix(p.ETag, `"`) || tags[p.ETag] {
			t.Errorf("at %d: ETag %s", width, p.ETag)
		}
		tags[p.ETag] = true
	}
}

func TestASmallOrVerticalThumbnailIsServedAsItIs(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	c := open(t, dir, s)
	v := s.plain(t, 1, image.Pt(480, 854))
	if err := c.Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	for width, want := range map[int]image.Point{320: {320, 569}, 640: {480, 854}, 1280: {480, 854}} {
		p, err := c.Poster(t.Context(), v, width)
		if err != nil || p.Width != want.X || p.Height != want.Y {
			t.Errorf("at %d: %dx%d, %v; want %v", width, p.Width, p.Height, err, want)
		}
	}
	if paths, _ := filesIn(t, dir); len(paths) != 2 {
		t.Errorf("one picture was kept several times: %q", paths)
	}
}

func TestPostersAnswerAtOnceAfterARestartWithTheStoreDown(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	v := s.plain(t, 1, image.Pt(700, 100))
	if err := open(t, dir, s).Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	s.down.Store(true)
	s.reads.Store(0)
	again := open(t, dir, s)
	for _, width := range Widths() {
		if _, err := again.Poster(t.Context(), v, width); err != nil {
			t.Errorf("at %d: %v", width, err)
		}
	}
	if err := again.Make(t.Context(), v); err != nil {
		t.Errorf("what is held need not be read again: %v", err)
	}
	if n := s.reads.Load(); n != 0 {
		t.Errorf("the store was asked %d times", n)
	}
}

func TestARequestNeverWaitsForTheStore(t *testing.T) {
	s := &store{}
	c := open(t, t.TempDir(), s)
	v := s.plain(t, 1, image.Pt(640, 360))
	for range 3 {
		if _, err := c.Poster(t.Context(), v, 320); !errors.Is(err, ErrNotHeld) {
			t.Fatalf("got %v, want ErrNotHeld", err)
		}
	}
	if s.reads.Load() != 0 {
		t.Error("the store was asked")
	}
	if len(c.queue) != 1 {
		t.Errorf("queued %d times, want once", len(c.queue))
	}
}

func TestWhatHasNoPosterSaysSo(t *testing.T) {
	s := &store{}
	c := open(t, t.TempDir(), s)
	bare := archive.Video{ID: "0123456789ab"}
	if _, err := c.Poster(t.Context(), bare, 320); !errors.Is(err, ErrNoPoster) {
		t.Errorf("no thumbnail: %v", err)
	}
	if err := c.Make(t.Context(), bare); err != nil {
		t.Errorf("making none: %v", err)
	}
	if _, err := c.Poster(t.Context(), s.plain(t, 1, image.Pt(64, 36)), 321); !errors.Is(err, ErrWidth) {
		t.Errorf("another width: %v", err)
	}
	hostile := s.plain(t, 2, image.Pt(64, 36))
	hostile.Sources[0].Described.Thumbnails[0].Digest = "../../../../etc/cron.d/x0123456789abcdef"
	if _, err := c.Poster(t.Context(), hostile, 320); !errors.Is(err, ErrNoPoster) {
		t.Errorf("a digest that is a path: %v", err)
	}
	if err := c.Make(t.Context(), hostile); err == nil {
		t.Error("made for a digest that is a path")
	}
}

func TestMakeTellsWhyItCouldNot(t *testing.T) {
	s := &store{}
	c := open(t, t.TempDir(), s)
	if err := c.Make(t.Context(), s.video("a", pngClaiming(48_000, 48_000), image.Pt(9, 9))); !errors.Is(err, ErrBomb) {
		t.Errorf("a bomb: %v", err)
	}
	if err := c.Make(t.Context(), s.video("b", []byte("<html>"), image.Pt(9, 9))); !errors.Is(err, ErrNotPicture) {
		t.Errorf("a page: %v", err)
	}
	large := s.plain(t, 3, image.Pt(64, 36))
	large.Sources[0].Described.Thumbnails[0].Bytes = 13 << 20
	s.reads.Store(0)
	if err := c.Make(t.Context(), large); !errors.Is(err, ErrBomb) || s.reads.Load() != 0 {
		t.Errorf("13 MiB: %v after %d reads", err, s.reads.Load())
	}
	s.down.Store(true)
	if err := c.Make(t.Context(), s.plain(t, 1, image.Pt(64, 36))); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("store down: %v", err)
	}
	s.down.Store(false)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	c.slots <- struct{}{}
	c.slots <- struct{}{}
	if err := c.Make(ended, s.plain(t, 2, image.Pt(64, 36))); !errors.Is(err, context.Canceled) {
		t.Errorf("ended while waiting: %v", err)
	}
}

func TestATornPosterIsNotServedButMadeAgain(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	v := s.plain(t, 1, image.Pt(320, 180))
	if err := open(t, dir, s).Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	paths, _ := filesIn(t, dir)
	if err := os.Truncate(paths[0], 700); err != nil {
		t.Fatal(err)
	}
	c := open(t, dir, s)
	if _, err := c.Poster(t.Context(), v, 320); !errors.Is(err, ErrNotHeld) {
		t.Fatalf("torn: %v", err)
	}
	if err := c.Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Poster(t.Context(), v, 320); err != nil {
		t.Error(err)
	}
}

func TestTheLimitHoldsAndTheLongestUnusedGoFirst(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	c := open(t, dir, s)
	var videos []archive.Video
	for n := range 8 {
		videos = append(videos, s.plain(t, n, image.Pt(320, 180)))
	}
	for _, v := range videos[:4] {
		if err := c.Make(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	_, four := filesIn(t, dir)
	c.disk.limit = four + four/8
	if _, err := c.Poster(t.Context(), videos[0], 320); err != nil { // the first is in use
		t.Fatal(err)
	}
	if err := c.Make(t.Context(), videos[4]); err != nil {
		t.Fatal(err)
	}
	for n, want := range []bool{true, false, true, true, true} {
		if got := c.disk.has(postersOf(original{File: videos[n].Sources[0].Described.Thumbnails[0]})[0].name()); got != want {
			t.Errorf("video %d held: %v, want %v", n, got, want)
		}
	}
	if _, size := filesIn(t, dir); size > c.disk.limit {
		t.Errorf("%d bytes in a cache of %d", size, c.disk.limit)
	}
}

func TestAProcessBesideTheServiceLetsNothingGo(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	serving := open(t, dir, s)
	for n := range 3 {
		if err := serving.Make(t.Context(), s.plain(t, n, image.Pt(320, 180))); err != nil {
			t.Fatal(err)
		}
	}
	before, size := filesIn(t, dir)
	beside, err := Open(dir, NoLimit, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := beside.Make(t.Context(), s.plain(t, 3, image.Pt(320, 180))); err != nil {
		t.Fatal(err)
	}
	after, _ := filesIn(t, dir)
	for _, name := range before {
		if !slices.Contains(after, name) {
			t.Errorf("%s is gone", name)
		}
	}
	if len(after) <= len(before) || beside.disk.full() {
		t.Errorf("%d files after %d, full: %v", len(after), len(before), beside.disk.full())
	}
	serving.disk.limit = size // whose room it is, lets go what the other has added
	if err := serving.disk.scan(); err != nil {
		t.Fatal(err)
	}
	if _, now := filesIn(t, dir); now > size {
		t.Errorf("%d bytes in a cache of %d", now, size)
	}
}

func TestUsesOutliveARestart(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	c := open(t, dir, s)
	old := time.Now().Add(-48 * time.Hour)
	v, w := s.plain(t, 1, image.Pt(320, 180)), s.plain(t, 2, image.Pt(320, 180))
	for _, v := range []archive.Video{v, w} {
		if err := c.Make(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	paths, size := filesIn(t, dir)
	for _, p := range paths {
		if err := os.Chtimes(p, old, old); err != nil {
			t.Fatal(err)
		}
	}
	c = open(t, dir, s)
	if _, err := c.Poster(t.Context(), v, 320); err != nil {
		t.Fatal(err)
	}
	c, err := Open(dir, size-1, s, nil) // one must go
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Poster(t.Context(), v, 320); err != nil {
		t.Errorf("the one that was used went: %v", err)
	}
	if _, err := c.Poster(t.Context(), w, 320); !errors.Is(err, ErrNotHeld) {
		t.Errorf("the one that was not used stayed: %v", err)
	}
}

func TestSeveralProcessesShareADirectory(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	one, two := open(t, dir, s), open(t, dir, s)
	v := s.plain(t, 1, image.Pt(320, 180))
	if err := one.Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Poster(t.Context(), v, 320); err != nil {
		t.Errorf("the other's poster: %v", err)
	}
	if err := two.Make(t.Context(), v); err != nil || s.reads.Load() != 1 {
		t.Errorf("made twice: %d reads, %v", s.reads.Load(), err)
	}
	w := s.plain(t, 2, image.Pt(320, 180))
	if err := one.Make(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	paths, _ := filesIn(t, dir)
	for _, p := range paths {
		if err := os.Remove(p); err != nil { // as another's eviction does
			t.Fatal(err)
		}
	}
	if _, err := one.Poster(t.Context(), w, 320); !errors.Is(err, ErrNotHeld) {
		t.Errorf("removed by another: %v", err)
	}
	if err := one.Make(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Poster(t.Context(), w, 320); err != nil {
		t.Errorf("made again: %v", err)
	}
}

func TestManyMakersAndReadersAtOnce(t *testing.T) {
	s := &store{}
	c := open(t, t.TempDir(), s)
	var work sync.WaitGroup
	for n := range 16 {
		v := s.plain(t, n%4, image.Pt(320, 180))
		work.Go(func() {
			if err := c.Make(t.Context(), v); err != nil {
				t.Error(err)
			}
			if _, err := c.Poster(t.Context(), v, 320); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
}

func TestLeftoversOfADeadWriterAreRemoved(t *testing.T) {
	dir := t.TempDir()
	stale, fresh := filepath.Join(dir, "ab", ".tmp-1"), filepath.Join(dir, "ab", ".tmp-2")
	if err := os.Mkdir(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{stale, fresh} {
		if err := os.WriteFile(path, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(stale, old, old); err != nil {
		t.Fatal(err)
	}
	open(t, dir, &store{})
	if paths, _ := filesIn(t, dir); len(paths) != 1 || paths[0] != fresh {
		t.Errorf("left: %q; want the one that may have a writer", paths)
	}
}

func TestADirectoryThatCannotBeMadeIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "posters"), 1, &store{}, nil); err == nil {
		t.Error("opened")
	}
}
