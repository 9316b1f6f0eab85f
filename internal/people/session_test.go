package people_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
)

func TestASessionLastsAMonth(t *testing.T) {
	o := settled(t)
	secret := o.signIn(t, adminLogin)
	who, err := o.Session(t.Context(), secret)
	if err != nil || who.Login != adminLogin || who.Via != people.BySession || !who.May(people.Erase) {
		t.Fatalf("%+v, %v", who, err)
	}
	if strings.Contains(o.drawer.contents(), secret) || strings.Contains(o.drawer.contents(), password) {
		t.Error("a secret is stored as it is")
	}
	o.clock.advance(29 * 24 * time.Hour)
	if _, err := o.Session(t.Context(), secret); err != nil {
		t.Errorf("after 29 days: %v", err)
	}
	o.clock.advance(25 * time.Hour)
	if _, err := o.Session(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
		t.Errorf("after 30 days: %v", err)
	}
}

func TestWhatIsNoSecretIsNobodys(t *testing.T) {
	o := settled(t)
	secret := o.signIn(t, adminLogin)
	for _, s := range []string{"", "x", "../../people", secret + "A", strings.ToUpper(secret), "vtk_" + secret} {
		if who, err := o.Session(t.Context(), s); !errors.Is(err, people.ErrNobody) || who.Known() || who.May(people.View) {
			t.Errorf("%q: %+v, %v", s, who, err)
		}
	}
}

func TestSigningInDoesNotSayWhatWasWrong(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	if _, err := o.Disable(t.Context(), "luis", adminLogin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Add(t.Context(), people.NewAccount{Login: "eva", Roles: []people.Role{people.Editor}}, adminLogin); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]people.Attempt{
		"a wrong password":   {Login: adminLogin, Password: other, Client: here},
		"a login of nobody":  {Login: "nobody", Password: password, Client: here},
		"a disabled account": {Login: "luis", Password: password, Client: here},
		"one without any":    {Login: "eva", Password: "", Client: here},
	} {
		if secret, who, err := o.SignIn(t.Context(), a); !errors.Is(err, people.ErrSignIn) || secret != "" || who.Known() {
			t.Errorf("%s: %q, %+v, %v", name, secret, who, err)
		}
	}
}

func TestSigningOutEndsTheSessionEverywhere(t *testing.T) {
	o := settled(t)
	replica := officeOn(o.drawer, o.clock)
	secret := o.signIn(t, adminLogin)
	if _, err := replica.Session(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if err := o.SignOut(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Session(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
		t.Errorf("here, at once: %v", err)
	}
	o.clock.advance(11 * time.Second)
	if _, err := replica.Session(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
		t.Errorf("in another process, 11 s later: %v", err)
	}
	if err := o.SignOut(t.Context(), secret); err != nil {
		t.Errorf("twice: %v", err)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	o.signIn(t, "luis")
	mine := o.signIn(t, adminLogin)
	o.clock.advance(time.Minute)
	phone, _, err := o.SignIn(t.Context(), people.Attempt{Login: adminLogin, Password: password, Client: here, Agent: "Phone\x00\n" + strings.Repeat("x", 500)})
	if err != nil {
		t.Fatal(err)
	}
	list, err := o.Sessions(t.Context(), adminLogin, mine)
	if err != nil || len(list) != 2 || list[0].Current || !list[1].Current || !strings.HasPrefix(list[0].Agent, "Phonexxx") || len(list[0].Agent) > 200 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := o.EndSession(t.Context(), adminLogin, list[0].ID, adminLogin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Session(t.Context(), phone); !errors.Is(err, people.ErrNobody) {
		t.Errorf("the one ended: %v", err)
	}
	if _, err := o.Session(t.Context(), mine); err != nil {
		t.Errorf("the other: %v", err)
	}
	if err := o.EndSession(t.Context(), "luis", list[1].ID, adminLogin); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("another's: %v", err)
	}
}

func TestANewPasswordEndsAllOtherSessions(t *testing.T) {
	o := settled(t)
	mine, phone := o.signIn(t, adminLogin), o.signIn(t, adminLogin)
	wantField(t, "a wrong old one", o.ChangePassword(t.Context(), adminLogin, other, other, mine, here), "old")
	if err := o.ChangePassword(t.Context(), adminLogin, password, other, mine, here); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Session(t.Context(), mine); err != nil {
		t.Errorf("the one that asked: %v", err)
	}
	if _, err := o.Session(t.Context(), phone); !errors.Is(err, people.ErrNobody) {
		t.Errorf("the other: %v", err)
	}
	if _, _, err := o.SignIn(t.Context(), people.Attempt{Login: adminLogin, Password: password}); !errors.Is(err, people.ErrSignIn) {
		t.Errorf("the old password: %v", err)
	}
}

func TestDisablingEndsSessionsAtOnceAndForGood(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	secret := o.signIn(t, "luis")
	for _, step := range []func() error{
		func() error { _, err := o.Disable(t.Context(), "luis", adminLogin); return err },
		func() error { _, err := o.Enable(t.Context(), "luis", adminLogin); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Session(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
			t.Errorf("got %v", err)
		}
	}
	o.signIn(t, "luis")
}

func TestWhoWasSignedInStaysSoWhileTheStoreIsAway(t *testing.T) {
	o := settled(t)
	secret := o.signIn(t, adminLogin)
	o.drawer.fail(fmt.Errorf("asking: %w", archive.ErrUnavailable))
	o.clock.advance(50 * time.Minute)
	if _, err := o.Session(t.Context(), secret); err != nil {
		t.Errorf("within the hour: %v", err)
	}
	if _, _, err := o.SignIn(t.Context(), people.Attempt{Login: adminLogin, Password: password}); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("signing in: %v", err)
	}
	o.clock.advance(11 * time.Minute)
	if _, err := o.Session(t.Context(), secret); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("after the hour: %v", err)
	}
}

// What no session can be named by is not looked for, and signs nobody out.
func TestSigningOutWithWhatIsNoSecretIsNoError(t *testing.T) {
	o := settled(t)
	secret := o.signIn(t, adminLogin)
	for _, not := range []string{"", "../" + secret, strings.Repeat("x", 10_000)} {
		if err := o.SignOut(t.Context(), not); err != nil {
			t.Errorf("%.20q: %v", not, err)
		}
	}
	if _, err := o.Session(t.Context(), secret); err != nil {
		t.Errorf("the session that there is: %v", err)
	}
}
