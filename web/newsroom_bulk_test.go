package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
)

func TestManyAtOnceSaysByTitleWhichFailed(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	s.shelf.mu.Lock()
	erased := s.shelf.videos[withdrawn]
	erased.Title, erased.Visibility.Exposure = archive.Text{"es": "La borrada"}, archive.Erased
	s.shelf.videos[withdrawn] = erased
	s.shelf.mu.Unlock()
	r := s.ask(t, "POST", "/videos/bulk?lang=es", "video="+string(bare)+"&video="+string(withdrawn)+"&video="+string(absent)+"&action=label&tags=x", editor)
	page := text(t, r)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "La borrada: ") || !strings.Contains(page, string(absent)+": ") || len(s.now(bare).Tags) != 1 {
		t.Errorf("got %d; the other has %q", r.StatusCode, s.now(bare).Tags)
	}
	for _, tt := range []struct{ name, body, says string }{
		{"nothing ticked", "action=label&tags=x", "Marque antes los videos"},
		{"no action", "video=" + string(bare), "Marque antes los videos"},
		{"no label", "video=" + string(bare) + "&action=label&tags=+,", "Escriba una etiqueta"},
		{"a label too long", "video=" + string(bare) + "&action=label&tags=" + strings.Repeat("x", 101), "como mucho 100 caracteres"},
		{"no word to readers", "video=" + string(bare) + "&action=withdraw", "Diga a los lectores"},
	} {
		r := s.ask(t, "POST", "/videos/bulk?lang=es", tt.body, editor)
		if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, tt.says) {
			t.Errorf("%s: %d", tt.name, r.StatusCode)
		}
	}
	if r := s.ask(t, "POST", "/videos/bulk", "video="+string(bare)+"&action=withdraw&explanation.es=x", s.as(t, "archivist")); r.StatusCode != http.StatusForbidden {
		t.Errorf("an archivist withdraws: %d", r.StatusCode)
	}
}

// manyAnswer is what the page's script reads.
type manyAnswer struct {
	Items   []struct{ ID, Title, Error, Change string }
	Problem string
}

func TestThePagesScriptLearnsOfEachWhatBecameOfIt(t *testing.T) {
	s := newStaffed(t)
	editor, plain := s.as(t, "editor"), header("Accept", "application/json")
	r := s.ask(t, "POST", "/videos/bulk?lang=es", "video="+string(pictured)+"&video="+string(absent)+"&action=label&tags=ONU", editor, plain)
	got := decode[manyAnswer](t, r)
	if r.StatusCode != http.StatusOK || len(got.Items) != 2 || got.Items[0].Title != "Reunión" || got.Items[0].Error != "" || got.Items[0].Change != string(pictured)+".2" {
		t.Fatalf("got %d, %+v", r.StatusCode, got)
	}
	if got.Items[1].Error == "" || got.Items[1].Change != "" {
		t.Errorf("of a video that is not there: %+v", got.Items[1])
	}
	r = s.ask(t, "POST", "/videos/bulk?lang=es", "video="+string(pictured)+"&action=withdraw", editor, plain)
	if got := decode[manyAnswer](t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.Problem, "Diga a los lectores") {
		t.Errorf("got %d, %+v", r.StatusCode, got)
	}
	r = s.ask(t, "POST", "/videos/bulk", "video="+string(pictured)+"&action=check", editor, plain)
	if got := decode[manyAnswer](t, r); r.StatusCode != http.StatusOK || got.Items[0].Change != "" {
		t.Errorf("a check is nothing to undo: %+v", got)
	}
}

func TestTheListRemembersHowItIsLookedAt(t *testing.T) {
	s := newStaffed(t)
	viewer := s.as(t, "viewer")
	r := s.get(t, "/videos?view=table", viewer)
	var kept *http.Cookie
	for _, c := range r.Cookies() {
		if c.Name == "videoteca_view" {
			kept = c
		}
	}
	if kept == nil || !kept.HttpOnly || kept.MaxAge < 1000 {
		t.Fatalf("kept: %+v", kept)
	}
	page := text(t, s.get(t, "/videos?lang=es", viewer, cookie(kept)))
	if !strings.Contains(page, "<table>") || strings.Contains(page, `name="view"`) {
		t.Error("the table is not remembered, or would be shared with every link")
	}
	if page := text(t, s.get(t, "/videos?lang=es&view=posters", viewer, cookie(kept))); strings.Contains(page, "<table>") {
		t.Error("the address does not have its way")
	}
	if page := text(t, s.get(t, "/videos?lang=es", viewer)); strings.Contains(page, "<table>") {
		t.Error("who never chose sees a table")
	}
}

func TestFiltersThatAreTypedSayWhatIsWrong(t *testing.T) {
	s := newStaffed(t)
	viewer := s.as(t, "viewer")
	r := s.get(t, "/videos?lang=es&event=septiembre", viewer)
	page := text(t, r)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(besides(t, page, "event"), "2019-09-25") || !strings.Contains(page, `value="septiembre"`) {
		t.Errorf("got %d, beside the field %q", r.StatusCode, besides(t, page, "event"))
	}
	if strings.Contains(page, "Todavía no hay videos") || strings.Contains(page, "0 videos") {
		t.Error("a library that has videos is said to have none")
	}
	page = text(t, s.get(t, "/videos?lang=es&event=2019-09", viewer))
	if n := strings.Count(page, `name="event"`); n != 1 {
		t.Errorf("the filter is sent %d times", n)
	}
}

func TestTheNumberOfVideosIsSaidPolitely(t *testing.T) {
	s := newStaffed(t)
	viewer := s.as(t, "viewer")
	for query, want := range map[string]string{"": "4 videos", "&q=nothinglikethis": "0 videos", "&tag=none": "0 videos"} {
		page := text(t, s.get(t, "/videos?lang=en"+query, viewer))
		for _, n := range all(parsed(t, page), func(n *html.Node) bool {
			return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "data-count" })
		}) {
			if words(n) != want || attr(n, "role") != "status" {
				t.Errorf("%q: %q, want %q", query, words(n), want)
			}
		}
		if strings.Contains(page, "aria-live") {
			t.Error("every search would read the whole list out")
		}
	}
}

func TestTheListsFormsKeepWhatWasAskedFor(t *testing.T) {
	s := newStaffed(t)
	s.tagged(bare, "a & b")
	page := text(t, s.get(t, "/videos?lang=es&tag=a+%26+b&view=table", s.as(t, "editor")))
	for _, path := range []string{"/videos/bulk", "/videos/undo", "/videos/export"} {
		if !strings.Contains(page, `action="`+path+`?lang=es&amp;tag=a&#43;%26&#43;b&amp;view=table"`) && !strings.Contains(page, `action="`+path+`?lang=es&amp;tag=a+%26+b&amp;view=table"`) {
			t.Errorf("the form to %s forgets the list: %s", path, page)
		}
	}
}
