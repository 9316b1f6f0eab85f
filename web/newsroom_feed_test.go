package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"videoteca/internal/people"
)

var feedShown = regexp.MustCompile(`https://videos\.example\.org(/audit\.atom\?feed=vtf_[0-9A-Za-z_-]{43}&amp;lang=es)`)

// shownFeed makes a feed address on the account page, and returns its path.
func (s *staffed) shownFeed(t *testing.T, who with) string {
	t.Helper()
	r := s.ask(t, "POST", "/account/feed?lang=es", "x=y", who)
	page := text(t, r)
	found := feedShown.FindStringSubmatch(page)
	if r.StatusCode != http.StatusCreated || found == nil {
		t.Fatalf("%d: %s", r.StatusCode, page)
	}
	return strings.ReplaceAll(found[1], "&amp;", "&")
}

func TestAFeedReaderReadsByItsAddressAlone(t *testing.T) {
	s := everything(t)
	viewer := s.as(t, "viewer")
	address := s.shownFeed(t, viewer)
	if page := text(t, s.get(t, "/account?lang=es", viewer)); feedShown.MatchString(page) || !strings.Contains(page, "Hay una dirección desde el") {
		t.Error("the address is shown again, or nobody learns that there is one")
	}
	r := s.get(t, address)
	if body := text(t, r); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" || strings.Contains(body, "vtf_") {
		t.Errorf("%d %s", r.StatusCode, body)
	}
	if r := s.get(t, address+"&state=gone"); r.StatusCode != http.StatusOK {
		t.Errorf("filtered: %d", r.StatusCode)
	}
	secret := strings.TrimSuffix(strings.TrimPrefix(address, "/audit.atom?feed="), "&lang=es")
	for _, path := range []string{"/audit", "/audit.csv", "/audit.json", "/", "/videos", "/account", "/people", "/api/v1/videos", "/videos/" + string(pictured)} {
		for name, r := range map[string]*http.Response{
			"the address":         s.get(t, path+"?feed="+secret),
			"its secret as token": s.get(t, path, header("Authorization", "Bearer "+secret)),
		} {
			if r.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s opens %s: %d", name, path, r.StatusCode)
			}
		}
	}
	if strings.Contains(s.log.String(), secret) {
		t.Error("the secret is in the log")
	}
}

func TestAFeedsAddressIsRevokedByItsOwner(t *testing.T) {
	s := everything(t)
	editor := s.as(t, "editor")
	first := s.shownFeed(t, editor)
	second := s.shownFeed(t, editor)
	if r := s.get(t, first); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("there is another, and the first opens: %d", r.StatusCode)
	}
	if to := redirected(t, s.ask(t, "POST", "/account/feed/revoke?lang=es", "x=y", editor)); !strings.Contains(to, "done=feed-revoked") || !strings.Contains(text(t, s.get(t, to, editor)), "está revocada") {
		t.Errorf("it leads to %s", to)
	}
	if r := s.get(t, second); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("revoked: %d", r.StatusCode)
	}
	if page := text(t, s.get(t, "/people?lang=en", s.as(t, "admin"))); !strings.Contains(page, "revoked the feed address of") {
		t.Error("what happened is not told")
	}
}

// Who may not see the audit any more does not read it in a feed, and a wrong secret is not helped by a session.
func TestAFeedEndsWithItsOwnersRights(t *testing.T) {
	s := everything(t)
	address := s.shownFeed(t, s.as(t, "viewer"))
	if _, err := s.people.Disable(t.Context(), "viewer", "admin"); err != nil {
		t.Fatal(err)
	}
	if r := s.get(t, address, s.as(t, "admin")); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("its owner disabled: %d", r.StatusCode)
	}
	token := s.token(t, people.View)
	if r := s.get(t, "/audit.atom", token); r.StatusCode != http.StatusOK {
		t.Errorf("a program: %d", r.StatusCode)
	}
	if r := s.get(t, "/audit.atom?"+url.Values{"feed": {"vtf_nonsense"}}.Encode(), token); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("nonsense: %d", r.StatusCode)
	}
}
