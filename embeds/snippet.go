package embeds

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"videoteca/archive"
)

// Kinds of snippet, in the order in which they are offered.
const (
	SnippetArticle   = "article"   // a figure that embed.js turns into the player, in place
	SnippetWordPress = "wordpress" // the same, as one block
	SnippetFrame     = "frame"     // an iframe, for where scripts are not allowed
	SnippetStatic    = "static"    // the figure alone, for where neither is: mail, feeds
	SnippetMarkdown  = "markdown"  // a linked picture
	SnippetOEmbed    = "oembed"    // the address alone, for whoever asks oEmbed about it
	SnippetJSONLD    = "jsonld"    // structured data for search engines
)

// SnippetKinds are all kinds, the recommended one first.
func SnippetKinds() []string {
	return []string{SnippetArticle, SnippetWordPress, SnippetFrame, SnippetStatic, SnippetMarkdown, SnippetOEmbed, SnippetJSONLD}
}

// Snippet is what an editor pastes into an article.
type Snippet struct {
	Kind    string `json:"kind" doc:"Of form" example:"article"`
	HTML    string `json:"html" doc:"Or, for those kinds, Markdown or an address"`
	Warning string `json:"warning,omitempty" doc:"Why it must not be published as it is"`
}

// Snippets are the forms of a video's markup, the recommended one first. They
// hold nothing but this installation's own permanent addresses, so they stay
// right whatever becomes of the sources. With a base URL that works on one
// computer alone they carry a warning, in the markup too.
func (r *Renderer) Snippets(v archive.Video, o Options) ([]Snippet, error) {
	f := r.frame(v, o, snippetSize(v, o))
	var out []Snippet
	for _, kind := range SnippetKinds() {
		text, err := r.snippet(kind, v, o, f)
		if err != nil {
			return nil, fmt.Errorf("writing the %s snippet of %s: %w", kind, v.ID, err)
		}
		out = append(out, Snippet{Kind: kind, HTML: strings.TrimSpace(text), Warning: f.Warning})
	}
	return out, nil
}

func (r *Renderer) snippet(kind string, v archive.Video, o Options, f frame) (string, error) {
	switch kind {
	case SnippetMarkdown:
		return f.markdown(), nil
	case SnippetOEmbed:
		return f.Watch, nil
	case SnippetJSONLD:
		data, err := json.MarshalIndent(r.videoObject(v, o), "", "  ")
		return "<script type=\"application/ld+json\">\n" + string(data) + "\n</script>", err // json escapes < and >
	}
	html, err := r.render(kind+".snippet", f)
	return string(html), err
}

// markdown is a linked picture, as every dialect has it: a title that holds
// brackets must not end the link.
func (f frame) markdown() string {
	escape := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `*`, `\*`, `_`, `\_`, "`", "\\`", `<`, `&lt;`, `>`, `&gt;`).Replace
	text := fmt.Sprintf("[![%s](%s)](%s)\n\n[%s](%s)", escape(f.Poster.Alt), f.Poster.Src, f.Watch, escape(f.Title.Text), f.Watch)
	if f.Warned.Text != "" {
		text = fmt.Sprintf("**%s:** %s\n\n%s", f.Warn, escape(f.Warned.Text), text)
	}
	for _, p := range f.Caption.Paragraphs {
		text += "\n\n" + escape(p)
	}
	return text
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

// Block opens and Closed ends WordPress's block of plain HTML, by which a paste
// becomes one block: https://developer.wordpress.org/block-editor/
func (frame) Block() template.HTML  { return "<!-- wp:html -->\n" }
func (frame) Closed() template.HTML { return "\n<!-- /wp:html -->" }
