package people_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
)

func (o *office) token(t *testing.T, login string, scopes ...people.Permission) (string, people.Token) {
	t.Helper()
	secret, token, err := o.CreateToken(t.Context(), login, people.NewToken{Name: "importer", Scopes: scopes, Expires: o.clock.now().Add(30 * 24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return secret, token
}

func TestATokenMayNeverMoreThanItsScopesAndItsOwner(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor, people.Archivist)
	secret, _ := o.token(t, "luis", people.View, people.Edit, people.Audit)
	who, err := o.Token(t.Context(), secret)
	if err != nil || who.Login != "luis" || who.Via != people.ByToken || !who.May(people.Edit) || !who.May(people.Audit) || who.May(people.Withdraw) {
		t.Fatalf("%+v, %v", who, err)
	}
	if strings.Contains(o.drawer.contents(), secret) || strings.Contains(o.drawer.contents(), secret[4:]) {
		t.Error("the secret itself is stored")
	}
	if _, err := o.SetRoles(t.Context(), "luis", []people.Role{people.Archivist}, adminLogin); err != nil {
		t.Fatal(err)
	}
	if who, err = o.Token(t.Context(), secret); err != nil || who.May(people.Edit) || !who.May(people.Audit) {
		t.Errorf("its owner having lost a role: %+v, %v", who, err)
	}
	if _, err := o.Disable(t.Context(), "luis", adminLogin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Token(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
		t.Errorf("its owner disabled: %v", err)
	}
}

func TestATokenEnds(t *testing.T) {
	o := settled(t)
	secret, token := o.token(t, adminLogin, people.View)
	if _, err := o.Token(t.Context(), "vtk_"+strings.Repeat("A", 43)); !errors.Is(err, people.ErrNobody) {
		t.Errorf("another: %v", err)
	}
	if err := o.RevokeToken(t.Context(), adminLogin, token.ID, adminLogin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Token(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
		t.Errorf("revoked: %v", err)
	}
	if err := o.RevokeToken(t.Context(), adminLogin, token.ID, adminLogin); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("revoked twice: %v", err)
	}
	secret, _ = o.token(t, adminLogin, people.View)
	o.clock.advance(30 * 24 * time.Hour)
	if _, err := o.Token(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
		t.Errorf("expired: %v", err)
	}
}

func TestTheDayOfATokensUseIsNoted(t *testing.T) {
	o := settled(t)
	secret, _ := o.token(t, adminLogin, people.View)
	for range 3 {
		if _, err := o.Token(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	a, err := o.Account(t.Context(), adminLogin)
	if err != nil || len(a.Tokens) != 1 || !a.Tokens[0].Used.Equal(time.Date(2026, 4, 9, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v, %v", a.Tokens, err)
	}
}

func TestTokensThatCannotBeHad(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	soon := o.clock.now().Add(time.Hour)
	for name, tt := range map[string]struct {
		field string
		token people.NewToken
	}{
		"without a name":      {"name", people.NewToken{Name: " ", Scopes: []people.Permission{people.View}, Expires: soon}},
		"of a long name":      {"name", people.NewToken{Name: strings.Repeat("ñ", 101), Scopes: []people.Permission{people.View}, Expires: soon}},
		"that ended":          {"expires", people.NewToken{Name: "x", Scopes: []people.Permission{people.View}, Expires: o.clock.now()}},
		"that never ends":     {"expires", people.NewToken{Name: "x", Scopes: []people.Permission{people.View}, Expires: soon.AddDate(2, 0, 0)}},
		"that may do nothing": {"scopes", people.NewToken{Name: "x", Expires: soon}},
		"beyond one's rights": {"scopes", people.NewToken{Name: "x", Scopes: []people.Permission{people.Erase}, Expires: soon}},
	} {
		_, _, err := o.CreateToken(t.Context(), "luis", tt.token)
		wantField(t, name, err, tt.field)
	}
	for range 50 {
		o.token(t, "luis", people.View)
	}
	_, _, err := o.CreateToken(t.Context(), "luis", people.NewToken{Name: "x", Scopes: []people.Permission{people.View}, Expires: soon})
	wantField(t, "the fifty-first", err, "tokens")
}
