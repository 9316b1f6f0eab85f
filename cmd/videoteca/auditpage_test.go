package main

import (
	"testing"
	"time"

	"videoteca/archive/archivetest"
)

func TestAReportIsShownNoLongerThanItsReadingIsWorth(t *testing.T) {
	for took, want := range map[time.Duration]time.Duration{
		0:                      0,
		5 * time.Millisecond:   100 * time.Millisecond,
		900 * time.Millisecond: 18 * time.Second,
		time.Minute:            20 * time.Second,
	} {
		if got := shownFor(took); got != want {
			t.Errorf("one that took %s is shown for %s, want %s", took, got, want)
		}
	}
}

func TestAReportIsReadOnceForManyAndAnewForWhoMustKnow(t *testing.T) {
	s := newSiteAside(t)
	s.add(t, archivetest.NewYorkID)
	n := s.opened(t)
	reports := &recentReports{n: n}
	first, err := reports.Report(t.Context(), "es", false)
	if err != nil || len(first.Rows) != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	reports.byLang["es"] = recentReport{first, time.Now().Add(time.Hour)}
	if again, err := reports.Report(t.Context(), "es", false); err != nil || again != first {
		t.Errorf("%v: it was read again", err)
	}
	if fresh, err := reports.Report(t.Context(), "es", true); err != nil || fresh == first {
		t.Errorf("%v: it was not read anew", err)
	}
	if other, err := reports.Report(t.Context(), "en", false); err != nil || other == first {
		t.Errorf("%v: it is in the wrong language", err)
	}
}
