package report_test

import (
	"strings"
	"testing"
	"time"

	"videoteca/internal/report"
)

func TestASpanIsComparedWithTheOneBefore(t *testing.T) {
	r := read(t, library())
	now, before, err := r.Compare(r.Rows, report.SpanMonth)
	if err != nil {
		t.Fatal(err)
	}
	if now.Lost != 4 || now.Suspect != 6 || now.Revived != 1 || before.Lost != 1 || before.Suspect != 1 || before.Revived != 0 || now.Total != 4 || before.Total != 1 {
		t.Errorf("%+v\n%+v", now, before)
	}
	if !now.From.Equal(before.To) || now.Channels[0].Lost == 0 || len(now.Years) == 0 || now.Sets[0].Name != "cumbres" {
		t.Errorf("%+v", now)
	}
	for span, want := range map[report.Span]time.Time{report.SpanWeek: ago(7), report.SpanQuarter: time.Date(2025, 12, 31, 12, 0, 0, 0, time.UTC), report.SpanYear: noon.AddDate(-1, 0, 0), "30d": ago(30)} {
		if got, err := span.Begin(noon); err != nil || !got.Equal(want) {
			t.Errorf("%s begins %s, %v", span, got, err)
		}
	}
	for _, span := range []report.Span{"decade", "", "0d", "-3d", "d", "99999999999d"} {
		if _, _, err := r.Compare(r.Rows, span); err == nil || !strings.Contains(err.Error(), "period") {
			t.Errorf("%q: %v", span, err)
		}
	}
}

func TestAMonthBeforeTheThirtyFirstIsTheLastOfTheMonth(t *testing.T) {
	for _, c := range []struct {
		end, want string
		span      report.Span
	}{
		{"2026-03-31", "2026-02-28", report.SpanMonth}, {"2028-03-30", "2028-02-29", report.SpanMonth}, {"2026-03-15", "2026-02-15", report.SpanMonth},
		{"2026-01-31", "2025-12-31", report.SpanMonth}, {"2026-05-31", "2026-02-28", report.SpanQuarter}, {"2028-02-29", "2027-02-28", report.SpanYear},
	} {
		end, err := time.Parse(time.DateOnly, c.end)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.span.Begin(end); err != nil || got.Format(time.DateOnly) != c.want {
			t.Errorf("a %s before %s is %s, not %s (%v)", c.span, c.end, got.Format(time.DateOnly), c.want, err)
		}
	}
}

func TestLossesStandBesideThoseOfTheSpanBefore(t *testing.T) {
	p := page(t, "en")
	lists := p.Compared()
	if len(lists) != 3 || lists[0].Heading != "Lost, by channel" || lists[0].Rows[0] != (report.Difference{Name: "Canal 1", Now: 2}) {
		t.Fatalf("%+v", lists)
	}
	if last := lists[0].Rows[len(lists[0].Rows)-1]; last.Name != "Canal 3" || last.By() != "-1" { // one came back since
		t.Errorf("%+v", last)
	}
	if totals := p.Totals(); len(totals) != 4 || totals[0].By() != "+3" || totals[3] != (report.Difference{Name: "Gone at its end", Now: 4, Before: 1}) {
		t.Errorf("%+v", totals)
	}
	if alone := (report.Page{}); alone.Compared() != nil || alone.Totals() != nil {
		t.Error("without a span there is nothing to compare")
	}
}

func TestADifferenceHasItsSignAndNoneHasNot(t *testing.T) {
	for want, d := range map[string]report.Difference{"+2": {Now: 3, Before: 1}, "-1": {Before: 1}, "0": {Now: 4, Before: 4}} {
		if got := d.By(); got != want {
			t.Errorf("%+v: %s, not %s", d, got, want)
		}
	}
}
