package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/reasons"
)

// Merger makes one video of two.
type Merger interface {
	Merge(ctx context.Context, kept, duplicate archive.VideoID, actor string) (archive.Video, error)
}

// mergeForm asks for a duplicate and then shows it: merging cannot be undone.
type mergeForm struct {
	Typed   string        // id of the duplicate, or an address of it
	Other   *knownVideo   // the duplicate, to be looked at; nil: none was named, or none that can be merged
	Problem *reasons.Said // why it cannot be merged; nil where it can
}

// lookAtDuplicate is the first of two steps. It shows the other video and what merging would do, and changes nothing.
func (s *Server) lookAtDuplicate(c *gin.Context, v archive.Video, typed string) error {
	page, err := s.videoPage(c, v)
	if err != nil {
		return err
	}
	if page.Merge, err = s.duplicate(c.Request.Context(), page.layout, v, typed); err != nil {
		return err
	}
	if page.Merge.Problem != nil {
		return s.page(c, http.StatusUnprocessableEntity, "newsroom/video", page)
	}
	return s.page(c, http.StatusOK, "newsroom/video", page)
}

// duplicate finds the video that was named as a duplicate of v.
func (s *Server) duplicate(ctx context.Context, l layout, v archive.Video, typed string) (mergeForm, error) {
	form := mergeForm{Typed: strings.TrimSpace(typed)}
	id, named := s.videoNamed(form.Typed)
	if !named {
		form.Problem = l.says("merge.problem.none")
		return form, nil
	}
	other, err := s.catalog.Video(ctx, id)
	switch {
	case isMissing(err):
		form.Problem = l.says("merge.problem.none")
		return form, nil
	case err != nil:
		return form, fmt.Errorf("looking at the duplicate %s: %w", id, err)
	}
	if form.Problem = mergeProblem(l, v, other); form.Problem == nil {
		form.Other = s.knownOf(l.Lang, other)
	}
	return form, nil
}

// videoNamed reads how people name a video: by its id, or by an address of one of its pages.
func (s *Server) videoNamed(typed string) (archive.VideoID, bool) {
	if id, err := archive.ParseVideoID(typed); err == nil {
		return id, true
	}
	return s.ownVideo(inFull(typed))
}

// mergeProblem says why a duplicate cannot be merged into v; nil where it can.
func mergeProblem(l layout, v, duplicate archive.Video) *reasons.Said {
	switch {
	case duplicate.ID == v.ID:
		return l.says("merge.problem.same")
	case v.MergedInto != "":
		return l.says("merge.problem.into", "Into", string(v.MergedInto))
	case duplicate.MergedInto != "":
		return l.says("merge.problem.merged", "Into", string(duplicate.MergedInto))
	case duplicate.Visibility.Exposure == archive.Erased:
		return l.says("merge.problem.erased")
	case duplicate.Visibility.Exposure != archive.Public:
		return l.says("merge.problem.hidden")
	}
	return nil
}

// merge makes this video serve for another one too, which has been looked at: one that has not is shown first.
func (s *Server) merge(c *gin.Context) error {
	v, form, err := s.videoAndForm(c)
	if err != nil {
		return err
	}
	id, named := s.videoNamed(strings.TrimSpace(form.Get("duplicate")))
	if !named || form.Get("seen") != string(id) {
		c.Redirect(http.StatusSeeOther, "/videos/"+string(v.ID)+"?merge="+url.QueryEscape(form.Get("duplicate"))+langQuery(c)+"#merge")
		return nil
	}
	_, err = s.merger.Merge(c.Request.Context(), v.ID, id, actorOf(c.Request.Context()))
	if err == nil {
		return s.back(c, v.ID, "merged")
	}
	if !isField(err) && !isMissing(err) && !errors.Is(err, archive.ErrErased) {
		return fmt.Errorf("merging into %s: %w", v.ID, err)
	}
	page, pageErr := s.videoPage(c, v)
	if pageErr != nil {
		return pageErr
	}
	page.Merge = mergeForm{Typed: string(id), Problem: page.says("video.mergeProblem")} // it has changed since it was looked at
	return s.page(c, http.StatusUnprocessableEntity, "newsroom/video", page)
}
