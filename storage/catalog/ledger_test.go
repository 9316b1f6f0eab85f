package catalog

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"videoteca/archive"
)

var asked = time.Date(2026, 1, 2, 3, 4, 5, 678_901_234, time.UTC)

func heard(n int, at time.Time) archive.Heard {
	key := archive.SourceKey{Platform: "youtube", ID: fmt.Sprintf("source-%d", n)}
	return archive.Heard{Source: key, LastRound: at, LastClear: at, LastGood: at, Pictured: at, Outcome: archive.Playable, Method: "youtube.videos.list"}
}

func note(t *testing.T, c *Catalog, list ...archive.Heard) {
	t.Helper()
	if err := c.Ledger().Note(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

// known is what the ledger says of the n-th source.
func known(t *testing.T, c *Catalog, n int) archive.Heard {
	t.Helper()
	key := heard(n, asked).Source
	got, err := c.Ledger().Heard(t.Context(), []archive.SourceKey{key})
	if err != nil {
		t.Fatal(err)
	}
	return got[key]
}

func TestWhatWasHeardComesBackToTheNanosecond(t *testing.T) {
	c := newCatalog(t)
	want := heard(1, asked)
	want.Reason = "privacyStatus=unlisted"
	note(t, c, want)
	if got := known(t, c, 1); got != want {
		t.Errorf("%+v", got)
	}
	if got := known(t, c, 2); !got.LastRound.IsZero() {
		t.Errorf("of one never heard: %+v", got)
	}
	note(t, c) // nothing, which is no error
}

// Parts are read in any order, and again.
func TestNotesMergeWhateverTheirOrder(t *testing.T) {
	older, newer := heard(1, asked), heard(1, asked.Add(time.Hour))
	newer.Outcome, newer.Method, newer.Reason = archive.Unclear, "youtube.oembed", "HTTP 503"
	newer.LastClear, newer.LastGood, newer.Pictured = time.Time{}, time.Time{}, time.Time{}
	want := older.Merge(newer)
	for name, order := range map[string][]archive.Heard{
		"in order": {older, newer}, "backwards": {newer, older}, "again and again": {newer, older, older, newer, older},
	} {
		c := newCatalog(t)
		for _, h := range order {
			note(t, c, h)
		}
		if got := known(t, c, 1); got != want {
			t.Errorf("%s: %+v\nwant %+v", name, got, want)
		}
	}
}

func TestWhatLiesInTheFutureIsForgotten(t *testing.T) {
	c := newCatalog(t)
	limit := asked.Add(time.Hour)
	past, present, mixed, future := heard(1, asked), heard(2, limit), heard(3, asked), heard(4, limit.Add(1))
	mixed.LastRound, mixed.LastClear, mixed.Pictured = limit.Add(1000*time.Hour), limit.Add(1000*time.Hour), asked.Add(time.Minute)
	note(t, c, past, present, mixed, future)
	for _, want := range []int{2, 0} {
		if n, err := c.Ledger().Forget(t.Context(), limit); err != nil || n != want {
			t.Errorf("%d sources, want %d: %v", n, want, err)
		}
	}
	kept := archive.Heard{Source: mixed.Source, LastGood: asked, Pictured: asked.Add(time.Minute)}
	for n, want := range map[int]archive.Heard{1: past, 2: present, 3: kept, 4: {}} {
		if got := known(t, c, n); got != want {
			t.Errorf("%d: %+v, want %+v", n, got, want)
		}
	}
	again := heard(3, limit)
	again.LastGood, again.LastClear, again.Outcome, again.Method = time.Time{}, limit, archive.Removed, "youtube.oembed"
	if note(t, c, again); known(t, c, 3) != kept.Merge(again) {
		t.Errorf("heard again: %+v, want %+v", known(t, c, 3), kept.Merge(again))
	}
}

func TestEverythingHeardIsYieldedInOrder(t *testing.T) {
	c := newCatalog(t)
	var list []archive.Heard
	for n := range 2*stride + 3 {
		list = append(list, heard(n, asked))
	}
	note(t, c, list...)
	var last archive.SourceKey
	n := 0
	for h, err := range c.Ledger().All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 && h.Source.Compare(last) <= 0 {
			t.Fatalf("%s after %s", h.Source, last)
		}
		last = h.Source
		n++
	}
	if n != len(list) {
		t.Errorf("%d of %d", n, len(list))
	}
	for _, err := range c.Ledger().All(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break // who has seen enough may stop
	}
}

func TestARecordIsReadWithWhatWasHeardSince(t *testing.T) {
	c := newCatalog(t)
	put(t, c, entry(1, 1), entry(2, 1))
	note(t, c, heard(1, asked))
	v, err := c.Video(t.Context(), id(1))
	if err != nil || !v.Sources[0].Standing.LastGood.Equal(asked) {
		t.Errorf("%+v, %v", v.Sources[0].Standing, err)
	}
	page, err := c.List(t.Context(), archive.Query{})
	if err != nil || !page.Videos[1].Sources[0].Standing.LastRound.Equal(asked) || !page.Videos[0].Sources[0].Standing.LastRound.IsZero() {
		t.Errorf("%+v, %v", page.Videos, err)
	}
}

// inState is the n-th video with its source in a state since some hours before the test's now.
func inState(n int, s archive.Standing) Entry {
	e := entry(n, 1)
	e.Video.Sources[0].Standing = s
	return e
}

// What the store has is as old as its last change; this machine may have heard of a source since.
func TestARecordOfTheStoreIsHeardToo(t *testing.T) {
	c := newCatalog(t)
	told := heard(1, asked)
	note(t, c, told)
	stored := archive.Video{ID: "7k3mzq9x0abd", Sources: []archive.Source{{SourceKey: told.Source}, {SourceKey: heard(2, asked).Source}}}
	got, err := c.Heard(t.Context(), stored)
	if err != nil || !got.Sources[0].Standing.LastGood.Equal(asked) || !got.Sources[1].Standing.LastRound.IsZero() {
		t.Errorf("%+v, %v", got.Sources, err)
	}
	if !stored.Sources[0].Standing.LastRound.IsZero() {
		t.Error("the record that was given is altered")
	}
}

func TestTheGuardCountsWhatStoodAndWhatTurns(t *testing.T) {
	c := newCatalog(t)
	ago := func(hours int) time.Time { return asked.Add(-time.Duration(hours) * time.Hour) }
	var entries []Entry
	for n, s := range []archive.Standing{
		{},
		{State: archive.Live},
		{State: archive.Limited},
		{State: archive.Live, Held: make([]archive.Hold, 2)},
		{State: archive.Suspect, FirstBad: ago(3)},
		{State: archive.Gone, FirstBad: ago(20)},
		{State: archive.Suspect, FirstBad: ago(30)},
		{State: archive.Suspect, FirstBad: ago(30), Held: make([]archive.Hold, 1)},
		{State: archive.Gone, FirstBad: ago(1000)},
	} {
		entries = append(entries, inState(n, s))
		g := archive.Guard{}
		if (archive.Thresholds{}).Stood(s, asked) {
			g.Sources = 1
		}
		if (archive.Thresholds{}).Turns(s, asked) {
			g.Turning = 1
		}
		one := newCatalog(t)
		put(t, one, inState(n, s))
		if got, err := one.Ledger().Guard(t.Context(), "youtube", archive.Thresholds{}, asked); err != nil || got != g {
			t.Errorf("%s, held %d, bad since %s: %+v, want %+v, %v", s.State, len(s.Held), s.FirstBad, got, g, err)
		}
	}
	put(t, c, entries...)
	got, err := c.Ledger().Guard(t.Context(), "youtube", archive.Thresholds{}, asked)
	if want := (archive.Guard{Sources: 7, Turning: 4}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = c.Ledger().Guard(t.Context(), "vimeo", archive.Thresholds{}, asked); err != nil || got != (archive.Guard{}) {
		t.Errorf("of another platform: %+v, %v", got, err)
	}
	longer := archive.Thresholds{GuardWindow: 48 * time.Hour}
	if got, err = c.Ledger().Guard(t.Context(), "youtube", longer, asked); err != nil || got.Turning != 5 {
		t.Errorf("over two days: %+v, %v", got, err)
	}
}

func TestHowFarTheJournalIsKnownOutlivesTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	c := open(t, path)
	if at, err := c.Ledger().ReadUpTo(t.Context()); err != nil || !at.IsZero() {
		t.Errorf("%s, %v", at, err)
	}
	for _, at := range []time.Time{asked, asked.Add(time.Hour)} {
		if err := c.Ledger().SetReadUpTo(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	again := open(t, path)
	if at, err := again.Ledger().ReadUpTo(t.Context()); err != nil || !at.Equal(asked.Add(time.Hour)) {
		t.Errorf("%s, %v", at, err)
	}
}
