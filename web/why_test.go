package web_test

import (
	"strings"
	"testing"

	"videoteca/archive"
)

// Wherever the newsroom reads why a source stands as it does, the reason is in its language. One that is
// not known stays as it was recorded, and says that it is English.
func TestReasonsAreInTheLanguageOfThePage(t *testing.T) {
	s := withAudit(t)
	because := func(reason string) {
		if _, err := s.shelf.Update(t.Context(), pictured, archive.Cause{}, func(v *archive.Video) error {
			for i := range v.Sources {
				standing := archive.Standing{State: archive.Suspect, Outcome: archive.Missing, Reason: reason, Since: now(), LastGood: now().Add(-1), FirstBad: now(), LastRound: now(), FirstRound: now()}
				standing.Transitions = []archive.Transition{{At: now(), From: archive.Live, To: archive.Suspect, Reason: reason}}
				v.Sources[i].Standing = standing
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	because("no thumbnail")
	pages := []string{"/audit?", "/videos/" + string(pictured) + "?", "/videos/" + string(pictured) + "/evidence?", "/videos?view=posters&"}
	for _, path := range pages {
		for lang, want := range map[string]string{"en": "no thumbnail", "es": "sin miniatura"} {
			if page := s.open(t, path+"lang="+lang); !strings.Contains(page, want) || lang == "es" && strings.Contains(page, "no thumbnail") {
				t.Errorf("%s in %s does not say %q alone", path, lang, want)
			}
		}
	}
	because("a word of <tomorrow>")
	for _, path := range pages {
		page := s.open(t, path+"lang=es")
		if at := strings.Index(page, "a word of &lt;tomorrow&gt;"); at < 0 || !strings.Contains(page[max(0, at-40):at], ` lang="en"`) {
			t.Errorf("%s does not say that the reason is English", path)
		}
		if page := s.open(t, path+"lang=en"); strings.Contains(page, `lang="en" dir="auto">`) {
			t.Errorf("%s says in English that something is English", path)
		}
	}
}
