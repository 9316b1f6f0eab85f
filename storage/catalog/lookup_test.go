package catalog

import (
	"errors"
	"testing"

	"videoteca/archive"
)

// merged is the n-th video once it was merged into another, without sources of its own.
func merged(n, into int) Entry {
	e := entry(n, 2)
	e.Video.MergedInto, e.Video.Sources = id(into), nil
	return e
}

func TestAMergedIDIsAnsweredByTheVideoThatServesForItThoughTheCatalogHasItNot(t *testing.T) {
	for name, test := range map[string]struct {
		known, stored []Entry
		want          int
		reads         int // of the store
	}{
		"both are in the store alone":              {nil, []Entry{merged(1, 2), entry(2, 1)}, 2, 2},
		"the catalog has the duplicate":            {[]Entry{merged(1, 2)}, []Entry{merged(1, 2), entry(2, 1)}, 2, 1},
		"the catalog has the other":                {[]Entry{entry(2, 1)}, []Entry{merged(1, 2), entry(2, 1)}, 2, 1},
		"which was merged itself":                  {nil, []Entry{merged(1, 2), merged(2, 3), entry(3, 1)}, 3, 3},
		"which the store has not: its own is told": {nil, []Entry{merged(1, 2)}, 1, 2},
		"they lead to each other":                  {nil, []Entry{merged(1, 2), merged(2, 1)}, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			c, b := newCatalog(t), newBucket(test.stored...)
			put(t, c, test.known...)
			r := NewReader(c, b, ReaderOptions{})
			for range 2 { // what was found is kept
				v, err := r.Video(t.Context(), id(1))
				if err != nil || v.ID != id(test.want) {
					t.Errorf("answered by %s, not %s: %v", v.ID, id(test.want), err)
				}
				if b.asked() != test.reads {
					t.Errorf("the store was asked %d times, not %d", b.asked(), test.reads)
				}
			}
		})
	}
}

func TestAChainOfMergesIsFollowedNoFurtherThanFourTimes(t *testing.T) {
	b := newBucket()
	for n := range 10 {
		b.write(merged(n, n+1))
	}
	v, err := NewReader(newCatalog(t), b, ReaderOptions{}).Video(t.Context(), id(0))
	if err != nil || v.ID != id(mostMerges) || b.asked() != mostMerges+1 {
		t.Errorf("answered by %s after %d reads: %v", v.ID, b.asked(), err)
	}
}

func TestAMergedIDIsNotCalledDeadWhileTheStoreIsDown(t *testing.T) {
	c, b := newCatalog(t), newBucket(entry(2, 1))
	put(t, c, merged(1, 2))
	b.setDown(true)
	r := NewReader(c, b, ReaderOptions{})
	if v, err := r.Video(t.Context(), id(1)); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("%+v, %v", v, err)
	}
	b.setDown(false)
	answers(t, r, id(1), 1, nil)
}
