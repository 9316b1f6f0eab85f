package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/settings"
	"videoteca/web"
)

// withSettings is a site whose settings may be changed, and the settings.
func withSettings(t testing.TB) (*staffed, *office) {
	t.Helper()
	var d *office
	s := newStaffed(t, func(o *web.Options) {
		d = newOffice(o.Catalog.(*shelf))
		o.Settings, o.Retention = d, purges{losses: []archive.Loss{{Video: bare, At: now(), Title: "Soon " + hostile, Poster: true}}}
	})
	return s, d
}

// chosen is the values of a setting that people chose.
func (d *office) chosen(t testing.TB, name string) map[string]string {
	t.Helper()
	c, err := d.Read(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return c.Values
}

// choose changes a setting as somebody else would.
func (d *office) choose(t testing.TB, name, field, value string) {
	t.Helper()
	if _, err := d.Change(t.Context(), settings.Change{Setting: name, Values: map[string]string{field: value}, Actor: "luis"}); err != nil {
		t.Fatal(err)
	}
}

// problemOf is what stands beside a field of the settings.
func problemOf(t testing.TB, page, field string) string {
	t.Helper()
	for _, n := range all(parsed(t, page), func(n *html.Node) bool { return attr(n, "id") == field+"-problem" }) {
		return words(n)
	}
	return ""
}

func TestAnIntervalIsChosenShownRecordedAndTakenBack(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	form := typed(t, text(t, s.get(t, "/settings?lang=en", admin)), "/settings/audit")
	form.Set("suspect", " 3h ")
	to := redirected(t, s.ask(t, "POST", "/settings/audit?lang=en", form.Encode(), admin))
	page := text(t, s.get(t, to, admin))
	if got := d.chosen(t, "audit"); !maps.Equal(got, map[string]string{"suspect": "3h"}) {
		t.Errorf("chosen: %v", got)
	}
	for _, want := range []string{"Saved.", "<strong>admin</strong>", "<li>Suspects: the standard → 3h</li>", "Back to the standard: Suspects"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	back := url.Values{"tag": typed(t, page, "/settings/audit")["tag"], "back": {"suspect"}}
	redirected(t, s.ask(t, "POST", "/settings/audit?lang=en", back.Encode(), admin))
	if got := d.chosen(t, "audit"); len(got) != 0 {
		t.Errorf("taken back: %v", got)
	}
}

func TestAChangeIsUndoneFromItsMessage(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	d.choose(t, "audit", "suspect", "4h")
	form := typed(t, text(t, s.get(t, "/settings", admin)), "/settings/audit")
	form.Set("suspect", "3h")
	page := text(t, s.get(t, redirected(t, s.ask(t, "POST", "/settings/audit?lang=en", form.Encode(), admin)), admin))
	undo := typed(t, page, "/settings/audit") // the message stands first on the page
	if want := (url.Values{"suspect": {"4h"}, "tag": undo["tag"]}); !slices.Equal(undo["suspect"], want["suspect"]) || len(undo) != len(want) {
		t.Fatalf("undoing sends %v", undo)
	}
	redirected(t, s.ask(t, "POST", "/settings/audit", undo.Encode(), admin))
	if got := d.chosen(t, "audit"); got["suspect"] != "4h" {
		t.Errorf("undone: %v", got)
	}
}

func TestAWrongValueIsRefusedBesideItsFieldAndWhatWasTypedStays(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	form := typed(t, text(t, s.get(t, "/settings", admin)), "/settings/audit")
	form.Set("suspect", "often")
	form.Set("guardShare", "7")
	form.Set("live", "12h")
	for lang, want := range map[string]string{"en": "ten minutes at least", "es": "diez minutos como mínimo"} {
		r := s.ask(t, "POST", "/settings/audit?lang="+lang, form.Encode(), admin)
		page := text(t, r)
		if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(problemOf(t, page, "suspect"), want) || problemOf(t, page, "guardShare") == "" || problemOf(t, page, "live") != "" {
			t.Errorf("%s: %d, beside suspect %q", lang, r.StatusCode, problemOf(t, page, "suspect"))
		}
		again := typed(t, page, "/settings/audit")
		if again.Get("suspect") != "often" || again.Get("live") != "12h" || again.Get("tag") != form.Get("tag") {
			t.Errorf("%s: what was typed is lost: %v", lang, again)
		}
	}
	if got := d.chosen(t, "audit"); len(got) != 0 {
		t.Errorf("something was chosen: %v", got)
	}
}

func TestWhoChangesASettingMeanwhileIsNotOverwritten(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	form := typed(t, text(t, s.get(t, "/settings", admin)), "/settings/audit")
	d.choose(t, "audit", "suspect", "4h")
	d.choose(t, "audit", "gone", "14d")
	form.Set("suspect", "3h")
	r := s.ask(t, "POST", "/settings/audit?lang=en", form.Encode(), admin)
	page := text(t, r)
	if r.StatusCode != http.StatusConflict || !strings.Contains(page, "Saved meanwhile: 4h") || !strings.Contains(page, "Changed meanwhile to 14d") {
		t.Fatalf("got %d: %s", r.StatusCode, page)
	}
	again := typed(t, page, "/settings/audit")
	if again.Get("suspect") != "3h" || again.Get("gone") != "14d" {
		t.Errorf("the form has %v", again)
	}
	again.Del("take") // a box that nobody ticked
	redirected(t, s.ask(t, "POST", "/settings/audit", again.Encode(), admin))
	if got := d.chosen(t, "audit"); got["suspect"] != "3h" || got["gone"] != "14d" {
		t.Errorf("mine: %v", got)
	}
}

func TestWhatSomebodyElseSavedMayBeTaken(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	d.choose(t, "audit", "suspect", "4h")
	form := typed(t, text(t, s.get(t, "/settings", admin)), "/settings/audit")
	d.choose(t, "audit", "suspect", "") // back to the standard
	form.Set("suspect", "3h")
	again := typed(t, text(t, s.ask(t, "POST", "/settings/audit?lang=en", form.Encode(), admin)), "/settings/audit")
	if again.Get("take") != "suspect" || again.Get("theirs.suspect") != "" {
		t.Fatalf("the form has %v", again)
	}
	redirected(t, s.ask(t, "POST", "/settings/audit", again.Encode(), admin))
	if got := d.chosen(t, "audit"); len(got) != 0 {
		t.Errorf("theirs: %v", got)
	}
}

func TestRetentionIsForEverOrForDays(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	for _, tt := range []struct {
		keep, days, want string
		status           int
	}{{"days", "30", "30d", 303}, {"days", "0", "30d", 422}, {"days", "soon", "30d", 422}, {"days", "", "30d", 422}, {"ever", "30", "", 303}} {
		tag := typed(t, text(t, s.get(t, "/settings", admin)), "/settings/retention").Get("tag")
		r := s.ask(t, "POST", "/settings/retention?lang=en", form("tag", tag, "keep", tt.keep, "days", tt.days), admin)
		if page := text(t, r); r.StatusCode != tt.status || tt.status == 422 && problemOf(t, page, "period") == "" {
			t.Errorf("%+v: got %d", tt, r.StatusCode)
		}
		if got := d.chosen(t, "retention")["period"]; got != tt.want {
			t.Errorf("%+v: chosen %q", tt, got)
		}
	}
}

func TestWhatAPeriodWouldCostIsShownBeforeItIsChosen(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	page := text(t, s.get(t, "/settings?lang=en", admin))
	if !strings.Contains(page, "What is purged within a week") || strings.Contains(page, hostile) || !strings.Contains(page, "Soon") {
		t.Error("what is purged next is not shown, or not as text")
	}
	for range 60 {
		d.losses = append(d.losses, archive.Loss{Video: bare, At: now(), Title: "Lost"})
	}
	page = text(t, s.get(t, "/settings?lang=en&preview=1&keep=days&days=30", admin))
	if !strings.Contains(page, "Kept for 30d") || strings.Count(page, "<bdi>Lost") != 50 || !strings.Contains(page, "and 10 more") || !strings.Contains(page, `value="30"`) {
		t.Error("what it would cost is not shown")
	}
	if period, err := archive.ParseRetention("30d"); err != nil || !slices.Equal(d.asked, []archive.Retention{period}) {
		t.Errorf("asked for %v", d.asked)
	}
	if r := s.get(t, "/settings?preview=1&keep=days&days=-1", admin); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no period: %d", r.StatusCode)
	}
	if got := d.chosen(t, "retention"); len(got) != 0 {
		t.Errorf("looking has chosen %v", got)
	}
}

func TestAHostIsRuledOverAndTheRulingTakenBack(t *testing.T) {
	s, _ := withSettings(t)
	admin := s.as(t, "admin")
	redirected(t, s.ask(t, "POST", "/settings/rulings", form("host", "https://TOY.example/one", "as", "ignore", "reason", "It has moved."), admin))
	page := text(t, s.get(t, "/settings?lang=en", admin))
	if strings.Count(page, "<q dir=\"auto\">It has moved.</q>") != 1 || !strings.Contains(page, "sources at this host: ") || !strings.Contains(page, "— admin,") {
		t.Fatalf("the ruling is not listed once: %s", page)
	}
	if v := s.shelf.videos[bare]; v.Sources[0].Overrule == nil || v.Sources[0].Overrule.Host != "toy.example" {
		t.Errorf("%+v", v.Sources[0].Overrule)
	}
	row := form("row", "toy.example ignore", "as", "none", "host", "toy.example")
	r := s.ask(t, "POST", "/settings/rulings?lang=en", row, admin)
	if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "<details open>") || !strings.Contains(page, "it stands in the evidence") {
		t.Errorf("without a reason: %d", r.StatusCode)
	}
	redirected(t, s.ask(t, "POST", "/settings/rulings", row+"&reason=It+is+back.", admin))
	if v := s.shelf.videos[bare]; v.Sources[0].Overrule != nil {
		t.Errorf("still %+v", v.Sources[0].Overrule)
	}
}

func TestARulingOverOneSourceIsTakenBack(t *testing.T) {
	s, _ := withSettings(t)
	admin := s.as(t, "admin")
	key := s.shelf.videos[bare].Sources[0].SourceKey
	if _, err := newLibrary(s.shelf).Rule(t.Context(), bare, key, archive.RulesDead, "I looked.", "luis"); err != nil {
		t.Fatal(err)
	}
	page := text(t, s.get(t, "/settings?lang=en", admin))
	if !strings.Contains(page, "/videos/"+string(bare)+"/evidence") || !strings.Contains(page, "I looked.") {
		t.Fatal("it is not listed")
	}
	sent := typed(t, page, "/settings/rulings")
	sent.Set("reason", "It plays.")
	redirected(t, s.ask(t, "POST", "/settings/rulings", sent.Encode(), admin))
	if o := s.shelf.videos[bare].Sources[0].Overrule; o != nil {
		t.Errorf("still %+v", o)
	}
}

func TestRulingsThatCannotBeGivenSayWhy(t *testing.T) {
	s, _ := withSettings(t)
	admin := s.as(t, "admin")
	for name, tt := range map[string]struct{ body, want string }{
		"an unknown host": {form("host", "nowhere.example", "as", "dead", "reason", "x"), "No source has its page"},
		"no host":         {form("as", "dead", "reason", "x"), "No source has its page"},
		"no choice":       {form("host", "toy.example", "reason", "x"), "Choose alive"},
		"no reason":       {form("host", "toy.example", "as", "dead"), "how you know"},
		"another word":    {form("host", "toy.example", "as", "sleeping", "reason", "x"), "Choose alive"},
	} {
		r := s.ask(t, "POST", "/settings/rulings?lang=en", tt.body, admin)
		if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, tt.want) {
			t.Errorf("%s: %d, without %q", name, r.StatusCode, tt.want)
		}
	}
	for name, body := range map[string]string{"no id": form("video", "x", "as", "none", "reason", "x"), "no source": form("video", string(bare), "source", "x", "as", "none", "reason", "x")} {
		if r := s.ask(t, "POST", "/settings/rulings", body, admin); r.StatusCode < 400 || r.StatusCode >= 500 {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	if r := s.ask(t, "POST", "/settings/rulings", form("host", "toy.example", "as", "dead", "reason", "x"), s.token(t, people.Settings)); r.StatusCode != http.StatusForbidden {
		t.Errorf("who may choose settings and not overrule: %d", r.StatusCode)
	}
}

func TestWhatTheInstallationRunsWithIsShownWithItsFlagAndWithoutSecrets(t *testing.T) {
	s, _ := withSettings(t)
	page := text(t, s.get(t, "/settings?lang=es", s.as(t, "admin")))
	for _, want := range []string{"--youtube-key-file", "configurada", "no se sabe en este", "desactivado", "no hay"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, hostile) {
		t.Error("a value is not shown as text")
	}
}

func TestThePageOfSettingsSpeaksBothLanguagesAndIsLinkedForThoseWhoMay(t *testing.T) {
	s, d := withSettings(t)
	d.choose(t, "audit", "live", "12h")
	d.choose(t, "retention", "period", "30d")
	admin := s.as(t, "admin")
	for lang, want := range map[string]string{"en": "Settings", "es": "Ajustes"} {
		page := text(t, s.get(t, "/settings?lang="+lang, admin))
		if missing := regexpID.FindString(words(parsed(t, page))); missing != "" || !strings.Contains(page, "<h1>"+want+"</h1>") {
			t.Errorf("%s: the id of a text: %q", lang, missing)
		}
	}
	for login, linked := range map[string]bool{"admin": true, "editor": false} {
		if page := text(t, s.get(t, "/videos", s.as(t, login))); strings.Contains(page, `href="/settings`) != linked {
			t.Errorf("%s: linked is %t", login, !linked)
		}
	}
}

func TestWithoutTheStoreThePageOfSettingsSaysSo(t *testing.T) {
	s, d := withSettings(t)
	admin := s.as(t, "admin")
	d.cabinet.down = archive.ErrUnavailable
	if r := s.get(t, "/settings", admin); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/settings/audit", form("suspect", "3h"), admin); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("saving: %d", r.StatusCode)
	}
}
