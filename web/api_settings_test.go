package web_test

import (
	"net/http"
	"strings"
	"testing"

	"videoteca/internal/people"
	"videoteca/web"
)

func TestProgramsReadAndChangeSettings(t *testing.T) {
	s, d := withSettings(t)
	may := s.token(t, people.View, people.Settings)
	list := decode[struct{ Items []web.APISetting }](t, s.get(t, "/api/v1/settings", s.token(t, people.View)))
	if len(list.Items) != 2 || list.Items[0].Name != "audit" || list.Items[1].Fields[0].Value != "keep" {
		t.Errorf("%+v", list)
	}
	r := s.ask(t, "PATCH", "/api/v1/settings/audit", `{"values":{"suspect":"3h","guardShare":"0.1"}}`, may)
	tag := r.Header.Get("ETag")
	changed := decode[web.APISetting](t, r)
	if r.StatusCode != http.StatusOK || d.chosen(t, "audit")["suspect"] != "3h" {
		t.Errorf("got %d, %v", r.StatusCode, d.chosen(t, "audit"))
	}
	for _, f := range changed.Fields {
		if f.Chosen != (f.Name == "suspect" || f.Name == "guardShare") || f.Value == "" || f.Meaning == "" {
			t.Errorf("%+v", f)
		}
	}
	if got := s.get(t, "/api/v1/settings/audit", may).Header.Get("ETag"); got != tag || tag == "" {
		t.Errorf("the ETag is %q, and was %q", got, tag)
	}
	changes := decode[struct{ Items []web.APISettingChange }](t, s.get(t, "/api/v1/settings/changes", may))
	if len(changes.Items) != 1 || changes.Items[0].Actor != "admin" || changes.Items[0].After["suspect"] != "3h" {
		t.Errorf("%+v", changes)
	}
}

func TestAProgramThatSawAnOlderSettingChangesNothing(t *testing.T) {
	s, d := withSettings(t)
	may := s.token(t, people.View, people.Settings)
	tag := s.get(t, "/api/v1/settings/audit", may).Header.Get("ETag")
	d.choose(t, "audit", "suspect", "4h")
	for _, match := range []string{tag, `"nobody's"`, "naked", `""`} {
		wantProblem(t, s.ask(t, "PATCH", "/api/v1/settings/audit", `{"values":{"suspect":"3h"}}`, may, header("If-Match", match)), http.StatusPreconditionFailed)
	}
	if got := d.chosen(t, "audit")["suspect"]; got != "4h" {
		t.Errorf("it is %q", got)
	}
	for _, match := range []string{s.get(t, "/api/v1/settings/audit", may).Header.Get("ETag"), "*"} {
		if r := s.ask(t, "PATCH", "/api/v1/settings/audit", `{"values":{"suspect":""}}`, may, header("If-Match", match)); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", match, r.StatusCode)
		}
	}
}

func TestAProgramHasSettingsAsTheyAreForTheAskingOnce(t *testing.T) {
	s, d := withSettings(t)
	may := s.token(t, people.View)
	for _, path := range []string{"/api/v1/settings", "/api/v1/settings/audit"} {
		tag := s.get(t, path, may).Header.Get("ETag")
		for _, match := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			if r := s.get(t, path, may, header("If-None-Match", match)); r.StatusCode != http.StatusNotModified || text(t, r) != "" || r.Header.Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: %d", path, match, r.StatusCode)
			}
		}
		d.choose(t, "audit", "suspect", "4h")
		if r := s.get(t, path, may, header("If-None-Match", tag)); r.StatusCode != http.StatusOK || r.Header.Get("ETag") == tag {
			t.Errorf("%s after a change: %d", path, r.StatusCode)
		}
		d.choose(t, "audit", "suspect", "")
	}
}

func TestTheAPINamesTheValueThatCannotBeUsed(t *testing.T) {
	s, _ := withSettings(t)
	may := s.token(t, people.View, people.Settings)
	p := wantProblem(t, s.ask(t, "PATCH", "/api/v1/settings/audit", `{"values":{"suspect":"often"}}`, may), http.StatusUnprocessableEntity)
	if len(p.Errors) != 1 || p.Errors[0].Location != "body.values.suspect" || !strings.Contains(p.Errors[0].Message, "write 5h") {
		t.Errorf("%+v", p)
	}
	wantProblem(t, s.ask(t, "PATCH", "/api/v1/settings/audit", `{"values":{"speed":"9"}}`, may), http.StatusUnprocessableEntity)
	wantProblem(t, s.ask(t, "PATCH", "/api/v1/settings/notices", `{"values":{}}`, may), http.StatusNotFound)
	wantProblem(t, s.get(t, "/api/v1/settings/notices", may), http.StatusNotFound)
}

func TestTheAPISaysWhatTheInstallationRunsWithToThoseWhoMayChangeIt(t *testing.T) {
	s, _ := withSettings(t)
	facts := decode[struct{ Items []web.APIFact }](t, s.get(t, "/api/v1/settings/installation", s.token(t, people.View, people.Settings)))
	if len(facts.Items) != 5 || facts.Items[1] != (web.APIFact{Name: "youtubeKey", State: "given", Flag: "--youtube-key-file"}) {
		t.Errorf("%+v", facts)
	}
	wantProblem(t, s.get(t, "/api/v1/settings/installation", s.token(t, people.View)), http.StatusForbidden)
}
