package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

// crowd is a library of so many sources that were lost on one day, each in an article, a collection and of a
// channel of its own, and all disputed.
func crowd(n int) shelf {
	var s shelf
	for i := range n {
		v := of(i, i, fmt.Sprint("Perdida ", i), archive.Standing{
			State: archive.Gone, Outcome: archive.Removed, Since: ago(2), LastGood: ago(4), FirstBad: ago(3), DisputedSince: ago(5),
			Transitions: []archive.Transition{{At: ago(3), To: archive.Suspect}, {At: ago(2), From: archive.Suspect, To: archive.Gone}},
		})
		v.Collections = []string{fmt.Sprint("colección ", i)}
		s.videos = append(s.videos, v)
		s.articles = append(s.articles, archive.Article{URL: fmt.Sprintf("https://example.org/%d", i), Placements: []archive.Placement{{Video: id(i)}}})
	}
	return s
}

func TestAListForPeopleHasTwoHundredEntriesAndSaysHowManyMore(t *testing.T) {
	const many = 450
	r := read(t, crowd(many))
	for lang, more := range map[string]string{"en": "and 250 more", "es": "y 250 más"} {
		p, err := texts(t).Page(r, report.Filter{}, lang, ago(30), 90, report.SpanMonth)
		if err != nil {
			t.Fatal(err)
		}
		text := string(formed(t, p.WriteText))
		if n := strings.Count(text, more); n != 6 { // lost, disputed, articles, channels, and by channel and collection
			t.Errorf("%s: %q stands there %d times", lang, more, n)
		}
		if n := strings.Count(text, "https://example.org/"); n != 200 {
			t.Errorf("%s: %d articles", lang, n)
		}
		if html := string(formed(t, p.WriteHTML)); !strings.Contains(html, more) || strings.Count(html, "https://example.org/") > 2*200 {
			t.Errorf("%s: the page has %d articles", lang, strings.Count(html, "https://example.org/"))
		}
	}
}

func TestWhatProgramsReadIsWhole(t *testing.T) {
	const many = 450
	r := read(t, crowd(many))
	rows, err := csv.NewReader(bytes.NewReader(formed(t, func(w io.Writer) error { return report.WriteCSV(w, r.Rows) }))).ReadAll()
	if err != nil || len(rows) != many+1 {
		t.Errorf("%d lines of CSV, %v", len(rows), err)
	}
	d, err := r.Document(report.Filter{}, ago(30), "")
	if err != nil {
		t.Fatal(err)
	}
	var back report.Document
	if err := json.Unmarshal(formed(t, d.WriteJSON), &back); err != nil || len(back.Rows) != many || len(back.Changes) != 2*many || len(back.Channels) != many || len(back.Articles) != many {
		t.Errorf("%d rows, %d changes, %d channels, %d articles, %v", len(back.Rows), len(back.Changes), len(back.Channels), len(back.Articles), err)
	}
}

func TestAMomentIsToldInTheReadersLanguage(t *testing.T) {
	for lang, want := range map[string]struct{ never, month string }{"en": {"never", "March"}, "es": {"nunca", "marzo"}} {
		p := page(t, lang)
		if got := p.Moment(time.Time{}); got != want.never {
			t.Errorf("%s: no time is %q", lang, got)
		}
		if got := p.Moment(noon); !strings.Contains(strings.ToLower(got), strings.ToLower(want.month[:3])) || !strings.Contains(got, "2026") {
			t.Errorf("%s: %q", lang, got)
		}
		if got := p.ISO(noon.In(time.FixedZone("CST", -6*3600))); got != "2026-03-31T12:00:00Z" {
			t.Errorf("%s: for programs it is %q", lang, got)
		}
	}
}

func TestALanguageIsChosenAmongThoseThereAre(t *testing.T) {
	for preferred, want := range map[string]string{"es-SV": "es", "en-GB,en;q=0.8": "en", "es": "es"} {
		if got := texts(t).Match(preferred); got != want {
			t.Errorf("who prefers %s reads %s", preferred, got)
		}
	}
}

func TestTheTableBesideTheChartEndsWithItsLastDay(t *testing.T) {
	p := page(t, "en")
	for _, days := range []int{1, 6, 7, 8, 13, 90} {
		p.History = make([]report.Day, days)
		for i := range p.History {
			p.History[i].Date = ago(days - 1 - i)
		}
		weekly := p.Weekly()
		if len(weekly) != (days+6)/7 || !weekly[len(weekly)-1].Date.Equal(noon) {
			t.Errorf("of %d days %d stand there, the last is %s", days, len(weekly), weekly[len(weekly)-1].Date)
		}
		for i := 1; i < len(weekly); i++ {
			if apart := weekly[i].Date.Sub(weekly[i-1].Date); apart != 7*24*time.Hour {
				t.Errorf("of %d days two stand %s apart", days, apart)
			}
		}
	}
	if p.History = nil; len(p.Weekly()) != 0 || p.Unknown() != 0 {
		t.Error("a history of no day has some")
	}
	if p.History = []report.Day{{Unknown: 3}, {Unknown: 1}}; p.Unknown() != 3 {
		t.Errorf("%d sources are left out of the first day", p.Unknown())
	}
}

func TestAPageLeadsToTheVideoAndItsEvidenceInItsLanguage(t *testing.T) {
	p := page(t, "es")
	if got := p.Video(id(1)); got != "https://videos.example.org/videos/000000000001?lang=es" {
		t.Error(got)
	}
	if got := p.Evidence("000000000001"); got != "https://videos.example.org/videos/000000000001/evidence?lang=es" {
		t.Error(got)
	}
	if html := string(formed(t, p.WriteHTML)); !strings.Contains(html, p.Evidence(id(1))) {
		t.Error("no link to how a loss is known")
	}
}

func TestWithoutASpanNothingIsCompared(t *testing.T) {
	p, err := texts(t).Page(read(t, library()), report.Filter{}, "en", ago(30), 90, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Compared()) != 0 || len(p.Totals()) != 0 || strings.Contains(string(formed(t, p.WriteText)), p.T("period")) {
		t.Errorf("%+v, %+v", p.Compared(), p.Totals())
	}
}

// narrow takes so many bytes, as a disk that is nearly full.
type narrow struct{ room int }

func (n *narrow) Write(data []byte) (int, error) {
	if n.room -= len(data); n.room < 0 {
		return 0, errFull
	}
	return len(data), nil
}

func TestAReportThatBreaksOffAnywhereSaysSo(t *testing.T) {
	r := read(t, crowd(120))
	now, before, err := r.Compare(r.Rows, report.SpanMonth)
	if err != nil {
		t.Fatal(err)
	}
	changes := report.Changes(r.Rows, ago(30), noon)
	for name, write := range map[string]func(io.Writer) error{
		"csv":    func(w io.Writer) error { return report.WriteCSV(w, r.Rows) },
		"period": func(w io.Writer) error { return report.WritePeriodCSV(w, now, before) },
		"atom":   func(w io.Writer) error { return texts(t).WriteAtom(w, changes, "en", "https://v.example", noon) },
	} {
		whole := len(formed(t, write))
		for _, room := range []int{0, 1, whole / 3, whole / 2, whole - 1} {
			if err := write(&narrow{room}); err == nil || !strings.Contains(err.Error(), errFull.Error()) {
				t.Errorf("%s, with room for %d of %d bytes: %v", name, room, whole, err)
			}
		}
		if err := write(&narrow{whole}); err != nil {
			t.Errorf("%s, with room for all: %v", name, err)
		}
	}
}

func TestOneIsNotSaidLikeMany(t *testing.T) {
	for _, tt := range []struct {
		videos, dark int
		en, es       string
	}{
		{0, 0, "No videos", "Ningún video"},
		{2, 0, "2 videos, all of which readers can watch", "2 videos, y los lectores pueden verlos todos"},
		{1, 0, "1 video, which readers can watch", "1 video, que los lectores pueden ver"},
		{1, 1, "1 video, which readers cannot watch any more", "1 video, que los lectores ya no pueden ver"},
		{2, 1, "2 videos, of which readers cannot watch 1 any more", "2 videos, de los cuales los lectores ya no pueden ver 1"},
	} {
		for lang, want := range map[string]string{"en": tt.en, "es": tt.es} {
			p := report.Page{Texts: texts(t), Lang: lang, Counts: report.Counts{Videos: tt.videos, Dark: tt.dark}}
			if got := p.Watched(); got != want {
				t.Errorf("%s: %q, not %q", lang, got, want)
			}
		}
	}
	p := report.Page{Texts: texts(t), Lang: "es"}
	if one, many := p.T("unknown", "N", 1), p.T("unknown", "N", 2); !strings.Contains(one, "1 fuente ") || !strings.Contains(many, "2 fuentes ") {
		t.Errorf("%q, %q", one, many)
	}
}
