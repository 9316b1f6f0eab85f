package web

import (
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
)

// export is the videos that were ticked, or all that the list shows on all its pages, as CSV.
func (s *Server) export(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	e := exporting{server: s}
	if e.ids, err = idsOf(form["video"]); err != nil {
		return err
	}
	if e.query, err = archive.ParseQuery(c.Request.URL.Query()); err != nil {
		return err
	}
	if err := e.begin(c.Request.Context()); err != nil {
		return err
	}
	if len(e.missing) > 0 { // a spreadsheet has no place to say so
		return fmt.Errorf("exporting %s: %w", strings.Join(e.missing, ", "), archive.ErrNotFound)
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="videos-`+s.now().UTC().Format("20060102T150405Z")+`.csv"`)
	e.finish(c, e.writeCSV(c))
	return nil
}

func (e *exporting) writeCSV(c *gin.Context) error {
	w := csv.NewWriter(c.Writer)
	if err := w.Write([]string{"id", "title", "state", "event", "registered", "tags", "collections", "sources", "watch"}); err != nil {
		return err
	}
	if err := e.each(c, func(v archive.Video) error { return w.Write(e.server.csvRow(v)) }); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

func (s *Server) csvRow(v archive.Video) []string {
	title, _ := v.DisplayTitle(v.DefaultLanguage)
	var sources []string
	for _, source := range v.Sources {
		sources = append(sources, source.URL)
	}
	row := []string{
		string(v.ID), title, bestState(v).String(), string(v.EventDate), v.Created.UTC().Format(time.RFC3339),
		strings.Join(v.Tags, ", "), strings.Join(v.Collections, ", "), strings.Join(sources, " "), s.baseURL() + "/v/" + string(v.ID),
	}
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell // a spreadsheet would take it for a formula
		}
	}
	return row
}
