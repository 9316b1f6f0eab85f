package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/report"
)

// Reports reads what has become of the library. Unless it must be fresh, the answer may be of a
// moment ago.
type Reports interface {
	Report(ctx context.Context, lang string, fresh bool) (*report.Report, error)
}

const (
	// historyDays is what the chart shows.
	historyDays = 90
	// changesBack is how far back changes are listed where the page is not told.
	changesBack = 30 * 24 * time.Hour
	// longestAudit bounds the rows of one page; the rest are in its CSV and JSON.
	longestAudit = 200
)

// auditPage is what archivists look at.
type auditPage struct {
	layout
	Report report.Page
	Filter report.Filter
	Rows   []report.Row
	All    int // rows that the filter chooses
	States []filterLink
	Marks  []filterLink
	Done   string
	Failed []string // what a bulk action could not do
	Reason string
	Ahead  []archive.Loss // what is purged within a week
}

// filterLink switches one value of a filter on or off.
type filterLink struct {
	Label   string
	Address string
	Current bool
}

// Here is the address of this page in another language.
func (p auditPage) Here(lang string) string { return p.address("/audit", lang) }

// Form is the address of this view in another form: "csv", "json", "atom".
func (p auditPage) Form(form string) string { return p.address("/audit."+form, p.Lang) }

// Action is where the page's form is sent, so that the same view comes back.
func (p auditPage) Action() string { return p.address("/audit", p.Lang) }

func (p auditPage) address(path, lang string) string {
	q := p.Filter.Values()
	q.Set("lang", lang)
	return path + "?" + q.Encode()
}

// More is how many rows are not on the page.
func (p auditPage) More() int { return p.All - len(p.Rows) }

// audit is /audit.
func (s *Server) audit(c *gin.Context) error {
	page, err := s.auditPage(c)
	if err != nil {
		return err
	}
	if done := c.Query("done"); done == "title" || slices.Contains(bulkActions(), done) {
		page.Done = "audit.done." + done
	}
	return s.page(c, http.StatusOK, "newsroom/audit", page)
}

func (s *Server) auditPage(c *gin.Context) (auditPage, error) {
	page := auditPage{layout: s.layout(c, "audit.title")}
	var err error
	if page.Filter, err = report.ParseFilter(c.Request.URL.Query()); err != nil {
		return page, err
	}
	read, err := s.audits.Report(c.Request.Context(), page.Lang, c.Query("done") != "" || c.Request.Method == http.MethodPost)
	if err != nil {
		return page, fmt.Errorf("reading the report: %w", err)
	}
	since := page.Filter.Since
	if since.IsZero() {
		since = read.At.Add(-changesBack)
	}
	span := report.Span(c.Query("period"))
	if page.Report, err = s.reportTexts.Page(read, page.Filter, page.Lang, since, historyDays, span); err != nil {
		return page, err
	}
	rows := page.Filter.Rows(read.Rows)
	page.All, page.Rows = len(rows), rows[:min(len(rows), longestAudit)]
	page.links()
	if s.retention != nil {
		if page.Ahead, err = s.retention.Ahead(c.Request.Context()); err != nil {
			return page, fmt.Errorf("reading what is purged next: %w", err)
		}
	}
	return page, nil
}

func (p *auditPage) links() {
	for _, state := range report.States() {
		f := p.Filter
		f.States, _ = toggled(f.States, state)
		_, on := toggled(p.Filter.States, state)
		p.States = append(p.States, filterLink{p.State(state.String()), auditPage{layout: p.layout, Filter: f}.Here(p.Lang), on})
	}
	for _, mark := range report.Marks() {
		f := p.Filter
		f.Marks, _ = toggled(f.Marks, mark)
		_, on := toggled(p.Filter.Marks, mark)
		p.Marks = append(p.Marks, filterLink{p.T("audit.mark." + string(mark)), auditPage{layout: p.layout, Filter: f}.Here(p.Lang), on})
	}
}

// toggled is the list with the value switched, and whether it was there.
func toggled[T comparable](list []T, value T) ([]T, bool) {
	if i := slices.Index(list, value); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1), true
	}
	return append(slices.Clone(list), value), false
}

// auditForm is /audit.csv, /audit.json and /audit.atom: the same view in another form.
func (s *Server) auditForm(form string) func(*gin.Context) error {
	return func(c *gin.Context) error {
		filter, err := report.ParseFilter(c.Request.URL.Query())
		if err != nil {
			return err
		}
		lang := s.layout(c, "audit.title").Lang
		read, err := s.audits.Report(c.Request.Context(), lang, false)
		if err != nil {
			return fmt.Errorf("reading the report: %w", err)
		}
		since := read.At.Add(-changesBack)
		if !filter.Since.IsZero() {
			since = filter.Since
		}
		var out bytes.Buffer
		var kind string
		switch form {
		case "csv":
			kind, err = "text/csv; charset=utf-8", report.WriteCSV(&out, filter.Rows(read.Rows))
			c.Header("Content-Disposition", `attachment; filename="audit-`+read.At.Format("20060102T150405Z")+`.csv"`)
		case "json":
			var document report.Document
			if document, err = read.Document(filter, since, report.Span(c.Query("period"))); err == nil {
				kind, err = "application/json; charset=utf-8", document.WriteJSON(&out)
			}
		default:
			kind, err = "application/atom+xml; charset=utf-8", s.reportTexts.WriteAtom(&out, report.Changes(filter.Rows(read.Rows), since, read.At.Add(time.Hour)), lang, s.baseURL(), read.At)
		}
		if err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
		c.Header("Cache-Control", "private, no-cache")
		c.Data(http.StatusOK, kind, out.Bytes())
		return nil
	}
}

func bulkActions() []string { return []string{"check", "overrule", "note"} }

// longestBulk bounds what one form may ask for: re-checking is a question to a platform each.
const longestBulk = 500

// auditMany does one thing to many sources, and says of each what failed.
func (s *Server) auditMany(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	chosen, err := chosenSources(form["source"])
	if err != nil {
		return err
	}
	failed, err := s.doMany(c.Request.Context(), form, chosen)
	if err != nil && !isField(err) {
		return err
	}
	if err == nil && len(failed) == 0 {
		q := c.Request.URL.Query()
		q.Set("done", form.Get("action"))
		c.Redirect(http.StatusSeeOther, "/audit?"+q.Encode())
		return nil
	}
	page, pageErr := s.auditPage(c)
	if pageErr != nil {
		return pageErr
	}
	page.Failed, page.Reason = failed, form.Get("reason")
	if err != nil {
		page.Failed = []string{page.T("audit.problem")}
	}
	return s.page(c, http.StatusUnprocessableEntity, "newsroom/audit", page)
}

func isField(err error) bool {
	var field *archive.FieldError
	return errors.As(err, &field)
}

// chosenSource is a row that was ticked.
type chosenSource struct {
	video archive.VideoID
	key   archive.SourceKey
}

// chosenSources reads the ticked rows, "<video> <platform>:<id>" each.
func chosenSources(ticked []string) ([]chosenSource, error) {
	if len(ticked) > longestBulk {
		return nil, statusError(http.StatusRequestEntityTooLarge)
	}
	var chosen []chosenSource
	for _, row := range ticked {
		video, source, _ := strings.Cut(row, " ")
		id, err := parseID(video)
		if err != nil {
			return nil, err
		}
		key, err := sourceKey(source)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, chosenSource{id, key})
	}
	return chosen, nil
}

// doMany returns what failed, item by item; an error is about the form.
func (s *Server) doMany(ctx context.Context, form url.Values, chosen []chosenSource) ([]string, error) {
	action, reason := form.Get("action"), strings.TrimSpace(form.Get("reason"))
	if len(chosen) == 0 || !slices.Contains(bulkActions(), action) || action != "check" && reason == "" {
		return nil, &archive.FieldError{Field: "source", Problem: "nothing can be done", Cure: "tick sources, choose what to do, and say why"}
	}
	if action == "check" {
		var ids []archive.VideoID
		for _, one := range chosen {
			ids = append(ids, one.video)
		}
		slices.Sort(ids)
		if err := s.checker.Check(ctx, slices.Compact(ids), actorOf(ctx)); err != nil {
			return nil, fmt.Errorf("checking many: %w", err)
		}
		return nil, nil
	}
	var failed []string
	for _, one := range chosen {
		if err := s.doOne(ctx, one, action, form.Get("as"), reason); err != nil {
			if isField(err) {
				return nil, err
			}
			failed = append(failed, one.key.String()+": "+err.Error())
		}
	}
	return failed, nil
}

func (s *Server) doOne(ctx context.Context, one chosenSource, action, as, reason string) error {
	if action == "overrule" {
		_, err := s.library.Rule(ctx, one.video, one.key, archive.Ruling(as), reason, actorOf(ctx))
		return err
	}
	v, err := s.catalog.Video(ctx, one.video)
	if err != nil {
		return err
	}
	notes := strings.TrimSpace(v.Notes + "\n" + s.now().UTC().Format(time.DateOnly) + ": " + reason)
	_, err = s.library.Describe(ctx, one.video, archive.Words{Notes: &notes, Revision: v.Revision}, actorOf(ctx))
	return err
}
