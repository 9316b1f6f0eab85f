package report_test

import (
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/report"
)

// chosen is the videos of the rows that a query chooses, without repetition.
func chosen(t *testing.T, r *report.Report, query string) []string {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, err := report.ParseFilter(q)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	var ids []string
	for _, row := range f.Rows(r.Rows) {
		ids = append(ids, string(row.Video[10:]))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func TestFiltersNarrowAndValuesWiden(t *testing.T) {
	r := read(t, library())
	for query, want := range map[string]string{
		"":                                       "01 02 03 04 05 06 08 09 10 11 12 13",
		"state=gone":                             "01 03 04",
		"state=gone&state=suspect":               "01 02 03 04 06",
		"state=":                                 "01 02 03 04 05 06 08 09 10 11 12 13",
		"state=unchecked":                        "13",
		"platform=vimeo":                         "03",
		"channel=Canal+1":                        "01 02 03",
		"channel=Canal+1&state=suspect":          "02",
		"host=VIMEO.com":                         "03",
		"collection=cumbres":                     "01",
		"year=2019":                              "01",
		"year=2025":                              "02",
		"mark=disputed":                          "10",
		"mark=unheard&mark=held":                 "11 12",
		"mark=overruled":                         "05",
		"mark=uncovered":                         "01 02 06",
		"mark=in-article":                        "01 02 04 08",
		"mark=archived":                          "06",
		"mark=not-archived&state=suspect":        "02",
		"since=2026-03-30":                       "02 06",
		"q=REUNION":                              "01",
		"q=reunión+en":                           "01",
		"q=000000000004":                         "04",
		"q=source00012":                          "12",
		"q=nothing+of+the+kind":                  "",
		"state=gone&mark=uncovered&q=nueva":      "01",
		"q=" + url.QueryEscape("watch?v=source"): "01 02 03 04 05 06 08 09 10 11 12 13",
	} {
		if got := strings.Join(chosen(t, r, query), " "); got != want {
			t.Errorf("%s chooses %s, not %s", query, got, want)
		}
	}
}

func TestAFilterIsALinkThatReadsBack(t *testing.T) {
	for _, query := range []string{"", "state=gone&state=suspect", "channel=Canal+1&collection=cumbres&mark=held&q=a+%26+b&since=2026-01-31&year=2019", "host=vimeo.com&platform=vimeo&platform=youtube"} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f, err := report.ParseFilter(q)
		if err != nil {
			t.Fatal(err)
		}
		again, err := report.ParseFilter(f.Values())
		if err != nil || !reflect.DeepEqual(again, f) {
			t.Errorf("%s came back as %s", query, f.Values().Encode())
		}
	}
}

func TestAFilterThatCannotBeReadIsNamedWithItsCure(t *testing.T) {
	for query, field := range map[string]string{
		"state=tired": "state", "mark=blue": "mark", "year=MMXIX": "year", "year=0": "year", "since=yesterday": "since", "since=2026-02-30": "since",
	} {
		q, _ := url.ParseQuery(query)
		var wrong *archive.FieldError
		if _, err := report.ParseFilter(q); !errors.As(err, &wrong) || wrong.Field != field || wrong.Cure == "" {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{"state=gone", "year=2019&mark=held", "q=%00&since=2026-01-01", "a=%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		filter, err := report.ParseFilter(q)
		if err != nil {
			return
		}
		again, err := report.ParseFilter(filter.Values())
		if err != nil || !reflect.DeepEqual(again.Values(), filter.Values()) {
			t.Errorf("%q: %v", query, err)
		}
		filter.Rows(make([]report.Row, 2))
	})
}
