package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

// refusing is a checker that has an error of its own for everything.
type refusing struct{ *shelf }

func (refusing) CheckSources(context.Context, []web.SourceOf, string) error {
	return &archive.FieldError{Field: "odd", Problem: "it is odd", Cure: "make it even"}
}

func TestWhatManySourcesFailedOfIsToldInThePagesLanguage(t *testing.T) {
	s := withAudit(t)
	form := url.Values{"source": {string(pictured) + " toy:nowhere"}, "action": {"overrule"}, "as": {"dead"}, "reason": {"Lo sé."}}
	for lang, want := range map[string]string{"es": "Aquí no hay nada", "en": "Nothing here"} {
		page := text(t, s.submit(t, "/audit?state=gone&lang="+lang, form))
		if !strings.Contains(page, `<p>toy:nowhere: <span dir="auto">`+want) {
			t.Errorf("%s: the page does not say %q", lang, want)
		}
	}
}

func TestWhatIsThereInEnglishAloneSaysSoOnOtherPages(t *testing.T) {
	s := withAudit(t, func(o *web.Options) { o.Checker = refusing{o.Checker.(*shelf)} })
	form := url.Values{"source": {string(pictured) + " toy:two"}, "action": {"check"}}
	for lang, want := range map[string]string{"es": `<span lang="en" dir="auto">it is odd; make it even</span>`, "en": `<span dir="auto">it is odd; make it even</span>`} {
		if page := text(t, s.submit(t, "/audit?lang="+lang, form)); !strings.Contains(page, want) {
			t.Errorf("%s: the audit page lacks %s", lang, want)
		}
	}
	staff := newStaffed(t)
	editor := staff.as(t, "editor")
	for lang, want := range map[string]string{"es": `<bdi lang="en">&#34;erase&#34; cannot be undone</bdi>`, "en": `<bdi>&#34;erase&#34; cannot be undone</bdi>`} {
		r := staff.ask(t, "POST", "/videos/undo?lang="+lang, "verb=erase", editor)
		if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
			t.Errorf("%s: %d; the page of errors lacks %s", lang, r.StatusCode, want)
		}
	}
}
