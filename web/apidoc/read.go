package apidoc

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Read makes a Document of an OpenAPI document. Commands are written for the server at base, scheme
// and host.
func Read(api *huma.OpenAPI, base string) Document {
	r := reader{schemas: api.Components.Schemas.Map(), base: base, used: map[string]bool{}}
	d := Document{Introduction: paragraphs(api.Info.Description)}
	bySubject := map[string][]Operation{}
	for _, path := range slices.SortedFunc(maps.Keys(api.Paths), shortestFirst) {
		for _, o := range operationsOf(api.Paths[path]) {
			subject := ""
			if len(o.Tags) > 0 {
				subject = o.Tags[0]
			}
			bySubject[subject] = append(bySubject[subject], r.operation(o))
		}
	}
	for _, tag := range api.Tags {
		if operations := bySubject[tag.Name]; len(operations) > 0 {
			d.Groups = append(d.Groups, Group{ID: anchor(tag.Name), Name: tag.Name, Description: tag.Description, Operations: operations})
		}
		delete(bySubject, tag.Name)
	}
	for _, rest := range slices.Sorted(maps.Keys(bySubject)) {
		d.Groups = append(d.Groups, Group{ID: anchor(cmp.Or(rest, "others")), Name: cmp.Or(rest, "Others"), Operations: bySubject[rest]})
	}
	d.Schemas = r.all()
	return d
}

// shortestFirst puts what is about all things of a kind before what is about one, and that before its parts.
func shortestFirst(a, b string) int {
	return cmp.Or(cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), cmp.Compare(a, b))
}

func paragraphs(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func anchor(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "-")) }

// reader goes through one document.
type reader struct {
	schemas map[string]*huma.Schema
	base    string
	used    map[string]bool // names of schemas that the page speaks of
}

func (r *reader) operation(o *huma.Operation) Operation {
	op := Operation{ID: o.OperationID, Method: o.Method, Path: o.Path, Summary: o.Summary, Description: o.Description, Permissions: texts(o.Extensions[permission])}
	for _, p := range o.Parameters {
		f := r.field(p.Name, p.Schema, p.Required)
		f.In, f.Description = p.In, cmp.Or(p.Description, f.Description)
		if p.Example != nil {
			f.Example = shown(p.Example)
		}
		op.Parameters = append(op.Parameters, f)
	}
	if o.RequestBody != nil {
		op.Body = r.body(o.RequestBody)
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		op.Answers = append(op.Answers, r.answer(status, o.Responses[status]))
	}
	op.Curl = r.curl(op)
	return op
}

// texts reads a list of anything whose items are texts.
func texts(list any) []string {
	var found []string
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice {
		return nil
	}
	for i := range v.Len() {
		found = append(found, fmt.Sprint(v.Index(i).Interface()))
	}
	return found
}

func (r *reader) body(b *huma.RequestBody) *Body {
	kind, schema := first(b.Content)
	if kind == "" {
		return nil
	}
	body := &Body{MediaType: kind, Required: b.Required}
	if strings.HasSuffix(kind, "json") && schema != nil {
		body.Schema, body.Fields, body.Example = r.name(schema), r.fields(r.resolve(schema)), r.example(schema)
	}
	return body
}

func (r *reader) answer(status string, response *huma.Response) Answer {
	kind, schema := first(response.Content)
	a := Answer{Status: status, Description: response.Description, MediaType: kind, Schema: r.name(schema), Headers: slices.Sorted(maps.Keys(response.Headers))}
	if !a.Failed() && strings.HasSuffix(kind, "json") && schema != nil {
		a.Example = r.example(schema)
	}
	return a
}

// first is the media type that comes first by name, with its schema; bodies of several types do not occur.
func first(content map[string]*huma.MediaType) (kind string, schema *huma.Schema) {
	if len(content) == 0 {
		return "", nil
	}
	kind = slices.Min(slices.Collect(maps.Keys(content)))
	return kind, content[kind].Schema
}

// resolve follows a reference.
func (r *reader) resolve(s *huma.Schema) *huma.Schema {
	if s == nil {
		return &huma.Schema{}
	}
	if s.Ref == "" {
		return s
	}
	if target := r.schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]; target != nil {
		return target
	}
	return &huma.Schema{}
}

// name is the name of a schema that the page says more of, also where a list or a map has it.
func (r *reader) name(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		r.note(name)
		return name
	case s.Type == huma.TypeArray:
		return r.name(s.Items)
	}
	inner, _ := s.AdditionalProperties.(*huma.Schema)
	return r.name(inner)
}

// note keeps that a schema is spoken of, with all that it is made of.
func (r *reader) note(name string) {
	if r.used[name] || r.schemas[name] == nil {
		return
	}
	r.used[name] = true
	for _, property := range r.schemas[name].Properties {
		r.name(property)
	}
}

func (r *reader) all() []Schema {
	var list []Schema
	for _, name := range slices.Sorted(maps.Keys(r.used)) {
		list = append(list, Schema{Name: name, Fields: r.fields(r.schemas[name])})
	}
	return list
}
