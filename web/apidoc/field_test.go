package apidoc_test

import (
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/web/apidoc"
)

// property is what is shown of the property of an object with this schema.
func property(t *testing.T, schema *huma.Schema) apidoc.Field {
	t.Helper()
	holder := map[string]*huma.Schema{"Holder": {Type: "object", Properties: map[string]*huma.Schema{"it": schema}}, "Part": {Type: "object"}}
	d := apidoc.Read(answering(&huma.Schema{Ref: "#/components/schemas/Holder"}, holder), "")
	for _, s := range d.Schemas {
		if s.Name == "Holder" {
			return field(t, s.Fields, "it")
		}
	}
	t.Fatalf("there is no Holder among %+v", d.Schemas)
	return apidoc.Field{}
}

func TestTypesAreNamedForPeople(t *testing.T) {
	part := &huma.Schema{Ref: "#/components/schemas/Part"}
	for _, tt := range []struct {
		schema     *huma.Schema
		kind, more string
	}{
		{&huma.Schema{Type: "string"}, "string", ""},
		{&huma.Schema{Type: "string", Format: "date"}, "date", ""},
		{&huma.Schema{Type: "string", Format: "binary"}, "binary", ""},
		{&huma.Schema{Type: "integer", Format: "int64"}, "integer", ""},
		{&huma.Schema{}, "any", ""},
		{part, "object", "Part"},
		{&huma.Schema{Type: "array", Items: part}, "list of object", "Part"},
		{&huma.Schema{Type: "array", Items: &huma.Schema{Type: "array", Items: &huma.Schema{Type: "number"}}}, "list of list of number", ""},
		{&huma.Schema{Type: "object", AdditionalProperties: part}, "map of object", "Part"},
		{&huma.Schema{Type: "object", AdditionalProperties: false}, "object", ""},
	} {
		if got := property(t, tt.schema); got.Type != tt.kind || got.Schema != tt.more {
			t.Errorf("got %q and %q, want %q and %q", got.Type, got.Schema, tt.kind, tt.more)
		}
	}
}

func TestLimitsAreNamedForPeople(t *testing.T) {
	number := func(f float64) *float64 { return &f }
	count := func(n int) *int { return &n }
	for want, schema := range map[string]*huma.Schema{
		"":                {Type: "integer", Minimum: number(1)},
		"0 to 500":        {Type: "integer", Minimum: number(0), Maximum: number(500)},
		"0.5 to 1":        {Type: "number", Minimum: number(0.5), Maximum: number(1)},
		"1 to 50 items":   {Type: "array", MinItems: count(1), MaxItems: count(50)},
		"at most 5 items": {Type: "array", MaxItems: count(5)},
	} {
		if got := property(t, schema).Limits; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestExamplesOfFieldsAreShownAsTheyAreTyped(t *testing.T) {
	for want, value := range map[string]any{"a b": "a b", "7": 7, `{"es":"x"}`: map[string]any{"es": "x"}, `["a","b"]`: []string{"a", "b"}} {
		if got := property(t, &huma.Schema{Examples: []any{value}}).Example; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := property(t, &huma.Schema{Examples: []any{make(chan int)}}).Example; got == "" {
		t.Error("what is no JSON is not shown at all")
	}
}

func TestAnOperationOfNoKindIsNoneThatNeedsAnything(t *testing.T) {
	d := &huma.OpenAPI{Info: &huma.Info{}, Components: &huma.Components{Schemas: huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)}, Paths: map[string]*huma.PathItem{}}
	d.AddOperation(&huma.Operation{
		OperationID: "bare", Method: "DELETE", Path: "/bare", Extensions: map[string]any{"x-permission": "edit"},
		RequestBody: &huma.RequestBody{}, Parameters: []*huma.Param{{Name: "odd", In: "query"}},
		Responses: map[string]*huma.Response{"204": {Description: "Gone", Content: map[string]*huma.MediaType{"application/json": {}}}},
	})
	o := apidoc.Read(d, "").Groups[0].Operations[0]
	if o.Permissions != nil || o.Body != nil || o.Answers[0].Example != "" || o.Answers[0].MediaType != "application/json" || o.Parameters[0].Type != "" {
		t.Errorf("got %+v", o)
	}
}
