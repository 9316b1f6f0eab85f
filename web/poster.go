package web

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/posters"
)

// poster is /p/{id}/{width}.jpg.
func (s *Server) poster(c *gin.Context) error {
	width, ok := posterWidth(c.Param("file"))
	if !ok {
		return fmt.Errorf("poster %q: %w", c.Param("file"), archive.ErrNotFound)
	}
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	caching := s.headers.caching[0]
	if !shown(v, s) {
		if !s.may(c, people.View) {
			return fmt.Errorf("video %s is not public: %w", v.ID, archive.ErrNotFound)
		}
		caching = "private, no-store"
	}
	picture, err := s.posters.Poster(c.Request.Context(), v, width)
	switch {
	case errors.Is(err, posters.ErrNotHeld):
		picture, err = s.placeholders.picture(width)
		caching = "no-store" // the real one is being made
	case errors.Is(err, posters.ErrNoPoster):
		picture, err = s.placeholders.picture(width)
	}
	if err != nil {
		return fmt.Errorf("poster of %s: %w", v.ID, err)
	}
	c.Header("Cache-Control", caching)
	c.Header("Content-Type", "image/jpeg")
	c.Header("ETag", picture.ETag)
	s.serve(c, picture.Data, picture.Modified)
	return nil
}

// shown reports whether the public may see pictures of a video.
func shown(v archive.Video, s *Server) bool {
	return !v.Visibility.Hidden(s.now()) &&
		v.Visibility.Exposure != archive.Withdrawn && v.Visibility.Exposure != archive.Erased
}

// posterWidth reads "640.jpg". Each width has one address, so that caches hold it once.
func posterWidth(file string) (int, bool) {
	digits, ok := strings.CutSuffix(file, ".jpg")
	width, err := strconv.Atoi(digits)
	if !ok || err != nil || strconv.Itoa(width) != digits {
		return 0, false
	}
	return width, slices.Contains(posters.Widths(), width)
}
