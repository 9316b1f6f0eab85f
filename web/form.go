package web

import "strings"

// form is how an answer is written where something went wrong.
type form int

const (
	formPage  form = iota // a page for people
	formEmbed             // a page that fills a frame in an article
	formData              // problem+json, RFC 9457
)

// formOf follows from the path alone, so that an error has the same form wherever
// in the chain it arises, before routing too.
func formOf(path string) form {
	switch {
	case strings.HasPrefix(path, "/api/"), path == "/oembed", path == "/healthz", path == "/readyz", path == "/metrics":
		return formData
	case strings.HasPrefix(path, "/p/"), strings.HasPrefix(path, "/m/"), strings.HasPrefix(path, "/assets/"), path == "/embed.js", strings.HasSuffix(path, "/trouble"):
		return formData // never looked at, so the shorter the better
	case strings.HasPrefix(path, "/e/") && strings.HasSuffix(path, ".json"):
		return formData
	case strings.HasPrefix(path, "/e/"), strings.HasPrefix(path, "/v/"):
		return formEmbed
	}
	return formPage
}
