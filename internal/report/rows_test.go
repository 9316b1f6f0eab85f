package report_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/report"
)

func TestARowSaysWhatASourceIsSinceWhenAndWhy(t *testing.T) {
	r := read(t, library())
	got := row(t, r, 1)
	if got.Title != "Reunión en Nueva York" || got.State != archive.Gone || !got.LastGood.Equal(ago(7)) || !got.FirstBad.Equal(ago(6)) || !got.Since.Equal(ago(5)) {
		t.Errorf("%+v", got)
	}
	if got.Year != 2019 || got.Channel != "Canal 1" || got.Host != "www.youtube.com" || got.Reason != "removed" || !slices.Equal(got.Articles, []string{"https://example.org/two-meetings"}) {
		t.Errorf("%+v", got)
	}
	if row(t, r, 8).Year != 2020 || row(t, r, 2).Year != 2025 {
		t.Error("the year is not the event's, else the publication's")
	}
}

func TestAPersonsRulingStandsInTheRowBesideWhatWasComputed(t *testing.T) {
	got := row(t, read(t, library()), 5)
	if got.State != archive.Live || got.Computed != archive.Gone || got.Overruled != "I see it." || !got.Since.Equal(ago(3)) {
		t.Errorf("%+v", got)
	}
}

func TestAVideoIsCoveredByAnotherSourceOrByACopy(t *testing.T) {
	r := read(t, library())
	for n, covered := range map[int]bool{1: false, 2: false, 3: true, 4: true, 5: true, 8: true, 13: true} {
		if got := row(t, r, n); got.Covered != covered {
			t.Errorf("video %d: covered %v", n, got.Covered)
		}
	}
}

func TestACoveredVideoIsOneThatReadersGetAPlayerFor(t *testing.T) {
	region := func(r archive.Restriction) archive.Standing {
		r.Aspect = archive.AspectRegion
		return archive.Standing{State: archive.Limited, Outcome: archive.Restricted, Restrictions: []archive.Restriction{r}}
	}
	until := func(at time.Time) archive.Video {
		v := of(1, 1, "", archive.Standing{State: archive.Gone, Outcome: archive.Removed})
		v.Copies = []archive.Copy{{Rights: archive.Rights{Text: "By contract.", Expires: at}}}
		return v
	}
	for name, v := range map[string]archive.Video{
		"never asked":                of(1, 1, "", archive.Standing{}),
		"suspect by unclear answers": of(1, 1, "", archive.Standing{State: archive.Suspect}),
		"gone by unclear answers":    of(1, 1, "", archive.Standing{State: archive.Gone}),
		"missing":                    of(1, 1, "", archive.Standing{State: archive.Suspect, Outcome: archive.Missing}),
		"unheard":                    of(1, 1, "", archive.Standing{State: archive.Live, Outcome: archive.Playable, Unheard: true}),
		"limited by region":          of(1, 1, "", region(archive.Restriction{Blocked: []string{"DE"}})),
		"blocked in every region":    of(1, 1, "", region(archive.Restriction{Nowhere: true})),
		"limited, nobody knows how":  of(1, 1, "", archive.Standing{State: archive.Limited, Outcome: archive.Restricted}),
		"embedding disabled":         of(1, 1, "", archive.Standing{State: archive.Limited, Outcome: archive.EmbeddingDisabled}),
		"limited by age, playable":   of(1, 1, "", archive.Standing{State: archive.Live, Outcome: archive.Playable, Restrictions: []archive.Restriction{{Aspect: archive.AspectAge}}}),
		"a copy under contract":      until(noon.AddDate(1, 0, 0)),
		"a copy, its contract over":  until(ago(1)),
	} {
		v.Sources[0].SourceKey.ID = "dQw4w9WgXcQ" // a player wants an id of the platform's form
		players := map[string]archive.Player{"youtube": {Kind: archive.PlayerYouTube, Origin: "https://www.youtube-nocookie.com"}}
		want := len(embeds.Choose(v, embeds.Options{Players: players, Now: noon}).Candidates) > 0
		if got := row(t, read(t, shelf{videos: []archive.Video{v}}), 1).Covered; got != want {
			t.Errorf("%s: covered %v, and readers get a player: %v", name, got, want)
		}
	}
}

func TestWhatAPersonHadIgnoredIsInNoListOfLosses(t *testing.T) {
	s := library()
	for i := range s.videos {
		s.videos[i].Sources[0].Overrule = &archive.Overrule{As: archive.RulesIgnore, Reason: "A test upload.", At: ago(1)}
	}
	r := read(t, s)
	if got := row(t, r, 1); !got.Ignored || got.Lost() || got.State != archive.Gone {
		t.Errorf("%+v", got)
	}
	if touched := report.TouchedArticles(r.Rows); len(touched) != 0 {
		t.Errorf("articles: %+v", touched)
	}
	p, err := texts(t).Page(r, report.Filter{}, "en", ago(30), 30, report.SpanMonth)
	if err != nil || len(p.Lost) != 0 || len(p.Attention()) != 0 || p.Period[0].Lost != 0 || p.Period[0].Total != 0 {
		t.Errorf("%d lost, %d lists for a person, %+v, %v", len(p.Lost), len(p.Attention()), p.Period, err)
	}
}

func TestWhatWasHeardSinceTheRecordIsInTheRow(t *testing.T) {
	r := read(t, library())
	if got := row(t, r, 8); !got.LastRound.Equal(noon) || !got.LastGood.Equal(noon) {
		t.Errorf("%+v", got)
	}
	dead := archive.Heard{Source: archive.SourceKey{Platform: "youtube", ID: "source00001"}, LastRound: noon, LastGood: ago(6)}
	s := library()
	s.heard = append(s.heard, dead)
	if got := row(t, read(t, s), 1); !got.LastGood.Equal(ago(7)) || !got.LastRound.Equal(noon) {
		t.Errorf("the interval of a death moved: %+v", got)
	}
}

func TestTheNewestLossIsFirst(t *testing.T) {
	r := read(t, library())
	var order []string
	for _, row := range r.Rows[:6] {
		order = append(order, fmt.Sprint(row.State, " ", row.Video[10:]))
	}
	if want := []string{"suspect 02", "suspect 06", "gone 01", "gone 03", "gone 04", "unchecked 13"}; !slices.Equal(order, want) {
		t.Errorf("%v", order)
	}
	if slices.ContainsFunc(r.Rows, func(r report.Row) bool { return r.Video == id(7) }) {
		t.Error("an erased video is in the report")
	}
}

func TestAReportThatCannotBeReadWholeIsNone(t *testing.T) {
	for _, sequence := range []string{"videos", "articles", "channels", "heard"} {
		s := library()
		s.broken = sequence
		if r, err := report.Read(t.Context(), s, "es", noon); !errors.Is(err, errBroken) || r != nil {
			t.Errorf("%s: %v", sequence, err)
		}
	}
}

// many is a library of n videos, each a record of its own.
func many(n int) shelf {
	base := library()
	var s shelf
	for i := range n {
		s.videos = append(s.videos, of(i, i%500, fmt.Sprintf("Reunión %d en Nueva York", i), base.videos[i%len(base.videos)].Sources[0].Standing))
	}
	return s
}

func BenchmarkReadAndFilter(b *testing.B) {
	s := many(100_000)
	b.ReportAllocs()
	for b.Loop() {
		r := read(b, s)
		if rows := (report.Filter{States: []archive.State{archive.Gone}, Text: "reunion"}).Rows(r.Rows); len(rows) == 0 {
			b.Fatal("nothing was found")
		}
	}
}

// rowFits is what the row of one source may take beside the record that it is read from: 100,000
// sources have 100 MB.
const rowFits = 1000 // bytes

func TestTheRowsOfALargeLibraryFitInMemory(t *testing.T) {
	s := many(20_000)
	before := heap()
	r := read(t, s)
	if each := (heap() - before) / int64(len(r.Rows)); each > rowFits {
		t.Errorf("a row takes %d bytes", each)
	}
	runtime.KeepAlive(r)
	runtime.KeepAlive(s)
}

// heap is how many bytes are in use after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
