package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"videoteca/archive"
)

// explanationForm is what readers are to be told, as it was typed. Beside each text it carries the one with which it was
// made, as forms of words do, so that of two people who withdraw a video neither's text is lost: what only one of them
// changed is merged, and for what both changed the second one chooses.
type explanationForm struct {
	Texts   []textField
	Base    map[string]string // by field: what stood in the form when it was made
	Clashes map[string]string // by field: what somebody else decided to tell where something else was typed here
}

// explanationOf fills the form with what a video's record has: in the languages that every form offers, and in
// whichever others it is.
func explanationOf(v archive.Video) explanationForm {
	f := explanationForm{Base: map[string]string{}, Clashes: map[string]string{}}
	offered := strings.Fields(formLanguages)
	for _, lang := range slices.Sorted(maps.Keys(v.Explanation)) {
		if !slices.Contains(offered, lang) {
			offered = append(offered, lang)
		}
	}
	for _, lang := range offered {
		text := textField{Field: "explanation", Lang: lang, Value: v.Explanation[lang]}
		f.Texts, f.Base[text.Name()] = append(f.Texts, text), text.Value
	}
	return f
}

// readExplanation reads the form as it was sent. A language of the record that it has not is left as it is.
func readExplanation(form url.Values, v archive.Video) explanationForm {
	said := maps.Clone(v.Explanation)
	if said == nil {
		said = archive.Text{}
	}
	for name := range form {
		if lang, ok := strings.CutPrefix(name, "explanation."); ok && lang != "" {
			said[lang] = oneLineEnd(form.Get(name))
		}
	}
	f := explanationOf(archive.Video{Explanation: said})
	for i := range f.Texts {
		f.readBase(form, &f.Texts[i])
	}
	return f
}

// readBase reads with which text a field was made, and takes what was chosen of a clash.
func (f *explanationForm) readBase(form url.Values, text *textField) {
	name := text.Name()
	delete(f.Base, name)
	if !form.Has("base." + name) {
		return
	}
	base := oneLineEnd(form.Get("base." + name))
	f.Base[name] = base
	if !slices.Contains(form["clash"], name) {
		return
	}
	switch form.Get("pick." + name) {
	case "mine":
	case "theirs":
		text.Value = base
	default:
		f.Clashes[name] = base
	}
}

// text is what is to be told. A language whose field is empty has none.
func (f explanationForm) text() archive.Text {
	said := archive.Text{}
	for _, t := range f.Texts {
		said[t.Lang] = t.Value
	}
	return said
}

// merge brings together what was typed and what somebody else decided to tell.
func (f *explanationForm) merge(now archive.Video) {
	theirs := explanationOf(now)
	for _, t := range theirs.Texts {
		if !slices.ContainsFunc(f.Texts, func(mine textField) bool { return mine.Lang == t.Lang }) {
			f.Texts = append(f.Texts, t)
		}
	}
	for i := range f.Texts {
		mine := &f.Texts[i]
		name, their := mine.Name(), theirs.Base[mine.Name()]
		base, known := f.Base[name]
		switch typed := strings.TrimSpace(mine.Value); {
		case typed == their, known && their == base:
		case known && typed == strings.TrimSpace(base):
			mine.Value = their
		default:
			f.Clashes[name] = their
		}
		f.Base[name] = their
	}
}

// Clash reports whether two people changed a text, and what the other one decided to tell.
func (f explanationForm) Clash(l layout, name string) *clash {
	theirs, ok := f.Clashes[name]
	if !ok {
		return nil
	}
	return &clash{Layout: l, Name: name, Theirs: theirs}
}
