package main

import (
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

func TestAReportComparesAsATableOfNumbersAndNotAsAFeed(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	out := command(t, s.args("report", "--period", "month", "--format", "csv")...)
	if !strings.HasPrefix(out, "by,name,now,before,difference") || !strings.Contains(out, "\r\ntotal,called gone,0,0,0,") || strings.Contains(out, v.ID) {
		t.Errorf("it printed %s", out)
	}
	if out := command(t, s.args("report", "--period", "month", "--format", "csv", "--bom")...); !strings.HasPrefix(out, "\ufeffby,") {
		t.Errorf("it printed %q", out)
	}
	if out := command(t, s.args("report", "--format", "csv")...); !strings.HasPrefix(out, "video,title,source") {
		t.Errorf("it printed %s", out)
	}
	for _, args := range [][]string{{"--period", "month", "--format", "atom"}, {"--period", "decade", "--format", "csv"}} {
		if got := try(t, "", s.args(append([]string{"report"}, args...)...)...); got.code != exitUsage || got.out != "" || !strings.Contains(got.errs, "period") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestAReportLeadsToTheNewsroom(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	serve(t, s.args("--base-url", "https://videos.example.org")...).Stop(t)
	out := command(t, s.args("report", "--format", "html", "--lang", "es")...)
	for _, want := range []string{"/videos/" + v.ID + "?lang=es", "/videos/" + v.ID + "/evidence?lang=es"} {
		if !strings.Contains(out, `<a href="https://videos.example.org`+want+`">`) {
			t.Errorf("nothing leads to %s", want)
		}
	}
	if out := command(t, s.args("report")...); !strings.Contains(out, v.ID) {
		t.Errorf("no id to ask about: %s", out)
	}
}
