package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// publicCaching lets caches between us and readers answer for a minute, and for nine
// more while they ask again: ten minutes after a change every reader has it.
const publicCaching = "public, max-age=60, stale-while-revalidate=540" // seconds

// embed is /e/{id}, and /e/{id}.json, which Gin cannot tell apart.
func (s *Server) embed(c *gin.Context) error {
	id, asJSON := strings.CutSuffix(c.Param("id"), ".json")
	if asJSON {
		c.Header("Access-Control-Allow-Origin", "*") // on errors as well
		return s.document(c, id, "json", s.embeds.JSON)
	}
	return s.document(c, id, "embed", s.embeds.Page)
}

// watch is /v/{id}.
func (s *Server) watch(c *gin.Context) error {
	return s.document(c, c.Param("id"), "watch", s.embeds.Watch)
}

// script is /embed.js. Its address is in articles for ever, so it cannot be cached
// for long; what it is seldom changes, so asking costs little.
func (s *Server) script(c *gin.Context) error {
	s.embedScript.send(c)
	return nil
}

// document answers with what render makes of a video, from memory where it was made before.
func (s *Server) document(c *gin.Context, id, kind string, render func(archive.Video, embeds.Options) (embeds.Document, error)) error {
	v, err := s.video(c, id)
	if err != nil {
		s.publicHeaders(c) // an answer brings its own
		return err
	}
	o := s.embedOptions(c)
	_, o.HasPoster = v.Poster()
	a, err := s.rendered.document(kind, s.languages.of(s.embeds, v, o), v, o, s.headers.answered(o.Language == ""), func() (embeds.Document, error) { return render(v, o) })
	if err != nil {
		s.publicHeaders(c)
		return fmt.Errorf("rendering %s of %s: %w", kind, v.ID, err)
	}
	if a.document.Status == http.StatusNotFound {
		s.publicHeaders(c) // an embargo: nobody may tell it from an id that is not there
		return fmt.Errorf("video %s is hidden: %w", v.ID, archive.ErrNotFound)
	}
	a.send(c)
	return nil
}

// video reads the video of an id as it stands in an address.
func (s *Server) video(c *gin.Context, id string) (archive.Video, error) {
	parsed, err := archive.ParseVideoID(id)
	if err != nil {
		return archive.Video{}, err
	}
	return s.catalog.Video(c.Request.Context(), parsed)
}

// embedOptions are what a public page depends on beside its video. Where the
// address names no language the reader's is taken, and caches are told.
func (s *Server) embedOptions(c *gin.Context) embeds.Options {
	o := s.optionsOf(embeds.Asked{})
	if c.Request.URL.RawQuery != "" {
		o.Asked = embeds.ParseQuery(c.Request.URL.Query())
	}
	if o.Language == "" {
		o.Reader = bounded(c.GetHeader("Accept-Language"))
	}
	return o
}

// optionsOf are the installation's own, with what was asked for.
func (s *Server) optionsOf(asked embeds.Asked) embeds.Options {
	return embeds.Options{Asked: asked, BaseURL: s.baseURL(), Now: s.now(), Players: s.players, Reports: s.reports != nil, Ancestors: s.framers}
}

// etagOf is a strong validator: of the bytes, so it is the same on every replica.
func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}
