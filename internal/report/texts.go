package report

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"

	"videoteca/archive"
	"videoteca/internal/i18n"
	"videoteca/internal/reasons"
)

//go:embed page.html chart.html locales/*.toml
var files embed.FS

// Texts writes reports in the languages of their readers.
type Texts struct {
	catalog *i18n.Catalog
	reasons *reasons.Texts
	page    *template.Template
}

// NewTexts reads the texts that the program carries.
func NewTexts() (*Texts, error) {
	locales, err := fs.Sub(files, "locales")
	if err != nil {
		return nil, fmt.Errorf("finding the texts of reports: %w", err)
	}
	catalog, err := i18n.Load(locales)
	if err != nil {
		return nil, fmt.Errorf("loading the texts of reports: %w", err)
	}
	page, err := template.ParseFS(files, "page.html", "chart.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the page of reports: %w", err)
	}
	why, err := reasons.NewTexts()
	if err != nil {
		return nil, err
	}
	return &Texts{catalog, why, page}, nil
}

// Match is the language of a report for readers who prefer these.
func (t *Texts) Match(preferences ...string) string { return t.catalog.Match(preferences...) }

func (t *Texts) text(lang, id string, pairs ...any) string { return t.catalog.Text(lang, id, pairs...) }

func (t *Texts) state(lang string, s archive.State) string { return t.text(lang, "state."+s.String()) }
