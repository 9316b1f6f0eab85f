package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// Retention knows what is about to be purged, within a week; nothing where everything is kept.
type Retention interface {
	Ahead(ctx context.Context) ([]archive.Loss, error)
}

// confirmTitle makes the title that a platform gave the newsroom's own, so that it outlives what
// the platform's terms allow to be kept.
func (s *Server) confirmTitle(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	title := strings.TrimSpace(form.Get("title"))
	if title == "" {
		return statusError(http.StatusUnprocessableEntity)
	}
	lang := cmp.Or(form.Get("language"), v.DefaultLanguage, "es")
	if _, err := s.library.Describe(c.Request.Context(), v.ID, archive.Words{DefaultLanguage: cmp.Or(v.DefaultLanguage, lang), Title: archive.Text{lang: title}}, actorOf(c.Request.Context())); err != nil {
		return fmt.Errorf("confirming the title of %s: %w", v.ID, err)
	}
	c.Redirect(http.StatusSeeOther, "/audit?done=title"+langQuery(c))
	return nil
}
