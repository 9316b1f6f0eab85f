package web

import (
	"net/url"
	"slices"
	"strings"

	"videoteca/archive"
)

// Forms of words carry, beside what is typed, the values with which they were made: "base.title.es". So two editors
// who save one video never lose a change: what only one of them changed is merged, and for what
// both changed the second one chooses: "pick.title.es" is "mine" or "theirs".

// values are the form's fields by name, to be read and written.
func (f *wordsForm) values() map[string]*string {
	fields := map[string]*string{"eventDate": &f.EventDate, "language": &f.Language}
	for i := range f.Texts {
		fields[f.Texts[i].Name()] = &f.Texts[i].Value
	}
	return fields
}

// bases are the values by name.
func (f *wordsForm) bases() map[string]string {
	base := map[string]string{}
	for name, value := range f.values() {
		base[name] = *value
	}
	return base
}

// readBases reads the values with which the form was made, and takes what the editor chose of clashes.
func (f *wordsForm) readBases(form url.Values) {
	f.Base, f.Clashes = map[string]string{}, map[string]string{}
	for name, value := range f.values() {
		if !form.Has("base." + name) {
			continue
		}
		base := oneLineEnd(form.Get("base." + name))
		f.Base[name] = base
		if !slices.Contains(form["clash"], name) {
			continue
		}
		switch form.Get("pick." + name) {
		case "mine":
		case "theirs":
			*value = base
		default:
			f.Clashes[name] = base
		}
	}
}

// merge brings together what was typed and what somebody else saved as now. What both changed
// becomes a clash; merge reports whether there is none.
func (f *wordsForm) merge(now archive.Video) bool {
	saved := wordsOf(now)
	theirs := saved.bases()
	for name, value := range f.values() {
		if base, known := f.Base[name]; !known || base != theirs[name] {
			f.Others = true
		}
		f.mergeField(name, value, theirs[name])
	}
	f.Base, f.Revision = theirs, now.Revision
	return len(f.Clashes) == 0
}

// meets is merge for a form that was made for a new video, when somebody else had registered it:
// what was left empty, and the language, which the form itself proposed, were not chosen by anybody.
func (f *wordsForm) meets(now archive.Video) bool {
	f.Base, f.Clashes = map[string]string{}, map[string]string{}
	for name, value := range f.values() {
		if *value == "" || name == "language" {
			f.Base[name] = *value
		}
	}
	return f.merge(now)
}

func (f *wordsForm) mergeField(name string, mine *string, theirs string) {
	typed := strings.TrimSpace(oneLineEnd(*mine))
	base, known := f.Base[name]
	switch {
	case typed == theirs, known && theirs == base:
	case known && typed == base:
		*mine = theirs
	default:
		f.Clashes[name] = theirs
	}
}

// Clash reports whether two editors changed a field, and what the other one saved.
func (f wordsForm) Clash(l layout, name string) *clash {
	theirs, ok := f.Clashes[name]
	if !ok {
		return nil
	}
	return &clash{Layout: l, Name: name, Theirs: theirs}
}

// clash is a field that two editors changed.
type clash struct {
	Layout       layout
	Name, Theirs string
}

// labelsForm is the form of labels and notes as it was typed.
type labelsForm struct {
	Tags, Collections, Notes string
	Base                     labelsBase
	Revision                 int64
	Clash                    *clash // of the notes
	Others                   bool   // whether somebody else saved any of it meanwhile
	Problem                  string
	Unsaved                  string // why it could not be kept although nothing is wrong with it; empty otherwise
}

// labelsBase is what stood in the form when it was made.
type labelsBase struct{ Tags, Collections, Notes string }

func labelsOf(v archive.Video) labelsForm {
	base := labelsBase{strings.Join(v.Tags, ", "), strings.Join(v.Collections, ", "), v.Notes}
	return labelsForm{Tags: base.Tags, Collections: base.Collections, Notes: base.Notes, Base: base, Revision: v.Revision}
}

func readLabels(form url.Values) labelsForm {
	f := labelsForm{
		Tags: form.Get("tags"), Collections: form.Get("collections"), Notes: strings.TrimSpace(oneLineEnd(form.Get("notes"))),
		Base:     labelsBase{form.Get("base.tags"), form.Get("base.collections"), oneLineEnd(form.Get("base.notes"))},
		Revision: readWords(form).Revision,
	}
	if slices.Contains(form["clash"], "notes") {
		switch form.Get("pick.notes") {
		case "mine":
		case "theirs":
			f.Notes = f.Base.Notes
		default:
			f.Clash = &clash{Name: "notes", Theirs: f.Base.Notes}
		}
	}
	return f
}

func (f labelsForm) words() archive.Words {
	tags, collections, notes := split(f.Tags), split(f.Collections), f.Notes
	return archive.Words{Tags: &tags, Collections: &collections, Notes: &notes, Revision: f.Revision}
}

// merge brings together what was typed and what somebody else saved as now: labels that one added or
// removed are added and removed, and of notes that both changed one is chosen.
func (f *labelsForm) merge(now archive.Video) bool {
	theirs := labelsOf(now)
	f.Others = f.Others || theirs.Base != f.Base
	f.Tags = mergeLabels(f.Tags, f.Base.Tags, now.Tags)
	f.Collections = mergeLabels(f.Collections, f.Base.Collections, now.Collections)
	switch {
	case f.Notes == theirs.Notes, theirs.Notes == f.Base.Notes:
	case f.Notes == f.Base.Notes:
		f.Notes = theirs.Notes
	default:
		f.Clash = &clash{Name: "notes", Theirs: theirs.Notes}
	}
	f.Base, f.Revision = theirs.Base, now.Revision
	return f.Clash == nil
}

// mergeLabels applies to theirs what mine adds to base and removes from it.
func mergeLabels(mine, base string, theirs []string) string {
	has := func(list []string, label string) bool {
		return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, label) })
	}
	typed, was := split(mine), split(base)
	var merged []string
	for _, label := range theirs {
		if !has(was, label) || has(typed, label) {
			merged = append(merged, label)
		}
	}
	for _, label := range typed {
		if !has(was, label) && !has(merged, label) {
			merged = append(merged, label)
		}
	}
	return strings.Join(merged, ", ")
}
