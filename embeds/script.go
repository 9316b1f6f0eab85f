package embeds

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// Media types by which the minifier knows its input.
const (
	typeScript = "text/javascript"
	typeStyle  = "text/css"
	typeModule = "application/javascript"
)

// sources are the styles and scripts of the package, small enough to travel with every page.
type sources struct {
	page    string // the style of the pages of our own
	stage   string // the style of the stage in articles
	player  string // the script of the pages of our own
	article string // the script of articles, before it is told the installation's origins
	file    string // the script of the pages where they are files, before it is told their languages
	files   string // the script of articles beside such files, before it is told languages and origins
	asked   string // the module beside that script, which does what an address asks for
}

// loadSources reads them and takes out what only people need. Each script is one
// scope of its own: embed.js lives among those of an article.
func loadSources(files fs.FS) (s sources, err error) {
	m := minify.New()
	m.AddFunc(typeStyle, css.Minify)
	m.AddFunc(typeScript, js.Minify)
	m.AddFunc(typeModule, js.Minify)
	for _, part := range []struct {
		to    *string
		kind  string
		names []string
	}{
		{&s.page, typeStyle, []string{"stage.css", "page.css"}},
		{&s.stage, typeStyle, []string{"stage.css"}},
		{&s.player, typeScript, []string{"players.js", "stage.js", "page.js"}},
		{&s.article, typeScript, []string{"players.js", "stage.js", "read.js", "article.js"}},
		{&s.file, typeScript, []string{"players.js", "stage.js", "spoken.js", "asked.js", "file.js", "page.js"}},
		{&s.files, typeScript, []string{"players.js", "stage.js", "spoken.js", "readfile.js", "article.js"}},
		{&s.asked, typeModule, []string{"asked.js", "export.js"}},
	} {
		text, err := joined(files, part.kind, part.names)
		if err != nil {
			return sources{}, err
		}
		if *part.to, err = m.String(part.kind, text); err != nil {
			return sources{}, fmt.Errorf("minifying %s: %w", strings.Join(part.names, ", "), err)
		}
	}
	return s, nil
}

func joined(files fs.FS, kind string, names []string) (string, error) {
	var text strings.Builder
	for _, name := range names {
		data, err := fs.ReadFile(files, "pages/"+name)
		if err != nil {
			return "", err
		}
		text.Write(data)
	}
	if kind != typeScript {
		return text.String(), nil
	}
	return "(() => {\n'use strict';\n" + text.String() + "})();\n", nil
}

// Script is /embed.js for an installation that is or has been published under
// these base URLs, the present one first.
func (r *Renderer) Script(bases ...string) (Document, error) {
	return r.articleScript(r.sources.article, bases)
}

// FileScript is the same beside published files, where nobody can be asked anything.
// It needs AskedModule beside it.
func (r *Renderer) FileScript(bases ...string) (Document, error) {
	return r.articleScript(r.sources.files, bases)
}

// AskedModule is /asked.js of published files: what FileScript fetches for a figure
// whose address asks for a part of the video, a ratio or the like.
func (r *Renderer) AskedModule() []byte { return []byte(r.sources.asked) }

func (r *Renderer) articleScript(source string, bases []string) (Document, error) {
	origins, err := json.Marshal(bases)
	if err != nil {
		return Document{}, fmt.Errorf("writing embed.js: %w", err)
	}
	// In single quotes, as styles are full of the double ones.
	style := "'" + strings.NewReplacer("\\", "\\\\", "'", "\\'", "\n", "\\n").Replace(r.sources.stage) + "'"
	body := strings.NewReplacer("BASES", string(origins), "STYLE", style).Replace(source)
	return Document{Status: 200, Header: map[string]string{
		"Content-Type":                typeScript + "; charset=utf-8",
		"Access-Control-Allow-Origin": "*", // so that a page may pin it by digest
		"X-Content-Type-Options":      "nosniff",
	}, Body: []byte(body)}, nil
}

// told is a script that knows in which languages there are files, as FileName writes them.
func told(script string, languages []string) (string, error) {
	list, err := json.Marshal(languages)
	return strings.ReplaceAll(script, "LANGUAGES", strings.ToLower(string(list))), err
}
