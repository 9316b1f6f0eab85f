package people_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
)

func TestTheSetUpLinkMakesTheFirstAdministratorOnce(t *testing.T) {
	o := newOffice()
	secret, err := o.SetUp(t.Context())
	if err != nil || secret == "" {
		t.Fatalf("%q, %v", secret, err)
	}
	if strings.Contains(o.drawer.contents(), secret) {
		t.Error("the secret itself is stored")
	}
	wantField(t, "a weak password", redeem(t, o, secret, "short"), "password")
	if err := redeem(t, o, "x"+secret[1:], password); !errors.Is(err, people.ErrSpent) {
		t.Errorf("another secret: %v", err)
	}
	if err := redeem(t, o, secret, password); err != nil {
		t.Fatal(err)
	}
	if err := redeem(t, o, secret, password); !errors.Is(err, people.ErrSpent) {
		t.Errorf("a second time: %v", err)
	}
	if again, err := o.SetUp(t.Context()); again != "" || err != nil {
		t.Errorf("with an administrator, %q, %v", again, err)
	}
	a, err := o.Account(t.Context(), adminLogin)
	if err != nil || !slices.Equal(a.Roles, []people.Role{people.Admin}) || !a.HasPassword {
		t.Errorf("%+v, %v", a, err)
	}
}

func redeem(t *testing.T, o *office, secret, password string) error {
	t.Helper()
	_, err := o.RedeemSetUp(t.Context(), secret, people.NewAccount{Login: adminLogin, Password: password})
	return err
}

func TestOfManyReplicasOneDrawsTheSetUpLink(t *testing.T) {
	first := newOffice()
	var mu sync.Mutex
	var drawn []string
	var work sync.WaitGroup
	for range 8 {
		o := officeOn(first.drawer, first.clock)
		work.Go(func() {
			secret, err := o.SetUp(t.Context())
			if err != nil {
				t.Error(err)
			}
			if secret != "" {
				mu.Lock()
				defer mu.Unlock()
				drawn = append(drawn, secret)
			}
		})
	}
	work.Wait()
	if len(drawn) != 1 {
		t.Fatalf("%d links were drawn", len(drawn))
	}
	first.clock.advance(59 * time.Minute)
	if err := first.CheckSetUp(t.Context(), drawn[0]); err != nil {
		t.Errorf("within the hour: %v", err)
	}
	first.clock.advance(2 * time.Minute)
	if err := redeem(t, first, drawn[0], password); !errors.Is(err, people.ErrSpent) {
		t.Errorf("after the hour: %v", err)
	}
	if again, err := first.SetUp(t.Context()); again == "" || err != nil {
		t.Errorf("after the hour another is drawn: %q, %v", again, err)
	}
}

func TestTheSetUpLinkDiesWithAnAdministratorMadeElsewhere(t *testing.T) {
	o := newOffice()
	secret, err := o.SetUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	officeOn(o.drawer, o.clock).add(t, "root-admin", people.Admin) // as videoteca user add does
	if err := redeem(t, o, secret, password); !errors.Is(err, people.ErrSpent) {
		t.Errorf("got %v", err)
	}
}

func TestAnInvitationSetsThePasswordOnce(t *testing.T) {
	o := settled(t)
	if _, err := o.Add(t.Context(), people.NewAccount{Login: "luis", Roles: []people.Role{people.Editor}}, adminLogin); err != nil {
		t.Fatal(err)
	}
	secret, err := o.Invite(t.Context(), "luis", adminLogin)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := o.Invited(t.Context(), secret); err != nil || a.Login != "luis" || a.HasPassword {
		t.Errorf("%+v, %v", a, err)
	}
	_, err = o.RedeemInvite(t.Context(), secret, "luisluisluis")
	wantField(t, "the login over again", err, "password")
	if _, err := o.RedeemInvite(t.Context(), secret, password); err != nil {
		t.Fatal(err)
	}
	if _, err := o.RedeemInvite(t.Context(), secret, other); !errors.Is(err, people.ErrSpent) {
		t.Errorf("a second time: %v", err)
	}
	o.signIn(t, "luis")
}

func TestAnInvitationEndsAfterADayAndWithTheNextOne(t *testing.T) {
	o := settled(t)
	first, err := o.Invite(t.Context(), adminLogin, adminLogin)
	if err != nil {
		t.Fatal(err)
	}
	second, err := o.Invite(t.Context(), adminLogin, adminLogin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Invited(t.Context(), first); !errors.Is(err, people.ErrSpent) {
		t.Errorf("the first: %v", err)
	}
	o.clock.advance(24 * time.Hour)
	if _, err := o.Invited(t.Context(), second); !errors.Is(err, people.ErrSpent) {
		t.Errorf("the second after a day: %v", err)
	}
}

func TestADisabledAccountIsNotInvited(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	secret, err := o.Invite(t.Context(), "luis", adminLogin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Disable(t.Context(), "luis", adminLogin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Invited(t.Context(), secret); !errors.Is(err, people.ErrSpent) {
		t.Errorf("the link it had: %v", err)
	}
	if _, err := o.Invite(t.Context(), "luis", adminLogin); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("another: %v", err)
	}
}
