package people_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/internal/people"
)

func wantSession(t *testing.T, what string, o *office, secret string) {
	t.Helper()
	if who, err := o.Session(t.Context(), secret); err != nil || who.Login != adminLogin {
		t.Errorf("%s: %+v, %v", what, who, err)
	}
}

// Of two processes one may remember accounts from before a change of password that the other has made.
func TestListingSparesASessionThatAnotherProcessHasRenewed(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	replica := officeOn(o.drawer, o.clock)
	mine, phone := o.signIn(t, adminLogin), o.signIn(t, adminLogin)
	wantSession(t, "before", replica, mine)
	if err := o.ChangePassword(t.Context(), adminLogin, password, other, mine, here); err != nil {
		t.Fatal(err)
	}
	if _, err := replica.Sessions(t.Context(), "luis", ""); err != nil {
		t.Fatal(err)
	}
	wantSession(t, "the one that asked", officeOn(o.drawer, o.clock), mine)
	list, err := replica.Sessions(t.Context(), adminLogin, mine)
	if err != nil || len(list) != 1 || !list[0].Current {
		t.Errorf("listed are %+v, %v", list, err)
	}
	if n := strings.Count(o.drawer.contents(), "accounts/sessions/"); n != 1 {
		t.Errorf("%d sessions are stored, with %s… among them", n, phone[:4])
	}
}

func TestARenewedSessionIsGoodInEveryProcessAtOnce(t *testing.T) {
	for name, remembers := range map[string]func(t *testing.T, replica *office, session string){
		"nothing": func(*testing.T, *office, string) {},
		"the accounts before": func(t *testing.T, replica *office, _ string) {
			if _, err := replica.Accounts(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		"both before": func(t *testing.T, replica *office, session string) { wantSession(t, "before", replica, session) },
	} {
		o := settled(t)
		session := o.signIn(t, adminLogin)
		replica := officeOn(o.drawer, o.clock)
		remembers(t, replica, session)
		if err := o.ChangePassword(t.Context(), adminLogin, password, other, session, here); err != nil {
			t.Fatal(err)
		}
		wantSession(t, "a process that remembers "+name, replica, session)
		if _, err := replica.Governed(t.Context()); err != nil { // which reads the accounts anew
			t.Fatal(err)
		}
		wantSession(t, "and then learns of the change: "+name, replica, session)
	}
}

// overtaken has somebody else list sessions as soon as accounts have changed.
type overtaken struct {
	*drawer
	list func(context.Context)
}

func (d overtaken) Put(ctx context.Context, key string, data []byte, etag string) error {
	err := d.drawer.Put(ctx, key, data, etag)
	if err == nil && key == "accounts/people.json" {
		d.list(ctx)
	}
	return err
}

func TestASessionThatIsListedBeforeItIsRenewedStays(t *testing.T) {
	o := settled(t)
	mine, phone := o.signIn(t, adminLogin), o.signIn(t, adminLogin)
	between := overtaken{o.drawer, func(ctx context.Context) {
		if _, err := officeOn(o.drawer, o.clock).Sessions(ctx, adminLogin, ""); err != nil {
			t.Error(err)
		}
	}}
	r := &office{people.New(between, people.Options{Cost: cheap, Now: o.clock.now}), o.drawer, o.clock}
	if err := r.ChangePassword(t.Context(), adminLogin, password, other, mine, here); err != nil {
		t.Fatal(err)
	}
	wantSession(t, "here", r, mine)
	wantSession(t, "elsewhere", officeOn(o.drawer, o.clock), mine)
	if _, err := r.Session(t.Context(), phone); err == nil {
		t.Error("the other session goes on")
	}
}

func TestAPasswordIsNotChangedForASessionOfNobody(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	theirs := o.signIn(t, "luis")
	for name, secret := range map[string]string{"somebody else's": theirs, "one that is not there": strings.Repeat("A", 43)} {
		if err := o.ChangePassword(t.Context(), adminLogin, password, other, secret, here); err == nil {
			t.Errorf("%s: the password is changed", name)
		}
	}
	o.signIn(t, adminLogin)
}

// distant is a drawer far away, of whose sessions each takes its time.
type distant struct{ *drawer }

const away = 10 * time.Millisecond

func (d distant) Get(ctx context.Context, key string) ([]byte, string, error) {
	if strings.HasPrefix(key, "accounts/sessions/") {
		time.Sleep(away)
	}
	return d.drawer.Get(ctx, key)
}

func TestSessionsAreReadAFewAtATime(t *testing.T) {
	o := settled(t)
	for i := range 32 {
		if i%8 == 0 {
			o.clock.advance(time.Second)
		}
		o.signIn(t, adminLogin)
	}
	synctest.Test(t, func(t *testing.T) {
		r := people.New(distant{o.drawer}, people.Options{Cost: cheap, Now: o.clock.now})
		began := time.Now()
		list, err := r.Sessions(t.Context(), adminLogin, "")
		if err != nil || len(list) != 32 || list[0].Created.Before(list[31].Created) {
			t.Fatalf("%d sessions, %v", len(list), err)
		}
		if took := time.Since(began); took != 4*away {
			t.Errorf("32 took %s; want four times %s, eight at a time", took, away)
		}
		o.drawer.fail(fmt.Errorf("reading: %w", errAway))
		if list, err := r.Sessions(t.Context(), adminLogin, ""); err == nil {
			t.Errorf("while the store is away there are %d", len(list))
		}
	})
}
