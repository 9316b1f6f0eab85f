package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"videoteca/internal/people"
	"videoteca/web"
)

func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

func TestThePasswordLeadsToThePageThatWasAskedFor(t *testing.T) {
	s := newStaffed(t)
	r := s.get(t, "/videos/"+string(pictured)+"?lang=es")
	page := text(t, r)
	if r.StatusCode != http.StatusUnauthorized || !strings.Contains(page, `name="next" value="/videos/`+string(pictured)+`?lang=es"`) || strings.Contains(page, "Reunión") {
		t.Fatalf("a stranger gets %d: %s", r.StatusCode, page)
	}
	r = s.ask(t, "POST", "/login", form("login", " editor ", "password", staffPassword, "next", "/videos/"+string(pictured)+"?lang=es"))
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/videos/"+string(pictured)+"?lang=es" {
		t.Errorf("got %d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	if c := r.Cookies()[0]; !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie is %+v", c)
	}
}

func TestTheDoorsLanguageIsThatOfThePageBehindIt(t *testing.T) {
	s := newStaffed(t)
	for _, c := range []struct{ at, next, want string }{
		{"/login", "", "/"},
		{"/login?lang=es", "", "/?lang=es"},
		{"/login?lang=es", "/videos?state=gone", "/videos?lang=es&state=gone"},
		{"/login?lang=es", "/videos?lang=en", "/videos?lang=en"},
	} {
		r := s.ask(t, "POST", c.at, form("login", "editor", "password", staffPassword, "next", c.next))
		if got := r.Header.Get("Location"); got != c.want {
			t.Errorf("%s before %q leads to %q, want %q", c.at, c.next, got, c.want)
		}
	}
	if _, err := s.people.SetProfile(t.Context(), "editor", "", "en", "editor"); err != nil {
		t.Fatal(err)
	}
	r := s.ask(t, "POST", "/login?lang=es", form("login", "editor", "password", staffPassword))
	if got := r.Header.Get("Location"); got != "/?lang=en" {
		t.Errorf("who has chosen a language is led to %q", got)
	}
	r = s.ask(t, "POST", "/logout?lang=es", "")
	if got := r.Header.Get("Location"); got != "/login?lang=es" {
		t.Errorf("signing out leads to %q", got)
	}
}

func TestALinkCannotLeadElsewhereAfterSigningIn(t *testing.T) {
	s := newStaffed(t)
	for _, next := range []string{"https://attacker.example/", "//attacker.example/", `/\attacker.example`, "javascript:alert(1)", "/login?next=/", "/logout", "videos", "/\tx", "/%0d%0ax\r\n"} {
		r := s.ask(t, "POST", "/login", form("login", "editor", "password", staffPassword, "next", next))
		if got := r.Header.Get("Location"); got != "/" {
			t.Errorf("%q leads to %q", next, got)
		}
	}
}

func TestAWrongPasswordSaysSoAndKeepsTheLogin(t *testing.T) {
	s := newStaffed(t)
	r := s.ask(t, "POST", "/login?lang=es", form("login", "editor", "password", "x", "next", "/audit"))
	page := text(t, r)
	if r.StatusCode != http.StatusForbidden || len(r.Cookies()) != 0 || !strings.Contains(page, "El usuario o la contraseña no son correctos") || !strings.Contains(page, `value="editor"`) || !strings.Contains(page, `value="/audit"`) {
		t.Errorf("got %d: %s", r.StatusCode, page)
	}
	for range 6 {
		r = s.ask(t, "POST", "/login", form("login", "editor", "password", "x"))
	}
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" {
		t.Errorf("after many failures: %d, Retry-After %q", r.StatusCode, r.Header.Get("Retry-After"))
	}
	if strings.Contains(s.log.String(), staffPassword) {
		t.Error("a password is in the log")
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	if r := s.get(t, "/account", editor); r.StatusCode != http.StatusOK {
		t.Fatalf("signed in: %d", r.StatusCode)
	}
	s.ask(t, "POST", "/logout", "", editor)
	if r := s.get(t, "/account", editor); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("signed out: %d", r.StatusCode)
	}
}

func TestTheFirstAccountIsMadeBehindALink(t *testing.T) {
	s := &staffed{drawer: &drawer{docs: map[string][]byte{}, tags: map[string]int{}}}
	s.site = newSite(t, func(o *web.Options) {
		s.people = people.New(s.drawer, people.Options{Cost: people.Cost{Memory: 64, Passes: 1, Lanes: 1}, Now: o.Now})
		o.People, o.Token = s.people, ""
	})
	if r := s.get(t, "/setup"); r.StatusCode != http.StatusForbidden { // never whoever comes first
		t.Errorf("without a link: %d", r.StatusCode)
	}
	secret, err := s.people.SetUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // looking does not use it up
		if page := text(t, s.get(t, "/setup?lang=es&token="+secret)); !strings.Contains(page, "Aquí se crea la primera cuenta") {
			t.Fatalf("the page is %s", page)
		}
	}
	r := s.ask(t, "POST", "/setup?lang=es", form("token", secret, "login", "ana", "name", "Ana", "password", "corta"))
	if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "al menos 12 caracteres") || !strings.Contains(page, `value="ana"`) || strings.Contains(page, "corta") {
		t.Errorf("a short password: %d %s", r.StatusCode, page)
	}
	r = s.ask(t, "POST", "/setup", form("token", secret, "login", "ana", "password", staffPassword, "language", "es"))
	if r.StatusCode != http.StatusSeeOther || len(r.Cookies()) != 1 {
		t.Fatalf("got %d: %s", r.StatusCode, text(t, r))
	}
	if page := text(t, s.get(t, "/people", cookie(r.Cookies()[0]))); !strings.Contains(page, `<html lang="es"`) || !strings.Contains(page, "Añadir a alguien") {
		t.Errorf("the first account's page of people is %s", page)
	}
	if r := s.ask(t, "POST", "/setup", form("token", secret, "login", "eva", "password", staffPassword)); r.StatusCode != http.StatusForbidden {
		t.Errorf("a second time: %d", r.StatusCode)
	}
}

var joinLink = regexp.MustCompile(`/join\?token=([\w-]+)`)

func TestSomebodyIsInvitedAndJoins(t *testing.T) {
	s := newStaffed(t)
	admin := s.as(t, "admin")
	r := s.ask(t, "POST", "/people?lang=es", form("login", "luis", "name", "Luis", "role", "editor", "role", "archivist"), admin)
	page := text(t, r)
	link := joinLink.FindStringSubmatch(page)
	if r.StatusCode != http.StatusCreated || link == nil || !strings.Contains(page, "Entregue este enlace a luis") {
		t.Fatalf("got %d: %s", r.StatusCode, page)
	}
	if again := text(t, s.get(t, "/people", admin)); strings.Contains(again, link[1]) {
		t.Error("the link is shown again")
	}
	if page := text(t, s.get(t, "/join?lang=es&token="+link[1])); !strings.Contains(page, "luis") {
		t.Errorf("the page behind the link is %s", page)
	}
	if r := s.ask(t, "POST", "/join", form("token", link[1], "password", "luisluisluis")); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the login over again: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/join", form("token", link[1], "password", staffPassword)); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("joining: %d", r.StatusCode)
	}
	if r := s.get(t, "/join?token="+link[1]); r.StatusCode != http.StatusForbidden {
		t.Errorf("a second time: %d", r.StatusCode)
	}
	if r := s.get(t, "/new", s.as(t, "luis")); r.StatusCode != http.StatusOK {
		t.Errorf("as an editor: %d", r.StatusCode)
	}
}

func TestTheStoreBeingAwayIsNotTakenForAStranger(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	s.drawer.mu.Lock()
	s.drawer.down = errDisk
	s.drawer.mu.Unlock()
	s.clock.at = s.clock.at.Add(2 * time.Hour)
	if r := s.get(t, "/videos", editor); r.StatusCode != http.StatusInternalServerError {
		t.Errorf("got %d", r.StatusCode)
	}
	if r := s.get(t, "/e/"+string(pictured), editor); r.StatusCode != http.StatusOK {
		t.Errorf("a reader gets %d", r.StatusCode)
	}
}
