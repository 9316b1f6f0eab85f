package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/web"
)

// withAll is a server with everything in its API, and a program that may do all of it.
func withAll(t *testing.T) (*staffed, with) {
	t.Helper()
	s := everything(t)
	return s, s.token(t, people.Permissions()...)
}

// updates are all operations that change one video, with bodies that are good.
var updates = map[string]struct{ method, path, body string }{
	"describing": {"PATCH", "", `{"notes":"x"}`}, "asking": {"POST", "/check", ""},
	"adding a mirror": {"POST", "/sources", `{"url":"https://toy.example/mirror"}`}, "ordering": {"PUT", "/sources", `{"sources":["toy:one","toy:two"]}`},
	"preferring": {"POST", "/prefer", `{"source":"toy:one"}`}, "moving": {"POST", "/move", `{"source":"toy:one","to":"up"}`},
	"merging": {"POST", "/merge", `{"duplicate":"` + string(bare) + `"}`}, "overruling": {"POST", "/overrule", `{"source":"toy:one","as":"dead","reason":"x"}`},
	"releasing": {"POST", "/release", `{"source":"toy:one","reason":"x"}`}, "withdrawing": {"POST", "/withdraw", `{"explanation":{"es":"x"}}`},
	"an embargo": {"POST", "/embargo", `{"until":"2030-05-01T06:00:00Z"}`}, "publishing": {"POST", "/publish", ""}, "a hold": {"POST", "/hold", `{"reason":"x"}`},
	"lifting it": {"POST", "/lift-hold", `{"reason":"x"}`}, "erasing": {"POST", "/erasure", `{"basis":"GDPR","confirm":"` + string(pictured) + `"}`},
	"captions": {"PUT", "/captions/es", vttFile}, "a poster": {"PUT", "/poster", pngFile}, "a copy": {"POST", "/copies?rights=x", mp4File},
}

func TestNoChangeUndoesWhatItDidNotSee(t *testing.T) {
	s, program := withAll(t)
	for name, u := range updates {
		for match, want := range map[string]int{`"7"`: 412, `"6", "7"`: 412, `W/"1"`: 412, "nonsense": 412, `"7", "1"`: 200, "*": 200} {
			s.restore()
			before := s.now(pictured)
			r := s.ask(t, u.method, videos+"/"+string(pictured)+u.path, u.body, program, header("If-Match", match))
			if r.StatusCode != want && (want != 200 || r.StatusCode != http.StatusCreated) {
				t.Errorf("%s, If-Match %s: %d, want %d: %s", name, match, r.StatusCode, want, text(t, r))
				continue
			}
			if want == 412 {
				if p := wantProblem(t, r, 412); len(p.Errors) != 1 || p.Errors[0].Location != "header.If-Match" {
					t.Errorf("%s: %+v", name, p)
				}
				if s.now(pictured).Revision != before.Revision {
					t.Errorf("%s: it was done all the same", name)
				}
			}
		}
	}
}

func TestEveryChangeAnswersWithTheNewETag(t *testing.T) {
	s, program := withAll(t)
	for name, u := range updates {
		s.restore()
		r := s.ask(t, u.method, videos+"/"+string(pictured)+u.path, u.body, program)
		v := decode[web.APIVideo](t, r)
		if r.StatusCode >= 300 || v.ID != string(pictured) || r.Header.Get("ETag") == "" {
			t.Errorf("%s: %d, ETag %q, %+v", name, r.StatusCode, r.Header.Get("ETag"), v)
			continue
		}
		if r := s.ask(t, "GET", videos+"/"+v.ID, "", program, header("If-None-Match", r.Header.Get("ETag"))); r.StatusCode != http.StatusNotModified || r.Header.Get("ETag") == "" {
			t.Errorf("%s: the new ETag is not the record's: %d", name, r.StatusCode)
		}
	}
}

func TestSourcesAreOrderedThroughTheAPI(t *testing.T) {
	s, program := withAll(t)
	const path = videos + "/" + string(pictured)
	order := func(r *http.Response) string {
		var ids []string
		for _, source := range decode[web.APIVideo](t, r).Sources {
			ids = append(ids, source.ID)
		}
		return strings.Join(ids, " ")
	}
	if got := order(s.ask(t, "POST", path+"/move", `{"source":"toy:one","to":"up"}`, program)); got != "one two" {
		t.Errorf("moved up: %s", got)
	}
	if got := order(s.ask(t, "POST", path+"/move", `{"source":"toy:one","to":"down"}`, program)); got != "two one" {
		t.Errorf("moved down: %s", got)
	}
	if got := order(s.ask(t, "PUT", path+"/sources", `{"sources":["toy:one","toy:two"]}`, program)); got != "one two" {
		t.Errorf("ordered: %s", got)
	}
	for body, status := range map[string]int{
		`{"sources":["toy:one"]}`: 409, `{"sources":["toy:one","toy:one"]}`: 409, `{"sources":["toy:one","two"]}`: 422, `{"sources":"toy:one"}`: 422,
	} {
		if p := wantProblem(t, s.ask(t, "PUT", path+"/sources", body, program), status); len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Location, "body.sources") {
			t.Errorf("%s: %+v", body, p)
		}
	}
	for body, location := range map[string]string{`{"source":"toy:none","to":"up"}`: "body.source", `{"source":"toy:one","to":"top"}`: "body.to"} {
		if p := wantProblem(t, s.ask(t, "POST", path+"/move", body, program), 422); p.Errors[0].Location != location {
			t.Errorf("%s: %+v", body, p)
		}
	}
}

func TestDuplicatesAreMergedThroughTheAPI(t *testing.T) {
	s, program := withAll(t)
	const path = videos + "/" + string(pictured) + "/merge"
	v := decode[web.APIVideo](t, s.ask(t, "POST", path, `{"duplicate":"`+string(bare)+`"}`, program))
	if len(v.Sources) != 3 || len(v.Aliases) != 1 || v.Aliases[0] != string(bare) {
		t.Errorf("got %+v", v)
	}
	for body, status := range map[string]int{`{"duplicate":"` + string(pictured) + `"}`: 422, `{"duplicate":"x"}`: 422, `{"duplicate":"` + string(absent) + `"}`: 404} {
		if p := wantProblem(t, s.ask(t, "POST", path, body, program), status); status == 422 && p.Errors[0].Location != "body.duplicate" {
			t.Errorf("%s: %+v", body, p)
		}
	}
}

func TestAChangeOfADuplicateThroughTheAPIIsOneOfTheVideoThatServesForIt(t *testing.T) {
	s, program := withAll(t)
	s.ask(t, "POST", videos+"/"+string(pictured)+"/merge", `{"duplicate":"`+string(bare)+`"}`, program)
	const path = videos + "/" + string(bare)
	before, old := s.now(pictured), s.now(bare)
	match := header("If-Match", `"`+strconv.FormatInt(before.Revision, 10)+`"`)
	r := s.ask(t, "POST", path+"/withdraw", `{"explanation":{"es":"Lo revisamos."}}`, program, match)
	v := decode[web.APIVideo](t, r)
	if v.ID != string(pictured) || s.now(pictured).Visibility.Exposure != archive.Withdrawn || s.now(bare).Revision != old.Revision {
		t.Errorf("withdrawn is %+v", v)
	}
	wantProblem(t, s.ask(t, "POST", path+"/publish", "", program, match), 412) // what was seen is of before
	if v := decode[web.APIVideo](t, s.ask(t, "PATCH", path, `{"title":{"fr":"Le titre"}}`, program)); v.ID != string(pictured) || s.now(pictured).Title["fr"] != "Le titre" {
		t.Errorf("described is %+v", v)
	}
}

func TestErasingThroughTheAPIIsPreviewedAndConfirmed(t *testing.T) {
	s, program := withAll(t)
	s.attic.objs = []archive.Belonging{{Key: "files/7k/a.jpg", Bytes: 100, File: strings.Repeat("ab", 32)}, {Key: "events/7k/b.json", Bytes: 20}}
	const path = videos + "/" + string(pictured)
	preview := decode[web.APIErasurePreview](t, s.ask(t, "GET", path+"/erasure", "", program))
	if preview.Objects != 2 || preview.Bytes != 120 || len(preview.Items) != 2 || preview.Items[0].Key != "files/7k/a.jpg" || preview.Held != nil {
		t.Errorf("the preview is %+v", preview)
	}
	for body, location := range map[string]string{
		`{"confirm":"` + string(pictured) + `"}`: "body.basis", `{"basis":"GDPR"}`: "body.confirm", `{"basis":"GDPR","confirm":"` + string(bare) + `"}`: "body.confirm",
		`{"basis":"","confirm":"` + string(pictured) + `"}`: "body.basis",
	} {
		if p := wantProblem(t, s.ask(t, "POST", path+"/erasure", body, program), 422); p.Errors[0].Location != location {
			t.Errorf("%s: %+v", body, p)
		}
	}
	held := decode[web.APIVideo](t, s.ask(t, "POST", path+"/hold", `{"reason":"case 12"}`, program))
	if held.LegalHold == nil || held.LegalHold.Reason != "case 12" || held.LegalHold.By != "admin" {
		t.Errorf("held: %+v", held.LegalHold)
	}
	const demand = `{"basis":"GDPR Art. 17","reason":"asked","confirm":"` + string(pictured) + `"}`
	wantProblem(t, s.ask(t, "POST", path+"/erasure", demand, program), 409)
	if p := decode[web.APIErasurePreview](t, s.ask(t, "GET", path+"/erasure", "", program)); p.Held == nil {
		t.Error("the preview does not tell of the hold")
	}
	if v := decode[web.APIVideo](t, s.ask(t, "POST", path+"/lift-hold", `{"reason":"closed"}`, program)); v.LegalHold != nil {
		t.Errorf("lifted: %+v", v.LegalHold)
	}
	v := decode[web.APIVideo](t, s.ask(t, "POST", path+"/erasure", demand, program))
	if v.Visibility != "erased" || v.Erasure == nil || v.Erasure.Basis != "GDPR Art. 17" || len(v.Sources) != 0 || len(s.attic.erased) != 1 {
		t.Errorf("erased: %+v", v)
	}
	wantProblem(t, s.ask(t, "PATCH", path, `{"notes":"x"}`, program), 410)
}
