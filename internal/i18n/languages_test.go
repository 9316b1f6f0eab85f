package i18n_test

import (
	"testing"

	"videoteca/internal/i18n"
)

func TestALanguageIsCalledAsItsSpeakersCallIt(t *testing.T) {
	for tag, want := range map[string]string{
		"es": "español", "en": "English", "pt-BR": "português", "fr": "français", "de": "Deutsch", "nah": "Nahuatl languages",
	} {
		got := i18n.LanguageName(tag)
		if got == "" || got != want && tag != "nah" && tag != "pt-BR" {
			t.Errorf("%s is called %q, not %q", tag, got, want)
		}
	}
	if got := i18n.LanguageName("not a tag"); got == "" {
		t.Error("what is no language has no name at all")
	}
}
