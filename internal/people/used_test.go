package people_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/internal/people"
)

// later keeps work until it is carried out.
type later struct{ work []func(context.Context) }

func (l *later) begin(work func(context.Context)) { l.work = append(l.work, work) }

func (l *later) carryOut(ctx context.Context) {
	for _, work := range l.work {
		work(ctx)
	}
	l.work = nil
}

// writes counts what is written into a drawer.
type writes struct {
	*drawer
	n atomic.Int64
}

func (w *writes) Put(ctx context.Context, key string, data []byte, etag string) error {
	w.n.Add(1)
	return w.drawer.Put(ctx, key, data, etag)
}

// served is an office whose requests wait for no notes.
func served(t *testing.T) (*office, *writes, *later) {
	t.Helper()
	o := settled(t)
	store, beside := &writes{drawer: o.drawer}, &later{}
	return &office{people.New(store, people.Options{Cost: cheap, Now: o.clock.now, Background: beside.begin}), o.drawer, o.clock}, store, beside
}

func (o *office) usedOn(t *testing.T) (token, feed time.Time) {
	t.Helper()
	a, err := officeOn(o.drawer, o.clock).Account(t.Context(), adminLogin)
	if err != nil || len(a.Tokens) != 1 || a.Feed == nil {
		t.Fatalf("%+v, %v", a, err)
	}
	return a.Tokens[0].Used, a.Feed.Used
}

func TestNoRequestWaitsForTheDayOfUseToBeNoted(t *testing.T) {
	o, store, beside := served(t)
	secret, _ := o.token(t, adminLogin, people.View)
	feed := o.feed(t, adminLogin)
	before := store.n.Load()
	for range 3 {
		if _, err := o.Token(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Feed(t.Context(), feed); err != nil {
			t.Fatal(err)
		}
	}
	if n := store.n.Load() - before; n != 0 {
		t.Errorf("requests wrote %d times", n)
	}
	beside.carryOut(t.Context())
	today := time.Date(2026, 4, 9, 0, 0, 0, 0, time.UTC)
	if token, read := o.usedOn(t); !token.Equal(today) || !read.Equal(today) {
		t.Errorf("used on %s and %s", token, read)
	}
	if n := store.n.Load() - before; n != 2 {
		t.Errorf("two uses took %d writes", n)
	}
	if _, err := o.Token(t.Context(), secret); err != nil || len(beside.work) != 0 {
		t.Errorf("what is noted is noted again: %v", err)
	}
}

func TestADayOfUseIsTriedAtMostOnceInTenSecondsWhileTheStoreIsAway(t *testing.T) {
	o, store, beside := served(t)
	secret, _ := o.token(t, adminLogin, people.View)
	feed := o.feed(t, adminLogin)
	o.drawer.fail(errAway)
	for range 3 {
		for range 20 {
			if _, err := o.Token(t.Context(), secret); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(beside.work); n != 1 {
			t.Fatalf("20 requests began %d attempts", n)
		}
		beside.carryOut(t.Context())
		o.clock.advance(10 * time.Second)
	}
	o.drawer.fail(nil)
	before := store.n.Load()
	if _, err := o.Token(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Feed(t.Context(), feed); err != nil {
		t.Fatal(err)
	}
	beside.carryOut(t.Context())
	if token, read := o.usedOn(t); token.IsZero() || read.IsZero() || store.n.Load()-before != 2 {
		t.Errorf("once it is back: used on %s and %s", token, read)
	}
}

func TestWhatWasRevokedMeanwhileIsNotNoted(t *testing.T) {
	o, store, beside := served(t)
	secret, token := o.token(t, adminLogin, people.View)
	if _, err := o.Token(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if err := o.RevokeToken(t.Context(), adminLogin, token.ID, adminLogin); err != nil {
		t.Fatal(err)
	}
	before := store.n.Load()
	beside.carryOut(t.Context())
	if n := store.n.Load() - before; n != 0 {
		t.Errorf("%d writes for a token that is none", n)
	}
}

func TestNamesAreMeasuredInCharacters(t *testing.T) {
	o := settled(t)
	hundred := strings.Repeat("ñ", 100)
	if a, err := o.SetProfile(t.Context(), adminLogin, hundred, "es", adminLogin); err != nil || a.Name != hundred {
		t.Errorf("a hundred: %v", err)
	}
	_, err := o.SetProfile(t.Context(), adminLogin, hundred+"ñ", "es", adminLogin)
	wantField(t, "one more", err, "name")
	_, _, err = o.CreateToken(t.Context(), adminLogin, people.NewToken{Name: hundred, Scopes: []people.Permission{people.View}, Expires: o.clock.now().Add(time.Hour)})
	if err != nil {
		t.Errorf("a token of a hundred: %v", err)
	}
}
