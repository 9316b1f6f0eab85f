package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"videoteca/internal/people"
	"videoteca/web"
)

func TestRolesAreChangedOnThePageOfPeople(t *testing.T) {
	s := newStaffed(t)
	admin, viewer := s.as(t, "admin"), s.as(t, "viewer")
	if r := s.ask(t, "POST", "/people/viewer/roles", form("role", "editor"), admin); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("got %d", r.StatusCode)
	}
	if r := s.get(t, "/new", viewer); r.StatusCode != http.StatusOK {
		t.Errorf("the new role does not act at once: %d", r.StatusCode)
	}
	page := text(t, s.get(t, "/people?lang=en&done=roles", admin))
	for _, want := range []string{"The roles are saved", "changed the roles of", "admin"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestThePageOfPeopleLeadsOnWhileThereIsNobodyYet(t *testing.T) {
	s := newSite(t, demo, func(o *web.Options) {
		o.People = people.New(&drawer{docs: map[string][]byte{}, tags: map[string]int{}}, people.Options{})
	})
	r := s.get(t, "/people?lang=en", asHost("127.0.0.1:8080"), from("127.0.0.1:40000"))
	page := text(t, r)
	for _, link := range []string{`href="/people?lang=en"`, `href="/account?lang=en"`} {
		if r.StatusCode != http.StatusOK || !strings.Contains(page, link) {
			t.Errorf("%d, without %s: %s", r.StatusCode, link, page)
		}
	}
}

func TestTheLastAdministratorIsToldWhy(t *testing.T) {
	s := newStaffed(t)
	admin := s.as(t, "admin")
	for path, body := range map[string]string{"/people/admin/roles": form("role", "viewer"), "/people/admin/disable": ""} {
		r := s.ask(t, "POST", path+"?lang=es", body, admin)
		if page := text(t, r); r.StatusCode != http.StatusConflict || !strings.Contains(page, "No quedaría nadie para") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if r := s.ask(t, "POST", "/people/nobody/disable", "", admin); r.StatusCode != http.StatusNotFound {
		t.Errorf("nobody: %d", r.StatusCode)
	}
}

func TestDisablingSignsOutAtOnce(t *testing.T) {
	s := newStaffed(t)
	admin, editor := s.as(t, "admin"), s.as(t, "editor")
	if r := s.ask(t, "POST", "/people/editor/disable", "", admin); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("got %d", r.StatusCode)
	}
	if r := s.get(t, "/videos", editor); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("still in: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/people/editor/invite", "", admin); r.StatusCode != http.StatusConflict {
		t.Errorf("inviting a disabled account: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/people/editor/enable", "", admin); r.StatusCode != http.StatusSeeOther {
		t.Errorf("enabling: %d", r.StatusCode)
	}
	s.as(t, "editor")
}

func TestWhatWasTypedStaysWhereItIsWrong(t *testing.T) {
	s := newStaffed(t)
	r := s.ask(t, "POST", "/people?lang=es", form("login", "Luis Pérez", "name", "Luis", "role", "archivist"), s.as(t, "admin"))
	page := text(t, r)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `value="Luis Pérez" aria-invalid="true"`) || !strings.Contains(page, "Use de 2 a 40 caracteres") {
		t.Errorf("got %d: %s", r.StatusCode, page)
	}
	if r := s.ask(t, "POST", "/people", form("login", "luis"), s.as(t, "admin")); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without a role: %d", r.StatusCode)
	}
}

var tokenShown = regexp.MustCompile(`vtk_[\w-]{43}`)

func TestATokenIsShownOnceAndWorksUntilItIsRevoked(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	r := s.ask(t, "POST", "/account/tokens?lang=es", form("name", "Importador", "scope", "view", "scope", "edit", "expires", "2026-05-01"), editor)
	page := text(t, r)
	secret := tokenShown.FindString(page)
	if r.StatusCode != http.StatusCreated || secret == "" || !strings.Contains(page, "Cópiela ahora") {
		t.Fatalf("got %d: %s", r.StatusCode, page)
	}
	if tokenShown.MatchString(text(t, s.get(t, "/account", editor))) {
		t.Error("it is shown again")
	}
	bearer := header("Authorization", "Bearer "+secret)
	if r := s.get(t, "/api/v1/videos", bearer); r.StatusCode != http.StatusOK {
		t.Errorf("the API says %d", r.StatusCode)
	}
	a, err := s.people.Account(t.Context(), "editor")
	if err != nil || len(a.Tokens) != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	if r := s.ask(t, "POST", "/account/tokens/"+a.Tokens[0].ID+"/revoke", "", editor); r.StatusCode != http.StatusSeeOther {
		t.Errorf("revoking: %d", r.StatusCode)
	}
	if r := s.get(t, "/api/v1/videos", bearer); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("revoked, the API says %d", r.StatusCode)
	}
}

func TestTokensThatCannotBeMadeSayWhatToCorrect(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	for name, tt := range map[string]struct{ body, want string }{
		"no scope":          {form("name", "x", "expires", "2026-05-01"), "Elija al menos una cosa"},
		"more than one may": {form("name", "x", "scope", "erase", "expires", "2026-05-01"), "ninguna que usted mismo no pueda"},
		"no day":            {form("name", "x", "scope", "view", "expires", "soon"), "Elija un día"},
		"in ten years":      {form("name", "x", "scope", "view", "expires", "2036-05-01"), "Elija un día"},
		"without a name":    {form("scope", "view", "expires", "2026-05-01"), "Dé un nombre"},
	} {
		r := s.ask(t, "POST", "/account/tokens?lang=es", tt.body, editor)
		if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, tt.want) {
			t.Errorf("%s: %d, without %q", name, r.StatusCode, tt.want)
		}
	}
}

func TestATokenTooManyIsNotTakenForAWrongName(t *testing.T) {
	s := newStaffed(t)
	for range 50 {
		if _, _, err := s.people.CreateToken(t.Context(), "editor", people.NewToken{Name: "x", Scopes: []people.Permission{people.View}, Expires: now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	r := s.ask(t, "POST", "/account/tokens?lang=es", form("name", "Importador", "scope", "view", "expires", "2026-05-01"), s.as(t, "editor"))
	page := text(t, r)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Revoque alguna que ya no se use") || strings.Contains(page, "Dé un nombre") || !strings.Contains(page, `value="Importador"`) {
		t.Errorf("got %d: %s", r.StatusCode, page)
	}
}

func TestGuessingTheOldPasswordIsHeldUpBesideItsField(t *testing.T) {
	s := newStaffed(t)
	mine := s.as(t, "editor")
	guess := form("old", "guess", "password", "four words unlike others")
	for range 5 {
		if r := s.ask(t, "POST", "/account/password", guess, mine); r.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("a guess: %d", r.StatusCode)
		}
	}
	r := s.ask(t, "POST", "/account/password?lang=es", guess, mine)
	page := text(t, r)
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") != "3" {
		t.Errorf("the sixth: %d, Retry-After %q", r.StatusCode, r.Header.Get("Retry-After"))
	}
	if want := `name="old" autocomplete="current-password" required aria-invalid="true"><span class="problem" role="alert">Hubo demasiados intentos fallidos. Inténtelo de nuevo en 3 segundos.</span>`; !strings.Contains(page, want) {
		t.Errorf("the page lacks %s", want)
	}
	if r := s.get(t, "/account", mine); r.StatusCode != http.StatusOK {
		t.Errorf("whoever is signed in: %d", r.StatusCode)
	}
}

func TestOnesOwnAccount(t *testing.T) {
	s := newStaffed(t)
	mine, phone := s.as(t, "editor"), s.as(t, "editor")
	if r := s.ask(t, "POST", "/account/profile", form("name", "Ana Pérez", "language", "es"), mine); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the profile: %d", r.StatusCode)
	}
	page := text(t, s.get(t, "/account", mine))
	if !strings.Contains(page, "Ana Pérez") || !strings.Contains(page, `<html lang="es"`) || !strings.Contains(page, "este navegador") {
		t.Errorf("the page is %s", page)
	}
	r := s.ask(t, "POST", "/account/password?lang=es", form("old", "wrong", "password", "four words unlike others"), mine)
	if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Esta no es su contraseña") {
		t.Errorf("a wrong old password: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/account/password", form("old", staffPassword, "password", "four words unlike others"), mine); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the password: %d", r.StatusCode)
	}
	if r := s.get(t, "/account", phone); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("the other browser: %d", r.StatusCode)
	}
	if r := s.get(t, "/account", mine); r.StatusCode != http.StatusOK {
		t.Errorf("this browser: %d", r.StatusCode)
	}
}

func TestASessionElsewhereIsEnded(t *testing.T) {
	s := newStaffed(t)
	mine, phone := s.as(t, "editor"), s.as(t, "editor")
	list, err := s.people.Sessions(t.Context(), "editor", "")
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, one := range list {
		s.ask(t, "POST", "/account/sessions/"+one.ID+"/end", "", s.as(t, "editor"))
	}
	for _, c := range []with{mine, phone} {
		if r := s.get(t, "/account", c); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("still in: %d", r.StatusCode)
		}
	}
}

func TestTheOperatorHasNoAccountToChange(t *testing.T) {
	s := newSite(t)
	if r := s.get(t, "/account", bearer()); r.StatusCode != http.StatusNotFound { // without accounts there is no such page
		t.Errorf("got %d", r.StatusCode)
	}
}
