package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// Merger makes one video of two.
type Merger interface {
	Merge(ctx context.Context, kept, duplicate archive.VideoID, actor string) (archive.Video, error)
}

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

// merge makes this video serve for another one too, named by its id or by an address of its pages.
func (s *Server) merge(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	typed := strings.TrimSpace(form.Get("duplicate"))
	id, err := archive.ParseVideoID(typed[strings.LastIndexByte(strings.TrimSuffix(typed, "/"), '/')+1:])
	if err == nil {
		_, err = s.merger.Merge(c.Request.Context(), v.ID, id, actorOf(c.Request.Context()))
	}
	if err == nil {
		return s.back(c, v.ID, "merged")
	}
	if !isField(err) && !errors.Is(err, archive.ErrNotFound) && !errors.Is(err, archive.ErrBadID) && !errors.Is(err, archive.ErrErased) {
		return fmt.Errorf("merging into %s: %w", v.ID, err)
	}
	page, pageErr := s.videoPage(c, v)
	if pageErr != nil {
		return pageErr
	}
	page.Merge = typed
	page.Words.Problems = problems{"duplicate": page.says("video.mergeProblem")}
	return s.page(c, http.StatusUnprocessableEntity, "newsroom/video", page)
}
