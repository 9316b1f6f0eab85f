package people_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/internal/people"
)

func TestAPasswordIsTheSameFromEveryKeyboard(t *testing.T) {
	o := newOffice()
	composed, decomposed := "ca\u00f1\u00f3n de la redacci\u00f3n", "can\u0303o\u0301n de la redaccio\u0301n"
	if _, err := o.Add(t.Context(), people.NewAccount{Login: "ana", Password: composed, Roles: []people.Role{people.Admin}}, ""); err != nil {
		t.Fatal(err)
	}
	if err := o.attempt(t, "ana", decomposed, here); err != nil {
		t.Errorf("with the accents apart: %v", err)
	}
	if err := o.attempt(t, " Ana", composed, here); err != nil {
		t.Errorf("with a capital, as phones write: %v", err)
	}
}

func TestANewerVersionsAccountsAreLeftAlone(t *testing.T) {
	o := settled(t)
	const key = "accounts/people.json"
	newer := strings.Replace(o.drawer.docs[key], `"version": 1`, `"version": 2`, 1)
	o.drawer.docs[key] = newer
	_, err := o.SetProfile(t.Context(), adminLogin, "Ana", "es", adminLogin)
	if err == nil || !strings.Contains(err.Error(), "newer version") || o.drawer.docs[key] != newer {
		t.Errorf("%v; the document is now %s", err, o.drawer.docs[key])
	}
}

func TestMadeUpLoginsPushNobodyOutOfTheCount(t *testing.T) {
	o := settled(t)
	n := 0
	elsewhere := func() netip.Addr {
		n++
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(n >> 16), byte(n >> 8), byte(n), 1})
	}
	for range 5 {
		_ = o.attempt(t, adminLogin, other, elsewhere())
	}
	shard := func(login string) string {
		sum := sha256.Sum256([]byte("login\n" + login))
		return hex.EncodeToString(sum[:1])
	}
	for i, made := 0, 0; made < 520; i++ {
		login := fmt.Sprint("x", i)
		if shard(login) != shard(adminLogin) {
			continue
		}
		made++
		o.clock.advance(time.Millisecond)
		_ = o.attempt(t, login, other, elsewhere())
	}
	wantWait(t, "the administrator's login", o.attempt(t, adminLogin, other, elsewhere()), time.Second, 2*time.Second)
	if entries := strings.Count(o.drawer.docs["accounts/throttle/"+shard(adminLogin)+".json"], `"last"`); entries > 502 {
		t.Errorf("the document has %d entries", entries)
	}
}

func TestGuessingTheOldPasswordIsSlowedDown(t *testing.T) {
	o := settled(t)
	session := o.signIn(t, adminLogin)
	for range 5 {
		wantField(t, "a guess", o.ChangePassword(t.Context(), adminLogin, "guess guess guess", other, session, here), "old")
	}
	wantWait(t, "the sixth", o.ChangePassword(t.Context(), adminLogin, password, other, session, here), time.Second, 2*time.Second)
	wantWait(t, "signing in", o.attempt(t, adminLogin, password, here), time.Second, 2*time.Second)
	o.clock.advance(2 * time.Second)
	if err := o.ChangePassword(t.Context(), adminLogin, password, other, session, here); err != nil {
		t.Fatal(err)
	}
	if err := o.attempt(t, adminLogin, other, here); err != nil {
		t.Errorf("after the change: %v", err)
	}
}

// counted counts what is asked of the store.
type counted struct {
	*drawer
	asked atomic.Int64
}

func (c *counted) Get(ctx context.Context, key string) ([]byte, string, error) {
	c.asked.Add(1)
	return c.drawer.Get(ctx, key)
}

func TestAStoreThatIsAwayIsNotAskedForEveryPage(t *testing.T) {
	o := settled(t)
	store := &counted{drawer: o.drawer}
	r := &office{people.New(store, people.Options{Cost: cheap, Now: o.clock.now}), o.drawer, o.clock}
	session := r.signIn(t, adminLogin)
	o.clock.advance(time.Minute)
	o.drawer.fail(errAway)
	before := store.asked.Load()
	for range 20 {
		if _, err := r.Session(t.Context(), session); err != nil {
			t.Fatal(err)
		}
	}
	if asked := store.asked.Load() - before; asked != 2 {
		t.Errorf("20 pages asked %d times; want 2, for the session and the accounts", asked)
	}
	o.clock.advance(2 * time.Hour)
	if _, err := r.Session(t.Context(), session); !errors.Is(err, errAway) {
		t.Errorf("two hours later: %v", err)
	}
}

func TestMadeUpSessionsPushOutNobody(t *testing.T) {
	o := settled(t)
	session := o.signIn(t, adminLogin)
	for i := range 10_001 {
		if _, err := o.Session(t.Context(), fmt.Sprintf("%042dA", i)); !errors.Is(err, people.ErrNobody) {
			t.Fatal(err)
		}
	}
	o.drawer.fail(errAway)
	if who, err := o.Session(t.Context(), session); err != nil || who.Login != adminLogin {
		t.Errorf("who was signed in: %+v, %v", who, err)
	}
}

func TestADisabledAccountGetsNoSession(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Viewer)
	if _, err := o.Disable(t.Context(), "luis", adminLogin); err != nil {
		t.Fatal(err)
	}
	if secret, err := o.SignInAs(t.Context(), "luis", "", here); !errors.Is(err, people.ErrSignIn) || secret != "" {
		t.Errorf("%q, %v", secret, err)
	}
}

func TestEventsOfOneSecondKeepTheirOrder(t *testing.T) {
	o := settled(t)
	for i := range 4 {
		o.clock.advance(time.Millisecond)
		if _, err := o.SetProfile(t.Context(), adminLogin, fmt.Sprint("Ana ", i), "es", adminLogin); err != nil {
			t.Fatal(err)
		}
	}
	events, err := o.Events(t.Context(), 3)
	if err != nil || len(events) != 3 || events[0].After != "Ana 3 es" || events[0].Before != "Ana 2 es" || events[2].After != "Ana 1 es" {
		t.Errorf("%+v, %v", events, err)
	}
}
