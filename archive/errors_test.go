package archive_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"videoteca/archive"
)

// complaints are inputs that the domain refuses, by the field that is wrong.
func complaints() map[string]error {
	site := func(s string) error { return archive.CheckSite("frameAncestors", s) }
	words := func(w archive.Words) error { return w.Check() }
	_, noDate := archive.ParseEDTF("2019-13")
	_, noArticle := archive.CanonicalAddress("example.org/nota")
	_, _, noVideo := archive.Platforms(nil).Recognise("https://nobody.example/x")
	return map[string]error{
		"frameAncestors":  site("https://a.example; script-src *"),
		"sites":           words(archive.Words{Sites: &[]string{"https://a.example", "a.example"}}),
		"defaultLanguage": words(archive.Words{DefaultLanguage: "español!"}),
		"title":           words(archive.Words{Title: archive.Text{"es_SV": "x"}}),
		"caption":         words(archive.Words{Caption: archive.Text{"es": strings.Repeat("ñ", 8<<10+1)}}),
		"contentWarning":  words(archive.Words{ContentWarning: archive.Text{"es": "\xc3("}}),
		"eventDate":       noDate,
		"article":         noArticle,
		"url":             noVideo,
	}
}

func TestAComplaintNamesTheFieldTheProblemAndTheCure(t *testing.T) {
	for field, err := range complaints() {
		var complaint *archive.FieldError
		if !errors.As(err, &complaint) || complaint.Field != field {
			t.Errorf("%s: %v", field, err)
			continue
		}
		if complaint.Problem == "" || complaint.Cure == "" {
			t.Errorf("%s: the problem is %q and the cure %q", field, complaint.Problem, complaint.Cure)
		}
		if got, want := err.Error(), field+": "+complaint.Problem+"; "+complaint.Cure; got != want {
			t.Errorf("it reads %q, want %q", got, want)
		}
	}
}

func TestAComplaintQuotesWhatWasGiven(t *testing.T) {
	all := complaints()
	for field, given := range map[string]string{
		"frameAncestors": "script-src", "sites": `"a.example"`, "defaultLanguage": "español!", "title": "es_SV", "caption": "16386 bytes",
		"contentWarning": "UTF-8", "eventDate": "2019-13", "article": "example.org/nota", "url": "https://nobody.example/x",
	} {
		if got := all[field].Error(); !strings.Contains(got, given) {
			t.Errorf("%s: %q does not mention %s", field, got, given)
		}
	}
}

func TestAComplaintKeepsItsCause(t *testing.T) {
	_, _, err := archive.Platforms(nil).Recognise("https://nobody.example/x")
	if !errors.Is(err, archive.ErrNotRecognised) || errors.Is(err, archive.ErrNotAVideo) {
		t.Errorf("got %v", err)
	}
	if err := archive.CheckSite("sites", "x"); errors.Unwrap(err) != nil {
		t.Errorf("%v has the cause %v", err, errors.Unwrap(err))
	}
}

func TestWhoOwnsASourceIsNamed(t *testing.T) {
	owned := &archive.OwnedError{Source: archive.SourceKey{Platform: "youtube", ID: "jNQXAC9IVRw"}, Owner: "7k3mzq9x0abd"}
	wrapped := fmt.Errorf("adding a source: %w", owned)
	var got *archive.OwnedError
	if !errors.As(wrapped, &got) || got != owned {
		t.Fatalf("%v carries %v", wrapped, got)
	}
	if want := "the source youtube:jNQXAC9IVRw belongs to video 7k3mzq9x0abd"; owned.Error() != want {
		t.Errorf("it reads %q", owned)
	}
}
