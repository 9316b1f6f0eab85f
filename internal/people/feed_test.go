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

func (o *office) feed(t *testing.T, login string) string {
	t.Helper()
	secret, err := o.CreateFeed(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestAFeedsAddressOpensTheFeedAndNothingElse(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	secret := o.feed(t, "luis")
	who, err := o.Feed(t.Context(), secret)
	if err != nil || who.Login != "luis" || !slices.Equal(who.Permissions, []people.Permission{people.Feed}) || who.May(people.View) {
		t.Fatalf("%+v, %v", who, err)
	}
	if strings.Contains(o.drawer.contents(), secret) || strings.Contains(o.drawer.contents(), secret[4:]) {
		t.Error("the secret itself is stored")
	}
	if _, err := o.Token(t.Context(), secret); !errors.Is(err, people.ErrNobody) {
		t.Errorf("it opens the API: %v", err)
	}
	token, _ := o.token(t, "luis", people.View)
	for name, other := range map[string]string{"a token": token, "nothing": "", "another": "vtf_" + strings.Repeat("A", 43), "no secret": "vtf_x"} {
		if _, err := o.Feed(t.Context(), other); !errors.Is(err, people.ErrNobody) {
			t.Errorf("%s opens the feed: %v", name, err)
		}
	}
	a, err := o.Account(t.Context(), "luis")
	if err != nil || a.Feed == nil || !a.Feed.Used.Equal(o.clock.now().Truncate(24*time.Hour)) {
		t.Errorf("%+v, %v", a.Feed, err)
	}
}

func TestAFeedsAddressEnds(t *testing.T) {
	o := settled(t)
	o.add(t, "luis", people.Editor)
	first := o.feed(t, "luis")
	second := o.feed(t, "luis")
	if _, err := o.Feed(t.Context(), first); !errors.Is(err, people.ErrNobody) {
		t.Errorf("there is a new one, and the first is good: %v", err)
	}
	o.clock.advance(800 * 24 * time.Hour)
	if _, err := o.Feed(t.Context(), second); err != nil {
		t.Errorf("years later it has fallen silent: %v", err)
	}
	if _, err := o.Disable(t.Context(), "luis", adminLogin); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Feed(t.Context(), second); !errors.Is(err, people.ErrNobody) {
		t.Errorf("its owner disabled: %v", err)
	}
	if _, err := o.Enable(t.Context(), "luis", adminLogin); err != nil {
		t.Fatal(err)
	}
	if err := o.RevokeFeed(t.Context(), "luis", "luis"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Feed(t.Context(), second); !errors.Is(err, people.ErrNobody) {
		t.Errorf("revoked: %v", err)
	}
	if err := o.RevokeFeed(t.Context(), "luis", "luis"); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("revoked twice: %v", err)
	}
	if _, err := o.CreateFeed(t.Context(), "nobody"); err == nil {
		t.Error("nobody has a feed")
	}
}

func TestNoRoleAndNoTokenGrantsTheFeedAlone(t *testing.T) {
	if _, err := people.ParseScopes([]string{string(people.Feed)}); err == nil {
		t.Error("a token can be given it")
	}
	if slices.Contains(people.Permissions(), people.Feed) {
		t.Error("a role grants it")
	}
}
