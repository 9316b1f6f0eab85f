package report_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/report"
)

// drawing is a chart as a browser reads it.
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

func drawn(t *testing.T, lang string, history []report.Day) drawing {
	t.Helper()
	var d drawing
	if err := xml.Unmarshal([]byte(texts(t).Chart(lang, history)), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// heights are the upper edge of an area, day by day.
func heights(t *testing.T, outline string, days int) []float64 {
	t.Helper()
	points := strings.Split(strings.Trim(outline, "MZ"), "L")
	if len(points) != 2*days {
		t.Fatalf("%d points for %d days", len(points), days)
	}
	var edge []float64
	for i, p := range points {
		var x, y float64
		if _, err := fmt.Sscanf(p, "%g %g", &x, &y); err != nil || x < 0 || x > 720 || y < 0 || y > 160 {
			t.Fatalf("the point %q lies outside, %v", p, err)
		}
		if i < days {
			edge = append(edge, y)
		}
	}
	return edge
}

func TestTheChartStacksTheStatesThatThereAre(t *testing.T) {
	history := []report.Day{
		{Date: ago(2), States: map[archive.State]int{archive.Live: 4}},
		{Date: ago(1), States: map[archive.State]int{archive.Live: 3, archive.Suspect: 1}},
		{Date: ago(0), States: map[archive.State]int{archive.Live: 2, archive.Gone: 2}},
	}
	d := drawn(t, "en", history)
	var classes []string
	for _, p := range d.Paths {
		classes = append(classes, p.Class)
	}
	if got := strings.Join(classes, " "); got != "area-live area-suspect area-gone" || d.Role != "img" {
		t.Fatalf("it draws %s, role %s", got, d.Role)
	}
	for i, want := range [][]float64{{0, 40, 80}, {0, 0, 80}, {0, 0, 0}} { // 160 units are four sources, and 0 is the top
		if got := heights(t, d.Paths[i].D, 3); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, not %v", classes[i], got, want)
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
		"en": "2026-03-22: 1 Limited, 5 Live. 2026-03-31: 2 Gone, 4 Live",
		"es": "2026-03-22: 1 Con límites, 5 Disponible. 2026-03-31: 2 Desaparecido, 4 Disponible",
	} {
		if d := drawn(t, lang, history); d.Desc != want || d.Title == "" {
			t.Errorf("%s: %q says %q", lang, d.Title, d.Desc)
		}
	}
}

func TestAChartOfOneDayOrNoSourceIsOneToo(t *testing.T) {
	one := drawn(t, "en", []report.Day{{Date: noon, States: map[archive.State]int{archive.Live: 1}}})
	if len(one.Paths) != 1 || fmt.Sprint(heights(t, one.Paths[0].D, 1)) != "[0]" {
		t.Errorf("%+v", one)
	}
	for name, history := range map[string][]report.Day{"no day": nil, "no source": {{Date: noon, States: map[archive.State]int{}}}} {
		if d := drawn(t, "en", history); len(d.Paths) != 0 || d.ViewBox != "0 0 720 160" {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
