package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/internal/report"
)

func texts(t *testing.T) *report.Texts {
	t.Helper()
	texts, err := report.NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func page(t *testing.T, lang string) report.Page {
	t.Helper()
	p, err := texts(t).Page(read(t, library()), report.Filter{}, lang, ago(30), 90, report.SpanMonth)
	if err != nil {
		t.Fatal(err)
	}
	p.Base = "https://videos.example.org"
	return p
}

// formed is a report in one form.
func formed(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheTextOfATerminal(t *testing.T) {
	for _, lang := range []string{"en", "es"} {
		got := formed(t, page(t, lang).WriteText)
		golden(t, "report-"+lang+".txt", got)
		if bytes.ContainsAny(got, "\x00\x1b") {
			t.Errorf("%s: what a platform wrote steers the terminal", lang)
		}
	}
}

func TestThePageToPrint(t *testing.T) {
	for _, lang := range []string{"en", "es"} {
		got := formed(t, page(t, lang).WriteHTML)
		golden(t, "report-"+lang+".html", got)
		if bytes.Contains(got, []byte("<script")) || bytes.Contains(got, []byte("http-equiv")) {
			t.Errorf("%s: there is a script", lang)
		}
		if _, err := html.Parse(bytes.NewReader(got)); err != nil {
			t.Error(err)
		}
		for _, want := range []string{
			`<html lang="` + lang + `">`, `<title id="chart-title">`, `class="area-gone"`, `<a href="https://web.archive.org/web/2026/x">`, `<a href="https://example.org/two-meetings">`,
			`<a href="https://videos.example.org/videos/` + string(id(1)) + `?lang=` + lang + `">`, `<a href="https://videos.example.org/videos/` + string(id(1)) + `/evidence?lang=` + lang + `">`,
		} {
			if !bytes.Contains(got, []byte(want)) {
				t.Errorf("%s: no %s", lang, want)
			}
		}
	}
}

// A page that is sent on its own leads nowhere where nobody knows the newsroom's address.
func TestWithoutAnAddressNothingLeadsToTheNewsroom(t *testing.T) {
	p := page(t, "en")
	p.Base = ""
	if got := formed(t, p.WriteHTML); bytes.Contains(got, []byte("/videos/")) || !bytes.Contains(got, []byte(`<a href="https://web.archive.org/web/2026/x">`)) {
		t.Errorf("%s", got)
	}
}

func TestATerminalHasTheArchivedPagesToo(t *testing.T) {
	got := string(formed(t, page(t, "en").WriteText))
	if !strings.Contains(got, "https://web.archive.org/web/2026/x\n") || !strings.Contains(got, string(id(1))) {
		t.Error(got)
	}
}

func TestAnEmptyLibraryHasAReportToo(t *testing.T) {
	p, err := texts(t).Page(read(t, shelf{}), report.Filter{}, "en", ago(30), 30, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(formed(t, p.WriteText)); !strings.Contains(got, "No videos") || strings.Contains(got, "Lost and suspect") {
		t.Error(got)
	}
	if got := string(formed(t, p.WriteHTML)); strings.Count(got, "None.") != 5 {
		t.Errorf("%d empty lists say so", strings.Count(got, "None."))
	}
	if got, err := texts(t).Chart("en", nil); err != nil || !strings.Contains(string(got), "<desc") || strings.Contains(string(got), "NaN") {
		t.Error(got, err)
	}
}

func TestAPageOfADecadeIsRefused(t *testing.T) {
	_, err := texts(t).Page(read(t, library()), report.Filter{}, "en", ago(30), 30, "decade")
	var wrong *archive.FieldError
	if !errors.As(err, &wrong) || wrong.Field != "period" {
		t.Errorf("got %v", err)
	}
	if _, err := read(t, library()).Document(report.Filter{}, ago(30), "decade"); !errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	got := formed(t, func(w io.Writer) error { return report.WriteCSV(w, read(t, library()).Rows) })
	golden(t, "report.csv", got)
	rows, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
	if err != nil || len(rows) != 14 || len(rows[0]) != 25 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if lines := bytes.Count(got, []byte("\n")); lines != bytes.Count(got, []byte("\r\n")) {
		t.Error("lines do not end as RFC 4180 has them")
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("column %s: %q", rows[0][i], cell)
			}
		}
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAReportThatCannotBeWrittenSaysSo(t *testing.T) {
	r := read(t, library())
	for name, write := range map[string]func(io.Writer) error{
		"csv":  func(w io.Writer) error { return report.WriteCSV(w, r.Rows) },
		"text": page(t, "en").WriteText,
		"html": page(t, "en").WriteHTML,
		"atom": func(w io.Writer) error { return texts(t).WriteAtom(w, nil, "en", "https://v.example", noon) },
		"json": report.Document{}.WriteJSON,
	} {
		if err := write(full{}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheDocumentOfPrograms(t *testing.T) {
	d, err := read(t, library()).Document(report.Filter{States: []archive.State{archive.Suspect}}, ago(30), report.SpanWeek)
	if err != nil {
		t.Fatal(err)
	}
	got := formed(t, d.WriteJSON)
	golden(t, "report.json", got)
	var back report.Document
	if err := json.Unmarshal(got, &back); err != nil || len(back.Rows) != 2 || back.Filter != "state=suspect" || len(back.Period) != 2 {
		t.Errorf("%+v, %v", back, err)
	}
	none, err := read(t, shelf{}).Document(report.Filter{}, ago(30), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(formed(t, none.WriteJSON)); strings.Contains(got, "null") {
		t.Errorf("an empty list is no list: %s", got)
	}
}

func TestAnEntrysIDIsAnAddressWhateverTheSourceIsCalled(t *testing.T) {
	v := of(1, 1, "x", archive.Standing{Transitions: []archive.Transition{{At: ago(2), To: archive.Gone}}})
	v.Sources[0].SourceKey = archive.SourceKey{Platform: "web", ID: "https://example.org/a b.mp4#t=1 [ñ]\x01"}
	changes := report.Changes(read(t, shelf{videos: []archive.Video{v}}).Rows, ago(30), noon)
	got := formed(t, func(w io.Writer) error {
		return texts(t).WriteAtom(w, changes, "en", "https://v.example", noon)
	})
	id := regexp.MustCompile(`<id>(tag:[^<]*)</id>`).FindSubmatch(got)
	if id == nil || regexp.MustCompile(`[^!-~]|[][#<>"{}|\\^]`).Match(id[1]) {
		t.Errorf("%q is no URI", id)
	}
}

func TestTheFeedOfChanges(t *testing.T) {
	r := read(t, library())
	changes := report.Changes(r.Rows, ago(30), noon)
	write := func(lang string) func(io.Writer) error {
		return func(w io.Writer) error {
			return texts(t).WriteAtom(w, changes, lang, "https://videos.example.org/", noon)
		}
	}
	got := formed(t, write("es"))
	golden(t, "feed.atom", got)
	var feed struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(got, &feed); err != nil {
		t.Fatalf("it is no XML: %v", err)
	}
	ids := map[string]bool{}
	for _, e := range feed.Entries {
		ids[e.ID] = true
	}
	if len(ids) != len(changes) || feed.Updated != changes[0].At.Format("2006-01-02T15:04:05Z") {
		t.Errorf("%d ids of %d changes, updated %s", len(ids), len(changes), feed.Updated)
	}
	if later := formed(t, write("es")); !bytes.Equal(later, got) {
		t.Error("an entry has another id the next time")
	}
	var many []report.Change
	for range 60 {
		many = append(many, changes...)
	}
	changes = many
	if n := bytes.Count(formed(t, write("en")), []byte("<entry>")); n != 200 {
		t.Errorf("%d entries", n)
	}
}

func TestAComparisonIsATableOfNumbers(t *testing.T) {
	r := read(t, library())
	now, before, err := r.Compare(r.Rows, report.SpanMonth)
	if err != nil {
		t.Fatal(err)
	}
	now.Sets = append(now.Sets, report.Group{Name: hostile, Lost: 1, All: 1})
	got := formed(t, func(w io.Writer) error { return report.WritePeriodCSV(w, now, before) })
	rows, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, row := range rows {
		found[row[0]+" "+row[1]] = row[2:5]
	}
	for name, want := range map[string]string{
		"total called gone": "4 1 3", "total came back": "1 0 1", "channel Canal 1": "2 0 2", "channel Canal 3": "0 1 -1", "collection cumbres": "1 0 1", "year 2019": "1 0 1",
	} {
		if got := strings.Join(found[name], " "); got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
	if found["collection '"+hostile] == nil {
		t.Errorf("a formula is not disarmed: %s", got)
	}
	if err := report.WritePeriodCSV(full{}, now, before); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}
