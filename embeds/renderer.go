package embeds

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

//go:embed pages/*.html pages/*.css pages/*.js locales/*.toml
var files embed.FS

// Renderer makes pages. It is safe for concurrent use.
type Renderer struct {
	texts   *i18n.Catalog
	pages   *template.Template
	sources sources
	style   inline[template.CSS]
	script  inline[template.JS]
	file    inline[template.JS] // the script of pages that are files
}

// inline is a part of a page that its policy admits by digest.
type inline[T ~string] struct {
	Text   T
	Policy string // a source expression of Content-Security-Policy
}

// Document is an answer to a reader, ready to be sent.
type Document struct {
	Status int               // HTTP
	Header map[string]string // by canonical name
	Body   []byte
}

// New prepares the templates, messages and scripts that the package carries.
func New() (*Renderer, error) {
	locales, err := fs.Sub(files, "locales")
	if err != nil {
		return nil, err
	}
	texts, err := i18n.Load(locales)
	if err != nil {
		return nil, fmt.Errorf("loading the texts of embeds: %w", err)
	}
	pages, err := template.ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the pages of embeds: %w", err)
	}
	sources, err := loadSources(files)
	if err != nil {
		return nil, fmt.Errorf("loading the scripts of embeds: %w", err)
	}
	for _, script := range []*string{&sources.file, &sources.files} {
		if *script, err = told(*script, texts.Languages()); err != nil {
			return nil, fmt.Errorf("loading the scripts of embeds: %w", err)
		}
	}
	return &Renderer{
		texts: texts, pages: pages, sources: sources,
		style: inlined[template.CSS](sources.page), script: inlined[template.JS](sources.player), file: inlined[template.JS](sources.file),
	}, nil
}

// scriptOf is the script of a page.
func (r *Renderer) scriptOf(o Options) inline[template.JS] {
	if o.Static {
		return r.file
	}
	return r.script
}

func inlined[T ~string](text string) inline[T] {
	sum := sha256.Sum256([]byte(text))
	return inline[T]{Text: T(text), Policy: "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}
}

// render executes a page into memory: a template that fails midway must not
// reach a reader as half a page.
func (r *Renderer) render(name string, page any) ([]byte, error) {
	var out bytes.Buffer
	if err := r.pages.ExecuteTemplate(&out, name, page); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// language is what the interface of a video's page speaks.
func (r *Renderer) language(v archive.Video, o Options) string {
	return r.texts.Match(o.Language, o.Reader, v.DefaultLanguage)
}

// Languages are those that the pages speak, English first.
func (r *Renderer) Languages() []string { return r.texts.Languages() }

// LanguageOf is what the pages of a video speak with these options: a cache must
// tell readers of two languages apart, but not two headers of one.
func (r *Renderer) LanguageOf(v archive.Video, o Options) string { return r.language(v, o) }

// Language is what the interface of a page speaks that is about no video.
func (r *Renderer) Language(o Options) string { return r.texts.Match(o.Language, o.Reader) }
