package web_test

import (
	"net/http"
	"testing"

	"videoteca/web"
)

const (
	plainCookie  = "videoteca_session"
	secureCookie = "__Host-videoteca_session"
)

// signedIn signs the operator in and returns the cookie, and its value under another name.
func (s *site) signedIn(t *testing.T, other string, changes ...with) (own, renamed *http.Cookie) {
	t.Helper()
	r := s.ask(t, "POST", "/login", "token="+token, changes...)
	if len(r.Cookies()) != 1 {
		t.Fatalf("signing in: %d and %v", r.StatusCode, r.Cookies())
	}
	own = r.Cookies()[0]
	return own, &http.Cookie{Name: other, Value: own.Value}
}

func TestOverHTTPSTheSessionsCookieIsOfThisHostAlone(t *testing.T) {
	s := newSite(t)
	own, planted := s.signedIn(t, plainCookie)
	if own.Name != secureCookie || !own.Secure || own.Path != "/" || own.Domain != "" {
		t.Errorf("browsers refuse %+v", own)
	}
	if r := s.get(t, "/videos", cookie(own)); r.StatusCode != http.StatusOK {
		t.Errorf("with it: %d", r.StatusCode)
	}
	if r := s.get(t, "/videos", cookie(planted)); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("with one of the name that any host of the domain may set: %d", r.StatusCode)
	}
	if r := s.get(t, "/videos", cookie(&http.Cookie{Name: plainCookie, Value: "planted"}), cookie(own)); r.StatusCode != http.StatusOK {
		t.Errorf("with both: %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/logout", "", cookie(own)); len(r.Cookies()) != 1 || r.Cookies()[0].Name != secureCookie || r.Cookies()[0].MaxAge >= 0 {
		t.Errorf("signing out: %v", r.Cookies())
	}
	if r := s.get(t, "/videos", cookie(own)); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", r.StatusCode)
	}
}

func TestOverPlainHTTPTheSessionsCookieHasThePlainName(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.BaseURL = "http://videos.example.org" })
	own, _ := s.signedIn(t, secureCookie)
	if own.Name != plainCookie || own.Secure {
		t.Errorf("browsers refuse %+v", own)
	}
	if r := s.get(t, "/videos", cookie(own)); r.StatusCode != http.StatusOK {
		t.Errorf("with it: %d", r.StatusCode)
	}
}

// The link for the first account names the machine itself, where there is no https.
func TestOnItsOwnMachineAServerWithAPublicAddressSignsInToo(t *testing.T) {
	s := newSite(t)
	here := asHost("127.0.0.1:8080")
	own, _ := s.signedIn(t, secureCookie, here, header("Origin", "http://127.0.0.1:8080"))
	if own.Name != plainCookie || own.Secure {
		t.Errorf("browsers refuse %+v there", own)
	}
	if r := s.get(t, "/videos", here, cookie(own)); r.StatusCode != http.StatusOK {
		t.Errorf("with it: %d", r.StatusCode)
	}
	for name, change := range map[string]with{"through a proxy": header("X-Forwarded-For", "198.51.100.4"), "under its public address": asHost(host)} {
		if r := s.get(t, "/videos", here, change, cookie(own)); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
}
