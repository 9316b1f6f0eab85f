package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

func TestSourcesAndDarkVideosAreCounted(t *testing.T) {
	c := report.Count(read(t, library()).Rows)
	if c.Videos != 12 || c.Dark != 4 || c.Sources[archive.Gone] != 3 || c.Sources[archive.Suspect] != 2 || c.Sources[archive.Unchecked] != 1 {
		t.Errorf("%+v", c)
	}
}

func TestChangesAreTheMovesOfASpanNewestFirst(t *testing.T) {
	r := read(t, library())
	list := report.Changes(r.Rows, ago(7), noon)
	var told []string
	for _, c := range list {
		told = append(told, c.Video[10:]+" "+c.From.String()+">"+c.To.String())
	}
	if len(list) != 10 || !slices.IsSortedFunc(list, func(a, b report.Change) int { return b.At.Compare(a.At) }) {
		t.Errorf("%v", told)
	}
	if last := list[len(list)-1]; last.To != archive.Suspect || last.Event == "" {
		t.Errorf("%+v", last)
	}
	if n := len(report.Changes(r.Rows, noon, noon.Add(time.Hour))); n != 0 {
		t.Errorf("%d changes in a span without any", n)
	}
}

func TestAClosedChannelExplainsItsLossesInOneLine(t *testing.T) {
	r := read(t, library())
	groups := r.ByChannel(r.Rows)
	if len(groups) != 3 || groups[0].Name != "Canal 1" || groups[0].Lost != 3 || groups[0].All != 3 || !groups[0].Closed.Equal(ago(6)) {
		t.Errorf("%+v", groups)
	}
	if groups[1].Name != "Canal 2" || groups[1].Lost != 2 || !groups[1].Closed.IsZero() {
		t.Errorf("%+v", groups[1])
	}
}

func TestLossesByYearAndByCollection(t *testing.T) {
	rows := read(t, library()).Rows
	years := report.ByYear(rows)
	if years[0].Name != "2025" || years[len(years)-1].Name != "2019" || years[len(years)-1].Lost != 1 {
		t.Errorf("%+v", years)
	}
	if sets := report.ByCollection(rows); len(sets) != 1 || sets[0].Name != "cumbres" || sets[0].Lost != 1 {
		t.Errorf("%+v", sets)
	}
}

func TestArticlesThatLostMostComeFirst(t *testing.T) {
	touched := report.TouchedArticles(read(t, library()).Rows)
	if len(touched) != 2 || touched[0].Article != "https://example.org/two-meetings" || touched[0].Dark != 2 || len(touched[0].Videos) != 2 {
		t.Errorf("%+v", touched)
	}
	if touched[1].Dark != 0 { // a copy plays there
		t.Errorf("%+v", touched[1])
	}
}

func TestHistoryTellsEachDaysStates(t *testing.T) {
	r := read(t, library())
	history := r.History(r.Rows, 100)
	today := len(history) - 1
	if today != 90 || !history[today].Date.Equal(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)) || history[0].States[archive.Live] != 1 {
		t.Fatalf("%d days, from %+v", len(history), history[0])
	}
	last, before := history[today].States, history[today-8].States
	if last[archive.Gone] != 4 || last[archive.Suspect] != 2 || before[archive.Gone] != 0 || before[archive.Live] != 12 {
		t.Errorf("today %v, eight days ago %v", last, before)
	}
	if then := history[today-20].States; then[archive.Gone] != 1 {
		t.Errorf("while one was away: %v", then)
	}
}

func TestAHistoryOfNothingIsShort(t *testing.T) {
	r := read(t, shelf{})
	if n := len(r.History(r.Rows, 90)); n != 14 {
		t.Errorf("%d days", n)
	}
}

func TestASpanIsComparedWithTheOneBefore(t *testing.T) {
	r := read(t, library())
	now, before, err := r.Compare(r.Rows, report.SpanMonth)
	if err != nil {
		t.Fatal(err)
	}
	if now.Lost != 4 || now.Suspect != 6 || now.Revived != 1 || before.Lost != 1 || before.Suspect != 1 || before.Revived != 0 {
		t.Errorf("%+v\n%+v", now, before)
	}
	if !now.From.Equal(before.To) || now.Channels[0].Lost == 0 || len(now.Years) == 0 || now.Sets[0].Name != "cumbres" {
		t.Errorf("%+v", now)
	}
	for span, want := range map[report.Span]time.Time{report.SpanWeek: ago(7), report.SpanQuarter: noon.AddDate(0, -3, 0), report.SpanYear: noon.AddDate(-1, 0, 0)} {
		if got, err := span.Begin(noon); err != nil || !got.Equal(want) {
			t.Errorf("%s begins %s, %v", span, got, err)
		}
	}
	if _, _, err := r.Compare(r.Rows, "decade"); err == nil || !strings.Contains(err.Error(), "period") {
		t.Errorf("a decade: %v", err)
	}
}
