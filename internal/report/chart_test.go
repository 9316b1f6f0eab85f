package report_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/report"
)

// figure is a chart as a browser reads it.
type figure struct {
	Legend  []string `xml:"ul>li"`
	Scale   []string `xml:"div>div>span"` // and the days after it
	Drawing drawing  `xml:"div>svg"`
	Table   []struct {
		Cells []string `xml:"td"`
	} `xml:"details>div>table>tbody>tr"`
}

type drawing struct {
	ViewBox string `xml:"viewBox,attr"`
	Role    string `xml:"role,attr"`
	Title   string `xml:"title"`
	Desc    string `xml:"desc"`
	Paths   []struct {
		Class string `xml:"class,attr"`
		D     string `xml:"d,attr"`
	} `xml:"path"`
}

// areas are the classes of what is drawn of states.
func (d drawing) areas() string {
	var classes []string
	for _, p := range d.Paths {
		if state, ok := strings.CutPrefix(p.Class, "area-"); ok {
			classes = append(classes, state)
		}
	}
	return strings.Join(classes, " ")
}

func drawn(t *testing.T, lang string, history []report.Day) figure {
	t.Helper()
	var f figure
	html, err := texts(t).Chart(lang, history)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal([]byte(html), &f); err != nil {
		t.Fatalf("%v: %s", err, html)
	}
	return f
}

func TestTheChartStacksTheStatesThatThereAre(t *testing.T) {
	history := []report.Day{
		{Date: ago(2), States: map[archive.State]int{archive.Live: 4}},
		{Date: ago(1), States: map[archive.State]int{archive.Live: 3, archive.Suspect: 1}},
		{Date: ago(0), States: map[archive.State]int{archive.Live: 2, archive.Gone: 2}},
	}
	f := drawn(t, "en", history)
	if d := f.Drawing; d.areas() != "live suspect gone" || d.Role != "img" {
		t.Fatalf("it draws %s, role %s", d.areas(), d.Role)
	}
	// 160 units are four sources, 0 is the top, and a day is 240 units wide.
	for i, want := range []string{"M0 0H240V40H480V80H720V160H0Z", "M0 0H480V80H720V80H480V40H240V0H0Z", "M0 0H720V80H480V0H0Z"} {
		if got := f.Drawing.Paths[i].D; got != want {
			t.Errorf("path %d: %s, not %s", i, got, want)
		}
	}
	if got := fmt.Sprint(f.Legend); got != "[Live: 2 Suspect: 0 Gone: 2]" {
		t.Errorf("the legend is %s", got)
	}
	if got := fmt.Sprint(f.Scale); got != "[4 3 2 1 0 2026-03-29 2026-03-30 2026-03-31]" {
		t.Errorf("the scales are %s", got)
	}
	if len(f.Table) != 1 || fmt.Sprint(f.Table[0].Cells) != "[0 2 2 0 0]" && fmt.Sprint(f.Table[0].Cells) != "[0 2 0 0 2]" {
		t.Errorf("the table has %v", f.Table)
	}
}

func TestTheScaleIsOfRoundNumbersAndHoldsEveryDay(t *testing.T) {
	for n, want := range map[int]string{
		0: "1 0", 1: "1 0", 3: "3 2 1 0", 5: "6 4 2 0", 8: "8 6 4 2 0", 9: "10 5 0", 41: "60 40 20 0", 230: "300 200 100 0", 100000: "100000 50000 0",
	} {
		f := drawn(t, "en", []report.Day{{Date: noon, States: map[archive.State]int{archive.Live: n}}})
		if got := strings.Join(f.Scale, " "); got != want+" 2026-03-31" {
			t.Errorf("%d sources: %s, not %s", n, got, want)
		}
		lines := 0
		for _, p := range f.Drawing.Paths {
			if p.Class == "line" {
				lines++
			}
		}
		if lines != strings.Count(want, " ")-1 {
			t.Errorf("%d sources: %d lines within", n, lines)
		}
	}
}

func TestTheChartSaysWhatItShows(t *testing.T) {
	history := []report.Day{
		{Date: ago(9), States: map[archive.State]int{archive.Live: 5, archive.Limited: 1}},
		{Date: ago(5), States: map[archive.State]int{archive.Live: 6}},
		{Date: ago(0), States: map[archive.State]int{archive.Gone: 2, archive.Live: 4}},
	}
	for lang, want := range map[string]string{
		"en": "2026-03-22 – Limited: 1, Live: 5; 2026-03-31 – Gone: 2, Live: 4",
		"es": "2026-03-22 – Con límites: 1, Disponible: 5; 2026-03-31 – Desaparecido: 2, Disponible: 4",
	} {
		if d := drawn(t, lang, history).Drawing; d.Desc != want || d.Title == "" {
			t.Errorf("%s: %q says %q", lang, d.Title, d.Desc)
		}
	}
}

func TestAChartOfOneDayOrNoSourceIsOneToo(t *testing.T) {
	one := drawn(t, "en", []report.Day{{Date: noon, States: map[archive.State]int{archive.Live: 1}}})
	if one.Drawing.areas() != "live" || one.Drawing.Paths[0].D != "M0 0H720V160H0Z" {
		t.Errorf("%+v", one)
	}
	for name, history := range map[string][]report.Day{"no day": nil, "no source": {{Date: noon, States: map[archive.State]int{}}}} {
		if f := drawn(t, "en", history); f.Drawing.areas() != "" || f.Drawing.ViewBox != "0 0 720 160" || len(f.Legend) != 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
