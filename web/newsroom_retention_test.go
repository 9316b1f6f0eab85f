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

func TestTheNewsroomsOwnTitleStaysWhateverAnOlderPageConfirms(t *testing.T) {
	s := withAudit(t)
	s.shelf.videos[bare] = changed(s.shelf.videos[bare], func(v *archive.Video) { v.Title = archive.Text{"es": "De la redacción"} })
	path := "/videos/" + string(bare) + "/title?lang=es"
	r := s.submit(t, path, url.Values{"title": {"De la plataforma"}, "language": {"es"}})
	if page := text(t, r); r.StatusCode != 409 || !strings.Contains(page, `De la redacción: <span dir="auto">la redacción ya tiene este título propio`) {
		t.Errorf("got %d: %s", r.StatusCode, page)
	}
	if v := s.shelf.videos[bare]; v.Title["es"] != "De la redacción" || v.Revision != 1 {
		t.Errorf("%v at revision %d", v.Title, v.Revision)
	}
	redirected(t, s.submit(t, path, url.Values{"title": {"De la redacción"}, "language": {"es"}}))
	redirected(t, s.submit(t, path, url.Values{"title": {"From the platform"}, "language": {"en"}}))
	if v := s.shelf.videos[bare]; v.Title["es"] != "De la redacción" || v.Title["en"] != "From the platform" {
		t.Errorf("%v", v.Title)
	}
}

// lagging is a catalog that has not heard of the shelf's last change.
type lagging struct {
	*shelf
	id archive.VideoID
}

func (l lagging) Video(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	v, err := l.shelf.Video(ctx, id)
	if id == l.id {
		v.Title, v.Revision = nil, v.Revision-1
	}
	return v, err
}

func TestATitleThatAnotherReplicaSavedAMomentAgoStays(t *testing.T) {
	s := newSite(t, func(o *web.Options) {
		o.Reports = told{shelf: o.Catalog.(*shelf)}
		o.Catalog = lagging{o.Catalog.(*shelf), bare}
	})
	s.shelf.videos[bare] = changed(s.shelf.videos[bare], func(v *archive.Video) { v.Title, v.Revision = archive.Text{"es": "De la redacción"}, 2 })
	r := s.submit(t, "/videos/"+string(bare)+"/title?lang=es", url.Values{"title": {"De la plataforma"}, "language": {"es"}})
	if v := s.shelf.videos[bare]; r.StatusCode != 409 || v.Title["es"] != "De la redacción" {
		t.Errorf("got %d, %v", r.StatusCode, v.Title)
	}
	redirected(t, s.submit(t, "/videos/"+string(bare)+"/title", url.Values{"title": {"From the platform"}, "language": {"en"}}))
	if v := s.shelf.videos[bare]; v.Title["es"] != "De la redacción" || v.Title["en"] != "From the platform" {
		t.Errorf("%v", v.Title)
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
