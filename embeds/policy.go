package embeds

import (
	"slices"
	"strings"

	"videoteca/archive"
)

// policy is the Content-Security-Policy of a page that may play the candidates.
// It names no frame-ancestors: an embed may stand anywhere, and some consumers
// drop a page that limits them at all.
func (r *Renderer) policy(candidates []Candidate) string {
	directives := []string{
		"default-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		"connect-src 'self'",
		"img-src 'self' data:",
		"style-src " + r.style.Policy,
		"script-src " + r.script.Policy,
	}
	if frames := frameOrigins(candidates); len(frames) > 0 {
		directives = append(directives, "frame-src "+strings.Join(frames, " "))
	}
	if media := mediaSources(candidates); len(media) > 0 {
		directives = append(directives, "media-src "+strings.Join(media, " "))
	}
	return strings.Join(directives, "; ")
}

func frameOrigins(candidates []Candidate) []string {
	var origins []string
	for _, c := range candidates {
		if c.Player.Kind == archive.PlayerYouTube && !slices.Contains(origins, c.Origin) {
			origins = append(origins, c.Origin)
		}
	}
	return origins
}

// mediaSources admits the files' origins and any https address: file hosts
// redirect to servers that nobody can name beforehand, a policy is applied to
// each hop, and media cannot run code.
func mediaSources(candidates []Candidate) []string {
	var sources []string
	for _, c := range candidates {
		if c.Player.Kind == archive.PlayerMedia && !slices.Contains(sources, c.Origin) {
			sources = append(sources, c.Origin)
		}
	}
	if len(sources) > 0 {
		sources = append(sources, "https:", "blob:") // blob: is where browsers put a playlist's segments
	}
	return sources
}

// header is what every page of this package is sent with. The referrer policy
// is YouTube's condition for playing at all (error 153).
func (r *Renderer) header(lang string, candidates []Candidate) map[string]string {
	return map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"Content-Language":        lang,
		"Content-Security-Policy": r.policy(candidates),
		"Referrer-Policy":         "strict-origin-when-cross-origin",
		"X-Content-Type-Options":  "nosniff",
	}
}
