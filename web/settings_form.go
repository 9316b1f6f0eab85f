package web

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"videoteca/archive"
	"videoteca/internal/settings"
)

// settingForm is one setting as people change it. It is shown again as it was typed, so that an
// error costs no work.
type settingForm struct {
	Name   string
	Tag    string // of what was seen
	Fields []settingField
}

// settingField is one value, and what stands beside it.
type settingField struct {
	settings.Field
	Value    string
	Was      string // when the form was made
	Chosen   bool   // whether it stands in the store, and can be taken back
	Theirs   string // what somebody else saved meanwhile; the standard where they took it back
	Disputed bool   // whether they saved something else than was typed here
	Moved    bool   // whether they alone changed it, so that theirs is in the field
	Problem  string
}

// Days is the days of a period, empty where it is none.
func (f settingField) Days() string { return strings.TrimSuffix(f.Value, "d") }

// TheirValue is what taking theirs sends.
func (f settingField) TheirValue() string {
	if f.Theirs == f.Standard {
		return ""
	}
	return f.Theirs
}

func newSettingForm(chosen settings.Chosen) settingForm {
	form := settingForm{Name: chosen.Name, Tag: chosen.Tag}
	for _, g := range settings.Groups() {
		if g.Name != chosen.Name {
			continue
		}
		for _, f := range g.Fields {
			value, is := chosen.Values[f.Name]
			form.Fields = append(form.Fields, settingField{Field: f, Value: value, Was: value, Chosen: is})
		}
	}
	return form
}

// Of is the fields with these names, in their order.
func (f settingForm) Of(names ...string) []settingField {
	var list []settingField
	for _, field := range f.Fields {
		if slices.Contains(names, field.Name) {
			list = append(list, field)
		}
	}
	return list
}

// typedValues is what a form sent. A button takes one field back to the standard, and a tick takes
// what somebody else saved.
func typedValues(name string, sent url.Values) map[string]string {
	typed := map[string]string{}
	for _, g := range settings.Groups() {
		if g.Name != name {
			continue
		}
		for _, f := range g.Fields {
			if sent.Has(f.Name) {
				typed[f.Name] = strings.TrimSpace(sent.Get(f.Name))
			}
			if slices.Contains(sent["take"], f.Name) {
				typed[f.Name] = sent.Get("theirs." + f.Name)
			}
		}
	}
	if back := sent.Get("back"); back != "" {
		typed[back] = ""
	}
	if name == settings.Retention && !sent.Has("back") && !slices.Contains(sent["take"], "period") {
		typePeriod(typed, sent)
	}
	return typed
}

// typePeriod makes one value of the choice between keeping for ever and a number of days.
func typePeriod(typed map[string]string, sent url.Values) {
	switch sent.Get("keep") {
	case "ever":
		typed["period"] = ""
	case "days":
		typed["period"] = strings.TrimSpace(sent.Get("days")) + "d"
	}
}

// fill puts what was typed into the fields, with what was seen when it was.
func (f *settingForm) fill(typed map[string]string, sent url.Values) {
	f.Tag = cmp.Or(sent.Get("tag"), f.Tag)
	for i := range f.Fields {
		field := &f.Fields[i]
		if value, is := typed[field.Name]; is {
			field.Value = value
		}
		if sent.Has("was." + field.Name) {
			field.Was = sent.Get("was." + field.Name)
		}
	}
}

// refuse notes beside each field what is wrong with it.
func (f *settingForm) refuse(l layout, cause error) {
	var refused settings.Refused
	if !errors.As(cause, &refused) {
		return
	}
	for _, p := range refused {
		f.problem(p.Field, l.T("settings.problem."+p.Field))
	}
}

func (f *settingForm) problem(name, text string) {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].Problem = text
		}
	}
}

// compare puts what was typed beside what somebody else saved meanwhile. Where they changed what was
// left alone here, theirs is taken over, so that saving again does not undo it.
func (f *settingForm) compare(typed map[string]string, sent url.Values) {
	for i := range f.Fields {
		field := &f.Fields[i]
		theirs := field.Value
		mine, is := typed[field.Name]
		was := sent.Get("was." + field.Name)
		switch {
		case !is || mine == theirs:
		case sent.Has("was."+field.Name) && mine == was:
			field.Moved, field.Theirs = true, cmp.Or(theirs, field.Standard)
		default:
			field.Disputed, field.Theirs, field.Value = true, cmp.Or(theirs, field.Standard), mine
		}
	}
}

// settingChange is one change for people.
type settingChange struct {
	archive.SettingChange
	Rows []settingChangeRow
	Tag  string // of the setting as it is, where this was its newest change; empty: it cannot be undone at once
}

type settingChangeRow struct{ Field, Before, After string }

// shownChanges offers to undo the newest change of each setting: what came before it is known.
func shownChanges(changes []archive.SettingChange, auditTag, retentionTag string) []settingChange {
	tags := map[string]string{settings.Audit: auditTag, settings.Retention: retentionTag}
	list := make([]settingChange, 0, len(changes))
	for _, change := range changes {
		shown := settingChange{SettingChange: change, Tag: tags[change.Setting]}
		delete(tags, change.Setting)
		names := map[string]bool{}
		for _, part := range []map[string]any{change.Before, change.After} {
			for name := range part {
				names[name] = true
			}
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			shown.Rows = append(shown.Rows, settingChangeRow{name, textOf(change.Setting, name, change.Before), textOf(change.Setting, name, change.After)})
		}
		list = append(list, shown)
	}
	return list
}

// textOf is a value of a change as people write it; empty where it was the standard.
func textOf(setting, name string, part map[string]any) string {
	value, is := part[name]
	if !is {
		return ""
	}
	for _, g := range settings.Groups() {
		if f, known := g.Field(name); known && g.Name == setting {
			return f.Text(value)
		}
	}
	return fmt.Sprint(value)
}
