package archivetest

import (
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	all := newViews().texts
	for key, text := range all["en"] {
		if text == "" || all["es"][key] == "" {
			t.Errorf("%s: %q, %q", key, text, all["es"][key])
		}
	}
	if len(all["en"]) != len(all["es"]) {
		t.Errorf("%d English texts, %d Spanish", len(all["en"]), len(all["es"]))
	}
}

func TestEveryStateFaultAndErrorHasItsWords(t *testing.T) {
	said := newViews().texts["en"]
	for _, s := range States() {
		if _, ok := said["state-"+string(s)]; !ok {
			t.Errorf("no words for state %s", s)
		}
		if _, ok := said["player-"+string(s)]; !ok && s.playerError() != 0 {
			t.Errorf("no words in the player for state %s", s)
		}
	}
	for _, f := range Faults() {
		if _, ok := said["fault-"+string(f)]; !ok {
			t.Errorf("no words for fault %s", f)
		}
	}
}

func TestEveryTextThatAPageAsksForExists(t *testing.T) {
	asked := regexp.MustCompile(`\.T "([a-z0-9-]+)"`)
	said := newViews().texts["es"]
	files, err := os.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".html") {
			continue
		}
		for _, m := range asked.FindAllStringSubmatch(source(f.Name()), -1) {
			if _, ok := said[m[1]]; !ok {
				t.Errorf("%s asks for %q", f.Name(), m[1])
			}
		}
	}
}

func TestAMissingTextShowsItsKey(t *testing.T) {
	if got := (texts{}).T("key"); got != "key" {
		t.Errorf("%q", got)
	}
}

func TestTheLanguageIsTheFirstThatThePagesSpeak(t *testing.T) {
	for _, c := range []struct{ hl, accept, want string }{
		{"", "", "en"}, {"", "es", "es"}, {"", "es-419,es;q=0.9,en;q=0.8", "es"}, {"", "de,en;q=0.7,es;q=0.3", "en"},
		{"", "de, ES-sv", "es"}, {"es", "en", "es"}, {"xx", "es", "es"}, {"en", "es", "en"}, {"", ";;,,-", "en"},
	} {
		r := httptest.NewRequest("GET", "/?hl="+c.hl, nil)
		r.Header.Set("Accept-Language", c.accept)
		if got := languageOf(r); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
