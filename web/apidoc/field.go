package apidoc

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// fields are the properties of an object in their order.
func (r *reader) fields(s *huma.Schema) []Field {
	var list []Field
	for _, name := range order(s) {
		list = append(list, r.field(name, s.Properties[name], slices.Contains(s.Required, name)))
	}
	return list
}

// order is the required properties as they were declared, then the others by name.
func order(s *huma.Schema) []string {
	names := slices.DeleteFunc(slices.Clone(s.Required), func(name string) bool { return s.Properties[name] == nil })
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if !slices.Contains(names, name) && name != "$schema" {
			names = append(names, name)
		}
	}
	return names
}

func (r *reader) field(name string, s *huma.Schema, required bool) Field {
	f := Field{Name: name, Required: required, Type: r.typeOf(s), Schema: r.name(s)}
	if s == nil {
		return f
	}
	f.Description = s.Description
	for _, value := range s.Enum {
		f.Values = append(f.Values, fmt.Sprint(value))
	}
	f.Limits = limits(s)
	if len(s.Examples) > 0 {
		f.Example = shown(s.Examples[0])
	}
	return f
}

// typeOf is the type of a value for people.
func (r *reader) typeOf(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	inner, mapped := s.AdditionalProperties.(*huma.Schema)
	switch {
	case s.Ref != "":
		return r.typeOf(r.resolve(s))
	case s.Type == huma.TypeArray:
		return "list of " + r.typeOf(s.Items)
	case mapped:
		return "map of " + r.typeOf(inner)
	case s.Type == "":
		return "any"
	case s.Format == "date-time", s.Format == "date", s.Format == "uri", s.Format == "binary":
		return s.Format
	}
	return s.Type
}

func limits(s *huma.Schema) string {
	number := func(f *float64) string { return strconv.FormatFloat(*f, 'f', -1, 64) }
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		return number(s.Minimum) + " to " + number(s.Maximum)
	case s.MinItems != nil && s.MaxItems != nil:
		return fmt.Sprintf("%d to %d items", *s.MinItems, *s.MaxItems)
	case s.MaxItems != nil:
		return fmt.Sprintf("at most %d items", *s.MaxItems)
	}
	return ""
}

// shown is an example as it stands in a table: a text as it is, everything else as JSON.
func shown(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}
