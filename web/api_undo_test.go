package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/web"
)

const undoPath = videos + "/" + string(pictured) + "/undo"

// undoBody is the body that undoes a change, which the ETag of its answer names.
func undoBody(r *http.Response, verb string) string {
	revision, _, _ := strings.Cut(strings.Trim(r.Header.Get("ETag"), `"`), ".")
	return fmt.Sprintf(`{"revision":%s,"verb":%q}`, revision, verb)
}

func TestChangesAreUndoneThroughTheAPI(t *testing.T) {
	s, program := withAll(t)
	const path = videos + "/" + string(pictured)
	for verb, tt := range map[string]struct {
		method, path, body string
		done               func(archive.Video) bool
	}{
		"describe":        {"PATCH", "", `{"title":{"es":"Otro"}}`, func(v archive.Video) bool { return v.Title["es"] == "Otro" }},
		"prefer":          {"POST", "/prefer", `{"source":"toy:one"}`, func(v archive.Video) bool { return v.Sources[0].ID == "one" }},
		"order":           {"PUT", "/sources", `{"sources":["toy:one","toy:two"]}`, func(v archive.Video) bool { return v.Sources[0].ID == "one" }},
		"withdraw":        {"POST", "/withdraw", `{"explanation":{"es":"x"}}`, func(v archive.Video) bool { return v.Visibility.Exposure == archive.Withdrawn }},
		"embargo":         {"POST", "/embargo", `{"until":"2030-05-01T06:00:00Z"}`, func(v archive.Video) bool { return v.Visibility.Exposure == archive.Embargoed }},
		"remove-copy":     {"DELETE", "/copies/" + filmDigest, "", func(v archive.Video) bool { return len(v.Copies) == 0 }},
		"remove-captions": {"DELETE", "/captions/es", "", func(v archive.Video) bool { return len(v.Captions) == 0 }},
		"remove-poster":   {"DELETE", "/poster", "", func(v archive.Video) bool { return v.Picture == nil }},
	} {
		s.stocked()
		r := s.ask(t, tt.method, path+tt.path, tt.body, program)
		if r.StatusCode != http.StatusOK || !tt.done(s.now(pictured)) {
			t.Fatalf("%s: it was not done: %d", verb, r.StatusCode)
		}
		undone := s.ask(t, "POST", undoPath, undoBody(r, verb), program)
		if undone.StatusCode != http.StatusOK || tt.done(s.now(pictured)) {
			t.Errorf("%s: it was not undone: %d %s", verb, undone.StatusCode, text(t, undone))
		}
		if last := s.shelf.events[len(s.shelf.events)-1]; last.Verb != "undo" || last.Reason != verb || last.Actor != "admin" {
			t.Errorf("%s: the event is %+v", verb, last)
		}
	}
}

func TestOneOfTheChangesOfManyIsUndoneThroughTheAPI(t *testing.T) {
	s, program := withAll(t)
	s.ask(t, "POST", "/api/v1/bulk", `{"ids":["`+string(pictured)+`"],"action":"label","addTags":["ONU"]}`, program)
	v := decode[web.APIVideo](t, s.ask(t, "POST", undoPath, `{"revision":2,"verb":"label"}`, program))
	if len(v.Tags) != 0 || v.Revision != 3 {
		t.Errorf("got %+v", v)
	}
}

func TestUndoingThroughTheAPINeedsWhatDoingNeeded(t *testing.T) {
	s, program := withAll(t)
	programs := map[people.Permission]with{people.Edit: s.token(t, people.View, people.Edit), people.Withdraw: s.token(t, people.View, people.Withdraw)}
	for verb, needs := range map[string]people.Permission{
		"describe": people.Edit, "label": people.Edit, "prefer": people.Edit, "order": people.Edit, "remove-copy": people.Edit, "remove-captions": people.Edit, "remove-poster": people.Edit,
		"withdraw": people.Withdraw, "embargo": people.Withdraw, "publish": people.Withdraw,
	} {
		for has, credential := range programs {
			r := s.ask(t, "POST", undoPath, `{"revision":9,"verb":"`+verb+`"}`, credential)
			if has == needs && r.StatusCode != http.StatusUnprocessableEntity { // there is no such change
				t.Errorf("%s with %s: %d", verb, has, r.StatusCode)
			}
			if has != needs && !strings.Contains(wantProblem(t, r, http.StatusForbidden).Detail, fmt.Sprintf("%q", needs)) {
				t.Errorf("%s with %s: it does not say what it needs", verb, has)
			}
		}
	}
	for _, verb := range []string{"erase", "merge", "hold", "copy", ""} { // whatever one may do
		if p := wantProblem(t, s.ask(t, "POST", undoPath, `{"revision":1,"verb":"`+verb+`"}`, program), http.StatusUnprocessableEntity); p.Errors[0].Location != "body.verb" {
			t.Errorf("%q: %+v", verb, p)
		}
	}
}

func TestWhatCannotBeUndoneChangesNothingAndIsNamed(t *testing.T) {
	s, program := withAll(t)
	const path = videos + "/" + string(pictured)
	first := s.ask(t, "PATCH", path, `{"title":{"es":"Uno"}}`, program)
	s.ask(t, "PATCH", path, `{"title":{"es":"Dos"}}`, program)
	for name, tt := range map[string]struct {
		body, location, says string
		status               int
	}{
		"changed since":        {undoBody(first, "describe"), "body.revision", "title has been changed since", 409},
		"another verb":         {undoBody(first, "label"), "body.verb", "describe", 409},
		"no such change":       {`{"revision":40,"verb":"describe"}`, "body.revision", "no change that can be undone", 422},
		"no revision there is": {`{"revision":0,"verb":"describe"}`, "body.revision", "", 422},
		"none":                 {`{"verb":"describe"}`, "body.revision", "", 422},
		"no number":            {`{"revision":"two","verb":"describe"}`, "body.revision", "", 422},
	} {
		p := wantProblem(t, s.ask(t, "POST", undoPath, tt.body, program), tt.status)
		if len(p.Errors) == 0 || p.Errors[0].Location != tt.location || !strings.Contains(p.Detail, tt.says) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if v := s.now(pictured); v.Title["es"] != "Dos" || v.Revision != 3 {
		t.Errorf("it is %q at revision %d", v.Title["es"], v.Revision)
	}
	wantProblem(t, s.ask(t, "POST", videos+"/"+string(absent)+"/undo", `{"revision":1,"verb":"describe"}`, program), http.StatusNotFound)
}
