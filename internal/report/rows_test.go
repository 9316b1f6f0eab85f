package report_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"videoteca/archive"
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
	for n, covered := range map[int]bool{1: false, 2: false, 3: true, 4: true, 5: true, 8: true, 13: false} {
		if got := row(t, r, n); got.Covered != covered {
			t.Errorf("video %d: covered %v", n, got.Covered)
		}
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

func BenchmarkReadAndFilter(b *testing.B) {
	base := library()
	var s shelf
	for n := range 100_000 {
		v := base.videos[n%len(base.videos)]
		v.ID = id(n)
		s.videos = append(s.videos, v)
	}
	b.ResetTimer()
	for b.Loop() {
		r := read(b, s)
		if rows := (report.Filter{States: []archive.State{archive.Gone}, Text: "reunion"}).Rows(r.Rows); len(rows) == 0 {
			b.Fatal("nothing was found")
		}
	}
}
