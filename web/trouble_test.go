package web_test

import (
	"net/http"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

// desk is where reports of trouble arrive.
type desk struct{ taken []string }

func (d *desk) Report(v archive.Video, key archive.SourceKey) bool {
	d.taken = append(d.taken, string(v.ID)+" "+key.String())
	return true
}

func newDesk(t *testing.T) (*site, *desk) {
	d := &desk{}
	return newSite(t, func(o *web.Options) { o.Trouble = d }), d
}

const troublePath = "/e/" + string(pictured) + "/trouble"

func TestAReportOfTroubleIsTakenFromAnyArticleWithoutACookie(t *testing.T) {
	s, d := newDesk(t)
	r := s.ask(t, http.MethodPost, troublePath, `{"source":"toy:one","code":100}`,
		header("Origin", "https://news.example"), header("Sec-Fetch-Site", "cross-site"), header("Content-Type", "text/plain;charset=UTF-8"))
	if r.StatusCode != http.StatusNoContent || len(d.taken) != 1 || d.taken[0] != string(pictured)+" toy:one" {
		t.Errorf("status %d, taken %q", r.StatusCode, d.taken)
	}
	if r.Header.Get("Set-Cookie") != "" {
		t.Error("a cookie is set")
	}
	if log := s.log.String(); strings.Contains(log, "203.0.113.9") || !strings.Contains(log, "toy:one") {
		t.Errorf("the log should name the source and not the reader: %s", log)
	}
}

func TestWhatAnArticleIsToBlameForIsLoggedAndNoSourceIsAsked(t *testing.T) {
	s, d := newDesk(t)
	for _, code := range []string{"153", "-1"} {
		r := s.ask(t, http.MethodPost, troublePath, `{"source":"toy:one","code":`+code+`}`)
		if r.StatusCode != http.StatusNoContent || len(d.taken) != 0 {
			t.Errorf("code %s: status %d, taken %q", code, r.StatusCode, d.taken)
		}
	}
	if !strings.Contains(s.log.String(), "Referer") {
		t.Error("nobody is told that an article sends no Referer")
	}
}

func TestReportsThatSayNothingAreRefused(t *testing.T) {
	s, d := newDesk(t)
	for name, tt := range map[string]struct {
		path, body string
		want       int
	}{
		"no JSON":         {troublePath, "x=1", 400},
		"empty":           {troublePath, "", 400},
		"a list":          {troublePath, "[]", 400},
		"too long":        {troublePath, `{"source":"` + strings.Repeat("x", 5000) + `"}`, 413},
		"an unknown id":   {"/e/" + string(absent) + "/trouble", `{"source":"toy:one","code":100}`, 404},
		"no id":           {"/e/x/trouble", `{"source":"toy:one","code":100}`, 404},
		"one under wraps": {"/e/" + string(embargoed) + "/trouble", `{"source":"toy:one","code":100}`, 404},
	} {
		if r := s.ask(t, http.MethodPost, tt.path, tt.body); r.StatusCode != tt.want {
			t.Errorf("%s: status %d, want %d", name, r.StatusCode, tt.want)
		}
	}
	if r := s.ask(t, http.MethodPost, troublePath, `{"source":"copy","code":4}`); r.StatusCode != http.StatusNoContent {
		t.Errorf("a copy: status %d", r.StatusCode)
	}
	if len(d.taken) != 0 {
		t.Errorf("taken: %q", d.taken)
	}
}

func TestPagesAskForReportsOnlyWhereSomebodyTakesThem(t *testing.T) {
	s, _ := newDesk(t)
	if page := text(t, s.get(t, "/e/"+string(pictured))); !strings.Contains(page, `"report":"`+troublePath+`"`) {
		t.Error("the page reports nothing")
	}
	if page := text(t, newSite(t).get(t, "/e/"+string(pictured))); strings.Contains(page, `"report"`) {
		t.Error("the page reports to nobody")
	}
}

func FuzzTroubleReport(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"source":"toy:one","code":100}`, `{"source":null}`, `{"code":1e99}`, `[[[[`, "\xff"} {
		f.Add(seed)
	}
	s := newSite(f, func(o *web.Options) { o.Trouble = &desk{} })
	f.Fuzz(func(t *testing.T, body string) {
		if r := s.ask(t, http.MethodPost, troublePath, body); r.StatusCode != 204 && r.StatusCode != 400 && r.StatusCode != 413 {
			t.Errorf("status %d for %q", r.StatusCode, body)
		}
	})
}
