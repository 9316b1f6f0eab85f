package web_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

// purges is what is purged next, in a test.
type purges struct {
	losses []archive.Loss
	err    error
}

func (p purges) Ahead(context.Context) ([]archive.Loss, error) { return p.losses, p.err }

func TestWhatIsPurgedNextMayBeConfirmed(t *testing.T) {
	s := newSite(t, func(o *web.Options) {
		o.Reports = told{shelf: o.Catalog.(*shelf)}
		o.Retention = purges{losses: []archive.Loss{{Video: bare, At: now(), Title: "A title " + hostile, Language: "en", Poster: true}}}
	})
	for lang, want := range map[string]string{"en": "Keep this title as ours", "es": "Adoptar este título"} {
		page := s.open(t, "/audit?lang="+lang)
		if !strings.Contains(page, want) || strings.Contains(page, hostile) || !strings.Contains(page, "/videos/"+string(bare)+"?lang="+lang+"#poster") {
			t.Errorf("%s: what is purged next is not offered", lang)
		}
	}
	r := s.submit(t, "/videos/"+string(bare)+"/title?lang=en", url.Values{"title": {" A title "}, "language": {"en"}})
	if to := redirected(t, r); !strings.HasPrefix(to, "/audit?done=title") {
		t.Errorf("leads to %s", to)
	}
	if v := s.shelf.videos[bare]; v.Title["en"] != "A title" || v.DefaultLanguage != "en" {
		t.Errorf("%+v", v.Title)
	}
	if page := s.open(t, "/audit?lang=en&done=title"); !strings.Contains(page, "The title is the newsroom") {
		t.Error("nobody learns that it is kept")
	}
}

func TestATitleThatIsNoneIsNotConfirmed(t *testing.T) {
	s := withAudit(t)
	if r := s.submit(t, "/videos/"+string(bare)+"/title", url.Values{"title": {"  "}}); r.StatusCode != 422 {
		t.Errorf("an empty title: %d", r.StatusCode)
	}
	if r := s.submit(t, "/videos/"+string(bare)+"/title", url.Values{"title": {"x"}, "language": {"no language"}}); r.StatusCode < 400 {
		t.Errorf("no language: %d", r.StatusCode)
	}
	if len(s.shelf.videos[bare].Title) != 0 {
		t.Error("something was kept")
	}
}

func TestNothingToPurgeIsNotMentioned(t *testing.T) {
	if page := withAudit(t).open(t, "/audit?lang=en"); strings.Contains(page, "About to be purged") {
		t.Error("it is")
	}
	s := newSite(t, func(o *web.Options) {
		o.Reports = told{shelf: o.Catalog.(*shelf)}
		o.Retention = purges{err: errors.Join(archive.ErrUnavailable)}
	})
	if r := s.get(t, "/audit", bearer()); r.StatusCode != 503 {
		t.Errorf("with the store down: %d", r.StatusCode)
	}
}
