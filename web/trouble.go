package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// longestReport bounds a report in bytes: a source and a code.
const longestReport = 4 << 10

// Codes with which a player refuses the page around it, not the video: YouTube's
// for a missing Referer, and the browser's for a policy of the article.
const (
	codeNoReferer = 153
	codeForbidden = -1
)

// troubleReport is what a page sends when a player says that it cannot play.
type troubleReport struct {
	Source string `json:"source"` // "platform:id", or "copy"
	Code   int    `json:"code"`   // the player's own, see archive/youtube
}

// trouble is POST /e/{id}/trouble. Nobody is told whether a report is followed: who
// could see it would learn what others report. Nothing of the reader is kept.
func (s *Server) trouble(c *gin.Context) error {
	v, err := s.video(c, c.Param("id"))
	if err != nil {
		return err
	}
	if !shown(v, s) {
		return fmt.Errorf("video %s is not public: %w", v.ID, archive.ErrNotFound)
	}
	report, err := readReport(c.Request.Body)
	if err != nil {
		return err
	}
	s.hear(c, v, report)
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}

// hear has a source asked again, unless the trouble is with the article.
func (s *Server) hear(c *gin.Context, v archive.Video, report troubleReport) {
	log := func(said string) {
		s.log.LogAttrs(c.Request.Context(), slog.LevelInfo, said,
			slog.String("video", string(v.ID)), slog.String("source", report.Source), slog.Int("code", report.Code))
	}
	if report.Code == codeNoReferer || report.Code == codeForbidden {
		log("an article kept a player from starting: it sends no Referer, or its policy forbids the player's frame")
		return
	}
	platform, id, ok := strings.Cut(report.Source, ":")
	if ok && s.reports != nil && s.reports.Report(v, archive.SourceKey{Platform: platform, ID: id}) {
		log("a player reports that a source does not play; it will be asked again")
	}
}

// readReport reads one small JSON object, whatever type it was sent as: a beacon's is text.
func readReport(body io.Reader) (troubleReport, error) {
	var report troubleReport
	data, err := io.ReadAll(io.LimitReader(body, longestReport+1))
	if err != nil {
		return report, fmt.Errorf("reading a report: %w", err)
	}
	if len(data) > longestReport {
		return report, statusError(http.StatusRequestEntityTooLarge)
	}
	if err := json.Unmarshal(data, &report); err != nil {
		return report, errors.Join(statusError(http.StatusBadRequest), err)
	}
	return report, nil
}
