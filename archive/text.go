package archive

import (
	"maps"
	"slices"
	"strings"
)

// Text is what a newsroom wrote, by BCP 47 language tag ("es", "en", "pt-BR").
type Text map[string]string

// In returns the text in lang, else in a language of the same base ("es" for
// "es-SV"), else in fallback, else in the first language that has any, with the tag it is in.
// An empty Text returns two empty strings.
func (t Text) In(lang, fallback string) (text, tag string) {
	for _, want := range []string{lang, base(lang), fallback, base(fallback)} {
		if s := t[want]; s != "" {
			return s, want
		}
	}
	for _, have := range slices.Sorted(maps.Keys(t)) {
		if t[have] != "" {
			return t[have], have
		}
	}
	return "", ""
}

// base is the language of a tag without script and region.
func base(tag string) string {
	b, _, _ := strings.Cut(tag, "-")
	return b
}
