package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"videoteca/internal/people"
	"videoteca/internal/spool"
	"videoteca/web"
)

// public stands in the table below for routes that ask nobody who they are.
const public = "public"

// needed is what every route asks for. It is written by hand: a route that is missing here, or that
// lets through somebody else, fails the test.
var needed = map[string]string{
	"GET /healthz": public, "GET /readyz": public, "GET /e/:id": public, "GET /v/:id": public, "GET /embed.js": public,
	"GET /wordpress.zip": public, "POST /e/:id/trouble": public, "GET /p/:id/:file": public, "GET /m/:id/:file": public,
	"GET /oembed": public, "GET /assets/:version/*file": public, "GET /videos/embed/silent": public, "GET /login": public, "POST /login": public, "POST /logout": public,
	"GET /setup": public, "POST /setup": public, "GET /join": public, "POST /join": public, "GET /api/v1/openapi.json": public, "GET /api/v1/docs": public,

	"GET /metrics": "view", "GET /": "view", "GET /home": "view", "GET /videos": "view", "GET /videos/:id": "view", "GET /videos/:id/evidence": "view",
	"GET /videos/:id/evidence/:file": "view", "GET /videos/:id/takedown": "view", "GET /videos/:id/try": "view",
	"GET /videos/:id/form/:kind": "view", "GET /videos/:id/as/:state": "view", "GET /videos/:id/activity": "view",
	"GET /audit": "view", "GET /audit.atom": "view", "GET /audit.csv": "export", "GET /audit.json": "export",
	"GET /audit/tasks/:task":      "view",
	"GET /videos/:id/dossier.zip": "export", "GET /story/article": "view",

	"GET /new": "edit", "POST /new": "edit", "POST /new/many": "edit", "POST /api/v1/scan": "edit", "POST /videos": "edit", "POST /videos/:id": "edit", "POST /videos/:id/title": "edit",
	"POST /videos/:id/prefer": "edit", "POST /videos/:id/sources": "edit", "POST /videos/:id/copies": "edit",
	"POST /videos/:id/captions": "edit", "POST /videos/:id/poster": "edit", "POST /story/:id": "edit",
	"POST /videos/:id/move": "edit", "POST /videos/:id/labels": "edit", "POST /videos/:id/merge": "edit",
	"POST /videos/:id/remove": "edit", "POST /videos/undo": "edit withdraw",
	"POST /videos/bulk": "edit audit withdraw", "POST /videos/export": "export",
	"POST /videos/:id/check":    "edit audit",
	"POST /videos/:id/withdraw": "withdraw", "POST /videos/:id/embargo": "withdraw", "POST /videos/:id/publish": "withdraw",
	"POST /videos/:id/hold": "erase", "POST /videos/:id/lift-hold": "erase", "POST /videos/:id/erase": "erase",
	"POST /videos/:id/overrule": "audit", "POST /videos/:id/release": "audit", "POST /audit": "audit",

	"GET /account": "person", "POST /account/profile": "person", "POST /account/password": "person", "POST /account/tokens": "person",
	"POST /account/feed": "person", "POST /account/feed/revoke": "person",
	"POST /account/tokens/:token/revoke": "person", "POST /account/sessions/:session/end": "person",
	"GET /people": "people", "POST /people": "people", "POST /people/:login/roles": "people", "POST /people/:login/invite": "people",
	"POST /people/:login/disable": "people", "POST /people/:login/enable": "people",

	"GET /settings": "settings", "POST /settings/audit": "settings", "POST /settings/retention": "settings", "POST /settings/rulings": "settings",
	"GET /api/v1/settings": "view", "GET /api/v1/settings/:name": "view", "PATCH /api/v1/settings/:name": "settings",
	"GET /api/v1/settings/changes": "settings", "GET /api/v1/settings/installation": "settings",

	"GET /api/v1/videos": "view", "GET /api/v1/videos/:id": "view", "GET /api/v1/videos/:id/snippets": "view",
	"POST /api/v1/videos": "edit", "PATCH /api/v1/videos/:id": "edit", "POST /api/v1/videos/:id/check": "edit audit",
	"POST /api/v1/videos/:id/sources": "edit", "POST /api/v1/videos/:id/prefer": "edit", "POST /api/v1/videos/:id/copies": "edit",
	"PUT /api/v1/videos/:id/captions/:language": "edit", "PUT /api/v1/videos/:id/poster": "edit",
	"DELETE /api/v1/videos/:id/copies/:digest": "edit", "DELETE /api/v1/videos/:id/captions/:language": "edit", "DELETE /api/v1/videos/:id/poster": "edit",
	"POST /api/v1/videos/:id/undo": "edit withdraw", "POST /api/v1/rulings": "audit",
	"OPTIONS /api/v1/uploads": "edit", "POST /api/v1/uploads": "edit", "GET /api/v1/uploads/:id": "edit", "PATCH /api/v1/uploads/:id": "edit", "DELETE /api/v1/uploads/:id": "edit",
	"POST /api/v1/bulk": "edit audit withdraw", "POST /api/v1/videos/:id/withdraw": "withdraw",
	"POST /api/v1/videos/:id/embargo": "withdraw", "POST /api/v1/videos/:id/publish": "withdraw",
	"POST /api/v1/videos/:id/overrule": "audit", "POST /api/v1/videos/:id/release": "audit",

	"GET /api/v1/facets/:kind": "view", "GET /api/v1/articles": "view", "GET /api/v1/videos/:id/articles": "view",
	"GET /api/v1/videos/:id/evidence": "view", "GET /api/v1/videos/:id/captures": "view", "GET /api/v1/videos/:id/activity": "view",
	"GET /api/v1/audit": "view", "GET /api/v1/audit/history": "view", "GET /api/v1/audit/changes": "view", "GET /api/v1/retention": "view",
	"POST /api/v1/preview": "edit", "POST /api/v1/videos/bulk": "edit import", "POST /api/v1/videos/:id/move": "edit",
	"PUT /api/v1/videos/:id/sources": "edit", "POST /api/v1/videos/:id/merge": "edit",
	"POST /api/v1/videos/export": "export", "POST /api/v1/audit/bulk": "audit",
	"POST /api/v1/videos/:id/hold": "erase", "POST /api/v1/videos/:id/lift-hold": "erase",
	"GET /api/v1/videos/:id/erasure": "erase", "POST /api/v1/videos/:id/erasure": "erase",
}

// grants is what each role may, by hand too.
var grants = map[string]string{
	"viewer":    "view person",
	"editor":    "view person edit withdraw export",
	"archivist": "view person audit export import",
	"admin":     "view person edit withdraw audit export import erase people settings",
}

// everything is a server with all the routes there are.
func everything(t *testing.T) *staffed {
	t.Helper()
	incoming, err := spool.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return newStaffed(t, staged, func(o *web.Options) {
		o.Dossier, o.Reports, o.Spool, o.Merger = &clerk{}, told{shelf: o.Catalog.(*shelf)}, incoming, o.Catalog.(*shelf)
		o.Settings = newOffice(o.Catalog.(*shelf))
		o.Captures, o.Retention = seen{}, purges{}
	})
}

// Every route is asked by nobody, by every role, and by a program that may view alone.
func TestEveryRouteAsksForItsPermission(t *testing.T) {
	s := everything(t)
	credentials := map[string]with{"": func(*http.Request) {}, "a token to view": s.token(t, people.View), "a token for all": s.token(t, people.Permissions()...)}
	signIn := func() {
		for _, role := range people.Roles() {
			credentials[string(role)] = s.as(t, string(role))
		}
	}
	signIn()
	asked := 0
	met := map[string]bool{}
	for _, route := range s.Routes() {
		name := route.Method + " " + route.Path
		if route.Method == http.MethodHead {
			name = "GET " + route.Path
		}
		want, listed := needed[name]
		if !listed {
			t.Errorf("%s is not in the table", name)
			continue
		}
		met[name] = true
		if route.Path != "/logout" { // which ends them
			signIn()
			signIn()
		}
		for who, credential := range credentials {
			s.restore()
			r := s.ask(t, route.Method, concrete(route.Path), bodyFor(route.Path), credential)
			asked++
			status := r.StatusCode
			switch {
			case want == public:
				if status == http.StatusUnauthorized || status == http.StatusForbidden && !strings.Contains(route.Path, "/login") && !strings.Contains(route.Path, "/setup") && !strings.Contains(route.Path, "/join") {
					t.Errorf("%s asks %q who they are: %d", name, who, status)
				}
			case who == "":
				if status != http.StatusUnauthorized {
					t.Errorf("%s lets in a stranger: %d", name, status)
				}
			case !mayOne(who, want):
				if status != http.StatusForbidden {
					t.Errorf("%s lets in the role %s: %d", name, who, status)
				}
			case status == http.StatusUnauthorized || status == http.StatusForbidden:
				t.Errorf("%s keeps out the role %s: %d", name, who, status)
			}
		}
	}
	for name := range needed {
		if !met[name] {
			t.Errorf("%s is in the table, and there is no such route", name)
		}
	}
	t.Logf("%d requests of %d kinds of people over %d routes", asked, len(credentials), len(met))
}

func mayOne(who, want string) bool {
	granted := grants[who]
	switch who {
	case "a token to view":
		granted = "view"
	case "a token for all":
		granted = "view edit withdraw audit export import erase settings" // and neither accounts nor one's own
	}
	for permission := range strings.FieldsSeq(want) {
		for have := range strings.FieldsSeq(granted) {
			if have == permission {
				return true
			}
		}
	}
	return false
}

// concrete fills in a route's parameters. The video is one that nothing is left of afterwards.
func concrete(path string) string {
	return strings.NewReplacer(
		":id", string(pictured), "*file", "site.css", ":version", "0", ":kind", "article", ":state", "live",
		":name", "audit", ":language", "es", ":digest", strings.Repeat("cd", 32), ":login", "nobody", ":token", "nothing", ":task", "nothing", ":session", "nothing", ":file", "640.jpg",
	).Replace(path)
}

func bodyFor(path string) string {
	if strings.HasPrefix(path, "/api/") {
		return `{"url":"https://toy.example/one"}`
	}
	return "x=y"
}

// restore undoes what a request before may have done to the video and to the accounts.
func (s *staffed) restore() {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	v := picturedVideo()
	v.Revision = 1
	s.shelf.videos[pictured] = v
}

func TestSomebodyWithoutThePermissionIsToldWhich(t *testing.T) {
	s := everything(t)
	viewer := s.as(t, "viewer")
	page := text(t, s.get(t, "/people?lang=es", viewer))
	if !strings.Contains(page, "Su cuenta no puede hacer esto") {
		t.Errorf("the page says %s", page)
	}
	p := wantProblem(t, s.ask(t, "POST", "/api/v1/videos", `{"url":"https://toy.example/one"}`, s.token(t, people.View)), http.StatusForbidden)
	if !strings.Contains(p.Detail, `"edit"`) {
		t.Errorf("the API says %+v", p)
	}
}

func TestEventsNameWhoActed(t *testing.T) {
	s := newStaffed(t)
	for name, ask := range map[string]func() *http.Response{
		"a person": func() *http.Response {
			return s.ask(t, "POST", "/videos", "url=https://toy.example/by-editor&language=es", s.as(t, "editor"))
		},
		"a program": func() *http.Response {
			return s.ask(t, "POST", "/api/v1/videos", `{"url":"https://toy.example/by-admin"}`, s.token(t, people.Edit, people.View))
		},
	} {
		if r := ask(); r.StatusCode != http.StatusSeeOther && r.StatusCode != http.StatusCreated {
			t.Errorf("%s: %d %s", name, r.StatusCode, text(t, r))
		}
	}
	by := map[string]bool{}
	for _, v := range s.shelf.videos {
		by[fmt.Sprint(v.RegisteredBy)] = true
	}
	if !by["editor"] || !by["admin"] {
		t.Errorf("registered by %v", by)
	}
}

func TestTheDescriptionNamesThePermissions(t *testing.T) {
	document := text(t, newStaffed(t).get(t, "/api/v1/openapi.json"))
	if n := strings.Count(document, `"x-permission"`); n < 10 {
		t.Errorf("%d operations name what they need", n)
	}
}
