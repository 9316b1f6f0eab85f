package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
)

const picturedLabels = picturedPage + "/labels"

// chosen is a form as a browser sends it: of each group of radio buttons the one that is picked, if any.
func chosen(form url.Values, picks ...string) url.Values {
	for name := range form {
		if strings.HasPrefix(name, "pick.") {
			form.Del(name)
		}
	}
	for i := 0; i < len(picks); i += 2 {
		form.Set("pick."+picks[i], picks[i+1])
	}
	return form
}

// clashes are the fields for which the page asks whose text is to stay, with what the other one saved.
func clashes(t *testing.T, page string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, box := range all(parsed(t, page), class("clash")) {
		name := attr(all(box, func(n *html.Node) bool { return attr(n, "name") == "clash" })[0], "value")
		found[name] = ""
		for _, q := range all(box, tag("q")) {
			found[name] = words(q)
		}
	}
	return found
}

func TestTwoEditorsOfOneVideoLoseNothing(t *testing.T) {
	s := newSite(t)
	mine, theirs := typed(t, s.open(t, picturedPage), picturedPage), typed(t, s.open(t, picturedPage), picturedPage)
	theirs.Set("title.es", "El título de otra persona")
	theirs.Set("eventDate", "2020")
	theirs.Set("language", "en")
	redirected(t, s.submit(t, picturedPage, theirs))

	mine.Set("title.es", "Mi título")
	mine.Set("caption.es", "Mi\r\nleyenda")
	r := s.submit(t, picturedPage+"?lang=es", mine)
	page := text(t, r)
	if r.StatusCode != http.StatusConflict || !strings.Contains(page, "Otra persona guardó cambios") {
		t.Fatalf("got %d: %s", r.StatusCode, page)
	}
	if got := clashes(t, page); len(got) != 1 || got["title.es"] != "El título de otra persona" {
		t.Errorf("the page asks about %q, want the one field that both changed", got)
	}
	again := typed(t, page, picturedPage)
	if again.Get("title.es") != "Mi título" || again.Get("caption.es") != "Mi\nleyenda" || again.Get("eventDate") != "2020" || again.Get("language") != "en" || again.Get("revision") != "2" {
		t.Errorf("what was typed, together with what the other saved, is %v", again)
	}
	if v := s.shelf.videos[pictured]; v.Title["es"] != "El título de otra persona" || v.Revision != 2 {
		t.Errorf("something was kept before a choice: %+v", v)
	}

	r = s.submit(t, picturedPage+"?lang=es", chosen(again))
	if page := text(t, r); r.StatusCode != http.StatusConflict || clashes(t, page)["title.es"] != "El título de otra persona" {
		t.Errorf("without a choice: %d", r.StatusCode)
	}
	for pick, want := range map[string]string{"theirs": "El título de otra persona", "mine": "Mi título"} {
		copied := typed(t, page, picturedPage)
		copied.Set("revision", again.Get("revision"))
		s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) { v.Revision, v.Caption = 2, nil })
		redirected(t, s.submit(t, picturedPage, chosen(copied, "title.es", pick)))
		if v := s.shelf.videos[pictured]; v.Title["es"] != want || v.Caption["es"] != "Mi\nleyenda" || v.EventDate != "2020" {
			t.Errorf("%s: %+v", pick, v)
		}
	}
}

func TestWhatTwoEditorsChangedInDifferentFieldsIsMergedByItself(t *testing.T) {
	s := newSite(t)
	mine, theirs := typed(t, s.open(t, picturedPage), picturedPage), typed(t, s.open(t, picturedPage), picturedPage)
	theirs.Set("eventDate", "2020")
	theirs.Set("title.en", "")
	redirected(t, s.submit(t, picturedPage, theirs))
	mine.Set("title.es", "Mi título")
	to := redirected(t, s.submit(t, picturedPage+"?lang=es", mine))
	v := s.shelf.videos[pictured]
	if v.Title["es"] != "Mi título" || v.Title["en"] != "" || v.EventDate != "2020" {
		t.Errorf("kept: %v, %s", v.Title, v.EventDate)
	}
	if page := s.open(t, to); !strings.Contains(page, "junto con lo que otra persona guardó") {
		t.Errorf("%s does not say that they were merged", to)
	}
}

func TestAConflictShowsWhatSomebodyElseRemoved(t *testing.T) {
	s := newSite(t)
	mine, theirs := typed(t, s.open(t, picturedPage), picturedPage), typed(t, s.open(t, picturedPage), picturedPage)
	theirs.Set("title.en", "")
	redirected(t, s.submit(t, picturedPage, theirs))
	mine.Set("title.en", "Another")
	page := text(t, s.submit(t, picturedPage+"?lang=en", mine))
	if theirs, asked := clashes(t, page)["title.en"]; !asked || theirs != "" || !strings.Contains(page, "(nothing)") {
		t.Errorf("of the removed title the page says %q (%v)", theirs, asked)
	}
}

// An audit writes records too, and no editor is to be bothered with it.
func TestACheckMeanwhileIsNoConflict(t *testing.T) {
	s := newSite(t)
	mine := typed(t, s.open(t, picturedPage), picturedPage)
	redirected(t, s.submit(t, picturedPage+"/check", nil))
	mine.Set("title.es", "Mi título")
	if to := redirected(t, s.submit(t, picturedPage, mine)); !strings.Contains(to, "done=saved") || s.shelf.videos[pictured].Title["es"] != "Mi título" {
		t.Errorf("to %s", to)
	}
}

func TestLabelsOfTwoEditorsAreMerged(t *testing.T) {
	s := newSite(t)
	redirected(t, s.submit(t, picturedLabels, url.Values{"tags": {"ONU, viejo"}, "notes": {"Acta."}, "base.notes": {"not for readers"}, "revision": {"1"}}))
	mine, theirs := typed(t, s.open(t, picturedPage), picturedLabels), typed(t, s.open(t, picturedPage), picturedLabels)
	theirs.Set("tags", "onu, 2019")
	theirs.Set("collections", "Cumbres")
	redirected(t, s.submit(t, picturedLabels, theirs))
	mine.Set("tags", "ONU, viejo, Nueva York")
	redirected(t, s.submit(t, picturedLabels, mine))
	v := s.shelf.videos[pictured]
	if got := strings.Join(v.Tags, ", "); got != "onu, 2019, Nueva York" || len(v.Collections) != 1 || v.Notes != "Acta." {
		t.Errorf("tags %q, collections %q, notes %q", got, v.Collections, v.Notes)
	}
}

func TestNotesThatTwoEditorsChangedAreChosen(t *testing.T) {
	s := newSite(t)
	mine, theirs := typed(t, s.open(t, picturedPage), picturedLabels), typed(t, s.open(t, picturedPage), picturedLabels)
	theirs.Set("notes", "Las suyas")
	redirected(t, s.submit(t, picturedLabels, theirs))
	mine.Set("notes", "Las mías")
	mine.Set("tags", "ONU")
	r := s.submit(t, picturedLabels+"?lang=es", mine)
	page := text(t, r)
	if r.StatusCode != http.StatusConflict || clashes(t, page)["notes"] != "Las suyas" {
		t.Fatalf("got %d", r.StatusCode)
	}
	again := typed(t, page, picturedLabels)
	if again.Get("notes") != "Las mías" || again.Get("tags") != "ONU" {
		t.Errorf("what was typed is lost: %v", again)
	}
	if r := s.submit(t, picturedLabels, chosen(again)); r.StatusCode != http.StatusConflict {
		t.Errorf("without a choice: %d", r.StatusCode)
	}
	redirected(t, s.submit(t, picturedLabels, chosen(again, "notes", "theirs")))
	if v := s.shelf.videos[pictured]; v.Notes != "Las suyas" || len(v.Tags) != 1 {
		t.Errorf("kept %q and %q", v.Notes, v.Tags)
	}
}

func TestALabelThatCannotBeKeptStandsInItsForm(t *testing.T) {
	s := newSite(t)
	r := s.submit(t, picturedLabels+"?lang=es", url.Values{"tags": {strings.Repeat("x", 101)}, "revision": {"1"}})
	if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "como mucho 100 caracteres") || !strings.Contains(page, strings.Repeat("x", 101)) {
		t.Errorf("got %d", r.StatusCode)
	}
}
