// Package i18n gives people text in their language: messages from TOML files,
// and dates, lengths and sizes as they are written there.
//
// A package with user-facing text embeds a folder of files named by BCP 47 tag
// (en.toml, es.toml) and loads it once. English is the language that every other
// file must match, message by message and placeholder by placeholder, so that a
// missing translation is an error at start and not a surprise for a reader.
package i18n

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// English is the fallback language: its file must exist.
const English = "en"

// Spanish is the other language that this program's own text is written in.
const Spanish = "es"

// Catalog holds the messages of some languages. It is safe for concurrent use.
type Catalog struct {
	languages  []string // English first, the others sorted
	matcher    language.Matcher
	localizers map[string]*i18n.Localizer
}

// Load reads every *.toml at the root of fsys: es.toml, or people.es.toml where the messages
// of a language stand in several. A file that is named by no language tag, or whose messages or placeholders are not those of en.toml, is an error.
func Load(fsys fs.FS) (*Catalog, error) {
	paths, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing message files: %w", err)
	}
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	messages := map[string]shapes{}
	for _, p := range paths {
		tag, found, err := read(bundle, fsys, p)
		if err != nil {
			return nil, fmt.Errorf("reading messages %s: %w", p, err)
		}
		if messages[tag] == nil {
			messages[tag] = shapes{}
		}
		maps.Copy(messages[tag], found)
	}
	if err := checkComplete(messages); err != nil {
		return nil, err
	}
	return newCatalog(bundle, messages), nil
}

// read adds one file to the bundle and returns its tag and what its messages look like.
func read(bundle *i18n.Bundle, fsys fs.FS, name string) (string, shapes, error) {
	stem := strings.TrimSuffix(path.Base(name), ".toml")
	if _, after, found := strings.Cut(stem, "."); found {
		stem = after
	}
	tag, err := language.Parse(stem)
	if err != nil {
		return "", nil, fmt.Errorf("the file's name is no language tag: %w", err)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return "", nil, err
	}
	file, err := bundle.ParseMessageFileBytes(data, name)
	if err != nil {
		return "", nil, err
	}
	found := shapes{}
	for _, m := range file.Messages {
		found[m.ID] = shapeOf(m)
	}
	return tag.String(), found, nil
}

func newCatalog(bundle *i18n.Bundle, messages map[string]shapes) *Catalog {
	c := &Catalog{languages: []string{English}, localizers: map[string]*i18n.Localizer{}}
	for tag := range messages {
		if tag != English {
			c.languages = append(c.languages, tag)
		}
	}
	slices.Sort(c.languages[1:])
	var tags []language.Tag
	for _, l := range c.languages {
		tags = append(tags, language.MustParse(l)) // read has parsed each of them
		c.localizers[l] = i18n.NewLocalizer(bundle, l)
	}
	c.matcher = language.NewMatcher(tags)
	return c
}

// Languages lists the languages there are, English first.
func (c *Catalog) Languages() []string { return slices.Clone(c.languages) }

// Match returns the best language for a reader. Each preference is a BCP 47 tag
// or the value of an Accept-Language header, the most telling first; empty and
// unreadable ones are passed over. English is the answer where nothing fits.
func (c *Catalog) Match(preferences ...string) string {
	var wanted []language.Tag
	for _, p := range preferences {
		tags, _, err := language.ParseAcceptLanguage(p)
		if err != nil {
			continue
		}
		wanted = append(wanted, tags...)
	}
	_, best, confidence := c.matcher.Match(wanted...)
	if confidence == language.No {
		return English
	}
	return c.languages[best]
}

// Text is the message id in lang, or in the language that Match finds for it.
// Pairs are the names and values of its placeholders; the value named "Count" or "N"
// chooses the plural form. An id that no file has comes back as itself, so that
// a slip shows on the page instead of breaking it.
func (c *Catalog) Text(lang, id string, pairs ...any) string {
	localizer, ok := c.localizers[lang]
	if !ok {
		localizer = c.localizers[c.Match(lang)]
	}
	config := &i18n.LocalizeConfig{MessageID: id}
	if values := named(pairs); len(values) > 0 {
		config.TemplateData = values
		config.PluralCount = values["Count"]
		if n, ok := values["N"]; ok {
			config.PluralCount = n
		}
	}
	// An error may come with a text: that of "other" where a file has no
	// separate form for the number, as Spanish has for millions.
	text, _ := localizer.Localize(config)
	if text == "" {
		return id
	}
	return text
}

func named(pairs []any) map[string]any {
	values := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			values[name] = pairs[i+1]
		}
	}
	return values
}
