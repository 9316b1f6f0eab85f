package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// Kind is how the value of a field is written.
type Kind string

// The kinds there are.
const (
	Span   Kind = "span"   // of time: "6h", "90m", "7d"
	Number Kind = "number" // a whole one, above zero
	Share  Kind = "share"  // "0.2"
	Period Kind = "period" // "keep", or days as "30d"
)

// Field is one value that people may choose.
type Field struct {
	Name     string // "suspect"
	Kind     Kind
	Standard string // what holds where nobody chose
	Meaning  string // in English, for commands and programs
}

// parse reads a value as it is to stand in the document.
func (f Field) parse(value string) (any, *archive.FieldError) {
	problem := &archive.FieldError{Field: f.Name}
	switch f.Kind {
	case Number:
		n, err := strconv.Atoi(value)
		if err == nil && n > 0 {
			return n, nil
		}
		problem.Problem, problem.Cure = fmt.Sprintf("%q is no number that can be used", value), "write a whole number such as 3, or leave it empty for the standard"
	case Share:
		share, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
		if err == nil && share > 0 && share <= 1 {
			return share, nil
		}
		problem.Problem, problem.Cure = fmt.Sprintf("%q is no share", value), "write a share between 0.01 and 1, such as 0.2, or leave it empty for the standard"
	case Period:
		period, err := archive.ParseRetention(value)
		if err == nil {
			return period, nil
		}
		problem.Problem, problem.Cure, problem.Cause = fmt.Sprintf("%q is no period", value), "write keep, or days as 30d", err
	default:
		_, err := audit.ParseSpan(value)
		if err == nil {
			return value, nil
		}
		problem.Problem, problem.Cure, problem.Cause = fmt.Sprintf("%q is no span of time that can be used", value), "write 5h, 90m or 7d, or leave it empty for the standard", err
	}
	return nil, problem
}

// Text is a value of the document as people write it; empty where it is the standard that nobody chose.
func (f Field) Text(value any) string {
	text := fmt.Sprint(value)
	if f.Kind == Period && text == f.Standard { // a document always names its period
		return ""
	}
	return text
}

// Group is a setting: the fields that are kept together, and change together.
type Group struct {
	Name   string // of the setting in the store: "audit"
	Fields []Field

	empty func() any      // a document in which nothing is chosen
	check func(any) error // refuses what must not be chosen together
}

// Field is the field of that name.
func (g Group) Field(name string) (Field, bool) {
	for _, f := range g.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// The names of the settings.
const (
	Audit     = audit.SettingName
	Retention = archive.RetentionSetting
)

// Groups are the settings that people may change.
func Groups() []Group {
	return []Group{{
		Name: Audit,
		Fields: []Field{
			{"live", Span, "24h", "how often living sources are asked"},
			{"suspect", Span, "6h", "how often suspects are asked"},
			{"gone", Span, "7d", "how often sources that are gone are asked"},
			{"countedApart", Span, "5h", "least time between two bad rounds that count"},
			{"roundsAgreed", Number, "2", "rounds in which two methods must agree on a death"},
			{"roundsAlone", Number, "3", "rounds that one method alone needs"},
			{"aloneOver", Span, "24h", "time over which it needs them"},
			{"unheardAfter", Span, "14d", "silence after which a person should look"},
			{"guardShare", Share, "0.2", "share of a platform's sources that may turn bad at once"},
			{"guardLeast", Number, "5", "and how many at least before the guard holds them"},
			{"guardWindow", Span, "24h", "what at once means"},
		},
		empty: func() any { return &audit.Tuning{} },
		check: func(document any) error {
			t, ok := document.(*audit.Tuning)
			if !ok {
				return fmt.Errorf("the audit's setting is a %T", document)
			}
			_, _, err := t.Parse()
			return err
		},
	}, {
		Name:   Retention,
		Fields: []Field{{"period", Period, archive.Keep.String(), "how long is kept what platforms return to keyed calls"}},
		empty:  func() any { return &archive.RetentionChoice{} },
		check:  func(any) error { return nil },
	}}
}

// group is the setting of that name, or archive.ErrNotFound.
func group(name string) (Group, error) {
	for _, g := range Groups() {
		if g.Name == name {
			return g, nil
		}
	}
	return Group{}, fmt.Errorf("setting %q: %w", name, archive.ErrNotFound)
}

// values are the fields of a document that were chosen.
func (g Group) values(document any) (map[string]string, error) {
	tree, err := treeOf(document)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, f := range g.Fields {
		value, chosen := tree[f.Name]
		if text := f.Text(value); chosen && text != "" {
			values[f.Name] = text
		}
	}
	return values, nil
}

// with is the document with other values; an empty one takes the choice back.
func (g Group) with(document any, values map[string]string) (any, error) {
	tree, err := treeOf(document)
	if err != nil {
		return nil, err
	}
	if err := g.put(tree, values); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("encoding the setting %s: %w", g.Name, err)
	}
	next := g.empty()
	if err := json.Unmarshal(raw, next); err != nil {
		return nil, fmt.Errorf("reading the setting %s: %w", g.Name, err)
	}
	err = g.check(next)
	var field *archive.FieldError
	if errors.As(err, &field) {
		return nil, Refused{field}
	}
	return next, err
}

// Refused says which values cannot be used, and the cures. There is at least one.
type Refused []*archive.FieldError

func (r Refused) Error() string { return errors.Join(r.Unwrap()...).Error() }

// Unwrap is the problems, one by one.
func (r Refused) Unwrap() []error {
	var list []error
	for _, problem := range r {
		list = append(list, problem)
	}
	return list
}

// treeOf is the fields of a document by name.
func treeOf(document any) (map[string]any, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("encoding a setting: %w", err)
	}
	tree := map[string]any{}
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, fmt.Errorf("reading a setting: %w", err)
	}
	return tree, nil
}
