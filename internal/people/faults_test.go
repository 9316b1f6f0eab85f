package people_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
)

var errAway = fmt.Errorf("asking the bucket: %w", archive.ErrUnavailable)

// While the store cannot be asked nothing changes, and everybody is told that it is the store.
func TestNothingIsDecidedWhileTheStoreIsAway(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	invite, err := o.Invite(t.Context(), "luis", adminLogin)
	if err != nil {
		t.Fatal(err)
	}
	before := o.drawer.contents()
	o.drawer.fail(errAway)
	ctx := t.Context()
	for name, try := range map[string]func() error{
		"setting up":         func() error { _, err := officeOn(o.drawer, o.clock).SetUp(ctx); return err },
		"asking who governs": func() error { _, err := officeOn(o.drawer, o.clock).Governed(ctx); return err },
		"listing":            func() error { _, err := officeOn(o.drawer, o.clock).Accounts(ctx); return err },
		"finding":            func() error { _, err := officeOn(o.drawer, o.clock).Account(ctx, "luis"); return err },
		"adding": func() error {
			_, err := o.Add(ctx, people.NewAccount{Login: "eva", Roles: []people.Role{people.Viewer}}, "")
			return err
		},
		"inviting":            func() error { _, err := o.Invite(ctx, "luis", adminLogin); return err },
		"looking at a link":   func() error { _, err := o.Invited(ctx, invite); return err },
		"taking a link up":    func() error { _, err := o.RedeemInvite(ctx, invite, other); return err },
		"giving roles":        func() error { _, err := o.SetRoles(ctx, "luis", []people.Role{people.Viewer}, adminLogin); return err },
		"disabling":           func() error { _, err := o.Disable(ctx, "luis", adminLogin); return err },
		"changing a password": func() error { return o.ChangePassword(ctx, "luis", password, other, "", here) },
		"signing in": func() error {
			_, _, err := o.SignIn(ctx, people.Attempt{Login: "luis", Password: password})
			return err
		},
		"signing in by a link": func() error { _, err := o.SignInAs(ctx, "luis", "", here); return err },
		"a token": func() error {
			_, _, err := o.CreateToken(ctx, "luis", people.NewToken{Name: "x", Scopes: []people.Permission{people.View}, Expires: o.clock.now().Add(time.Hour)})
			return err
		},
		"a stranger's session": func() error { _, err := officeOn(o.drawer, o.clock).Session(ctx, strings.Repeat("A", 43)); return err },
		"a stranger's token": func() error {
			_, err := officeOn(o.drawer, o.clock).Token(ctx, "vtk_"+strings.Repeat("A", 43))
			return err
		},
		"listing sessions":      func() error { _, err := o.Sessions(ctx, "luis", ""); return err },
		"ending a session":      func() error { return o.EndSession(ctx, "luis", "x", adminLogin) },
		"signing out":           func() error { return o.SignOut(ctx, strings.Repeat("A", 43)) },
		"reading what was done": func() error { _, err := o.Events(ctx, 5); return err },
	} {
		if err := try(); !errors.Is(err, archive.ErrUnavailable) || errors.Is(err, people.ErrNobody) || errors.Is(err, people.ErrSpent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.drawer.fail(nil)
	if after := o.drawer.contents(); after != before {
		t.Error("something was written all the same")
	}
}

func TestADamagedDocumentIsNotTakenForAnEmptyOne(t *testing.T) {
	o := settled(t)
	o.drawer.mu.Lock()
	o.drawer.docs["accounts/people.json"] = `{"people": [`
	o.drawer.mu.Unlock()
	fresh := officeOn(o.drawer, o.clock)
	if secret, err := fresh.SetUp(t.Context()); err == nil || secret != "" {
		t.Errorf("a set-up link was drawn over damaged accounts: %v", err)
	}
	if _, err := fresh.Add(t.Context(), people.NewAccount{Login: "eva", Password: password, Roles: []people.Role{people.Admin}}, ""); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("adding: %v", err)
	}
}

func TestManyProcessesChangeAccountsWithoutLosingOne(t *testing.T) {
	o := settled(t)
	var work sync.WaitGroup
	for i := range 16 {
		replica := officeOn(o.drawer, o.clock)
		work.Go(func() {
			n := people.NewAccount{Login: fmt.Sprintf("person-%d", i), Password: password, Roles: []people.Role{people.Editor}}
			if _, err := replica.Add(t.Context(), n, adminLogin); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if accounts, err := officeOn(o.drawer, o.clock).Accounts(t.Context()); err != nil || len(accounts) != 17 {
		t.Errorf("%d accounts, %v", len(accounts), err)
	}
}

func TestOfManyWhoTakeOneLinkUpOneSucceeds(t *testing.T) {
	o := newOffice()
	secret, err := o.SetUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	won := 0
	var work sync.WaitGroup
	for i := range 8 {
		replica := officeOn(o.drawer, o.clock)
		work.Go(func() {
			_, err := replica.RedeemSetUp(t.Context(), secret, people.NewAccount{Login: fmt.Sprintf("admin-%d", i), Password: password})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, people.ErrSpent) {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if won != 1 {
		t.Errorf("%d became the first administrator", won)
	}
}

// busy is a drawer in which somebody always writes in between.
type busy struct{ *drawer }

func (busy) Put(context.Context, string, []byte, string) error {
	return fmt.Errorf("writing: %w", archive.ErrConflict)
}

func TestAChangeThatAlwaysComesTooLateGivesUp(t *testing.T) {
	o := settled(t)
	stuck := people.New(busy{o.drawer}, people.Options{Cost: cheap, Now: o.clock.now})
	if _, err := stuck.SetProfile(t.Context(), adminLogin, "Ana", "", adminLogin); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("got %v", err)
	}
}

func TestAPasswordIsHashedAnewWhereTheCostHasGrown(t *testing.T) {
	o := settled(t)
	dearer := people.New(o.drawer, people.Options{Cost: people.Cost{Memory: 128, Passes: 1, Lanes: 1}, Now: o.clock.now})
	if _, _, err := dearer.SignIn(t.Context(), people.Attempt{Login: adminLogin, Password: password, Client: here}); err != nil {
		t.Fatal(err)
	}
	if contents := o.drawer.contents(); !strings.Contains(contents, "m=128,") || strings.Contains(contents, "m=64,") {
		t.Error("the hash is as it was")
	}
	o.clock.advance(time.Minute)
	if secret := o.signIn(t, adminLogin); secret == "" {
		t.Error("the new hash does not fit the password")
	}
}

func TestAnUnknownLoginIsSaidToBeUnknownToThoseWhoManage(t *testing.T) {
	o := settled(t)
	for name, try := range map[string]func() error{
		"inviting":             func() error { _, err := o.Invite(t.Context(), "nobody", adminLogin); return err },
		"enabling":             func() error { _, err := o.Enable(t.Context(), "nobody", adminLogin); return err },
		"a profile":            func() error { _, err := o.SetProfile(t.Context(), "nobody", "x", "", adminLogin); return err },
		"a password":           func() error { return o.ChangePassword(t.Context(), "nobody", password, other, "", here) },
		"signing in by a link": func() error { _, err := o.SignInAs(t.Context(), "nobody", "", here); return err },
		"revoking":             func() error { return o.RevokeToken(t.Context(), "nobody", "x", adminLogin) },
		"finding":              func() error { _, err := o.Account(t.Context(), "nobody"); return err },
	} {
		if err := try(); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAWeakNewPasswordChangesNothing(t *testing.T) {
	o := settled(t)
	secret := o.signIn(t, adminLogin)
	wantField(t, "a short one", o.ChangePassword(t.Context(), adminLogin, password, "short", secret, here), "password")
	if _, err := o.Session(t.Context(), secret); err != nil {
		t.Errorf("the session: %v", err)
	}
	o.signIn(t, adminLogin)
}

func TestEndedSessionsAreRemovedWhenSomebodyLooks(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	o.signIn(t, "luis")
	o.signIn(t, adminLogin)
	if _, err := o.Disable(t.Context(), "luis", adminLogin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Sessions(t.Context(), adminLogin, ""); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(o.drawer.contents(), "accounts/sessions/"); n != 1 {
		t.Errorf("%d sessions are stored", n)
	}
}

func TestExpiredTokensMakeRoom(t *testing.T) {
	o := settled(t)
	for range 50 {
		o.token(t, adminLogin, people.View)
	}
	o.clock.advance(31 * 24 * time.Hour)
	o.token(t, adminLogin, people.View)
	if a, err := o.Account(t.Context(), adminLogin); err != nil || len(a.Tokens) != 1 {
		t.Errorf("%d tokens, %v", len(a.Tokens), err)
	}
}

func TestTheDemosIdentityMayEverythingAndIsNoAccount(t *testing.T) {
	who := people.Loopback()
	for _, p := range people.Permissions() {
		if !who.May(p) {
			t.Errorf("it may not %s", p)
		}
	}
	if who.Via != people.ByLoopback || people.CheckLogin(who.Login) == nil {
		t.Errorf("%+v could be somebody's login", who)
	}
	if (people.Identity{}).Known() || (people.Identity{}).May(people.View) {
		t.Error("nobody is somebody")
	}
}
