package web

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/internal/i18n"
	"videoteca/internal/people"
	"videoteca/internal/reasons"
)

//go:embed templates locales assets
var files embed.FS

func loadTexts() (*i18n.Catalog, error) {
	locales, err := fs.Sub(files, "locales")
	if err != nil {
		return nil, err
	}
	texts, err := i18n.Load(locales)
	if err != nil {
		return nil, fmt.Errorf("loading the texts of pages: %w", err)
	}
	return texts, nil
}

// pages are the templates by name: "login" is templates/login.html inside templates/layout.html.
type pages struct{ byName map[string]*template.Template }

// loadPages parses every page with the layout and with what stands in templates/partials.
func loadPages() (*pages, error) {
	root, err := fs.Sub(files, "templates")
	if err != nil {
		return nil, err
	}
	shared, err := template.ParseFS(root, "layout.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the layout: %w", err)
	}
	p := &pages{byName: map[string]*template.Template{}}
	var names []string
	err = fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir() || path == "layout.html" || !strings.HasSuffix(path, ".html"):
			return err
		case strings.HasPrefix(path, "partials/"):
			_, err = shared.ParseFS(root, path)
			return err
		}
		names = append(names, path)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("parsing the pages: %w", err)
	}
	for _, path := range names {
		page, err := shared.Clone()
		if err == nil {
			_, err = page.ParseFS(root, path)
		}
		if err != nil {
			return nil, fmt.Errorf("parsing the page %s: %w", path, err)
		}
		p.byName[strings.TrimSuffix(path, ".html")] = page
	}
	return p, nil
}

// layout is what every page has. The struct of a page embeds it.
type layout struct {
	texts   *i18n.Catalog
	reasons *reasons.Texts
	assets  *assets

	Lang     string
	Title    string
	Path     string // of the request
	SignedIn bool
	Who      people.Identity // the zero one where nobody is signed in
	Accounts bool            // whether there are accounts at all
	Settings bool            // whether there is a page of settings
}

// layout fills it in; title is the id of a text.
func (s *Server) layout(c *gin.Context, title string) layout {
	who, err := s.who(c)
	if err != nil { // a page that can be shown without knowing is not kept back
		s.log.WarnContext(c.Request.Context(), "who asks is not known", slog.Any("error", err))
	}
	lang := s.texts.Match(cmp.Or(c.Query("lang"), who.Language), c.GetHeader("Accept-Language"))
	return layout{
		texts: s.texts, reasons: s.reasons, assets: s.assets, Lang: lang, Title: s.texts.Text(lang, title),
		Path: c.Request.URL.Path, SignedIn: who.Known(), Who: who, Accounts: s.people != nil, Settings: s.settings != nil,
	}
}

// May reports whether who looks at the page has a permission.
func (l layout) May(permission string) bool { return l.Who.May(people.Permission(permission)) }

// T is a text of the interface.
func (l layout) T(id string, pairs ...any) string { return l.texts.Text(l.Lang, id, pairs...) }

// Why is the reason of a standing or an observation in words.
func (l layout) Why(reason string) reasons.Said { return l.reasons.Of(l.Lang, reason) }

// Spoken is the layout itself, for parts of pages that need texts.
func (l layout) Spoken() layout { return l }

// Bytes is a size for people.
func (layout) Bytes(n int64) string { return i18n.FormatBytes(n) }

// Asset is the address of a file under assets/.
func (l layout) Asset(name string) string { return l.assets.address(name) }

// page renders a page and sends it. It is rendered into memory first: a template
// that fails midway becomes an error and not half a page.
func (s *Server) page(c *gin.Context, status int, name string, data any) error {
	t, ok := s.pages.byName[name]
	if !ok {
		return fmt.Errorf("there is no page %q", name)
	}
	var body bytes.Buffer
	if err := t.ExecuteTemplate(&body, "layout.html", data); err != nil {
		return fmt.Errorf("rendering page %s: %w", name, err)
	}
	c.Header("Content-Type", "text/html; charset=utf-8")
	if c.Writer.Header().Get("Content-Security-Policy") != s.headers.newsroomPolicy { // an error on a public route
		s.strictHeaders(c)
	}
	c.Status(status)
	if c.Request.Method != http.MethodHead {
		_, _ = c.Writer.Write(body.Bytes()) // nobody is left to be told
	}
	return nil
}
