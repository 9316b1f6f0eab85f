package catalog

import (
	"testing"

	"videoteca/archive"
)

func TestTheCacheKeepsTheItemsUsedLast(t *testing.T) {
	c := lru[int]{size: 3}
	for n := range 3 {
		c.add(0, id(n), n)
	}
	c.get(0, id(0))
	c.add(0, id(1), 11)
	c.add(0, id(3), 3) // pushes out 2, which was used longest ago
	for n, want := range map[int]int{0: 0, 1: 11, 3: 3} {
		if got, ok := c.get(0, id(n)); !ok || got != want {
			t.Errorf("%d: %d, %v", n, got, ok)
		}
	}
	if _, ok := c.get(0, id(2)); ok {
		t.Error("2 is still there")
	}
}

func TestTheCacheDoesNotGrowPastItsSize(t *testing.T) {
	c := lru[int]{size: absencesKept}
	for n := range 3 * absencesKept {
		c.add(0, id(n), n)
	}
	if len(c.items) != absencesKept || c.order.Len() != absencesKept {
		t.Errorf("%d items, %d in order", len(c.items), c.order.Len())
	}
}

func TestAChangeEmptiesTheCacheAndWhatWasReadBeforeItIsNotKept(t *testing.T) {
	c := lru[string]{size: 10}
	has := func(version uint64, id archive.VideoID, want bool) {
		t.Helper()
		if _, ok := c.get(version, id); ok != want {
			t.Errorf("version %d, %s: %v", version, id, ok)
		}
	}
	has(1, id(1), false)
	c.add(1, id(1), "read at 1")
	has(1, id(1), true)
	has(2, id(1), false)
	c.add(1, id(1), "read at 1, by someone slow")
	has(2, id(1), false)
	c.add(2, id(1), "read at 2")
	has(1, id(1), false) // someone slow asks; the newer items stay
	has(2, id(1), true)
}
