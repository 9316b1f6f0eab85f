package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// move puts a source one place up or down.
func (s *Server) move(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	key, err := sourceKey(form.Get("source"))
	if err != nil {
		return err
	}
	by := 1
	if form.Get("to") == "up" {
		by = -1
	}
	after, err := s.library.Move(c.Request.Context(), v.ID, key, by, actorOf(c.Request.Context()))
	if err != nil {
		return fmt.Errorf("moving %s: %w", key, err)
	}
	return s.backWithUndo(c, v, after, "moved", "order")
}

// relabel saves tags, collections and notes, merged with what somebody else saved meanwhile.
func (s *Server) relabel(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	typed := readLabels(form)
	if typed.Clash != nil { // neither was chosen
		return s.labelsPage(c, v, typed, http.StatusConflict)
	}
	var after archive.Video
	for range mostMerges {
		after, err = s.library.Describe(c.Request.Context(), v.ID, typed.words(), actorOf(c.Request.Context()))
		var conflict *archive.ConflictError
		if !errors.As(err, &conflict) {
			break
		}
		if v = conflict.Now; !typed.merge(v) {
			return s.labelsPage(c, v, typed, http.StatusConflict)
		}
	}
	switch {
	case err == nil:
		return s.backWithUndo(c, v, after, savedAs(typed.Others, "labelled"), "describe")
	case isField(err):
		typed.Problem = s.layout(c, "video.title").T("list.badLabel")
		return s.labelsPage(c, v, typed, http.StatusUnprocessableEntity)
	}
	if text, status := s.unsaved(c, s.layout(c, "video.title"), err); text != "" {
		typed.Unsaved = text
		return s.labelsPage(c, v, typed, status)
	}
	return fmt.Errorf("labelling %s: %w", v.ID, err)
}

func (s *Server) labelsPage(c *gin.Context, v archive.Video, typed labelsForm, status int) error {
	page, err := s.videoPage(c, v)
	if err != nil {
		return err
	}
	if page.Labels = typed; typed.Clash != nil {
		page.Labels.Clash.Layout = page.layout
	}
	return s.page(c, status, "newsroom/video", page)
}
