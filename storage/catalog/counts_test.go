package catalog

import (
	"maps"
	"path/filepath"
	"testing"

	"videoteca/archive"
)

// standing is the n-th video with a source in each of the states.
func standing(n int, revision int64, states ...archive.State) Entry {
	e := entry(n, revision)
	e.Video.Sources = nil
	for _, state := range states {
		e.Video.Sources = append(e.Video.Sources, archive.Source{Standing: archive.Standing{State: state}})
	}
	return e
}

func TestAVideoStandsAsItsBestSourceDoes(t *testing.T) {
	for _, test := range []struct {
		sources []archive.State
		want    archive.State
	}{
		{nil, archive.Unchecked},
		{[]archive.State{archive.Gone}, archive.Gone},
		{[]archive.State{archive.Gone, archive.Suspect}, archive.Suspect},
		{[]archive.State{archive.Suspect, archive.Unchecked}, archive.Unchecked},
		{[]archive.State{archive.Unchecked, archive.Limited}, archive.Limited},
		{[]archive.State{archive.Gone, archive.Limited, archive.Live}, archive.Live},
	} {
		if got := bestState(standing(1, 1, test.sources...).Video); got != test.want {
			t.Errorf("%v: %s, not %s", test.sources, got, test.want)
		}
	}
}

func TestCountsFollowEveryWriteOfEveryProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	here, there := open(t, path), open(t, path)
	want := func(total int, some map[archive.State]int) {
		t.Helper()
		all := map[archive.State]int{archive.Unchecked: 0, archive.Live: 0, archive.Limited: 0, archive.Suspect: 0, archive.Gone: 0}
		maps.Copy(all, some)
		for _, c := range []*Catalog{here, there} {
			got, err := c.Counts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got.Total != total || !maps.Equal(got.States, all) {
				t.Errorf("%+v, not %d and %v", got, total, all)
			}
		}
	}
	want(0, nil)
	put(t, here, standing(1, 1), standing(2, 1, archive.Live), standing(3, 1, archive.Live))
	want(3, map[archive.State]int{archive.Unchecked: 1, archive.Live: 2})
	put(t, there, standing(2, 2, archive.Suspect), standing(1, 2, archive.Unchecked))
	want(3, map[archive.State]int{archive.Unchecked: 1, archive.Live: 1, archive.Suspect: 1})
	put(t, here, standing(2, 1, archive.Live)) // older than what is kept
	want(3, map[archive.State]int{archive.Unchecked: 1, archive.Live: 1, archive.Suspect: 1})
	if err := here.Remove(t.Context(), id(1), id(2)); err != nil {
		t.Fatal(err)
	}
	want(1, map[archive.State]int{archive.Live: 1})
}
