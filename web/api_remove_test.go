package web_test

import (
	"net/http"
	"strings"
	"testing"

	"videoteca/internal/people"
	"videoteca/web"
)

func TestFilesAreTakenBackThroughTheAPI(t *testing.T) {
	s, program := withAll(t)
	s.stocked()
	const path = videos + "/" + string(pictured)
	v := decode[web.APIVideo](t, s.ask(t, "DELETE", path+"/copies/"+filmDigest, "", program))
	if len(v.Copies) != 0 || len(v.Captions) != 1 || !v.OwnPoster {
		t.Errorf("without the copy: %+v", v)
	}
	if v = decode[web.APIVideo](t, s.ask(t, "DELETE", path+"/captions/ES", "", program)); len(v.Captions) != 0 || !v.OwnPoster {
		t.Errorf("without captions: %+v", v)
	}
	r := s.ask(t, "DELETE", path+"/poster", "", program)
	if v = decode[web.APIVideo](t, r); v.OwnPoster || !strings.HasPrefix(r.Header.Get("ETag"), `"4.`) {
		t.Errorf("without the poster: %s %+v", r.Header.Get("ETag"), v)
	}
	for _, e := range s.shelf.events[len(s.shelf.events)-3:] {
		if !strings.HasPrefix(e.Verb, "remove-") || e.Actor != "admin" {
			t.Errorf("the event is %+v", e)
		}
	}
}

func TestAFileThatIsNotThereIsNamedWithThoseThatAre(t *testing.T) {
	s, program := withAll(t)
	s.stocked()
	const path = videos + "/" + string(pictured)
	for address, want := range map[string]struct{ location, cure string }{
		"/copies/" + strings.Repeat("0", 64): {"path.digest", filmDigest}, "/copies/film.mp4": {"path.digest", filmDigest},
		"/captions/pt": {"path.language", "name one of its own: es"},
	} {
		p := wantProblem(t, s.ask(t, "DELETE", path+address, "", program), http.StatusNotFound)
		if len(p.Errors) != 1 || p.Errors[0].Location != want.location || !strings.Contains(p.Errors[0].Message, want.cure) {
			t.Errorf("%s: %+v", address, p)
		}
	}
	if s.now(pictured).Revision != 1 {
		t.Error("something was changed all the same")
	}
	s.restore()
	for _, address := range []string{"/copies/" + filmDigest, "/captions/es", "/poster"} {
		if p := wantProblem(t, s.ask(t, "DELETE", path+address, "", program), http.StatusNotFound); !strings.Contains(p.Detail, "nothing to take back") {
			t.Errorf("%s: %+v", address, p)
		}
	}
	wantProblem(t, s.ask(t, "DELETE", videos+"/"+string(absent)+"/poster", "", program), http.StatusNotFound)
	wantProblem(t, s.ask(t, "DELETE", videos+"/x/poster", "", program), http.StatusBadRequest)
}

func TestHostsAreRuledOverThroughTheAPI(t *testing.T) {
	s, _ := withAll(t)
	program := s.token(t, people.View, people.Audit)
	rule := func(body string) *http.Response { return s.ask(t, "POST", "/api/v1/rulings", body, program) }
	for name, host := range map[string]string{"a host": "Toy.example", "an address there": "https://toy.example/one?x=1"} {
		ruled := decode[web.APIRuled](t, rule(`{"host":"`+host+`","as":"ignore","reason":" The host is being moved. "}`))
		o := s.now(bare).Sources[0].Overrule
		if ruled.Videos != 4 || o == nil || o.As != "ignore" || o.Reason != "The host is being moved." || o.By != "admin" || o.Host != "toy.example" {
			t.Errorf("%s: %+v, %+v", name, ruled, o)
		}
		if ruled = decode[web.APIRuled](t, rule(`{"host":"toy.example","as":"none","reason":"It has been moved."}`)); ruled.Videos != 4 || s.now(bare).Sources[0].Overrule != nil {
			t.Errorf("%s: taken back: %+v", name, ruled)
		}
	}
	for body, location := range map[string]string{
		`{"host":"elsewhere.example","as":"dead","reason":"x"}`: "body.host", `{"host":" ","as":"dead","reason":"x"}`: "body.host", `{"as":"dead","reason":"x"}`: "body.host",
		`{"host":"toy.example","as":"asleep","reason":"x"}`: "body.as", `{"host":"toy.example","reason":"x"}`: "body.as",
		`{"host":"toy.example","as":"dead","reason":" "}`: "body.reason", `{"host":"toy.example","as":"dead"}`: "body.reason",
	} {
		if p := wantProblem(t, rule(body), http.StatusUnprocessableEntity); len(p.Errors) != 1 || p.Errors[0].Location != location {
			t.Errorf("%s: %+v", body, p)
		}
	}
	if s.now(bare).Sources[0].Overrule != nil {
		t.Error("something was ruled all the same")
	}
}
