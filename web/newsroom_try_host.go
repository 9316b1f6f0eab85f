package web

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// States of what surrounds an embed, whatever its sources are in.
const (
	hostNoScript   = "noscript"   // the article's policy lets no script run
	hostSandbox    = "sandbox"    // the frame has no origin, as WordPress frames what it does not trust
	hostServerGone = "servergone" // nothing of this installation answers any more
)

// deadLink is where the links lead in an article whose host is in hostServerGone.
const deadLink = "unreachable"

func hostStates() []string { return []string{hostNoScript, hostSandbox, hostServerGone} }

// hosted is an article whose host is in one of the host states. The markup is that which
// is pasted; what would not arrive is kept away by the article's policy, so nothing is asked for.
func (s *Server) hosted(c *gin.Context, v archive.Video, state string) error {
	o := s.optionsOf(embeds.ParseQuery(c.Request.URL.Query()))
	snippets, err := s.embeds.Snippets(v, o)
	if err != nil {
		return fmt.Errorf("making the snippets of %s: %w", v.ID, err)
	}
	body := snippets[slices.Index(embeds.SnippetKinds(), embeds.SnippetArticle)].HTML
	switch state {
	case hostSandbox:
		body = s.sandboxed(snippets[slices.Index(embeds.SnippetKinds(), embeds.SnippetFrame)].HTML)
	case hostServerGone:
		body = s.cutOff(body, v.ID, s.embeds.LanguageOf(v, o))
	}
	s.sendArticle(c, hostPolicy(state, s.baseURL(), s.headers.frames), s.embeds.LanguageOf(v, o), body)
	return nil
}

// frameAddress is where the snippet of a frame names the embed.
var frameAddress = regexp.MustCompile(`<iframe src="([^"]*)"`)

// sandboxed is a frame as WordPress makes it of an embed that it does not trust: without an origin, with a secret by
// which it speaks to the page around, and with a script in that page which follows the links that it names.
func (s *Server) sandboxed(frame string) string {
	secret := rand.Text()[:10]
	framed := frameAddress.ReplaceAllString(frame, `<iframe sandbox="allow-scripts" data-secret="`+secret+`" src="${1}#?secret=`+secret+`"`)
	return framed + `<script src="` + s.assets.address("host.js") + `"></script>`
}

// cutOff leads the links of a snippet to a page that says what readers meet where this server is gone.
func (s *Server) cutOff(snippet string, id archive.VideoID, lang string) string {
	ours := regexp.MustCompile(`href="` + regexp.QuoteMeta(template.HTMLEscapeString(s.baseURL())) + `/[^"]*"`)
	return ours.ReplaceAllLiteralString(snippet, `href="/videos/`+string(id)+`/as/`+deadLink+`?lang=`+lang+`"`)
}

// unreachable is what stands for the browser's own page of a server that does not answer.
func (s *Server) unreachable(c *gin.Context) error {
	page := s.layout(c, "try.unreachable")
	host := strings.TrimPrefix(strings.TrimPrefix(s.baseURL(), "https://"), "http://")
	body := "<p><strong>" + template.HTMLEscapeString(page.Title) + "</strong></p><p>" + template.HTMLEscapeString(page.T("try.unreachableText", "Host", host)) + "</p>"
	s.sendArticle(c, hostPolicy(hostServerGone, s.baseURL(), s.headers.frames), page.Lang, body)
	return nil
}

func hostPolicy(state, base, frames string) string {
	closed := "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; style-src 'unsafe-inline'"
	switch state {
	case hostNoScript:
		return closed + "; img-src 'self' " + base
	case hostServerGone:
		return closed
	}
	return samplePolicy(base, frames)
}

// sendArticle sends a page that only our own may frame.
func (s *Server) sendArticle(c *gin.Context, policy, lang, body string) {
	c.Header("Content-Security-Policy", policy)
	c.Header("X-Frame-Options", "SAMEORIGIN")
	c.Header("Referrer-Policy", "strict-origin-when-cross-origin")
	c.Header("Permissions-Policy", permissionsFor("*"))
	c.Header("Cross-Origin-Opener-Policy", "unsafe-none")
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(sampleHead(lang)+body))
}

// seen is a form of the snippet as a reader meets it. Structured data is for machines and
// stays text, as does the address of a video that oEmbed does not give to the public.
func (s *Server) seen(v archive.Video, o embeds.Options, snippet embeds.Snippet) (string, error) {
	asText := "<pre>" + template.HTMLEscapeString(snippet.HTML) + "</pre>"
	switch snippet.Kind {
	case embeds.SnippetMarkdown:
		return markdownSeen(snippet.HTML), nil
	case embeds.SnippetJSONLD:
		return asText, nil
	case embeds.SnippetOEmbed:
		_, o.HasPoster = v.Poster()
		d, err := s.embeds.OEmbed(v, o, embeds.OEmbedRequest{})
		if err != nil {
			return "", fmt.Errorf("oEmbed of %s: %w", v.ID, err)
		}
		var answer struct {
			HTML string `json:"html"`
		}
		if d.Status != http.StatusOK {
			return asText, nil
		}
		if err := json.Unmarshal(d.Body, &answer); err != nil {
			return "", fmt.Errorf("reading our oEmbed of %s: %w", v.ID, err)
		}
		return answer.HTML, nil
	}
	return snippet.HTML, nil
}

// The shapes of paragraph that our own Markdown has; each text may hold escaped brackets.
var (
	markdownPicture = regexp.MustCompile(`(?s)^\[!\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)\]\(([^)\s]*)\)$`)
	markdownLink    = regexp.MustCompile(`(?s)^\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)$`)
	markdownStrong  = regexp.MustCompile(`(?s)^\*\*(.*?)\*\*(.*)$`)
	markdownEscape  = regexp.MustCompile("\\\\([\\\\\\[\\]*_`])")
)

// markdownSeen renders the Markdown that embeds writes, and no other.
func markdownSeen(text string) string {
	var out strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		out.WriteString("<p>" + markdownParagraph(p) + "</p>\n")
	}
	return out.String()
}

func markdownParagraph(p string) string {
	if m := markdownPicture.FindStringSubmatch(p); m != nil {
		return fmt.Sprintf(`<a href="%s"><img src="%s" alt="%s"></a>`, template.HTMLEscapeString(m[3]), template.HTMLEscapeString(m[2]), markdownText(m[1]))
	}
	if m := markdownLink.FindStringSubmatch(p); m != nil {
		return fmt.Sprintf(`<a href="%s">%s</a>`, template.HTMLEscapeString(m[2]), markdownText(m[1]))
	}
	if m := markdownStrong.FindStringSubmatch(p); m != nil {
		return "<strong>" + markdownText(m[1]) + "</strong>" + markdownText(m[2])
	}
	return markdownText(p)
}

// markdownText takes out the escapes and makes the text safe for HTML.
func markdownText(s string) string {
	plain := strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(markdownEscape.ReplaceAllString(s, "$1"))
	return template.HTMLEscapeString(plain)
}
