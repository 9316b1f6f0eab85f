package apidoc

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// deepest is how far examples go down into objects: a schema may hold itself.
const deepest = 8

// example is a value of a schema, as indented JSON.
func (r *reader) example(s *huma.Schema) string {
	var flat, out bytes.Buffer
	r.write(&flat, s, deepest)
	if err := json.Indent(&out, flat.Bytes(), "", "  "); err != nil {
		return ""
	}
	return out.String()
}

// write writes a value: the example that the schema gives, else one made up of its type.
func (r *reader) write(out *bytes.Buffer, s *huma.Schema, depth int) {
	if s != nil && len(s.Examples) > 0 {
		out.WriteString(asJSON(s.Examples[0]))
		return
	}
	s = r.resolve(s)
	inner, mapped := s.AdditionalProperties.(*huma.Schema)
	switch {
	case depth == 0:
		out.WriteString("null")
	case len(s.Examples) > 0:
		out.WriteString(asJSON(s.Examples[0]))
	case len(s.Enum) > 0:
		out.WriteString(asJSON(s.Enum[0]))
	case s.Type == huma.TypeArray:
		out.WriteByte('[')
		r.write(out, s.Items, depth-1)
		out.WriteByte(']')
	case len(s.Properties) > 0:
		r.writeObject(out, s, depth)
	case mapped:
		out.WriteString(`{"es":`)
		r.write(out, inner, depth-1)
		out.WriteByte('}')
	default:
		out.WriteString(made(s))
	}
}

// writeObject leaves out what is neither required nor worth an example.
func (r *reader) writeObject(out *bytes.Buffer, s *huma.Schema, depth int) {
	out.WriteByte('{')
	first := true
	for _, name := range order(s) {
		property := s.Properties[name]
		if !slices.Contains(s.Required, name) && len(property.Examples) == 0 {
			continue
		}
		if !first {
			out.WriteByte(',')
		}
		first = false
		out.WriteString(asJSON(name) + ":")
		r.write(out, property, depth-1)
	}
	out.WriteByte('}')
}

// made is a value of which only the type is known.
func made(s *huma.Schema) string {
	switch {
	case s.Format == "date-time":
		return `"2026-04-09T12:00:00Z"`
	case s.Format == "uri":
		return `"https://example.org/…"`
	case s.Type == huma.TypeString:
		return `"…"`
	case s.Type == huma.TypeBoolean:
		return "true"
	case s.Type == huma.TypeInteger, s.Type == huma.TypeNumber:
		return "1"
	}
	return "{}"
}

// asJSON keeps <, > and & as they are: whoever shows it escapes them.
func asJSON(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "null"
	}
	return strings.TrimSuffix(out.String(), "\n")
}
