package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
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
	// fewRows is how many rows the lists above the table show: a look, not a table.
	fewRows = 10
)

// auditPage is what archivists look at.
type auditPage struct {
	layout
	Report  report.Page
	Filter  report.Filter
	Since   time.Time // since when losses are new
	Rows    []report.Row
	All     int // rows that the filter chooses
	Chips   []filterLink
	Groups  []facetGroup
	Periods []filterLink
	Period  report.Span
	Done    string
	Task    *taskView // what was begun, and may be under way
	Wrong   bool      // nothing could be done
	Failed  []failing // what a bulk action could not do
	Reason  string
	Ahead   []archive.Loss // what is purged within a week
	Behind  []PublishedTarget
	Store   *VerifyResult // nil: it was never checked by itself

	ToDecide int // rows that wait for a person
}

// Here is the address of this page in another language.
func (p auditPage) Here(lang string) string { return p.address("/audit", p.Filter.Values(), lang) }

// Form is the address of this view in another form: "csv", "json", "atom".
func (p auditPage) Form(form string) string {
	p.Period = "" // which is a table of its own
	return p.address("/audit."+form, p.Filter.Values(), p.Lang)
}

// Comparison is the address of the comparison as CSV.
func (p auditPage) Comparison() string {
	return p.address("/audit.csv", p.Filter.Values(), p.Lang)
}

// Action is where the page's form is sent, so that the same view comes back.
func (p auditPage) Action() string { return p.Here(p.Lang) }

// Only is the address of the page that narrows this view to one value of a field alone.
func (p auditPage) Only(field, value string) string {
	q := p.Filter.Values()
	q[field] = []string{value}
	return p.address("/audit", q, p.Lang)
}

// Losses is the address of the page that lists the new losses of this view.
func (p auditPage) Losses() string {
	q := p.Filter.Values()
	q["state"] = []string{archive.Suspect.String(), archive.Gone.String()}
	q.Set("since", p.Since.UTC().Format(time.DateOnly))
	return p.address("/audit", q, p.Lang)
}

// Everything is the address of the page without a filter.
func (p auditPage) Everything() string { return p.address("/audit", url.Values{}, p.Lang) }

func (p auditPage) address(path string, q url.Values, lang string) string {
	q.Set("lang", lang)
	if p.Period != "" {
		q.Set("period", string(p.Period))
	}
	return path + "?" + q.Encode()
}

// More is how many rows are not on the page.
func (p auditPage) More() int { return p.All - len(p.Rows) }

// Few is the first rows of a list that has the others elsewhere.
func (auditPage) Few(rows []report.Row) []report.Row { return rows[:min(len(rows), fewRows)] }

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
	page.Task = s.tasks.view(c.Query("task"), page.layout)
	fresh := c.Query("done") != "" || c.Request.Method == http.MethodPost || page.Task != nil && page.Task.Ended
	read, err := s.audits.Report(c.Request.Context(), page.Lang, fresh)
	if err != nil {
		return page, fmt.Errorf("reading the report: %w", err)
	}
	page.Since = page.Filter.Since
	if page.Since.IsZero() {
		page.Since = read.At.Add(-changesBack)
	}
	page.Period = report.Span(c.Query("period"))
	if page.Report, err = s.reportTexts.Page(read, page.Filter, page.Lang, page.Since, historyDays, page.Period); err != nil {
		return page, err
	}
	rows := page.Filter.Rows(read.Rows)
	page.All, page.Rows = len(rows), rows[:min(len(rows), longestAudit)]
	for _, r := range rows {
		if r.ToDecide {
			page.ToDecide++
		}
	}
	page.offer(read.Rows)
	return page, s.keeping(c.Request.Context(), &page)
}

// keeping fills in what is known of what is kept: what is about to be purged, published pages that cannot be
// reached, and the check of the store.
func (s *Server) keeping(ctx context.Context, page *auditPage) (err error) {
	if s.published != nil {
		if page.Behind, err = s.published.Behind(ctx); err != nil {
			return fmt.Errorf("reading what is published: %w", err)
		}
	}
	if s.verified != nil {
		if page.Store, err = s.verified.Verified(ctx); err != nil {
			return fmt.Errorf("reading what the check of the store found: %w", err)
		}
	}
	if s.retention != nil {
		if page.Ahead, err = s.retention.Ahead(ctx); err != nil {
			return fmt.Errorf("reading what is purged next: %w", err)
		}
	}
	return nil
}

// auditForm is /audit.csv, /audit.json and /audit.atom: the same view in another form.
func (s *Server) auditForm(form string) func(*gin.Context) error {
	return func(c *gin.Context) error {
		filter, err := report.ParseFilter(c.Request.URL.Query())
		if err != nil {
			return err
		}
		span := report.Span(c.Query("period"))
		if span != "" && form == "atom" {
			return &archive.FieldError{Field: "period", Problem: "a feed of changes compares nothing", Cure: "leave it out, or ask for CSV or JSON"}
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
			kind, err = "text/csv; charset=utf-8", auditCSV(&out, read, filter, span)
			c.Header("Content-Disposition", `attachment; filename="audit-`+read.At.Format("20060102T150405Z")+`.csv"`)
		case "json":
			var document report.Document
			if document, err = read.Document(filter, since, span); err == nil {
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

// auditCSV is a line a source, or with a span a line for each sum that is compared.
func auditCSV(out io.Writer, read *report.Report, filter report.Filter, span report.Span) error {
	rows := filter.Rows(read.Rows)
	if span == "" {
		return report.WriteCSV(out, rows)
	}
	now, before, err := read.Compare(rows, span)
	if err != nil {
		return err
	}
	return report.WritePeriodCSV(out, now, before)
}
