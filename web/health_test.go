package web_test

import (
	"strings"
	"testing"
	"time"

	"videoteca/web"
)

type readyAnswer struct {
	Ready   bool
	Store   string
	Posters struct {
		Held, Of int
		Share    float64
	}
}

func TestReadiness(t *testing.T) {
	for name, tt := range map[string]struct {
		report web.ReadyReport
		status int
		share  float64
	}{
		"with the store":         {web.ReadyReport{Store: true, PostersHeld: 1, PostersAll: 4}, 200, .25},
		"without pictures":       {web.ReadyReport{Store: true}, 200, 1},
		"with the store away":    {web.ReadyReport{PostersHeld: 4, PostersAll: 4}, 503, 1},
		"while posters are made": {web.ReadyReport{Store: true, PostersAll: 4}, 200, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.pulse.report = tt.report
			r := s.get(t, "/readyz")
			if (r.Header.Get("Retry-After") != "") != (tt.status == 503) {
				t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
			}
			answer := decode[readyAnswer](t, r)
			if r.StatusCode != tt.status || answer.Ready != tt.report.Store || answer.Posters.Share != tt.share || answer.Posters.Of != tt.report.PostersAll {
				t.Errorf("got %d %+v", r.StatusCode, answer)
			}
		})
	}
}

func TestReadinessIsAskedAtMostEveryTwoSeconds(t *testing.T) {
	s := newSite(t)
	for range 5 {
		s.get(t, "/readyz")
	}
	if s.pulse.asked != 1 {
		t.Errorf("asked %d times", s.pulse.asked)
	}
	s.clock.at = now().Add(2 * time.Second)
	s.get(t, "/readyz")
	if s.pulse.asked != 2 {
		t.Errorf("asked %d times", s.pulse.asked)
	}
}

func TestHealthNamesTheVersion(t *testing.T) {
	r := newSite(t).get(t, "/healthz")
	if got := text(t, r); got != `{"status":"ok","version":"v1.2.3"}`+"\n" {
		t.Errorf("got %s", got)
	}
	s := newSite(t)
	s.shelf.fail(errDisk)
	if r := s.get(t, "/healthz"); r.StatusCode != 200 {
		t.Errorf("a dead store does not make a dead process: %d", r.StatusCode)
	}
}

func TestMetricsCountByRoute(t *testing.T) {
	s := newSite(t)
	s.get(t, "/e/"+string(pictured))
	s.get(t, "/e/"+string(absent))
	s.get(t, "/somewhere/else")
	s.ask(t, "PROPFIND", "/e/"+string(pictured), "")
	body := text(t, s.get(t, "/metrics", bearer()))
	for _, want := range []string{
		`videoteca_http_requests_total{method="GET",route="/e/:id",status="200"} 1`,
		`videoteca_http_requests_total{method="GET",route="/e/:id",status="404"} 1`,
		`videoteca_http_requests_total{method="GET",route="none",status="404"} 1`,
		`videoteca_http_requests_total{method="other",route="none",status="405"} 1`,
		`videoteca_http_request_seconds_count{route="/e/:id"} 2`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics lack %s:\n%s", want, body)
		}
	}
	if strings.Contains(body, string(pictured)) {
		t.Error("a label holds an id, of which there may be millions")
	}
}
