package web_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/internal/spool"
	"videoteca/web"
)

// undoForm is what the button of the page sends, and where to.
func undoForm(t *testing.T, page string) (path, body string) {
	t.Helper()
	for _, form := range all(parsed(t, page), tag("form")) {
		if path := attr(form, "action"); strings.HasPrefix(path, "/videos/undo") && len(all(form, func(n *html.Node) bool { return attr(n, "name") == "of" })) > 0 {
			bare, _, _ := strings.Cut(path, "?")
			return path, typed(t, page, bare).Encode()
		}
	}
	t.Fatalf("the page offers no undoing: %s", page)
	return "", ""
}

// after sends a form and opens the page that it leads to.
func (s *staffed) after(t *testing.T, path, body string, who ...with) string {
	t.Helper()
	r := s.ask(t, "POST", path, body, who...)
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", path, r.StatusCode, text(t, r))
	}
	return text(t, s.get(t, r.Header.Get("Location"), who[0]))
}

func TestWhatWasDoneIsUndoneWithOneButton(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	base := "/videos/" + string(pictured)
	second := s.now(pictured).Sources[1].SourceKey.String()
	for name, tt := range map[string]struct {
		path, body string
		done       func(archive.Video) bool
	}{
		"words":     {base, form("title.es", "Otro", "title.en", "x", "language", "es", "revision", "0"), func(v archive.Video) bool { return v.Title["es"] == "Otro" }},
		"labels":    {base + "/labels", form("tags", "ONU", "notes", "x"), func(v archive.Video) bool { return len(v.Tags) == 1 }},
		"the first": {base + "/prefer", form("source", second), func(v archive.Video) bool { return v.Sources[0].ID == "one" }},
		"the order": {base + "/move", form("source", second, "to", "up"), func(v archive.Video) bool { return v.Sources[0].ID == "one" }},
		"withdrawn": {base + "/withdraw", form("explanation.es", "A petición."), func(v archive.Video) bool { return v.Visibility.Exposure == archive.Withdrawn }},
		"embargoed": {base + "/embargo", form("until", "2026-05-01T06:00"), func(v archive.Video) bool { return v.Visibility.Exposure == archive.Embargoed }},
		"two at once": {"/videos/bulk", "video=" + string(pictured) + "&video=" + string(bare) + "&action=label&tags=ONU", func(v archive.Video) bool {
			return len(v.Tags) == 1 && len(s.now(bare).Tags) == 1
		}},
	} {
		s.restore()
		page := s.after(t, tt.path+"?lang=es", tt.body, editor)
		if !tt.done(s.now(pictured)) {
			t.Fatalf("%s: nothing was done", name)
		}
		path, body := undoForm(t, page)
		if page := s.after(t, path, body, editor); !strings.Contains(page, "Deshecho.") {
			t.Errorf("%s: the page does not say that it was undone", name)
		}
		if tt.done(s.now(pictured)) {
			t.Errorf("%s: it is still so", name)
		}
	}
}

func TestPublishingIsUndoneToTheWithdrawalBefore(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	page := s.after(t, "/videos/"+string(withdrawn)+"/publish?lang=es", "", editor)
	path, body := undoForm(t, page)
	s.after(t, path, body, editor)
	if v := s.now(withdrawn); v.Visibility.Exposure != archive.Withdrawn || v.Explanation["es"] != "Retirado a petición." {
		t.Errorf("%+v %v", v.Visibility, v.Explanation)
	}
}

func TestUndoingSaysWhereSomebodyHasChangedItSince(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	for _, tt := range []struct{ path, body string }{
		{"/videos/" + string(bare), form("title.es", "Uno", "language", "es", "revision", "0")},
		{"/videos/bulk", "video=" + string(bare) + "&action=label&tags=ONU"},
		{"/videos/" + string(bare) + "/withdraw", form("explanation.es", "A petición.")},
	} {
		page := s.after(t, tt.path+"?lang=es", tt.body, editor)
		path, body := undoForm(t, page)
		for _, other := range []struct{ path, body string }{
			{"/videos/" + string(bare), form("title.es", "Dos", "language", "es", "revision", "0")},
			{"/videos/bulk", "video=" + string(bare) + "&action=label&tags=" + tt.path[len("/videos/"):]},
			{"/videos/" + string(bare) + "/withdraw", form("explanation.es", "Otra vez.")},
		} {
			s.ask(t, "POST", other.path, other.body, s.as(t, "admin"))
		}
		before := s.now(bare)
		r := s.ask(t, "POST", path, body, editor)
		if page := text(t, r); r.StatusCode != http.StatusConflict || !strings.Contains(page, "alguien lo ha vuelto a cambiar") {
			t.Errorf("%s: %d: %s", tt.path, r.StatusCode, page)
		}
		if s.now(bare).Revision != before.Revision {
			t.Errorf("%s: something was changed all the same", tt.path)
		}
	}
}

func TestUndoingSaysWhereAVideoWasMergedSince(t *testing.T) {
	s := newStaffed(t, func(o *web.Options) { o.Merger = o.Catalog.(*shelf) })
	editor := s.as(t, "editor")
	page := s.after(t, "/videos/"+string(bare)+"?lang=es", form("title.es", "Uno", "language", "es", "revision", "0"), editor)
	path, body := undoForm(t, page)
	s.after(t, "/videos/"+string(pictured)+"/merge", form("duplicate", string(bare), "seen", string(bare)), editor)
	before := s.now(pictured)
	r := s.ask(t, "POST", path, body, editor)
	if page := text(t, r); r.StatusCode != http.StatusConflict || !strings.Contains(page, "se fusionó con otro video") {
		t.Errorf("%d: %s", r.StatusCode, page)
	}
	if s.now(pictured).Revision != before.Revision {
		t.Error("something was changed all the same")
	}
}

func TestWhatChangedNothingOffersNoUndoing(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	page := text(t, s.get(t, "/videos/"+string(bare)+"?done=saved&undo=describe&of="+string(bare)+".0", editor))
	if strings.Contains(page, "/videos/undo") {
		t.Error("it offers to undo what never was")
	}
	for _, query := range []string{"undo=erase&of=" + string(bare) + ".2", "undo=describe&of=x", "undo=describe", "undo=describe&of=%22%3E%3Cb%3E.1"} {
		if page := text(t, s.get(t, "/videos/"+string(bare)+"?done=saved&"+query, editor)); strings.Contains(page, "/videos/undo") {
			t.Errorf("%s: it offers to undo", query)
		}
	}
	if page := text(t, s.get(t, "/videos/"+string(bare)+"?done=saved&undo=describe&of="+string(bare)+".2", s.as(t, "viewer"))); strings.Contains(page, "/videos/undo") {
		t.Error("a viewer is offered to undo")
	}
}

func TestUndoingNeedsWhatDoingNeeded(t *testing.T) {
	s := newStaffed(t)
	for _, tt := range []struct {
		verb string
		who  string
		want int
	}{
		{"withdraw", "archivist", http.StatusForbidden}, {"describe", "viewer", http.StatusForbidden}, {"erase", "admin", http.StatusUnprocessableEntity},
		{"describe", "editor", http.StatusConflict}, // such a change there is not
	} {
		if r := s.ask(t, "POST", "/videos/undo", form("verb", tt.verb, "of", string(bare)+".7", "to", "video"), s.as(t, tt.who)); r.StatusCode != tt.want {
			t.Errorf("%s as %s: %d", tt.verb, tt.who, r.StatusCode)
		}
	}
	if r := s.ask(t, "POST", "/videos/undo", form("verb", "describe", "of", "rubbish"), s.as(t, "editor")); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("rubbish: %d", r.StatusCode)
	}
}

func TestAWrongFileIsTakenBackAndPutBack(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	film := archive.File{Digest: strings.Repeat("cd", 32), Extension: "mp4", Type: "video/mp4", Bytes: 2048}
	s.shelf.mu.Lock()
	v := s.shelf.videos[pictured]
	v.Copies = []archive.Copy{{File: film, Rights: archive.Rights{Text: "Ella lo autorizó."}}}
	v.Captions = []archive.Caption{{Language: "es", File: archive.File{Digest: strings.Repeat("ef", 32), Extension: "vtt"}}}
	v.Picture = &archive.File{Digest: strings.Repeat("ab", 32), Extension: "jpg", Width: 640, Height: 360}
	s.shelf.videos[pictured] = v
	s.shelf.kept[string(pictured)+"/"+film.Name()] = []byte("a film")
	s.shelf.mu.Unlock()
	path, media := "/videos/"+string(pictured)+"/remove?lang=es", "/m/"+string(pictured)+"/"+film.Name()
	if r := s.get(t, media); r.StatusCode != http.StatusOK {
		t.Fatalf("the film before: %d", r.StatusCode)
	}
	page := s.after(t, path, form("what", "copy", "which", film.Digest), editor)
	if r := s.get(t, media); r.StatusCode != http.StatusNotFound || !strings.Contains(page, "Los lectores ya no reciben el archivo") {
		t.Errorf("readers still get the film: %d", r.StatusCode)
	}
	undo, body := undoForm(t, page)
	s.after(t, undo, body, editor)
	if r := s.get(t, media); r.StatusCode != http.StatusOK {
		t.Errorf("put back: %d", r.StatusCode)
	}
	s.after(t, path, form("what", "captions", "which", "es"), editor)
	s.after(t, path, form("what", "poster"), editor)
	if v := s.now(pictured); len(v.Captions) != 0 || v.Picture != nil || len(v.Copies) != 1 {
		t.Errorf("%+v", v)
	}
	for body, want := range map[string]int{form("what", "poster"): 404, form("what", "copy", "which", "none"): 404, form("what", "video"): 422} {
		if r := s.ask(t, "POST", path, body, editor); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", body, r.StatusCode, want)
		}
	}
}

// A poster that took the place of another by mistake is there again with one button, and so are copies and captions.
func TestAFileGivenByMistakeIsUndone(t *testing.T) {
	incoming, err := spool.Open(filepath.Join(t.TempDir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	s := newStaffed(t, func(o *web.Options) { o.Spool = incoming })
	editor := s.as(t, "editor")
	s.shelf.mu.Lock()
	v := s.shelf.videos[pictured]
	v.Picture = &archive.File{Digest: strings.Repeat("ab", 32), Extension: "jpg", Width: 640, Height: 360}
	v.Captions = []archive.Caption{{Language: "es", File: archive.File{Digest: strings.Repeat("ef", 32), Extension: "vtt"}}}
	s.shelf.videos[pictured] = v
	s.shelf.mu.Unlock()
	before := fieldsOf(s.now(pictured))
	for kind, tt := range map[string]struct {
		fields map[string]string
		file   string
		field  string // of the record
	}{
		"copies":   {map[string]string{"rights": "Propia."}, mp4File, "copies"},
		"captions": {map[string]string{"language": "es"}, vttFile, "captions"},
		"poster":   {nil, pngFile, "picture"},
	} {
		body, contentType := multipartForm(t, tt.fields, tt.file)
		page := s.after(t, picturedPage+"/"+kind+"?lang=es", body, editor, header("Content-Type", contentType))
		if string(fieldsOf(s.now(pictured))[tt.field]) == string(before[tt.field]) {
			t.Fatalf("%s: nothing was kept", kind)
		}
		path, undo := undoForm(t, page)
		if page := s.after(t, path, undo, editor); !strings.Contains(page, "Deshecho.") {
			t.Errorf("%s: the page does not say that it was undone", kind)
		}
		if got, want := string(fieldsOf(s.now(pictured))[tt.field]), string(before[tt.field]); got != want {
			t.Errorf("%s: undone, the record has %s, want %s", kind, got, want)
		}
	}
}

func TestAFileThatCameInPiecesIsUndoneToo(t *testing.T) {
	incoming, err := spool.Open(filepath.Join(t.TempDir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	s := newStaffed(t, func(o *web.Options) { o.Spool = incoming })
	editor := s.as(t, "editor")
	at := s.begin(t, len(pngFile), metadata("filename", "a.png", "purpose", "poster", "video", string(pictured)), editor)
	s.piece(t, at, 0, pngFile, editor)
	body := "--x\r\nContent-Disposition: form-data; name=\"upload\"\r\n\r\n" + strings.TrimPrefix(at, uploads+"/") + "\r\n--x--\r\n"
	page := s.after(t, picturedPage+"/poster?lang=es", body, editor, header("Content-Type", "multipart/form-data; boundary=x"))
	if s.now(pictured).Picture == nil {
		t.Fatal("the poster was not kept")
	}
	path, undo := undoForm(t, page)
	s.after(t, path, undo, editor)
	if p := s.now(pictured).Picture; p != nil {
		t.Errorf("undone, the poster is %v", p)
	}
}

// One that fails takes nothing from the others: what was done to them can be undone.
func TestWhatWasDoneToSomeOfManyCanBeUndone(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	r := s.ask(t, "POST", "/videos/bulk?lang=es&tag=x", "video="+string(bare)+"&video="+string(absent)+"&action=label&tags=ONU", editor)
	page := text(t, r)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, string(absent)+": ") || !strings.Contains(page, "<p>Se añadieron las etiquetas.</p>") {
		t.Errorf("%d: the page does not say what failed and what was done", r.StatusCode)
	}
	path, undo := undoForm(t, page)
	s.after(t, path, undo, editor)
	if tags := s.now(bare).Tags; len(tags) != 0 {
		t.Errorf("undone, it has the tags %q", tags)
	}
	page = text(t, s.ask(t, "POST", "/videos/bulk?lang=es", "video="+string(absent)+"&action=label&tags=ONU", editor))
	if strings.Contains(page, "<p>Se añadieron las etiquetas.</p>") || strings.Contains(page, `name="of"`) {
		t.Error("where all failed the page says that it was done, or offers to undo it")
	}
	page = text(t, s.ask(t, "POST", "/videos/bulk?lang=es", "video="+string(bare)+"&video="+string(absent)+"&action=check", editor))
	if strings.Contains(page, `name="of"`) {
		t.Error("a check is offered to be undone")
	}
}

func TestActivitySaysWhatWasTakenBack(t *testing.T) {
	s := newStaffed(t)
	s.attic.events = []archive.Event{{ID: "1", Actor: "ana", Verb: "undo", Reason: "label"}, {ID: "2", Actor: "ana", Verb: "undo", Reason: "<x>"}}
	page := text(t, s.get(t, "/videos/"+string(bare)+"/activity?lang=es", s.as(t, "viewer")))
	if !strings.Contains(page, "deshizo: cambió etiquetas o colecciones") || !strings.Contains(page, "&lt;x&gt;") {
		t.Errorf("the page says %s", page)
	}
}
