package reasons

import (
	"strings"
	"testing"
)

// A reason without a message would show its id.
func TestEveryKnownReasonHasItsMessage(t *testing.T) {
	texts, err := NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "es"} {
		for reason := range plain() {
			if words := texts.Words(lang, reason); words == "" || strings.HasPrefix(words, "plain.") {
				t.Errorf("%q in %s is %q", reason, lang, words)
			}
		}
		for _, p := range patterns() {
			pairs := []any{}
			for _, name := range p.form.SubexpNames()[1:] {
				pairs = append(pairs, name, "<"+name+">")
			}
			words := texts.catalog.Text(lang, "form."+p.id, pairs...)
			if strings.HasPrefix(words, "form.") || strings.Contains(words, "<no value>") {
				t.Errorf("%s in %s is %q", p.id, lang, words)
			}
			for _, name := range p.form.SubexpNames()[1:] {
				if !strings.Contains(words, "<"+name+">") {
					t.Errorf("%s in %s does not tell its %s: %q", p.id, lang, name, words)
				}
			}
		}
	}
}
