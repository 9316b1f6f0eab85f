package apidoc_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/web/apidoc"
)

type shape struct {
	Name   string            `json:"name" doc:"What it is called" example:"it's <round>"`
	Kind   string            `json:"kind" enum:"round,square" doc:"Of shape"`
	Sides  int               `json:"sides,omitempty" minimum:"0" maximum:"9" example:"4"`
	Words  map[string]string `json:"words,omitempty"`
	Inside []shape           `json:"inside" nullable:"false"`
	At     string            `json:"at" format:"date-time"`
	More   any               `json:"more"`
	Open   bool              `json:"open"`
	Weight float64           `json:"weight"`
	Where  string            `json:"where" format:"uri"`
	Tags   []string          `json:"tags,omitempty" nullable:"false" maxItems:"5" example:"[\"a\"]"`
}

// document is an API with one operation of each kind.
func document() *huma.OpenAPI {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schema := registry.Schema(reflect.TypeFor[shape](), true, "shape")
	problem := &huma.MediaType{Schema: registry.Schema(reflect.TypeFor[huma.ErrorModel](), true, "ErrorModel")}
	text := &huma.Schema{Type: "string"}
	d := &huma.OpenAPI{
		Info:       &huma.Info{Title: "Shapes", Description: "First\nline.\n\nSecond."},
		Components: &huma.Components{Schemas: registry},
		Tags:       []*huma.Tag{{Name: "Round things", Description: "All of them."}, {Name: "Nothing"}},
		Paths:      map[string]*huma.PathItem{},
	}
	d.AddOperation(&huma.Operation{
		OperationID: "put-shape", Method: "PUT", Path: "/shapes/{id}", Summary: "Put a shape", Tags: []string{"Round things"},
		Extensions: map[string]any{"x-permission": []string{"edit", "audit"}},
		Parameters: []*huma.Param{
			{Name: "id", In: "path", Required: true, Description: "Of the shape", Example: "a/b", Schema: text},
			{Name: "If-Match", In: "header", Example: `"7"`, Schema: text},
			{Name: "limit", In: "query", Schema: &huma.Schema{Type: "integer"}},
			{Name: "why", In: "query", Required: true, Example: "two words", Schema: text},
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "OK", Headers: map[string]*huma.Param{"ETag": {}}, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
			"304": {Description: "The same"},
			"404": {Description: "Not Found", Content: map[string]*huma.MediaType{"application/problem+json": problem}},
		},
	})
	d.AddOperation(&huma.Operation{
		OperationID: "send-file", Method: "POST", Path: "/files", Summary: "Send a file",
		RequestBody: &huma.RequestBody{Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}},
		Responses:   map[string]*huma.Response{"204": {Description: "Kept"}},
	})
	d.AddOperation(&huma.Operation{OperationID: "list-shapes", Method: "GET", Path: "/shapes", Summary: "List", Tags: []string{"Round things"}, Responses: map[string]*huma.Response{}})
	return d
}

func read() apidoc.Document { return apidoc.Read(document(), "https://videos.example.org") }

func field(t *testing.T, fields []apidoc.Field, name string) apidoc.Field {
	t.Helper()
	i := slices.IndexFunc(fields, func(f apidoc.Field) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no %s among %+v", name, fields)
	}
	return fields[i]
}

func TestOperationsStandUnderTheirSubjects(t *testing.T) {
	d := read()
	if !slices.Equal(d.Introduction, []string{"First line.", "Second."}) {
		t.Errorf("introduction %q", d.Introduction)
	}
	if len(d.Groups) != 2 || d.Groups[0].ID != "round-things" || d.Groups[0].Description != "All of them." || d.Groups[1].Name != "Others" {
		t.Fatalf("groups %+v", d.Groups)
	}
	if got := d.Groups[0].Operations; len(got) != 2 || got[0].ID != "list-shapes" || got[1].ID != "put-shape" {
		t.Errorf("what is about all of a kind does not come before what is about one: %+v", got)
	}
	if got := d.Groups[0].Operations[1].Permissions; !slices.Equal(got, []string{"edit", "audit"}) {
		t.Errorf("permissions %q", got)
	}
}

func TestFieldsSayWhatMayStandInThem(t *testing.T) {
	o := read().Groups[0].Operations[1]
	if id := field(t, o.Parameters, "id"); id.In != "path" || !id.Required || id.Description != "Of the shape" || id.Example != "a/b" || id.Type != "string" {
		t.Errorf("id: %+v", id)
	}
	fields := o.Body.Fields
	if fields[0].Name != "name" || !fields[0].Required || fields[len(fields)-1].Required {
		t.Errorf("the required ones do not come first, as they were declared: %+v", fields)
	}
	for name, want := range map[string]apidoc.Field{
		"kind": {Type: "string", Values: []string{"round", "square"}}, "sides": {Type: "integer", Limits: "0 to 9", Example: "4"}, "words": {Type: "map of string"},
		"inside": {Type: "list of object", Schema: "Shape"}, "at": {Type: "date-time"}, "where": {Type: "uri"}, "more": {Type: "any"},
		"tags": {Type: "list of string", Limits: "at most 5 items", Example: `["a"]`},
	} {
		got := field(t, fields, name)
		if got.Type != want.Type || got.Limits != want.Limits || got.Example != want.Example || got.Schema != want.Schema || !slices.Equal(got.Values, want.Values) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestExamplesAreJSONThatFulfilsTheSchema(t *testing.T) {
	o := read().Groups[0].Operations[1]
	var example struct {
		Name, Kind string
		Sides      int
		Inside     []struct{ Name string }
		Tags       []string
	}
	if err := json.Unmarshal([]byte(o.Body.Example), &example); err != nil {
		t.Fatalf("%v in %s", err, o.Body.Example)
	}
	if example.Name != "it's <round>" || example.Kind != "round" || example.Sides != 4 || example.Inside[0].Name != example.Name || example.Tags[0] != "a" {
		t.Errorf("the example is %s", o.Body.Example)
	}
	if o.Answers[0].Example != o.Body.Example || strings.Contains(o.Body.Example, `\u003c`) {
		t.Errorf("the answer's example is %s", o.Answers[0].Example)
	}
}

func TestAnswersAreToldFromErrors(t *testing.T) {
	o := read().Groups[0].Operations[1]
	if got := o.Successes(); len(got) != 2 || got[0].Status != "200" || got[0].Schema != "Shape" || got[0].Headers[0] != "ETag" || got[1].Status != "304" {
		t.Errorf("successes %+v", got)
	}
	if got := o.Errors(); len(got) != 1 || got[0].Schema != "ErrorModel" || got[0].Example != "" {
		t.Errorf("errors %+v", got)
	}
}

func TestSchemasThatAreSpokenOfAreExplained(t *testing.T) {
	var names []string
	for _, s := range read().Schemas {
		if names = append(names, s.Name); len(s.Fields) == 0 {
			t.Errorf("%s has no fields", s.Name)
		}
	}
	if !slices.Equal(names, []string{"ErrorDetail", "ErrorModel", "Shape"}) {
		t.Errorf("schemas %q", names)
	}
}

func TestMethodsOfOnePathComeInTheirOrder(t *testing.T) {
	d := document()
	for _, method := range []string{"DELETE", "PATCH", "GET", "POST"} {
		d.AddOperation(&huma.Operation{OperationID: strings.ToLower(method), Method: method, Path: "/shapes/{id}", Tags: []string{"Round things"}})
	}
	var got []string
	for _, o := range apidoc.Read(d, "").Groups[0].Operations {
		got = append(got, o.Method)
	}
	if want := []string{"GET", "GET", "POST", "PUT", "PATCH", "DELETE"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestSubjectsThatAreNotDescribedComeLast(t *testing.T) {
	d := document()
	for _, subject := range []string{"Zebras", "Apes and men"} {
		d.AddOperation(&huma.Operation{OperationID: subject, Method: "GET", Path: "/" + subject, Tags: []string{subject}})
	}
	var got []string
	for _, g := range apidoc.Read(d, "").Groups {
		got = append(got, g.ID)
	}
	if want := []string{"round-things", "others", "apes-and-men", "zebras"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
