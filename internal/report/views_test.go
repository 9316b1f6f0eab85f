package report_test

import (
	"slices"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

func TestSourcesAndDarkVideosAreCounted(t *testing.T) {
	c := report.Count(read(t, library()).Rows)
	if c.Videos != 12 || c.Dark != 3 || c.Sources[archive.Gone] != 3 || c.Sources[archive.Suspect] != 2 || c.Sources[archive.Unchecked] != 1 {
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

func TestAVideoIsCountedOnceInAnArticle(t *testing.T) {
	s := library()
	s.videos[1].Sources = append(s.videos[1].Sources, s.videos[1].Sources[0])
	s.videos[1].Sources[1].Platform = "vimeo"
	s.articles = []archive.Article{{URL: "https://example.org/twice", Placements: []archive.Placement{{Video: id(1)}, {Video: id(1)}}}}
	touched := report.TouchedArticles(read(t, s).Rows)
	if len(touched) != 1 || len(touched[0].Videos) != 1 || touched[0].Dark != 1 {
		t.Errorf("two lost sources of a video that is embedded twice: %+v", touched)
	}
}
