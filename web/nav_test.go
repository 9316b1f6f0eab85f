package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var navigation = regexp.MustCompile(`(?s)<nav aria-label="Newsroom">.*?</nav>`)

func TestTheNavigationShowsWhereOneIsAndWhatOneMayOpen(t *testing.T) {
	s := everything(t)
	for _, c := range []struct {
		login, path, current string
		shown                []string
	}{
		{"viewer", "/home", `href="/home?lang=en" aria-current="page"`, []string{"Home", "Videos", "Audit", "Account"}},
		{"editor", "/videos", `href="/videos?lang=en" aria-current="page"`, []string{"Home", "Videos", "Register", "Audit", "Account"}},
		{"editor", "/videos/" + string(pictured), `href="/videos?lang=en" aria-current="true"`, []string{"Home", "Videos", "Register", "Audit", "Account"}},
		{"admin", "/people", `href="/people?lang=en" aria-current="page"`, []string{"Home", "Videos", "Register", "Audit", "Settings", "People", "Account"}},
	} {
		nav := navigation.FindString(text(t, s.get(t, c.path+"?lang=en", s.as(t, c.login))))
		if strings.Count(nav, "aria-current") != 1 || !strings.Contains(nav, c.current) {
			t.Errorf("%s at %s: %s", c.login, c.path, nav)
		}
		var shown []string
		for _, m := range regexp.MustCompile(`>([^<]+)</a>`).FindAllStringSubmatch(nav, -1) {
			shown = append(shown, m[1])
		}
		if !slices.Equal(shown, c.shown) {
			t.Errorf("%s is shown %v", c.login, shown)
		}
	}
}
