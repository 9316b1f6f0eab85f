// Package reasons puts the reasons that observations and standings carry into the language of whoever reads them.
//
// A reason is recorded once, in English or in the platform's own words, and stays as it is in the
// journal, in CSV and in JSON. People read it through Texts. A reason that it does not know, such as one of an
// earlier version or of a host's own, comes back as it was recorded, and says that it is English.
package reasons

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"videoteca/internal/i18n"
)

//go:embed locales/*.toml
var files embed.FS

// Texts knows the reasons. It is safe for concurrent use.
type Texts struct {
	catalog  *i18n.Catalog
	plain    map[string]string
	patterns []pattern
}

// Said is a reason as it is shown.
type Said struct {
	Words string
	Lang  string // BCP 47 tag of the words where they are not in the reader's language; else empty
}

// NewTexts reads the texts that the program carries.
func NewTexts() (*Texts, error) {
	locales, err := fs.Sub(files, "locales")
	if err != nil {
		return nil, fmt.Errorf("finding the texts of reasons: %w", err)
	}
	catalog, err := i18n.Load(locales)
	if err != nil {
		return nil, fmt.Errorf("loading the texts of reasons: %w", err)
	}
	return &Texts{catalog, plain(), patterns()}, nil
}

// Of is the reason in lang. None is the empty Said.
func (t *Texts) Of(lang, reason string) Said {
	lang = t.catalog.Match(lang)
	words, known := t.say(lang, reason)
	if known || reason == "" || lang == i18n.English {
		return Said{Words: words}
	}
	return Said{Words: words, Lang: i18n.English}
}

// Words is the reason in lang, for forms that cannot say which language something is in.
func (t *Texts) Words(lang, reason string) string { return t.Of(lang, reason).Words }

// longest is how many bytes a reason has that is looked at: ours are short, and whatever a host made of one may have any length.
const longest = 1 << 9

// say is the reason in lang, and whether it is known, at least in part.
func (t *Texts) say(lang, reason string) (string, bool) {
	if len(reason) > longest {
		return reason, false
	}
	if id, known := t.plain[reason]; known {
		return t.catalog.Text(lang, "plain."+id), true
	}
	for _, p := range t.patterns {
		if m := p.form.FindStringSubmatch(reason); m != nil {
			return t.fill(lang, p, m[1:]), true
		}
	}
	if parts := strings.Split(reason, "; "); len(parts) > 1 {
		return t.all(lang, parts)
	}
	if m := byMethod.FindStringSubmatch(reason); m != nil {
		words, known := t.say(lang, m[2])
		return m[1] + ": " + words, known
	}
	return reason, false
}

func (t *Texts) all(lang string, parts []string) (string, bool) {
	some := false
	for i, part := range parts {
		words, known := t.say(lang, part)
		parts[i], some = words, some || known
	}
	return strings.Join(parts, "; "), some
}

// fill puts what a reason names into its message. "Why" is a reason itself, and "Detail" a word of the platform's.
func (t *Texts) fill(lang string, p pattern, values []string) string {
	pairs := make([]any, 0, 2*len(values))
	for i, name := range p.form.SubexpNames()[1:] {
		value := values[i]
		switch name {
		case "Why":
			value, _ = t.say(lang, value)
		case "Detail":
			value = t.detail(lang, value)
		}
		pairs = append(pairs, name, value)
	}
	return t.catalog.Text(lang, "form."+p.id, pairs...)
}

// detail is a word of the platform's in plain words, else as it is.
func (t *Texts) detail(lang, word string) string {
	id := "detail." + word
	if text := t.catalog.Text(lang, id); text != id {
		return text
	}
	return word
}

// byMethod is a reason with its method or source in front, as notes tell it.
var byMethod = regexp.MustCompile(`^([a-z]+(?:\.[a-z]+)+|fetch|none|[a-z0-9-]+:\S+): (.+)$`)
