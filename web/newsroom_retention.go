package web

import (
	"cmp"
	"context"
	"errors"
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
// the platform's terms allow to be kept. A title that the newsroom has in that language stays: its own words never
// give way to a platform's.
func (s *Server) confirmTitle(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	title := strings.TrimSpace(form.Get("title"))
	if title == "" {
		return statusError(http.StatusUnprocessableEntity)
	}
	for range mostMerges {
		lang := cmp.Or(form.Get("language"), v.DefaultLanguage, "es")
		if own := v.Title[lang]; own != "" && own != title {
			return s.titleStands(c, own)
		}
		words := archive.Words{DefaultLanguage: cmp.Or(v.DefaultLanguage, lang), Title: archive.Text{lang: title}, Revision: v.Revision}
		_, err = s.library.Describe(c.Request.Context(), v.ID, words, actorOf(c.Request.Context()))
		var conflict *archive.ConflictError
		if !errors.As(err, &conflict) {
			break
		}
		v = conflict.Now
	}
	if err != nil {
		return fmt.Errorf("confirming the title of %s: %w", v.ID, err)
	}
	c.Redirect(http.StatusSeeOther, "/audit?done=title"+langQuery(c))
	return nil
}

// titleStands says on the page where a title was to be confirmed that the newsroom has one.
func (s *Server) titleStands(c *gin.Context, own string) error {
	if s.audits == nil {
		return statusError(http.StatusConflict)
	}
	page, err := s.auditPage(c)
	if err != nil {
		return err
	}
	page.Failed = []failing{{own, *page.says("audit.titleStands")}}
	return s.page(c, http.StatusConflict, "newsroom/audit", page)
}
