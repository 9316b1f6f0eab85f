package people_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
)

func TestRolesAreSetsOfPermissions(t *testing.T) {
	for _, tt := range []struct {
		roles []people.Role
		may   []people.Permission
		not   []people.Permission
	}{
		{[]people.Role{people.Viewer}, []people.Permission{people.View}, []people.Permission{people.Edit, people.Audit, people.Export}},
		{[]people.Role{people.Editor}, []people.Permission{people.View, people.Edit, people.Withdraw}, []people.Permission{people.Audit, people.Erase, people.People}},
		{[]people.Role{people.Archivist}, []people.Permission{people.View, people.Audit, people.Import, people.Export}, []people.Permission{people.Edit, people.Withdraw, people.Erase}},
		{[]people.Role{people.Editor, people.Archivist}, []people.Permission{people.Edit, people.Audit}, []people.Permission{people.Erase, people.People, people.Settings}},
		{[]people.Role{people.Admin}, people.Permissions(), nil},
	} {
		o := newOffice()
		o.add(t, "someone", tt.roles...)
		who, err := o.Session(t.Context(), o.signIn(t, "someone"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range tt.may {
			if !who.May(p) {
				t.Errorf("%v may not %s", tt.roles, p)
			}
		}
		for _, p := range tt.not {
			if who.May(p) {
				t.Errorf("%v may %s", tt.roles, p)
			}
		}
	}
}

func TestRolesAndScopesAreReadByName(t *testing.T) {
	roles, err := people.ParseRoles([]string{"editor", " archivist ", "editor"})
	if err != nil || !slices.Equal(roles, []people.Role{people.Editor, people.Archivist}) {
		t.Errorf("%v, %v", roles, err)
	}
	scopes, err := people.ParseScopes([]string{"view", "view", "edit"})
	if err != nil || !slices.Equal(scopes, []people.Permission{people.View, people.Edit}) {
		t.Errorf("%v, %v", scopes, err)
	}
	for _, names := range [][]string{nil, {"owner"}, {"viewer", ""}} {
		_, err := people.ParseRoles(names)
		wantField(t, strings.Join(names, "+"), err, "roles")
		_, err = people.ParseScopes(names)
		wantField(t, strings.Join(names, "+"), err, "scopes")
	}
}

func TestAccountsThatCannotBeHad(t *testing.T) {
	o := settled(t)
	editor := []people.Role{people.Editor}
	for name, tt := range map[string]struct {
		field   string
		account people.NewAccount
	}{
		"no login":              {"login", people.NewAccount{Password: password, Roles: editor}},
		"capitals":              {"login", people.NewAccount{Login: "Ana", Password: password, Roles: editor}},
		"a path":                {"login", people.NewAccount{Login: "../x", Password: password, Roles: editor}},
		"two dots":              {"login", people.NewAccount{Login: "a..b", Password: password, Roles: editor}},
		"the program's own":     {"login", people.NewAccount{Login: "audit", Password: password, Roles: editor}},
		"one taken":             {"login", people.NewAccount{Login: adminLogin, Password: password, Roles: editor}},
		"no roles":              {"roles", people.NewAccount{Login: "luis", Password: password}},
		"a name of two lines":   {"name", people.NewAccount{Login: "luis", Name: "a\nb", Password: password, Roles: editor}},
		"no language":           {"language", people.NewAccount{Login: "luis", Language: "español!", Password: password, Roles: editor}},
		"a short password":      {"password", people.NewAccount{Login: "luis", Password: "áéíóúñáéíóú", Roles: editor}},
		"one of few characters": {"password", people.NewAccount{Login: "luis", Password: "abababababababab", Roles: editor}},
		"one of a megabyte":     {"password", people.NewAccount{Login: "luis", Password: strings.Repeat("correct horse", 100_000), Roles: editor}},
		"the login over again":  {"password", people.NewAccount{Login: "luismiguel", Password: "luismiguel12", Roles: editor}},
		"a common one":          {"password", people.NewAccount{Login: "luis", Password: "Contraseña2026", Roles: editor}},
		"a run of keys":         {"password", people.NewAccount{Login: "luis", Password: "qwertyuiop12", Roles: editor}},
		"one that is not UTF-8": {"password", people.NewAccount{Login: "luis", Password: password + "\xff", Roles: editor}},
	} {
		_, err := o.Add(t.Context(), tt.account, adminLogin)
		wantField(t, name, err, tt.field)
	}
	if accounts, err := o.Accounts(t.Context()); err != nil || len(accounts) != 1 {
		t.Errorf("%d accounts, %v", len(accounts), err)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	o := settled(t)
	_, err := o.SetRoles(t.Context(), adminLogin, []people.Role{people.Editor}, adminLogin)
	wantField(t, "another role", err, "roles")
	_, err = o.Disable(t.Context(), adminLogin, adminLogin)
	wantField(t, "disabling", err, "roles")
	o.add(t, "luis", people.Admin)
	if _, err := o.Disable(t.Context(), adminLogin, "luis"); err != nil {
		t.Errorf("with another there: %v", err)
	}
	_, err = o.SetRoles(t.Context(), "luis", []people.Role{people.Viewer}, "luis")
	wantField(t, "the one who is left", err, "roles")
}

func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Admin)
	replica := officeOn(o.drawer, o.clock)
	failed := make(chan error, 2)
	go func() { _, err := o.Disable(t.Context(), "luis", adminLogin); failed <- err }()
	go func() { _, err := replica.Disable(t.Context(), adminLogin, "luis"); failed <- err }()
	first, second := <-failed, <-failed
	if (first == nil) == (second == nil) {
		t.Errorf("got %v and %v; one must be refused", first, second)
	}
}

func TestRolesActOnSessionsThereAre(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	secret := o.signIn(t, "luis")
	if _, err := o.SetRoles(t.Context(), "luis", []people.Role{people.Viewer}, adminLogin); err != nil {
		t.Fatal(err)
	}
	if who, err := o.Session(t.Context(), secret); err != nil || who.May(people.Edit) {
		t.Errorf("%+v, %v", who, err)
	}
	_, err := o.SetRoles(t.Context(), "luis", nil, adminLogin)
	wantField(t, "no role", err, "roles")
	if _, err := o.SetRoles(t.Context(), "nobody", []people.Role{people.Viewer}, adminLogin); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func TestProfiles(t *testing.T) {
	o := settled(t)
	a, err := o.SetProfile(t.Context(), adminLogin, "Ana Pérez", "es", adminLogin)
	if err != nil || a.Name != "Ana Pérez" || a.Language != "es" {
		t.Fatalf("%+v, %v", a, err)
	}
	who, err := o.Session(t.Context(), o.signIn(t, adminLogin))
	if err != nil || who.Name != "Ana Pérez" || who.Language != "es" {
		t.Errorf("%+v, %v", who, err)
	}
	_, err = o.SetProfile(t.Context(), adminLogin, strings.Repeat("x", 101), "", adminLogin)
	wantField(t, "a long name", err, "name")
}

func TestEveryChangeIsRecorded(t *testing.T) {
	o := settled(t)
	steps := []func() error{
		func() error {
			_, err := o.Add(t.Context(), people.NewAccount{Login: "luis", Roles: []people.Role{people.Viewer}}, adminLogin)
			return err
		},
		func() error {
			_, err := o.SetRoles(t.Context(), "luis", []people.Role{people.Editor, people.Archivist}, adminLogin)
			return err
		},
		func() error { _, err := o.Invite(t.Context(), "luis", adminLogin); return err },
		func() error { _, err := o.Disable(t.Context(), "luis", adminLogin); return err },
	}
	for _, step := range steps {
		o.clock.advance(time.Second)
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	events, err := o.Events(t.Context(), 3)
	if err != nil || len(events) != 3 {
		t.Fatalf("%+v, %v", events, err)
	}
	if e := events[2]; e.Verb != "roles" || e.By != adminLogin || e.Login != "luis" || e.Before != "viewer" || e.After != "editor, archivist" || e.At.IsZero() {
		t.Errorf("%+v", e)
	}
	if events[0].Verb != "disable" {
		t.Errorf("the newest is %+v", events[0])
	}
}
