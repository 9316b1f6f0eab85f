package web

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"videoteca/archive"
	"videoteca/internal/reasons"
)

// wordsForm is what an editor typed, and what is wrong with it. It is shown
// again as it was typed, so that an error costs no work.
type wordsForm struct {
	Language  string
	Texts     []textField
	EventDate string
	Revision  int64
	Problems  problems // what is wrong, and the cure
	Unsaved   string   // why it could not be kept although nothing is wrong with it; empty otherwise

	Base    map[string]string // by field: what stood in the form when it was made; nil: it is of no video yet
	Clashes map[string]string // by field: what somebody else saved of what was changed here too
	Others  bool              // whether somebody else saved any of it meanwhile

	// What the source offers for the date of the event; OfferedUpload: it is the day of the upload.
	OfferedDate   string
	OfferedUpload bool
}

// textField is one text in one language.
type textField struct {
	Field string // as archive.FieldError names it: "title"
	Lang  string
	Value string

	Offered string // what the source's own words offer; empty for nothing
}

// Name is the name of the form's field: "title.es".
func (f textField) Name() string { return f.Field + "." + f.Lang }

// Long reports whether the text may have several lines.
func (f textField) Long() bool { return f.Field == "caption" }

// formLanguages are those that the form offers side by side. Texts in others are left as they are.
const formLanguages = "es en"

// wordsOf fills the form with a video's words.
func wordsOf(v archive.Video) wordsForm {
	f := wordsForm{Language: v.DefaultLanguage, EventDate: string(v.EventDate), Revision: v.Revision}
	for _, field := range []struct {
		name string
		text archive.Text
	}{{"title", v.Title}, {"caption", v.Caption}, {"alt", v.Alt}} {
		for lang := range strings.FieldsSeq(formLanguages) {
			f.Texts = append(f.Texts, textField{Field: field.name, Lang: lang, Value: field.text[lang]})
		}
	}
	f.Base = f.bases()
	return f
}

// readWords reads the form as it was sent.
func readWords(form url.Values) wordsForm {
	f := wordsOf(archive.Video{})
	f.Language, f.EventDate = strings.TrimSpace(form.Get("language")), strings.TrimSpace(form.Get("eventDate"))
	f.Revision, _ = strconv.ParseInt(form.Get("revision"), 10, 64) // 0 asks for no check
	for i := range f.Texts {
		f.Texts[i].Value = form.Get(f.Texts[i].Name())
	}
	f.readBases(form)
	return f
}

// words are what is to be kept. An empty field removes that language's text.
func (f wordsForm) words() archive.Words {
	w := archive.Words{DefaultLanguage: f.Language, EventDate: &f.EventDate, Revision: f.Revision, Title: archive.Text{}, Caption: archive.Text{}, Alt: archive.Text{}}
	for _, t := range f.Texts {
		map[string]archive.Text{"title": w.Title, "caption": w.Caption, "alt": w.Alt}[t.Field][t.Lang] = oneLineEnd(t.Value)
	}
	return w
}

// oneLineEnd undoes what browsers do to line ends in forms.
func oneLineEnd(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// problem notes what is wrong with a field, if the error says so, in l's language.
func (f *wordsForm) problem(l layout, err error) bool {
	var field *archive.FieldError
	if !errors.As(err, &field) {
		return false
	}
	name := field.Field
	if name == "article.language" { // the form has one language for both
		name = "defaultLanguage"
	}
	f.Problems = problems{name: l.problem(name, field)}
	return true
}

// problem is what is wrong with a field of the form, for people. The field itself
// shows what they typed, so the text need not repeat it.
func (l layout) problem(name string, field *archive.FieldError) *reasons.Said {
	switch {
	case errors.Is(field, archive.ErrNotAVideo):
		return l.says("problem.notAVideo")
	case name == "url", name == "article", name == "eventDate", name == "defaultLanguage":
		return l.says("problem." + name)
	case name == "title", name == "caption", name == "alt":
		return l.says("problem.text")
	}
	return l.untold(field)
}
