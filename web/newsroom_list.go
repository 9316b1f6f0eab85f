package web

import (
	"context"
	"errors"
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

// listPage is the library, or the part of it that was asked for.
type listPage struct {
	layout
	Rows    []videoRow
	Query   archive.Query
	Groups  []filterGroup
	Active  []narrowing
	Next    string // path of the next page; empty on the last
	First   bool   // whether it is the first page
	Table   bool   // rather than posters
	Problem string // what is wrong with the address
	Done    string
	Failed  []string // of what was done to many, item by item
}

// filterGroup is one kind of filter with its values.
type filterGroup struct {
	Kind  string
	Links []narrowing
}

// narrowing leads to the list with one condition more, or one less.
type narrowing struct {
	Kind, Label string
	Videos      int // that fulfil it, in the whole library
	Address     string
}

// Here is the address of this page in another language.
func (p listPage) Here(lang string) string { return p.address(p.Query, lang) }

// As is the address of this list as a table or as posters.
func (p listPage) As(table bool) string {
	p.Table = table
	return p.address(p.Query, p.Lang)
}

func (p listPage) address(q archive.Query, lang string) string {
	v := q.Values()
	v.Set("lang", lang)
	if p.Table {
		v.Set("view", "table")
	}
	return "/videos?" + v.Encode()
}

// Narrowed reports whether this is not simply everything.
func (p listPage) Narrowed() bool { return p.Query.Text != "" || len(p.Query.Filters()) > 0 }

func (s *Server) list(c *gin.Context) error {
	page, status, err := s.listPage(c)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "label", "check", "withdraw", "publish":
		page.Done = "list.done." + done
	}
	return s.page(c, status, "newsroom/list", page)
}

func (s *Server) listPage(c *gin.Context) (page listPage, status int, err error) {
	page = listPage{layout: s.layout(c, "list.title"), Table: c.Query("view") == "table"}
	status = http.StatusOK
	page.Query, err = archive.ParseQuery(c.Request.URL.Query())
	var found archive.Page
	if err == nil {
		q := page.Query
		q.Limit = listLength
		found, err = s.catalog.List(c.Request.Context(), q)
	}
	var field *archive.FieldError
	switch {
	case errors.As(err, &field):
		page.Problem, status = page.T("list.problem"), http.StatusUnprocessableEntity
	case err != nil:
		return page, status, fmt.Errorf("listing videos: %w", err)
	}
	for _, v := range found.Videos {
		page.Rows = append(page.Rows, s.row(v, page.Lang))
	}
	page.First = page.Query.After == ""
	if found.Next != "" {
		next := page.Query
		next.After = found.Next
		page.Next = page.address(next, page.Lang)
	}
	page.Query.After = ""
	return page, status, s.filters(c.Request.Context(), &page)
}

// mostLinks is how many values of one kind of filter the page offers: more are searched for.
const mostLinks = 12

// filters fills in the conditions that hold, and those that could.
func (s *Server) filters(ctx context.Context, page *listPage) error {
	for _, f := range page.Query.Filters() {
		page.Active = append(page.Active, narrowing{
			Kind: f.Kind, Label: page.filterLabel(f.Kind, f.Value), Address: page.address(page.Query.With(f.Kind, ""), page.Lang),
		})
	}
	for _, kind := range archive.FilterKinds() {
		facets, err := s.catalog.Facets(ctx, kind, mostLinks)
		if err != nil {
			return fmt.Errorf("listing videos: %w", err)
		}
		group := filterGroup{Kind: kind}
		for _, f := range facets {
			group.Links = append(group.Links, narrowing{
				Kind: kind, Label: page.filterLabel(kind, f.Label), Videos: f.Videos,
				Address: page.address(page.Query.With(kind, f.Label), page.Lang),
			})
		}
		if len(group.Links) > 0 {
			page.Groups = append(page.Groups, group)
		}
	}
	return nil
}

// filterLabel is a value for people: a text of the interface for the few, else as it was written.
func (l layout) filterLabel(kind, value string) string {
	switch kind {
	case "state":
		return l.State(value)
	case "copy", "used", "caption", "mark", "visibility":
		return l.T("list.value." + kind + "." + value)
	case "language":
		return i18n.LanguageName(value)
	}
	return value
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
