package posters

import (
	"image"
	"os"
	"testing"
)

func TestMemoryKeepsWhatWasAskedForLast(t *testing.T) {
	m := newMemory(100)
	for _, name := range []string{"a", "b", "c"} {
		m.put(name, Picture{Data: make([]byte, 33)})
	}
	m.get("a")
	m.put("d", Picture{Data: make([]byte, 33)})
	m.put("d", Picture{Data: make([]byte, 30)})
	for name, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if _, got := m.get(name); got != want {
			t.Errorf("%s kept: %v, want %v", name, got, want)
		}
	}
	if m.size != 96 {
		t.Errorf("%d bytes, want 96", m.size)
	}
	m.put("huge", Picture{Data: make([]byte, 101)})
	if m.size != 0 || m.recent.Len() != 0 {
		t.Errorf("%d bytes of %d pictures beside one that does not fit", m.size, m.recent.Len())
	}
}

func TestAHitCostsNoDisk(t *testing.T) {
	s := &store{}
	dir := t.TempDir()
	c := open(t, dir, s)
	v := s.plain(t, 1, image.Pt(320, 180))
	if err := c.Make(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	first, err := c.Poster(t.Context(), v, 320)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	second, err := c.Poster(t.Context(), v, 320)
	if err != nil || second.ETag != first.ETag {
		t.Errorf("%v", err)
	}
}
