package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"videoteca/internal/people"
)

// description is the OpenAPI document as programs read it.
type description struct {
	Paths map[string]map[string]operation
	Tags  []struct{ Name, Description string }
}

type operation struct {
	OperationID, Summary, Description string
	Tags                              []string
	Permission                        []string `json:"x-permission"`
	Parameters                        []struct{ Name, In, Description string }
	Responses                         map[string]struct{ Content map[string]any }
}

const openAPI = "/api/v1/openapi.json"

func TestEveryOperationIsDescribed(t *testing.T) {
	s, _ := withAll(t)
	d := decode[description](t, s.get(t, openAPI))
	subjects := map[string]bool{}
	for _, tag := range d.Tags {
		subjects[tag.Name] = tag.Description != ""
	}
	ids := map[string]bool{}
	for path, methods := range d.Paths {
		for method, o := range methods {
			name := method + " " + path
			if o.Summary == "" || o.Description == "" || o.OperationID == "" || ids[o.OperationID] || len(o.Tags) != 1 || !subjects[o.Tags[0]] {
				t.Errorf("%s has no summary, description, subject or id of its own: %+v", name, o)
			}
			ids[o.OperationID] = true
			if want, listed := neededFor(method, path); !listed || strings.Join(o.Permission, " ") != want {
				t.Errorf("%s says that it needs %q", name, o.Permission)
			}
			for _, p := range o.Parameters {
				if p.Description == "" {
					t.Errorf("%s does not describe %s", name, p.Name)
				}
			}
			wantErrors(t, name, method, o)
		}
	}
	if len(ids) < 35 {
		t.Errorf("%d operations", len(ids))
	}
}

// neededFor is what an operation asks for; the table has HEAD under GET.
func neededFor(method, path string) (string, bool) {
	method = strings.ToUpper(method)
	if method == http.MethodHead {
		method = http.MethodGet
	}
	want, listed := needed[method+" "+routeOf(path)]
	return want, listed
}

func routeOf(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }

// wantErrors looks whether an operation names what may go wrong.
func wantErrors(t *testing.T, name, method string, o operation) {
	t.Helper()
	want := []string{"401", "403", "422", "500", "503"}
	if strings.Contains(name, "{id}") {
		want = append(want, "404")
	}
	for _, p := range o.Parameters {
		switch p.Name {
		case "If-Match":
			want = append(want, "412")
		case "If-None-Match":
			want = append(want, "304")
		}
	}
	for _, status := range want {
		response, told := o.Responses[status]
		_, problem := response.Content["application/problem+json"]
		if !told || problem != (status != "304") {
			t.Errorf("%s does not tell of %s as a problem", name, status)
		}
	}
	if strings.Contains(name, "/videos/{id}") && method != "get" && !slices.Contains(want, "412") {
		t.Errorf("%s changes a video and takes no If-Match", name)
	}
}

// schemaOf compiles the schema of one answer.
func schemaOf(t *testing.T, document any, path, method, status, kind string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("urn:api", document); err != nil {
		t.Fatal(err)
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	schema, err := c.Compile("urn:api#/paths/" + escape.Replace(path) + "/" + method + "/responses/" + status + "/content/" + escape.Replace(kind) + "/schema")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// wantAsDescribed holds an answer against what the description says of it.
func wantAsDescribed(t *testing.T, document any, path, method string, r *http.Response) {
	t.Helper()
	kind := r.Header.Get("Content-Type")
	body := text(t, r)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, body)
	}
	if err := schemaOf(t, document, path, method, fmt.Sprint(r.StatusCode), kind).Validate(value); err != nil {
		t.Errorf("%s %s: %v in %s", method, path, err, body)
	}
}

func described(t *testing.T, s *staffed) any {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(s.get(t, openAPI).Body)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// Every operation that reads is asked, and its answer held against its schema, which allows no
// properties beside those it names.
func TestWhatIsReadIsAsDescribed(t *testing.T) {
	s, program := withHistory(t)
	s.tagged(pictured, "ONU")
	s.attic.objs = append(s.attic.objs, objectOf())
	document := described(t, s)
	read := 0
	for path, methods := range decode[description](t, s.get(t, openAPI)).Paths {
		if _, reads := methods["get"]; !reads {
			continue
		}
		address := strings.NewReplacer("{id}", string(pictured), "{kind}", "tag").Replace(path)
		r := s.ask(t, "GET", address, "", program)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", address, r.StatusCode)
			continue
		}
		wantAsDescribed(t, document, path, "get", r)
		read++
	}
	if read < 13 {
		t.Errorf("%d operations read", read)
	}
	for _, wrong := range []any{map[string]any{}, map[string]any{"items": nil}, map[string]any{"items": []any{}, "more": 1}} { // schemas that refuse nothing would prove nothing
		if schemaOf(t, document, videos, "get", "200", "application/json").Validate(wrong) == nil {
			t.Errorf("%v passes for a list of videos", wrong)
		}
	}
}

func TestWhatIsChangedIsAsDescribed(t *testing.T) {
	s, program := withAll(t)
	document := described(t, s)
	for name, u := range updates {
		s.stocked()
		part, _, _ := strings.Cut(strings.NewReplacer("/captions/es", "/captions/{language}", filmDigest, "{digest}").Replace(u.path), "?")
		r := s.ask(t, u.method, videos+"/"+string(pictured)+u.path, u.body, program)
		if r.StatusCode >= 300 {
			t.Errorf("%s: %d", name, r.StatusCode)
			continue
		}
		wantAsDescribed(t, document, videos+"/{id}"+part, strings.ToLower(u.method), r)
	}
	s.restore()
	for path, body := range map[string]string{
		videos: `{"url":"https://toy.example/unreachable"}`, "/api/v1/preview": `{"url":"https://toy.example/x"}`, "/api/v1/bulk": `{"ids":["` + string(bare) + `","` + string(absent) + `"],"action":"check"}`,
		videos + "/bulk": `{"items":[{"url":"https://toy.example/y"},{"url":"https://elsewhere.example/"}]}`, videos + "/export": `{"ids":["` + string(pictured) + `","` + string(absent) + `"]}`,
		"/api/v1/rulings":    `{"host":"toy.example","as":"ignore","reason":"x"}`,
		"/api/v1/audit/bulk": `{"items":[{"id":"` + string(pictured) + `","source":"toy:one"},{"id":"` + string(absent) + `","source":"toy:one"}],"action":"check"}`,
	} {
		wantAsDescribed(t, document, path, "post", s.ask(t, "POST", path, body, program))
	}
}

func TestProblemsAreAsDescribed(t *testing.T) {
	s, program := withAll(t)
	document := described(t, s)
	const video = videos + "/" + string(pictured)
	big := `{"notes":"` + strings.Repeat("x", 1<<20) + `"}`
	for name, tt := range map[string]struct {
		method, path, body, location string
		status                       int
		with                         with
	}{
		"nobody":              {"GET", "", "", "", 401, func(*http.Request) {}},
		"who may not":         {"PATCH", "", `{}`, "", 403, s.token(t, people.View)},
		"a body too long":     {"PATCH", "", big, "body", 413, program},
		"a body of no type":   {"PATCH", "", "notes=x", "header.Content-Type", 415, program},
		"no body":             {"PATCH", "", "", "body", 400, program},
		"half a body":         {"PATCH", "", `{"notes":`, "body", 400, program},
		"an unknown field":    {"PATCH", "", `{"x":1}`, "body.x", 422, program},
		"a bad language":      {"PATCH", "", `{"language":"Spanish!"}`, "body.language", 422, program},
		"a bad date":          {"PATCH", "", `{"eventDate":"soon"}`, "body.eventDate", 422, program},
		"a stale change":      {"PATCH", "", `{}`, "header.If-Match", 412, func(r *http.Request) { program(r); r.Header.Set("If-Match", `"9"`) }},
		"a language of none":  {"GET", "?language=Spanish!", "", "query.language", 422, program},
		"an id that is wrong": {"GET", "x", "", "path.id", 400, program},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.ask(t, tt.method, video+tt.path, tt.body, tt.with)
			if r.StatusCode != tt.status {
				t.Fatalf("%d: %s", r.StatusCode, text(t, r))
			}
			wantAsDescribed(t, document, videos+"/{id}", strings.ToLower(tt.method), r)
			p := wantProblem(t, s.ask(t, tt.method, video+tt.path, tt.body, tt.with), tt.status)
			if tt.location != "" && (len(p.Errors) == 0 || p.Errors[0].Location != tt.location || p.Errors[0].Message == "") {
				t.Errorf("got %+v", p)
			}
			if strings.Contains(fmt.Sprint(p), strings.Repeat("x", 1000)) {
				t.Error("it repeats what was sent")
			}
		})
	}
	wantProblem(t, s.ask(t, "GET", "/api/v1/nowhere", "", program), 404)
	r := s.ask(t, "DELETE", video, "", program)
	if wantProblem(t, r, 405); !strings.Contains(r.Header.Get("Allow"), "PATCH") {
		t.Errorf("allowed are %q", r.Header.Get("Allow"))
	}
}

func TestTheDocumentationOfTheAPIIsAPageForEverybody(t *testing.T) {
	s, _ := withAll(t)
	for lang, wants := range map[string][]string{
		"en": {"API for programs", "Who may", "What comes back", "(Editor, Administrator)"}, "es": {"<h1>API para ", "Quién puede", "Qué se recibe", "(Edición, Administración)"},
	} {
		r := s.get(t, "/api/v1/docs?lang="+lang)
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains(r.Header.Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%s: %d %v", lang, r.StatusCode, r.Header)
		}
		page := text(t, r)
		for _, want := range append(wants, `<html lang="`+lang+`">`, `id="register-video" lang="en"`, `href="#register-video"`, "POST</span> <code>/api/v1/videos</code>", `href="#schema-APIVideo"`, `id="schema-APIVideo"`, baseURL+"/api/v1/videos/7k3mzq9x0abd") {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
		if strings.Contains(page, "//cdn") || strings.Contains(page, "apidoc.") {
			t.Errorf("%s: it loads from elsewhere, or lacks a text", lang)
		}
		wantWholeLinks(t, page)
	}
	if page := text(t, s.get(t, "/home", s.as(t, "viewer"))); !strings.Contains(page, `href="/api/v1/docs?lang=en"`) {
		t.Error("no page leads there")
	}
	if page := text(t, s.get(t, "/account", s.as(t, "viewer"))); strings.Count(page, `href="/api/v1/docs?lang=en"`) != 2 {
		t.Error("whoever makes a token is not led there")
	}
}

// wantWholeLinks looks whether every link within a page leads somewhere, and every id is there once.
func wantWholeLinks(t *testing.T, page string) {
	t.Helper()
	ids := map[string]int{}
	for part := range strings.SplitSeq(page, ` id="`) {
		id, _, _ := strings.Cut(part, `"`)
		ids[id]++
	}
	for part := range strings.SplitSeq(page, ` href="#`) {
		if to, _, _ := strings.Cut(part, `"`); !strings.Contains(to, "<") && ids[to] != 1 {
			t.Errorf("#%s is there %d times", to, ids[to])
		}
	}
	if n := len(slices.Collect(maps.Keys(ids))); n < 80 {
		t.Errorf("%d places", n)
	}
}
