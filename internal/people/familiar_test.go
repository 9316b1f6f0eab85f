package people_test

import (
	"errors"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/internal/people"
)

// stranger is an address that nobody has signed in from, another one each time.
func stranger(n int) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0xff, 0, byte(n >> 8), byte(n), 15: 1})
}

// besieged is an office at which the administrator has signed in from here, and strangers have tried since,
// once in a quarter of an hour.
func besieged(t *testing.T) *office {
	t.Helper()
	o := settled(t)
	o.signIn(t, adminLogin)
	for n := range 100 {
		o.clock.advance(15 * time.Minute)
		if err := o.attempt(t, adminLogin, other, stranger(n)); !errors.Is(err, people.ErrSignIn) {
			t.Fatalf("stranger %d: %v", n, err)
		}
	}
	return o
}

func TestStrangersDoNotKeepAnybodyOutOfAFamiliarPlace(t *testing.T) {
	o := besieged(t)
	wantWait(t, "a stranger with the right password", o.attempt(t, adminLogin, password, stranger(200)), 14*time.Minute, 15*time.Minute)
	replica := officeOn(o.drawer, o.clock)
	if err := replica.attempt(t, adminLogin, password, here); err != nil {
		t.Errorf("the owner, where they have signed in before, at another process: %v", err)
	}
	wantWait(t, "a stranger thereafter", o.attempt(t, adminLogin, password, stranger(201)), 14*time.Minute, 15*time.Minute)
	session := o.signIn(t, adminLogin)
	if err := o.ChangePassword(t.Context(), adminLogin, password, other, session, here); err != nil {
		t.Errorf("changing the password there: %v", err)
	}
}

func TestAOneTimeLinkLetsInDuringAnAttackAndMakesThePlaceFamiliar(t *testing.T) {
	o := besieged(t)
	home := stranger(300)
	link, err := o.Invite(t.Context(), adminLogin, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.RedeemInvite(t.Context(), link, other); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SignInAs(t.Context(), adminLogin, "Firefox", home); err != nil {
		t.Fatalf("behind the link: %v", err)
	}
	for n := range 10 {
		o.clock.advance(15 * time.Minute)
		_ = o.attempt(t, adminLogin, password, stranger(n))
	}
	if err := o.attempt(t, adminLogin, other, home); err != nil {
		t.Errorf("from there, with the new password: %v", err)
	}
}

func TestAFamiliarPlaceHasACountOfItsOwn(t *testing.T) {
	o := settled(t)
	o.signIn(t, adminLogin)
	for i := range 5 {
		if err := o.attempt(t, adminLogin, other, here); !errors.Is(err, people.ErrSignIn) {
			t.Fatalf("failure %d: %v", i+1, err)
		}
	}
	wantWait(t, "the sixth, right", o.attempt(t, adminLogin, password, here), time.Second, 2*time.Second)
	if err := o.attempt(t, adminLogin, password, stranger(1)); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	wantWait(t, "here, still", officeOn(o.drawer, o.clock).attempt(t, adminLogin, password, here), time.Second, 2*time.Second)
	o.clock.advance(2 * time.Second)
	o.signIn(t, adminLogin)
	if err := o.attempt(t, adminLogin, other, here); !errors.Is(err, people.ErrSignIn) {
		t.Errorf("having signed in, a failure is the first again: %v", err)
	}
}

func TestManyAttemptsAtOnceAtAFamiliarPlaceAreNoWayAround(t *testing.T) {
	o := settled(t)
	o.signIn(t, adminLogin)
	var looked atomic.Int64
	var work sync.WaitGroup
	for range 24 {
		work.Go(func() {
			if _, _, err := o.SignIn(t.Context(), people.Attempt{Login: adminLogin, Password: other, Client: here}); errors.Is(err, people.ErrSignIn) {
				looked.Add(1)
			}
		})
	}
	work.Wait()
	if n := looked.Load(); n > 5 {
		t.Errorf("the passwords of %d attempts were looked at", n)
	}
}

func TestAPlaceIsStrangeAgainAfterNinetyDays(t *testing.T) {
	for days, familiar := range map[int]bool{89: true, 91: false} {
		o := settled(t)
		o.signIn(t, adminLogin)
		o.clock.advance(time.Duration(days) * 24 * time.Hour)
		for n := range 5 {
			_ = o.attempt(t, adminLogin, other, stranger(n))
		}
		if err := o.attempt(t, adminLogin, password, here); (err == nil) != familiar {
			t.Errorf("after %d days: %v", days, err)
		}
	}
}

func TestWhatIsKeptOfPlacesIsBoundedAndTellsNone(t *testing.T) {
	o := settled(t)
	for n := range 40 {
		o.clock.advance(time.Minute)
		if err := o.attempt(t, adminLogin, password, stranger(n)); err != nil {
			t.Fatal(err)
		}
	}
	contents := o.drawer.contents()
	if n := strings.Count(contents, `"seen"`); n != 16 {
		t.Errorf("%d places are kept", n)
	}
	if strings.Contains(contents, "2001:db8") {
		t.Error("an address is kept as it is")
	}
	for n := range 5 {
		_ = o.attempt(t, adminLogin, other, stranger(100+n))
	}
	if err := o.attempt(t, adminLogin, password, stranger(39)); err != nil {
		t.Errorf("from the newest: %v", err)
	}
	wantWait(t, "from the oldest", o.attempt(t, adminLogin, password, stranger(0)), time.Second, 2*time.Second)
}

func TestAnAddressOfWhichNothingIsKnownIsNeverFamiliar(t *testing.T) {
	o := settled(t)
	if err := o.attempt(t, adminLogin, password, netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		_ = o.attempt(t, adminLogin, other, stranger(n))
	}
	wantWait(t, "the owner", o.attempt(t, adminLogin, password, netip.Addr{}), time.Second, 2*time.Second)
}

func TestAFailureOfTheDayBeforeDoesNotCount(t *testing.T) {
	o := besieged(t)
	o.clock.advance(25 * time.Hour)
	for i := range 5 {
		if err := o.attempt(t, adminLogin, other, stranger(i)); !errors.Is(err, people.ErrSignIn) {
			t.Fatalf("failure %d of the new day: %v", i+1, err)
		}
	}
	wantWait(t, "the sixth", o.attempt(t, adminLogin, other, stranger(9)), time.Second, 2*time.Second)
}

// A document without familiar places counts as one always did.
func TestWithoutAFamiliarPlaceAllFailuresCountTogether(t *testing.T) {
	o := settled(t)
	for n := range 5 {
		_ = o.attempt(t, adminLogin, other, stranger(n))
	}
	if contents := o.drawer.contents(); strings.Contains(contents, "familiar") {
		t.Error("who has never signed in is at home somewhere")
	}
	wantWait(t, "the sixth", officeOn(o.drawer, o.clock).attempt(t, adminLogin, password, here), time.Second, 2*time.Second)
}
