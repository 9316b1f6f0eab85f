package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// tryPage is where an editor tries every option and every form of a video's embed.
type tryPage struct {
	layout
	Video    APIVideo
	Asked    url.Values        // as typed
	Problem  map[string]string // by option
	Query    string            // of what can be read, with its question mark
	Snippets []embeds.Snippet
	Ratios   []string
	States   []string
	Hosts    []string // states of what surrounds the embed
}

// tryStates are the ways in which an embed can be seen as it would be.
func tryStates() []string {
	return []string{"live", stateSilent, "region", "link", "suspect", "removed", "copy", "withdrawn"}
}

// try is /videos/{id}/try.
func (s *Server) try(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	page := tryPage{
		layout: s.layout(c, "try.title"), Asked: tried(c), Problem: map[string]string{}, Ratios: embeds.Ratios(), States: tryStates(), Hosts: hostStates(),
	}
	page.Video = NewAPIVideo(v, s.baseURL(), page.Lang)
	status := http.StatusOK
	asked, err := embeds.CheckQuery(page.Asked)
	var field *archive.FieldError
	if errors.As(err, &field) { // what can be read is shown all the same
		status = http.StatusUnprocessableEntity
		page.Problem[field.Field] = page.T("try.problem." + field.Field)
	}
	page.Query = asked.Query()
	if page.Snippets, err = s.embeds.Snippets(v, s.optionsOf(asked)); err != nil {
		return fmt.Errorf("making the snippets of %s: %w", v.ID, err)
	}
	return s.page(c, status, "newsroom/try", page)
}

// tried are the options as the form sends them. The language of the embed has another
// name there than in an embed's address, where the page's own language stands.
func tried(c *gin.Context) url.Values {
	q := c.Request.URL.Query()
	q.Set("lang", q.Get("embed"))
	return q
}

// sample is an article that holds nothing but one form of the snippet, for a frame of
// the try page. As an article it may run our script and carry styles; nobody else may frame it.
func (s *Server) sample(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	o := s.optionsOf(embeds.ParseQuery(c.Request.URL.Query()))
	kind := c.Param("kind")
	if !slices.Contains(embeds.SnippetKinds(), kind) {
		return fmt.Errorf("form %q: %w", kind, archive.ErrNotFound)
	}
	snippets, err := s.embeds.Snippets(v, o)
	if err != nil {
		return fmt.Errorf("making the snippets of %s: %w", v.ID, err)
	}
	body, err := s.seen(v, o, snippets[slices.Index(embeds.SnippetKinds(), kind)])
	if err != nil {
		return err
	}
	s.sendArticle(c, samplePolicy(s.baseURL(), s.headers.frames), s.embeds.LanguageOf(v, o), body)
	return nil
}

func sampleHead(lang string) string {
	return `<!doctype html><html lang="` + template.HTMLEscapeString(lang) + `"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>` + lang + `</title><style>body{margin:.75rem;font:1rem/1.5 system-ui,sans-serif}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}p{margin:0 0 1rem}img{max-width:100%;height:auto}iframe{max-width:100%}</style>`
}

// samplePolicy is that of an article which embeds what is at base.
func samplePolicy(base, frames string) string {
	return strings.Join([]string{
		"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'",
		"script-src 'self' " + base, "style-src 'unsafe-inline'", "img-src 'self' " + base, "connect-src 'self' " + base,
		"media-src 'self' https: blob: " + base, "frame-src https: " + base + " " + frames,
	}, "; ")
}

// as is the embed page as it would be in another state than the video is in.
func (s *Server) as(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	switch state := c.Param("state"); {
	case slices.Contains(hostStates(), state):
		return s.hosted(c, v, state)
	case state == deadLink:
		return s.unreachable(c)
	}
	if !slices.Contains(tryStates(), c.Param("state")) {
		return fmt.Errorf("state %q: %w", c.Param("state"), archive.ErrNotFound)
	}
	o := s.optionsOf(embeds.ParseQuery(c.Request.URL.Query()))
	o.Reports, o.Ancestors = false, []string{s.baseURL()}
	_, o.HasPoster = v.Poster()
	imagined := imagined(v, c.Param("state"))
	if c.Param("state") == stateSilent {
		imagined, o.Players = silenced(imagined, o)
	}
	d, err := s.embeds.Page(imagined, o)
	if err != nil {
		return fmt.Errorf("rendering %s as it would be: %w", v.ID, err)
	}
	s.publicHeaders(c)
	plainAnswer(d).send(c)
	return nil
}

// imagined is v in another state. The record is shared with others, so it is not altered.
func imagined(v archive.Video, state string) archive.Video {
	v.Sources = slices.Clone(v.Sources)
	v.Visibility = archive.Visibility{}
	for i := range v.Sources {
		v.Sources[i].Standing = standingAs(v.Sources[i].Standing, state)
	}
	switch state {
	case "withdrawn":
		v.Visibility.Exposure = archive.Withdrawn
	case "copy", stateSilent: // which is what is left, or what comes after
	default:
		v.Copies = nil
	}
	return v
}

func standingAs(s archive.Standing, state string) archive.Standing {
	last := s.LastGood
	if s.LastClear.After(last) {
		last = s.LastClear
	}
	switch state {
	case "region":
		return archive.Standing{State: archive.Limited, Outcome: archive.Restricted, Restrictions: []archive.Restriction{{Aspect: archive.AspectRegion, Blocked: []string{"US"}}}, LastGood: s.LastGood, LastClear: last}
	case "link":
		return archive.Standing{State: archive.Limited, Outcome: archive.EmbeddingDisabled, LastGood: s.LastGood, LastClear: last}
	case "suspect":
		return archive.Standing{State: archive.Suspect, Outcome: archive.Missing, LastGood: s.LastGood, LastClear: last, FirstBad: last}
	case "removed", "copy":
		return archive.Standing{State: archive.Gone, Outcome: archive.Removed, LastGood: s.LastGood, LastClear: last, FirstBad: last}
	}
	return archive.Standing{State: archive.Live, Outcome: archive.Playable, LastGood: s.LastGood, LastClear: last}
}

// tryOption is one field of the try page's form.
type tryOption struct{ Name, Type, Label, Value, Problem string }

// Option is the field of an option.
func (p tryPage) Option(name, kind string) tryOption {
	field := name
	if name == "embed" {
		field = "lang"
	}
	return tryOption{Name: name, Type: kind, Label: p.T("try.option." + name), Value: p.Asked.Get(field), Problem: p.Problem[field]}
}

// Themes are those that may be asked for.
func (tryPage) Themes() []string { return []string{embeds.ThemeLight, embeds.ThemeDark} }
