package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/i18n"
)

// listLength is how many videos a page of the list shows: a screen or two.
const listLength = 30

// videoRow is one video in the list.
type videoRow struct {
	APIVideo
	Poster  string // path of the small one; empty where there is none
	Outcome string // of the source that gives the state; empty where it plays
	Why     string // the source's own reason
}

type listPage struct {
	layout
	Rows []videoRow
	Next string
}

// home is "/": the demo's story, else the list.
func (s *Server) home(c *gin.Context) error {
	if s.stage != nil {
		return s.story(c)
	}
	c.Redirect(http.StatusSeeOther, "/videos")
	return nil
}

func (s *Server) list(c *gin.Context) error {
	found, err := s.catalog.List(c.Request.Context(), archive.Query{After: c.Query("after"), Limit: listLength})
	if err != nil {
		return fmt.Errorf("listing videos: %w", err)
	}
	page := listPage{layout: s.layout(c, "list.title"), Next: found.Next}
	for _, v := range found.Videos {
		page.Rows = append(page.Rows, s.row(v, page.Lang))
	}
	return s.page(c, http.StatusOK, "newsroom/list", page)
}

func (s *Server) row(v archive.Video, lang string) videoRow {
	row := videoRow{APIVideo: NewAPIVideo(v, s.baseURL(), lang)}
	if _, ok := v.Poster(); ok {
		row.Poster = embeds.PosterPath(v.ID, 320)
	}
	for _, source := range row.Sources {
		if source.State == row.State {
			row.Outcome, row.Why = source.Outcome, source.Reason
			break
		}
	}
	if row.Outcome == string(archive.Playable) {
		row.Outcome = ""
	}
	return row
}

// Here is the address of this page in another language.
func (l layout) Here(lang string) string { return "?lang=" + lang }

// State is the name of a state in the interface's language.
func (l layout) State(state string) string { return l.T("state." + state) }

// Outcome is the name of an outcome in the interface's language.
func (l layout) Outcome(outcome string) string { return l.T("outcome." + outcome) }

// Seconds is a length as people write it.
func (l layout) Seconds(seconds float64) string {
	if seconds <= 0 {
		return ""
	}
	m, sec := int(seconds)/60, int(seconds)%60
	if m < 60 {
		return strconv.Itoa(m) + fmt.Sprintf(":%02d", sec)
	}
	return fmt.Sprintf("%d:%02d:%02d", m/60, m%60, sec)
}

// Moment is a time for people, in UTC.
func (l layout) Moment(t time.Time) string { return i18n.FormatMoment(l.Lang, t) }

// Day is a date for people.
func (l layout) Day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
