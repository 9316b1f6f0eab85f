package people_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/internal/people"
)

func (o *office) attempt(t *testing.T, login, password string, client netip.Addr) error {
	t.Helper()
	_, _, err := o.SignIn(t.Context(), people.Attempt{Login: login, Password: password, Client: client})
	return err
}

func wantWait(t *testing.T, what string, err error, least, most time.Duration) {
	t.Helper()
	var throttled *people.ThrottledError
	if !errors.As(err, &throttled) || throttled.Wait < least || throttled.Wait > most {
		t.Errorf("%s: %v; want a wait of %s to %s", what, err, least, most)
	}
}

func TestFailuresSlowDownALoginAcrossReplicasAndRestarts(t *testing.T) {
	o := settled(t)
	for i := range 5 {
		replica := officeOn(o.drawer, o.clock) // another process every time
		if err := replica.attempt(t, adminLogin, other, here); !errors.Is(err, people.ErrSignIn) {
			t.Fatalf("failure %d: %v", i+1, err)
		}
	}
	err := o.attempt(t, adminLogin, password, netip.MustParseAddr("198.51.100.7"))
	wantWait(t, "the sixth, from elsewhere and right", err, time.Second, 2*time.Second)
	o.clock.advance(2 * time.Second)
	if err := o.attempt(t, adminLogin, password, here); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
	if err := o.attempt(t, adminLogin, other, here); !errors.Is(err, people.ErrSignIn) {
		t.Errorf("having signed in, a failure is the first again: %v", err)
	}
}

func TestNobodyWaitsLongerThanAQuarterOfAnHour(t *testing.T) {
	o := settled(t)
	for range 60 {
		_ = o.attempt(t, adminLogin, other, here)
		o.clock.advance(15 * time.Minute)
	}
	if err := o.attempt(t, adminLogin, password, here); err != nil {
		t.Errorf("a quarter of an hour after the sixtieth failure: %v", err)
	}
}

func TestAClientThatTriesManyLoginsWaits(t *testing.T) {
	o := settled(t)
	v6 := netip.MustParseAddr("2001:db8:1:2::1")
	for i := range 20 {
		if err := o.attempt(t, fmt.Sprintf("user-%d", i), password, v6); !errors.Is(err, people.ErrSignIn) {
			t.Fatal(err)
		}
	}
	wantWait(t, "from the same /64", o.attempt(t, adminLogin, password, netip.MustParseAddr("2001:db8:1:2:ffff::9")), time.Second, 2*time.Second)
	if err := o.attempt(t, adminLogin, password, netip.MustParseAddr("2001:db8:1:3::1")); err != nil {
		t.Errorf("from another: %v", err)
	}
	if contents := o.drawer.contents(); strings.Contains(contents, "2001:db8") || strings.Contains(contents, "user-3") {
		t.Error("addresses or logins of attempts are stored as they are")
	}
}

func TestManyAttemptsAtOnceAreNoWayAround(t *testing.T) {
	o := settled(t)
	var mu sync.Mutex
	looked := 0
	var work sync.WaitGroup
	for range 24 {
		work.Go(func() {
			_, _, err := o.SignIn(t.Context(), people.Attempt{Login: adminLogin, Password: other, Client: here})
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, people.ErrSignIn) {
				looked++
			}
		})
	}
	work.Wait()
	if looked > 5 {
		t.Errorf("the passwords of %d attempts were looked at", looked)
	}
}
