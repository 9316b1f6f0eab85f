package archivetest

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

//go:embed pages
var pageFiles embed.FS

// texts is what the pages say in one language, by key.
type texts map[string]string

// T is a text; a missing one shows its key.
func (t texts) T(key string) string {
	if text, ok := t[key]; ok {
		return text
	}
	return key
}

func languages() []string { return []string{"en", "es"} }

// views is the pages and what they say. They are part of the program, so that
// reading them can only fail while it is being built.
type views struct {
	pages *template.Template
	texts map[string]texts
}

func newViews() views {
	v := views{pages: template.Must(template.ParseFS(pageFiles, "pages/*.html")), texts: map[string]texts{}}
	for _, language := range languages() {
		said, err := readTexts(language)
		if err != nil {
			panic(err)
		}
		v.texts[language] = said
	}
	return v
}

func readTexts(language string) (texts, error) {
	body, err := pageFiles.ReadFile("pages/" + language + ".json")
	if err != nil {
		return nil, fmt.Errorf("reading the texts in %s: %w", language, err)
	}
	var said texts
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, fmt.Errorf("reading the texts in %s: %w", language, err)
	}
	return said, nil
}

// languageOf is the first language that the request asks for and the pages
// speak: by ?hl=, else by Accept-Language; English otherwise.
func languageOf(r *http.Request) string {
	asked := r.URL.Query().Get("hl") + "," + r.Header.Get("Accept-Language")
	for tag := range strings.SplitSeq(asked, ",") {
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), ";")
		primary, _, _ := strings.Cut(tag, "-")
		for _, language := range languages() {
			if primary == language {
				return language
			}
		}
	}
	return "en"
}
