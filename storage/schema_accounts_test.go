package storage_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"videoteca/internal/people"
)

// accountSchemaOf is the name of the schema of an object under accounts/.
func accountSchemaOf(key string) string {
	if key == "accounts/people.json" {
		return "people"
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(key, "accounts/"), "/")
	return map[string]string{"sessions": "session", "throttle": "throttle", "events": "account-event"}[kind]
}

// staffed writes accounts with every field.
func staffed(t *testing.T, s *stage) {
	t.Helper()
	const password = "correct horse battery"
	r := people.New(s.Accounts(), people.Options{Cost: people.Cost{Memory: 64, Passes: 1, Lanes: 1}, Now: s.clock.now})
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	link, err := r.SetUp(t.Context())
	ok(err)
	_, err = r.RedeemSetUp(t.Context(), link, people.NewAccount{Login: "ana", Name: "Ana", Password: password, Language: "es", Roles: []people.Role{people.Admin}})
	ok(err)
	_, err = r.Add(t.Context(), people.NewAccount{Login: "luis", Roles: []people.Role{people.Editor}}, "ana")
	ok(err)
	_, err = r.Invite(t.Context(), "luis", "ana")
	ok(err)
	_, err = r.SetRoles(t.Context(), "luis", []people.Role{people.Viewer}, "ana")
	ok(err)
	_, err = r.Disable(t.Context(), "luis", "ana")
	ok(err)
	token, _, err := r.CreateToken(t.Context(), "ana", people.NewToken{Name: "feed", Scopes: []people.Permission{people.View}, Expires: s.clock.now().Add(time.Hour)})
	ok(err)
	_, err = r.Token(t.Context(), token)
	ok(err)
	client := netip.MustParseAddr("192.0.2.1")
	if _, _, err := r.SignIn(t.Context(), people.Attempt{Login: "ana", Password: "wrong", Client: client}); !errors.Is(err, people.ErrSignIn) {
		t.Fatalf("a wrong password: %v", err)
	}
	_, _, err = r.SignIn(t.Context(), people.Attempt{Login: "ana", Password: password, Client: client, Agent: "Firefox"})
	ok(err)
	if _, _, err := r.SignIn(t.Context(), people.Attempt{Login: "ana", Password: "wrong", Client: client}); !errors.Is(err, people.ErrSignIn) {
		t.Fatalf("a wrong password: %v", err) // so that an attempt of an account is counted when it is looked at
	}
}
