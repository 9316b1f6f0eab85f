package dossier

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"

	"videoteca/internal/i18n"
	"videoteca/internal/reasons"
)

//go:embed page.html page.css locales/*.toml
var files embed.FS

// pages makes the printable pages.
type pages struct {
	texts    *i18n.Catalog
	reasons  *reasons.Texts
	template *template.Template
	style    template.CSS
}

func newPages() (*pages, error) {
	locales, err := fs.Sub(files, "locales")
	if err != nil {
		return nil, err
	}
	texts, err := i18n.Load(locales)
	if err != nil {
		return nil, fmt.Errorf("loading the texts of dossiers: %w", err)
	}
	page, err := template.ParseFS(files, "page.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the page of dossiers: %w", err)
	}
	style, err := files.ReadFile("page.css")
	if err != nil {
		return nil, err
	}
	why, err := reasons.NewTexts()
	if err != nil {
		return nil, err
	}
	return &pages{texts: texts, reasons: why, template: page, style: template.CSS(style)}, nil
}

// render makes the page in one language, whole or not at all.
func (p *pages) render(c *collected, lang string) ([]byte, error) {
	var out bytes.Buffer
	if err := p.template.Execute(&out, newView(p, c, lang)); err != nil {
		return nil, fmt.Errorf("rendering the page in %s: %w", lang, err)
	}
	return out.Bytes(), nil
}

// pageName is the page's name in the dossier.
func pageName(lang string) string { return "index." + lang + ".html" }
