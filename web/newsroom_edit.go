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
	if _, err := s.library.Move(c.Request.Context(), v.ID, key, by, actorOf(c.Request.Context())); err != nil {
		return fmt.Errorf("moving %s: %w", key, err)
	}
	return s.back(c, v.ID, "moved")
}

// relabel replaces tags, collections and notes.
func (s *Server) relabel(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	tags, collections, notes := split(form.Get("tags")), split(form.Get("collections")), strings.TrimSpace(oneLineEnd(form.Get("notes")))
	words := archive.Words{Tags: &tags, Collections: &collections, Notes: &notes, Revision: readWords(form).Revision}
	_, err = s.library.Describe(c.Request.Context(), v.ID, words, actorOf(c.Request.Context()))
	if err == nil {
		return s.back(c, v.ID, "labelled")
	}
	if !isField(err) && !errors.Is(err, archive.ErrConflict) {
		return fmt.Errorf("labelling %s: %w", v.ID, err)
	}
	if v, err = s.catalog.Video(c.Request.Context(), v.ID); err != nil {
		return fmt.Errorf("reading what was saved meanwhile: %w", err)
	}
	page, err := s.videoPage(c, v)
	if err != nil {
		return err
	}
	page.Words.Problems = map[string]string{"labels": page.T("video.labelsProblem")}
	page.Labels.Tags, page.Labels.Collections, page.Labels.Notes = form.Get("tags"), form.Get("collections"), notes
	return s.page(c, http.StatusConflict, "newsroom/video", page)
}

// labelsForm is the form of labels as it was typed.
type labelsForm struct{ Tags, Collections, Notes string }

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
	page.Words.Problems = map[string]string{"duplicate": page.T("video.mergeProblem")}
	return s.page(c, http.StatusUnprocessableEntity, "newsroom/video", page)
}
