package web

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"videoteca/archive"
)

func spoken(t testing.TB, lang string) layout {
	t.Helper()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return layout{texts: texts, Lang: lang}
}

func TestProblemsStandByTheFieldsOfTheForm(t *testing.T) {
	l := spoken(t, "es")
	for field, want := range map[string]string{
		"url": "url", "article": "article", "eventDate": "eventDate", "defaultLanguage": "defaultLanguage",
		"article.language": "defaultLanguage", "title": "title", "after": "after",
	} {
		var f wordsForm
		if !f.problem(l, &archive.FieldError{Field: field, Problem: "wrong", Cure: "mend it"}) || f.Problems[want] == nil || len(f.Problems) != 1 {
			t.Errorf("a problem of %s is noted as %v", field, f.Problems)
		}
		said := f.Problems[want]
		if english := strings.Contains(said.Words, "mend it"); english != (field == "after") || english != (said.Lang == "en") {
			t.Errorf("of %s people read %+v", field, said)
		}
	}
	var f wordsForm
	if f.problem(l, nil) || f.problem(l, errors.New("the disk")) || f.Problems != nil {
		t.Errorf("what is no mistake of the editor's became one: %v", f.Problems)
	}
}

func TestAnEmptyFieldRemovesItsTextAlone(t *testing.T) {
	w := readWords(url.Values{"title.es": {"Uno"}, "language": {" es "}, "revision": {"7"}}).words()
	if w.Title["es"] != "Uno" || w.DefaultLanguage != "es" || w.Revision != 7 || *w.EventDate != "" {
		t.Errorf("words: %+v", w)
	}
	if english, ok := w.Title["en"]; !ok || english != "" {
		t.Error("the emptied English title would stay")
	}
	if w.ContentWarning != nil || w.Notes != nil {
		t.Error("fields that the form has not would be changed")
	}
}

func TestLengthsAreWrittenAsPeopleDo(t *testing.T) {
	for seconds, want := range map[float64]string{-1: "", 0: "", 0.4: "0:00", 59.9: "0:59", 61: "1:01", 3599: "59:59", 3600: "1:00:00", 36061: "10:01:01"} {
		if got := (layout{}).Seconds(seconds); got != want {
			t.Errorf("%v s are %q, want %q", seconds, got, want)
		}
	}
}

func FuzzReadWords(f *testing.F) {
	for _, seed := range []string{"title.es=Uno&revision=1", "caption.en=a%0D%0Ab", "revision=-1&language=x1", "title.es=%FF", "title=Uno"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		sent, _ := url.ParseQuery(query) // what it could read
		form := readWords(sent)
		for _, field := range form.Texts {
			if field.Value != sent.Get(field.Name()) {
				t.Errorf("%s was %q and is shown as %q", field.Name(), sent.Get(field.Name()), field.Value)
			}
		}
		w := form.words()
		if err := w.Check(); err != nil {
			if !form.problem(spoken(t, "en"), err) {
				t.Errorf("%v stands beside no field", err)
			}
			return
		}
		for _, texts := range []archive.Text{w.Title, w.Caption, w.Alt} {
			for lang, s := range texts {
				if !utf8.ValidString(s) || strings.Contains(s, "\r\n") || !strings.Contains(formLanguages, lang) {
					t.Errorf("%q in %q would be kept", s, lang)
				}
			}
		}
	})
}
