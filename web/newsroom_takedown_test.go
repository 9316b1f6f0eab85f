package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

const takedownPath = "/videos/" + string(bare) + "/takedown"

func (s *staffed) now(id archive.VideoID) archive.Video { return s.site.stored(id) }

func TestAVideoIsWithdrawnAndShownAgain(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	r := s.ask(t, "POST", "/videos/"+string(bare)+"/withdraw?lang=es", form("explanation.es", " ", "explanation.en", ""), editor)
	if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Diga a los lectores en una frase") {
		t.Errorf("without a word: %d", r.StatusCode)
	}
	r = s.ask(t, "POST", "/videos/"+string(bare)+"/withdraw?lang=es", form("explanation.es", "A petición.\r\nGracias.", "explanation.en", ""), editor)
	if r.StatusCode != http.StatusSeeOther || s.now(bare).Visibility.Exposure != archive.Withdrawn || s.now(bare).Explanation["es"] != "A petición.\nGracias." {
		t.Fatalf("got %d, %+v", r.StatusCode, s.now(bare).Explanation)
	}
	page := text(t, s.get(t, r.Header.Get("Location"), editor))
	if !strings.Contains(page, "Deshacer") || !strings.Contains(page, "Retirado") {
		t.Errorf("the page offers no undoing: %s", page)
	}
	if body := text(t, s.get(t, "/e/"+string(bare)+"?lang=es")); !strings.Contains(body, "A petición.") {
		t.Errorf("readers see %s", body)
	}
	if r := s.ask(t, "POST", "/videos/"+string(bare)+"/publish", "", editor); r.StatusCode != http.StatusSeeOther || s.now(bare).Visibility.Exposure != archive.Public {
		t.Errorf("undoing: %d", r.StatusCode)
	}
}

func TestAnEmbargoIsMeantInTheEditorsZone(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	for _, tt := range []struct {
		until, offset string
		want          time.Time // zero: refused
	}{
		{"2026-05-01T06:00", "360", time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}, // San Salvador
		{"2026-05-01T06:00", "-120", time.Date(2026, 5, 1, 4, 0, 0, 0, time.UTC)}, // Madrid
		{"2026-05-01T06:00:30", "", time.Date(2026, 5, 1, 6, 0, 30, 0, time.UTC)},
		{"2026-05-01T06:00", "99999", time.Date(2026, 5, 1, 6, 0, 0, 0, time.UTC)},
		{"2026-04-01T06:00", "0", time.Time{}}, // past
		{"tomorrow", "0", time.Time{}},
	} {
		s.restore()
		r := s.ask(t, "POST", "/videos/"+string(pictured)+"/embargo?lang=es", form("until", tt.until, "offset", tt.offset), editor)
		v := s.now(pictured)
		if tt.want.IsZero() {
			if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || v.Visibility.Exposure != archive.Public || !strings.Contains(page, "que aún no haya pasado") {
				t.Errorf("%s: %d, %+v", tt.until, r.StatusCode, v.Visibility)
			}
			continue
		}
		if r.StatusCode != http.StatusSeeOther || !v.Visibility.Until.Equal(tt.want) {
			t.Errorf("%s at %s: %d, until %s", tt.until, tt.offset, r.StatusCode, v.Visibility.Until)
		}
	}
}

func TestErasingShowsWhatGoesAndAsksForTheID(t *testing.T) {
	s := newStaffed(t)
	s.attic.objs = []archive.Belonging{{Key: "files/00/x.jpg", Bytes: 2048, File: strings.Repeat("ab", 32)}, {Key: "events/00/y.json", Bytes: 1024}}
	admin := s.as(t, "admin")
	if page := text(t, s.get(t, takedownPath, s.as(t, "editor"))); strings.Contains(page, "preview=erase") {
		t.Error("an editor is offered to erase")
	}
	page := text(t, s.get(t, takedownPath+"?preview=erase&lang=en", admin))
	for _, want := range []string{"2 objects would be deleted", "files/00/x.jpg", "backups", "Type " + string(bare)} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	path := "/videos/" + string(bare) + "/erase?lang=en"
	for name, tt := range map[string]struct{ body, want string }{
		"another id": {form("basis", "law", "confirm", "x"), "Type the video&#39;s id"},
		"no basis":   {form("confirm", string(bare)), "Name the law"},
	} {
		r := s.ask(t, "POST", path, tt.body, admin)
		if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, tt.want) || len(s.attic.erased) != 0 {
			t.Errorf("%s: %d, without %q", name, r.StatusCode, tt.want)
		}
	}
	r := s.ask(t, "POST", path, form("basis", "GDPR Art. 17", "reason", "asked by letter", "confirm", " "+string(bare)+" "), admin)
	if r.StatusCode != http.StatusSeeOther || len(s.attic.erased) != 1 {
		t.Fatalf("got %d: %s", r.StatusCode, text(t, r))
	}
	tombstone := text(t, s.get(t, r.Header.Get("Location"), admin))
	for _, want := range []string{"GDPR Art. 17", "asked by letter", strings.Repeat("ab", 32), "content delivery networks"} {
		if !strings.Contains(tombstone, want) {
			t.Errorf("the tombstone lacks %q", want)
		}
	}
	if r := s.get(t, "/videos/"+string(bare), admin); r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.Header.Get("Location"), takedownPath) {
		t.Errorf("its page leads to %d %s", r.StatusCode, r.Header.Get("Location"))
	}
}

func TestAHoldIsPlacedAndBlocksErasure(t *testing.T) {
	s := newStaffed(t)
	admin := s.as(t, "admin")
	if r := s.ask(t, "POST", "/videos/"+string(bare)+"/hold?lang=es", form("reason", ""), admin); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/videos/"+string(bare)+"/hold", form("reason", "case 12-2025"), admin); r.StatusCode != http.StatusSeeOther || s.now(bare).LegalHold.By != "admin" {
		t.Fatalf("got %d, %+v", r.StatusCode, s.now(bare).LegalHold)
	}
	if page := text(t, s.get(t, takedownPath+"?preview=erase&lang=es", admin)); !strings.Contains(page, "case 12-2025") || !strings.Contains(page, " disabled>") {
		t.Errorf("the page does not show the hold: %s", page)
	}
	r := s.ask(t, "POST", "/videos/"+string(bare)+"/erase?lang=es", form("basis", "law", "confirm", string(bare)), admin)
	if page := text(t, r); r.StatusCode != http.StatusConflict || !strings.Contains(page, "Hay una retención legal") {
		t.Errorf("erasing: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/videos/"+string(bare)+"/lift-hold", form("reason", "decided"), admin); r.StatusCode != http.StatusSeeOther || s.now(bare).LegalHold != nil {
		t.Errorf("lifting: %d", r.StatusCode)
	}
}

func TestActivitySaysWhoDidWhat(t *testing.T) {
	s := newStaffed(t)
	s.attic.events = []archive.Event{
		{ID: "1", At: now(), Actor: "ana", Verb: "register", After: map[string]any{"title": map[string]any{"es": "Reunión <b>"}}},
		{ID: "2", At: now(), Actor: "luis", Verb: "label", Before: map[string]any{"tags": []any{"x"}}, After: map[string]any{"tags": []any{"x", strings.Repeat("ñ", 900)}}},
		{ID: "3", At: now(), Actor: "eva", Verb: "something-later", Reason: "why"},
	}
	page := text(t, s.get(t, "/videos/"+string(bare)+"/activity?lang=es", s.as(t, "viewer")))
	for _, want := range []string{"<strong>ana</strong> lo registró", "<strong>luis</strong> cambió etiquetas o colecciones", "<code>something-later</code>", "Reunión &lt;b&gt;", "<del>[&#34;x&#34;]</del>",
		`href="http://id.loc.gov/vocabulary/preservation/eventType/acc" rel="noopener noreferrer" lang="en">accession</a>`, ">metadata modification</a>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Index(page, "luis") > strings.Index(page, "ana") || strings.Contains(page, strings.Repeat("ñ", 500)) {
		t.Error("the newest is not first, or a value is not cut")
	}
}

func TestActivityIsBounded(t *testing.T) {
	s := newStaffed(t)
	for range 250 {
		s.attic.events = append(s.attic.events, archive.Event{At: now(), Actor: "ana", Verb: "check"})
	}
	page := text(t, s.get(t, "/videos/"+string(bare)+"/activity?lang=en", s.as(t, "viewer")))
	if n := strings.Count(page, "checked the sources"); n != 200 || !strings.Contains(page, "Older entries") {
		t.Errorf("it shows %d", n)
	}
}
