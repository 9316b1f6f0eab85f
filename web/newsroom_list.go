package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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

// Platforms are those of the sources, each once.
func (r videoRow) Platforms() []string {
	var names []string
	for _, source := range r.Sources {
		if !slices.Contains(names, source.Platform) {
			names = append(names, source.Platform)
		}
	}
	return names
}

// listPage is the library, or the part of it that was asked for.
type listPage struct {
	layout
	Rows    []videoRow
	Query   archive.Query
	Typed   []typedFilter
	Wrong   string // the kind of a typed filter that cannot be read
	Undoing bool   // whether what is done can be undone
	Groups  []filterGroup
	Active  []narrowing
	Next    string // path of the next page; empty on the last
	First   bool   // whether it is the first page
	Table   bool   // rather than posters
	View    string // as the address has it, "table" or "posters"; empty: as chosen last
	Problem string // what is wrong with the address
	Done    string
	Undo    *undoOffer // of what was done; nil: it cannot be undone
	Failed  []failing  // of what was done to many, item by item
}

// typedFilter is a kind of filter with more values than fit on the page.
type typedFilter struct {
	Kind, Value, Problem string
	Options              []string // some that there are
}

// typedKinds are the filters that are typed.
const typedKinds = "event tag collection channel by"

// IsTyped reports whether a filter has a field of its own.
func (listPage) IsTyped(kind string) bool { return slices.Contains(strings.Fields(typedKinds), kind) }

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
	if p.View = "posters"; table {
		p.View = "table"
	}
	return p.address(p.Query, p.Lang)
}

func (p listPage) address(q archive.Query, lang string) string {
	v := q.Values()
	v.Set("lang", lang)
	if p.View != "" {
		v.Set("view", p.View)
	}
	return "/videos?" + v.Encode()
}

// Many is the query of the addresses to which the list's forms are sent, and from which it is shown again.
func (p listPage) Many() string {
	_, query, _ := strings.Cut(p.Here(p.Lang), "?")
	return query
}

// To is such an address, whole: a template would escape what stands in its query.
func (p listPage) To(path string) string { return path + "?" + p.Many() }

// Counted is how many videos the list has, as far as one page can tell.
func (p listPage) Counted() string {
	switch {
	case p.Wrong != "" || p.Problem != "":
		return ""
	case p.Next == "" && p.First:
		return p.T("list.count", "N", len(p.Rows))
	case p.Next == "":
		return p.T("list.countLast", "N", len(p.Rows))
	}
	return p.T("list.countMore", "N", len(p.Rows))
}

// Narrowed reports whether this is not simply everything: an address that cannot be read asks for something too.
func (p listPage) Narrowed() bool {
	return p.Query.Text != "" || len(p.Query.Filters()) > 0 || p.Wrong != "" || p.Problem != ""
}

func (s *Server) list(c *gin.Context) error {
	page, status, err := s.listPage(c)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "label", "check", "withdraw", "publish", "undone":
		page.Done, page.Undo = "list.done."+done, s.offered(c, page.layout, "list", page.Many())
	}
	return s.page(c, status, "newsroom/list", page)
}

func (s *Server) listPage(c *gin.Context) (page listPage, status int, err error) {
	page = listPage{layout: s.layout(c, "list.title"), Undoing: s.undoer != nil}
	page.Table, page.View = s.view(c)
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
		status = http.StatusUnprocessableEntity
		if page.Problem = page.T("list.problem"); page.IsTyped(field.Field) {
			page.Wrong, page.Problem = field.Field, ""
		}
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
	err = s.filters(c.Request.Context(), &page)
	page.typed(c.Request.URL.Query())
	return page, status, err
}

// typed fills in the filters that are typed: as they were sent, so that one that cannot be read can be mended.
func (p *listPage) typed(sent url.Values) {
	for _, kind := range strings.Fields(typedKinds) {
		f := typedFilter{Kind: kind, Value: sent.Get(kind)}
		if kind == p.Wrong {
			f.Problem = p.T("list.wrongValue")
			if kind == "event" {
				f.Problem = p.T("list.wrongEvent")
			}
		}
		for _, g := range p.Groups {
			for _, link := range g.Links {
				if g.Kind == kind {
					f.Options = append(f.Options, link.Label)
				}
			}
		}
		p.Typed = append(p.Typed, f)
	}
}

// viewCookie keeps whether somebody looks at posters or at a table.
const (
	viewCookie = "videoteca_view"
	viewTerm   = 365 * 24 * time.Hour
)

// view is how the list is shown: as the address says, which is then remembered, else as chosen last.
func (s *Server) view(c *gin.Context) (table bool, asked string) {
	asked = c.Query("view")
	if asked != "table" && asked != "posters" {
		kept, err := c.Request.Cookie(viewCookie)
		return err == nil && kept.Value == "table", ""
	}
	http.SetCookie(c.Writer, &http.Cookie{
		Name: viewCookie, Value: asked, Path: "/videos", MaxAge: int(viewTerm.Seconds()), HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: c.Request.TLS != nil || s.base.Scheme == "https",
	})
	return asked == "table", asked
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
			if kind == "event" && len(f.Value) > len("2006") { // months and days are typed: of them there are too many
				continue
			}
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
func (l layout) Day(t time.Time) string { return i18n.FormatDate(l.Lang, t.UTC()) }
