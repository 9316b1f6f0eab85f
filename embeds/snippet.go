package embeds

import (
	"html/template"
	"strings"

	"videoteca/archive"
)

// Kinds of snippet.
const (
	SnippetFrame  = "frame"  // plays in the article
	SnippetStatic = "static" // a picture that leads to the watch page, where frames are not allowed
)

// Snippet is markup that an editor pastes into an article.
type Snippet struct {
	Kind    string `json:"kind"`
	HTML    string `json:"html"`
	Warning string `json:"warning,omitempty"` // why it must not be published as it is
}

// Snippets are the forms of a video's markup, the recommended one first. They
// hold nothing but this installation's own permanent addresses, so they stay
// right whatever becomes of the sources. With a base URL that works on one
// computer alone they carry a warning, in the markup too.
func (r *Renderer) Snippets(v archive.Video, o Options) ([]Snippet, error) {
	f := r.frame(v, o, snippetSize(v))
	var out []Snippet
	for _, kind := range []string{SnippetFrame, SnippetStatic} {
		html, err := r.render(kind+".snippet", f)
		if err != nil {
			return nil, err
		}
		out = append(out, Snippet{Kind: kind, HTML: strings.TrimSpace(string(html)), Warning: f.Warning})
	}
	return out, nil
}

// Comment is the warning as an HTML comment. A template drops comments, and one
// that holds two hyphens would end early.
func (f frame) Comment() template.HTML {
	if f.Warning == "" {
		return ""
	}
	safe := strings.NewReplacer("--", "- -", ">", "", "<", "").Replace(f.Warning)
	return template.HTML("<!-- " + safe + " -->\n") // what could end a comment is taken out
}
