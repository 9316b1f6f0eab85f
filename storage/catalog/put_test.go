package catalog

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
)

func TestARecordComesBackAsItWasPut(t *testing.T) {
	c := newCatalog(t)
	want := video(1, 3)
	want.Caption = archive.Text{"es": "Reunión con “comillas”, <b>, ñ y 𝒱", "ar": "لقاء"}
	want.Aliases = []archive.VideoID{id(90)}
	want.Visibility = archive.Visibility{Exposure: archive.Embargoed, Until: time.Date(2026, 1, 1, 0, 0, 0, 123456789, time.UTC)}
	want.Sources[0].Described = &archive.Description{Capture: "c1", Method: "videos.list", Fields: archive.Fields{Title: "t", Seconds: 61.5}}
	want.Sources[0].Standing = archive.Standing{State: archive.Limited, Outcome: archive.Playable}
	put(t, c, Entry{Video: want, ETag: "a"})
	got, err := c.Video(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// form is one in which a record may come after that of revision 5 and ETag a.
type form struct {
	revision int64
	etag     string
	replaced bool // whether it takes the other's place
}

func laterForms() map[string]form {
	return map[string]form{
		"higher revision":                     {6, "b", true},
		"higher revision, ETag unknown":       {6, "", true},
		"higher revision under the same ETag": {6, "a", true},
		"same revision, another ETag":         {5, "b", true},
		"same revision and ETag":              {5, "a", false},
		"same revision, ETag unknown":         {5, "", false},
		"lower revision":                      {4, "b", false},
		"lower revision, ETag unknown":        {4, "", false},
	}
}

func TestARowIsReplacedByWhatIsNewerOnly(t *testing.T) {
	for name, test := range laterForms() {
		t.Run(name, func(t *testing.T) {
			c := newCatalog(t)
			put(t, c, Entry{Video: video(1, 5), ETag: "a"})
			v := video(1, test.revision)
			v.Notes = "the later one"
			v.Sources[0].SourceKey.ID = "later"
			put(t, c, Entry{Video: v, ETag: test.etag})
			got, err := c.Video(t.Context(), id(1))
			if err != nil {
				t.Fatal(err)
			}
			if replaced := got.Notes != ""; replaced != test.replaced {
				t.Errorf("replaced: %v", replaced)
			}
			_, err = c.BySource(t.Context(), archive.SourceKey{Platform: "youtube", ID: "later"})
			if found := err == nil; found != test.replaced {
				t.Errorf("the later one's source is found: %v", found)
			}
		})
	}
}

func TestPutKeepsAllOrNone(t *testing.T) {
	c := newCatalog(t)
	bad := entry(2, 1)
	bad.Video.Created = time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC) // has no JSON form
	if err := c.Put(t.Context(), entry(1, 1), bad); err == nil {
		t.Fatal("no error")
	}
	if _, err := c.Video(t.Context(), id(1)); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("the good one was kept: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Put(ended, entry(1, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := c.Put(t.Context()); err != nil {
		t.Errorf("putting nothing: %v", err)
	}
}

func TestASourceLeadsToTheVideoThatNamesIt(t *testing.T) {
	c := newCatalog(t)
	key := archive.SourceKey{Platform: "youtube", ID: "moves"}
	with := func(n int, revision int64, keys ...archive.SourceKey) Entry {
		e := entry(n, revision)
		e.Video.Sources = nil
		for _, k := range keys {
			e.Video.Sources = append(e.Video.Sources, archive.Source{SourceKey: k})
		}
		return e
	}
	for _, step := range []struct {
		put  Entry
		want archive.VideoID
	}{
		{with(1, 1), ""},
		{with(1, 2, key, key), id(1)},
		{with(2, 1, key), id(1)}, // both name it for a moment
		{with(1, 3), id(2)},
		{with(2, 2, archive.SourceKey{Platform: "vimeo", ID: "moves"}), ""},
	} {
		put(t, c, step.put)
		got, err := c.BySource(t.Context(), key)
		if got != step.want {
			t.Errorf("after %s at %d: %q, not %q", step.put.Video.ID, step.put.Video.Revision, got, step.want)
		}
		if step.want == "" && !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
}

func TestTheIDOfAMergedVideoLeadsToTheOneItIsIn(t *testing.T) {
	c := newCatalog(t)
	merged, into := entry(1, 4), entry(2, 1)
	put(t, c, merged, into)
	into.Video.Revision = 2
	into.Video.Aliases = []archive.VideoID{id(1), id(50)} // the store keeps the record of 1, and has none of 50
	if err := c.Apply(t.Context(), into); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2, 50} {
		if v, err := c.Video(t.Context(), id(n)); err != nil || v.ID != id(2) {
			t.Errorf("%s leads to %q: %v", id(n), v.ID, err)
		}
	}
	into.Video.Revision, into.Video.Aliases = 3, nil // the merge was taken back
	put(t, c, into)
	if v, err := c.Video(t.Context(), id(1)); err != nil || v.ID != id(1) {
		t.Errorf("got %q: %v", v.ID, err)
	}
	if _, err := c.Video(t.Context(), id(50)); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestARemovedVideoLeavesNothingBehind(t *testing.T) {
	c := newCatalog(t)
	e := entry(1, 1)
	e.Video.Aliases = []archive.VideoID{id(9)}
	put(t, c, e, entry(2, 1))
	for range 2 { // the second time it is unknown
		if err := c.Remove(t.Context(), id(1)); err != nil {
			t.Fatal(err)
		}
	}
	for _, gone := range []archive.VideoID{id(1), id(9)} {
		if _, err := c.Video(t.Context(), gone); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("%s: %v", gone, err)
		}
	}
	if _, err := c.BySource(t.Context(), e.Video.Sources[0].SourceKey); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("its source: %v", err)
	}
	if counts, err := c.Counts(t.Context()); err != nil || counts.Total != 1 {
		t.Errorf("%+v: %v", counts, err)
	}
}

func TestTwoProcessesMayWriteAtOnceAndTheHighestRevisionStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	processes := []*Catalog{open(t, path), open(t, path)}
	const videos, revisions = 5, 30
	var group sync.WaitGroup
	for n := range videos {
		for p, c := range processes {
			group.Go(func() {
				for r := range revisions {
					// One counts up and the other down.
					rev := int64(r + 1)
					if p == 1 {
						rev = int64(revisions - r)
					}
					if err := c.Put(t.Context(), entry(n, rev)); err != nil {
						t.Error(err)
					}
					if _, err := c.Video(t.Context(), id(n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	group.Wait()
	for _, c := range processes {
		for n := range videos {
			v, err := c.Video(t.Context(), id(n))
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("Reunión %d, revisión %d", n, revisions); v.Revision != revisions || v.Title["es"] != want {
				t.Errorf("revision %d, %q", v.Revision, v.Title["es"])
			}
		}
		if counts, err := c.Counts(t.Context()); err != nil || counts.Total != videos {
			t.Errorf("%+v: %v", counts, err)
		}
	}
}
