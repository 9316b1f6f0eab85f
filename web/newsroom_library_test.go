package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/web"
)

func (s *staffed) tagged(id archive.VideoID, tags ...string) {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	v := s.shelf.videos[id]
	v.Tags = tags
	s.shelf.videos[id] = v
}

func TestTheLibraryIsNarrowedByLinksThatCanBeShared(t *testing.T) {
	s := newStaffed(t)
	s.tagged(pictured, "ONU")
	viewer := s.as(t, "viewer")
	page := text(t, s.get(t, "/videos?lang=es", viewer))
	if !strings.Contains(page, `href="/videos?lang=es&amp;tag=ONU"><bdi>ONU</bdi></a> <span class="quiet">1</span>`) {
		t.Errorf("no link narrows by the tag: %s", page)
	}
	page = text(t, s.get(t, "/videos?lang=es&tag=ONU&q=reuni&view=table", viewer))
	for _, want := range []string{
		`<span class="unseen">Quitar la condición</span> Etiqueta: <bdi>ONU</bdi>`, `href="/videos?lang=es&amp;q=reuni&amp;view=table"`,
		`name="tag" value="ONU"`, `name="q" value="reuni"`, `<table>`, string(pictured),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, string(bare)) || strings.Contains(page, `name="action"`) {
		t.Error("it shows what is not asked for, or offers a viewer to change things")
	}
}

func TestALibraryWithNothingLikeThatSaysWhereItLooked(t *testing.T) {
	s := newStaffed(t)
	if page := text(t, s.get(t, "/videos?lang=en&q=nothinglikethis", s.as(t, "viewer"))); !strings.Contains(page, "The search covers titles") || !strings.Contains(page, "Show everything") {
		t.Errorf("the page is %s", page)
	}
}

func TestAnAddressThatAsksForNonsenseIsRefused(t *testing.T) {
	s := newStaffed(t)
	for _, address := range []string{"/videos?state=dead", "/videos?event=soon", "/videos?after=garbage"} {
		if r := s.get(t, address, s.as(t, "viewer")); r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", address, r.StatusCode)
		}
	}
	wantProblem(t, s.get(t, "/api/v1/videos?state=dead", s.token(t, people.View)), http.StatusUnprocessableEntity)
}

func TestOneThingIsDoneToManyVideos(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	both := "video=" + string(pictured) + "&video=" + string(bare)
	r := s.ask(t, "POST", "/videos/bulk?tag=x&lang=es", both+"&action=label&tags="+url.QueryEscape("ONU, Nueva York,")+"&collections=Cumbres", editor)
	if r.StatusCode != http.StatusSeeOther || !strings.Contains(r.Header.Get("Location"), "done=label") || !strings.Contains(r.Header.Get("Location"), "tag=x") {
		t.Fatalf("got %d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	for _, id := range []archive.VideoID{pictured, bare} {
		if v := s.now(id); len(v.Tags) != 2 || v.Collections[0] != "Cumbres" {
			t.Errorf("%s has %q and %q", id, v.Tags, v.Collections)
		}
	}
	r = s.ask(t, "POST", "/videos/bulk?lang=es", both+"&action=withdraw&explanation.es=Revisamos.", editor)
	if r.StatusCode != http.StatusSeeOther || s.now(bare).Visibility.Exposure != archive.Withdrawn {
		t.Errorf("withdrawing: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/videos/bulk", both+"&action=publish", editor); r.StatusCode != http.StatusSeeOther || s.now(bare).Visibility.Exposure != archive.Public {
		t.Errorf("publishing: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/videos/bulk", both+"&action=check", s.as(t, "archivist")); r.StatusCode != http.StatusSeeOther {
		t.Errorf("checking, as an archivist: %d", r.StatusCode)
	}
}

func TestTheAPISaysOfEachItemWhatBecameOfIt(t *testing.T) {
	s := newStaffed(t)
	program := s.token(t, people.View, people.Edit)
	r := s.ask(t, "POST", "/api/v1/bulk", `{"ids":["`+string(bare)+`","`+string(absent)+`"],"action":"label","addTags":["ONU"]}`, program)
	out := decode[struct{ Items []web.APIBulkItem }](t, r)
	if r.StatusCode != http.StatusOK || len(out.Items) != 2 || out.Items[0].Error != "" || out.Items[1].Error == "" {
		t.Errorf("got %d, %+v", r.StatusCode, out)
	}
	wantProblem(t, s.ask(t, "POST", "/api/v1/bulk", `{"ids":["`+string(bare)+`"],"action":"publish"}`, program), http.StatusForbidden)
	wantProblem(t, s.ask(t, "POST", "/api/v1/bulk", `{"ids":[],"action":"label"}`, program), http.StatusUnprocessableEntity)
	wantProblem(t, s.ask(t, "POST", "/api/v1/bulk", `{"ids":["`+string(bare)+`"],"action":"label","addTags":["a,b"]}`, program), http.StatusUnprocessableEntity)
}

func TestTheAPITakesDown(t *testing.T) {
	s := newStaffed(t)
	program := s.token(t, people.View, people.Withdraw)
	path := "/api/v1/videos/" + string(bare)
	if r := s.ask(t, "POST", path+"/withdraw", `{"explanation":{"es":"Revisamos."}}`, program); r.StatusCode != http.StatusOK || s.now(bare).Visibility.Exposure != archive.Withdrawn {
		t.Errorf("withdrawing: %d", r.StatusCode)
	}
	wantProblem(t, s.ask(t, "POST", path+"/withdraw", `{"explanation":{}}`, program), http.StatusUnprocessableEntity)
	if r := s.ask(t, "POST", path+"/embargo", `{"until":"2026-05-01T06:00:00Z"}`, program); r.StatusCode != http.StatusOK || s.now(bare).Visibility.Exposure != archive.Embargoed {
		t.Errorf("an embargo: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", path+"/publish", "", program); r.StatusCode != http.StatusOK || s.now(bare).Visibility.Exposure != archive.Public {
		t.Errorf("publishing: %d", r.StatusCode)
	}
}

func TestVideosAreExportedForSpreadsheets(t *testing.T) {
	s := newStaffed(t)
	s.shelf.mu.Lock()
	v := s.shelf.videos[bare]
	v.Title = archive.Text{"es": "=HYPERLINK(1)"}
	s.shelf.videos[bare] = v
	s.shelf.mu.Unlock()
	editor := s.as(t, "editor")
	r := s.ask(t, "POST", "/videos/export", "video="+string(bare), editor)
	if body := text(t, r); r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/csv") || !strings.Contains(body, "'=HYPERLINK(1)") || strings.Contains(body, string(pictured)) {
		t.Errorf("got %d: %s", r.StatusCode, body)
	}
	if body := text(t, s.ask(t, "POST", "/videos/export", "", editor)); strings.Count(body, "\n") < 5 {
		t.Errorf("all of them are %s", body)
	}
}

func TestSourcesAreMovedWithButtons(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	first := s.now(pictured).Sources[0].SourceKey
	if r := s.ask(t, "POST", "/videos/"+string(pictured)+"/move", form("source", first.String(), "to", "down"), editor); r.StatusCode != http.StatusSeeOther || s.now(pictured).Sources[1].SourceKey != first {
		t.Errorf("down: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/videos/"+string(pictured)+"/move", form("source", first.String(), "to", "up"), editor); r.StatusCode != http.StatusSeeOther || s.now(pictured).Sources[0].SourceKey != first {
		t.Errorf("up: %d", r.StatusCode)
	}
}

func TestHomeShowsWhatNeedsAPerson(t *testing.T) {
	s := newStaffed(t, func(o *web.Options) { o.Reports = told{shelf: o.Catalog.(*shelf)} })
	page := text(t, s.get(t, "/?lang=es", s.as(t, "editor")))
	for _, want := range []string{"Pendientes", "Fuentes perdidas", "Sin leyenda", "/videos/" + string(bare) + "?lang=es#words"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	const all = `<a href="/videos?caption=no&amp;lang=es">`
	if strings.Contains(page, all) {
		t.Error("it leads to all where all are shown")
	}
	for range 5 {
		v := s.shelf.videos[bare]
		v.ID = archive.NewVideoID()
		s.shelf.videos[v.ID] = v
	}
	if page := text(t, s.get(t, "/?lang=es", s.as(t, "editor"))); !strings.Contains(page, all) {
		t.Error("it does not lead to all where some are shown")
	}
	away := newStaffed(t, func(o *web.Options) { o.Reports = told{err: archive.ErrUnavailable} })
	if r := away.get(t, "/home?lang=en", away.as(t, "viewer")); r.StatusCode != http.StatusOK || !strings.Contains(text(t, r), "cannot be read at present") {
		t.Errorf("without a report: %d", r.StatusCode)
	}
}
