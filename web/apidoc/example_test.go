package apidoc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/web/apidoc"
)

// answering is a document whose one operation answers with a schema, beside which others may be named.
func answering(schema *huma.Schema, named map[string]*huma.Schema) *huma.OpenAPI {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	for name, s := range named {
		registry.Map()[name] = s
	}
	d := &huma.OpenAPI{Info: &huma.Info{}, Components: &huma.Components{Schemas: registry}, Paths: map[string]*huma.PathItem{}}
	d.AddOperation(&huma.Operation{
		OperationID: "get", Method: "GET", Path: "/",
		Responses: map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}},
	})
	return d
}

// example is what is shown of an answer with a schema, without the indentation.
func example(t *testing.T, schema *huma.Schema, named map[string]*huma.Schema) string {
	t.Helper()
	shown := apidoc.Read(answering(schema, named), "").Groups[0].Operations[0].Answers[0].Example
	if !json.Valid([]byte(shown)) {
		t.Fatalf("no JSON: %q", shown)
	}
	return strings.Join(strings.Fields(shown), "")
}

func TestExamplesAreMadeUpOfTypesWhereNoneIsGiven(t *testing.T) {
	text := &huma.Schema{Type: "string"}
	for want, schema := range map[string]*huma.Schema{
		`"…"`:                     text,
		`true`:                    {Type: "boolean"},
		`1`:                       {Type: "integer"},
		`{}`:                      {},
		`"2026-04-09T12:00:00Z"`:  {Type: "string", Format: "date-time"},
		`"https://example.org/…"`: {Type: "string", Format: "uri"},
		`"b"`:                     {Type: "string", Enum: []any{"b", "a"}},
		`["…"]`:                   {Type: "array", Items: text},
		`{"es":"…"}`:              {Type: "object", AdditionalProperties: text},
		`{"given":1}`:             {Type: "object", Examples: []any{map[string]any{"given": 1}}},
		`"<&>"`:                   {Type: "string", Examples: []any{"<&>"}},
	} {
		if got := example(t, schema, nil); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestExamplesOfObjectsHaveWhatIsRequiredOrWorthShowing(t *testing.T) {
	schema := &huma.Schema{Type: "object", Required: []string{"z", "a", "gone"}, Properties: map[string]*huma.Schema{
		"a": {Type: "integer"}, "z": {Type: "integer"}, "hidden": {Type: "integer"}, "$schema": {Type: "string", Examples: []any{"x"}},
		"shown": {Type: "string", Examples: []any{"x"}},
	}}
	if got := example(t, schema, nil); got != `{"z":1,"a":1,"shown":"x"}` {
		t.Errorf("got %s", got)
	}
}

func TestAnObjectThatHoldsItselfComesToAnEnd(t *testing.T) {
	own := &huma.Schema{Ref: "#/components/schemas/Own"}
	named := map[string]*huma.Schema{"Own": {Type: "object", Required: []string{"own"}, Properties: map[string]*huma.Schema{"own": own}}}
	if got := example(t, own, named); !strings.Contains(got, `{"own":{"own":`) || !strings.Contains(got, "null") {
		t.Errorf("got %s", got)
	}
	d := apidoc.Read(answering(own, named), "")
	if len(d.Schemas) != 1 || d.Schemas[0].Name != "Own" || d.Schemas[0].Fields[0].Schema != "Own" {
		t.Errorf("schemas %+v", d.Schemas)
	}
}

func TestAReferenceThatLeadsNowhereIsShownAsAnything(t *testing.T) {
	if got := example(t, &huma.Schema{Ref: "#/components/schemas/Nowhere"}, nil); got != "{}" {
		t.Errorf("got %s", got)
	}
	if d := apidoc.Read(answering(&huma.Schema{Ref: "#/components/schemas/Nowhere"}, nil), ""); len(d.Schemas) != 0 {
		t.Errorf("it is explained: %+v", d.Schemas)
	}
}

func TestAnExampleThatIsNoJSONIsLeftOut(t *testing.T) {
	schema := &huma.Schema{Type: "object", Examples: []any{func() {}}}
	if got := example(t, schema, nil); got != "null" {
		t.Errorf("got %s", got)
	}
}
