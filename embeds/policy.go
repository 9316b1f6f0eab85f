package embeds

import (
	"slices"
	"strings"

	"videoteca/archive"
)

// policy is the Content-Security-Policy of a page that may play the candidates.
// Without ancestors it names no frame-ancestors: an embed may stand anywhere, and
// some consumers drop a page that limits them at all. A page that is a file carries
// its policy in itself, where browsers heed no ancestors.
func (r *Renderer) policy(candidates []Candidate, o Options) string {
	directives := []string{
		"default-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		"connect-src 'self'",
		"img-src 'self' data:",
		"style-src " + r.style.Policy,
		"script-src " + r.scriptOf(o).Policy,
	}
	if frames := frameOrigins(candidates); len(frames) > 0 {
		directives = append(directives, "frame-src "+strings.Join(frames, " "))
	}
	if media := mediaSources(candidates); len(media) > 0 {
		directives = append(directives, "media-src "+strings.Join(media, " "))
	}
	if len(o.Ancestors) > 0 && !o.Static { // our own newsroom frames it too
		directives = append(directives, "frame-ancestors 'self' "+strings.Join(o.Ancestors, " "))
	}
	return strings.Join(directives, "; ")
}

func frameOrigins(candidates []Candidate) []string {
	var origins []string
	for _, c := range candidates {
		if c.kind() != archive.PlayerMedia && !slices.Contains(origins, c.Origin) {
			origins = append(origins, c.Origin)
		}
	}
	return origins
}

// mediaSources admits the page's own origin for copies, and for files elsewhere
// theirs and any https address: file hosts, and a store that copies are
// redirected to, are servers that nobody can name beforehand, a policy is applied
// to each hop, and media cannot run code.
func mediaSources(candidates []Candidate) []string {
	var sources []string
	for _, c := range candidates {
		origin := c.Origin
		if c.Copy != nil {
			origin = "'self'"
		}
		if c.kind() == archive.PlayerMedia && !slices.Contains(sources, origin) {
			sources = append(sources, origin)
		}
	}
	if len(sources) > 0 {
		sources = append(sources, "https:", "blob:") // blob: is where browsers put a playlist's segments
	}
	return sources
}

// header is what every page of this package is sent with. The referrer policy
// is YouTube's condition for playing at all (error 153).
func (r *Renderer) header(lang string, candidates []Candidate, o Options) map[string]string {
	return map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"Content-Language":        lang,
		"Content-Security-Policy": r.policy(candidates, o),
		"Referrer-Policy":         "strict-origin-when-cross-origin",
		"X-Content-Type-Options":  "nosniff",
	}
}
