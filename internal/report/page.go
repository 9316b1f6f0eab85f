package report

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"time"

	"videoteca/archive"
	"videoteca/internal/i18n"
	"videoteca/internal/reasons"
)

// longestList bounds each list of a printed page.
const longestList = 200

// Page is what a report shows in HTML, here and in the newsroom.
type Page struct {
	*Texts
	Lang     string
	Base     string // public address of the newsroom, without a slash at its end; empty: nothing leads there
	At       time.Time
	Counts   Counts
	Chart    template.HTML
	History  []Day
	Lost     []Row
	New      []Row // of the lost, those whose state changed since the time
	Changes  []Change
	Channels []Group
	Articles []Touched
	Disputed []Row
	Unheard  []Row
	Held     []Row
	Period   []Balance
}

// Page is the report of the rows that a filter chooses, with the changes since a time and the
// history of so many days.
func (t *Texts) Page(r *Report, f Filter, lang string, since time.Time, days int, span Span) (Page, error) {
	rows := f.Rows(r.Rows)
	p := Page{
		Texts: t, Lang: lang, At: r.At, Counts: Count(rows), History: r.History(rows, days), Changes: Changes(rows, since, r.At.Add(time.Hour)),
		Channels: r.ByChannel(rows), Articles: TouchedArticles(rows),
	}
	var err error
	if p.Chart, err = t.Chart(lang, p.History); err != nil {
		return Page{}, err
	}
	for _, row := range rows {
		if row.Ignored { // nobody is to decide on it again
			continue
		}
		if row.Lost() {
			p.Lost = append(p.Lost, row)
		}
		if row.Lost() && !row.Since.Before(since) {
			p.New = append(p.New, row)
		}
		if row.disputedLong(r.At) {
			p.Disputed = append(p.Disputed, row)
		}
		if row.Unheard {
			p.Unheard = append(p.Unheard, row)
		}
		if row.Held > 0 {
			p.Held = append(p.Held, row)
		}
	}
	if span != "" {
		now, before, err := r.Compare(rows, span)
		if err != nil {
			return Page{}, err
		}
		p.Period = []Balance{now, before}
	}
	return p, nil
}

// T is a text of the page.
func (p Page) T(id string, pairs ...any) string { return p.text(p.Lang, "page."+id, pairs...) }

// Watched says how many videos there are, and how many of them readers cannot watch.
func (p Page) Watched() string {
	switch {
	case p.Counts.Videos == 0:
		return p.T("noVideos")
	case p.Counts.Videos > 1 && p.Counts.Dark == 0:
		return p.T("allSeen", "N", p.Counts.Videos)
	case p.Counts.Videos > 1:
		return p.T("videos", "N", p.Counts.Videos, "Dark", p.Counts.Dark)
	case p.Counts.Dark == 0:
		return p.T("oneSeen")
	default:
		return p.T("oneDark")
	}
}

// State is a state in words.
func (p Page) State(s archive.State) string { return p.state(p.Lang, s) }

// Why is a reason in words.
func (p Page) Why(reason string) reasons.Said { return p.reasons.Of(p.Lang, reason) }

// States is all states, in the order in which they are told.
func (Page) States() []archive.State { return States() }

// Video is the address of a video's page.
func (p Page) Video(id any) string { return fmt.Sprintf("%s/videos/%s?lang=%s", p.Base, id, p.Lang) }

// Evidence is the address of the page that says how its state is known.
func (p Page) Evidence(id any) string {
	return fmt.Sprintf("%s/videos/%s/evidence?lang=%s", p.Base, id, p.Lang)
}

// Moment is a time in words, in UTC.
func (p Page) Moment(at time.Time) string {
	if at.IsZero() {
		return p.T("never")
	}
	return i18n.FormatMoment(p.Lang, at)
}

// ISO is a time as ISO 8601 in UTC.
func (Page) ISO(at time.Time) string { return moment(at) }

// First is at most 200 of a list's rows; the rest are counted by More.
func (Page) First(rows []Row) []Row { return rows[:min(len(rows), longestList)] }

// FirstChanges is the same of changes.
func (Page) FirstChanges(list []Change) []Change { return list[:min(len(list), longestList)] }

// FirstArticles is the same of articles.
func (Page) FirstArticles(list []Touched) []Touched { return list[:min(len(list), longestList)] }

// FirstDifferences is the same of differences.
func (Page) FirstDifferences(list []Difference) []Difference {
	return list[:min(len(list), longestList)]
}

// FirstGroups is the same of groups.
func (Page) FirstGroups(list []Group) []Group { return list[:min(len(list), longestList)] }

// More says how many of a list are not shown; empty for none.
func (p Page) More(n int) string {
	if n <= longestList {
		return ""
	}
	return p.T("more", "N", n-longestList)
}

// Weekly is every seventh day of the history up to its last: the chart for those who cannot see it.
func (p Page) Weekly() []Day {
	var days []Day
	for i := (len(p.History) + 6) % 7; i < len(p.History); i += 7 {
		days = append(days, p.History[i])
	}
	return days
}

// Unknown is how many sources the chart leaves out on its first day, since their moves are not
// kept so far back.
func (p Page) Unknown() int {
	if len(p.History) == 0 {
		return 0
	}
	return p.History[0].Unknown
}

// Comparison is the losses of a span beside those of the one before, under one heading.
type Comparison struct {
	Heading string
	Rows    []Difference
}

// Compared is the losses by channel, year and collection; those without any are left out.
func (p Page) Compared() []Comparison {
	if len(p.Period) < 2 {
		return nil
	}
	now, before := p.Period[0], p.Period[1]
	var list []Comparison
	for _, c := range []Comparison{
		{p.T("lostChannels"), differences(now.Channels, before.Channels)},
		{p.T("years"), differences(now.Years, before.Years)},
		{p.T("collections"), differences(now.Sets, before.Sets)},
	} {
		if len(c.Rows) > 0 {
			list = append(list, c)
		}
	}
	return list
}

// Totals is what happened in a span beside what happened in the one before.
func (p Page) Totals() []Difference {
	if len(p.Period) < 2 {
		return nil
	}
	now, before := p.Period[0], p.Period[1]
	return []Difference{
		{p.T("gone"), now.Lost, before.Lost}, {p.T("suspect"), now.Suspect, before.Suspect},
		{p.T("revived"), now.Revived, before.Revived}, {p.T("total"), now.Total, before.Total},
	}
}

// Span is the days of a balance.
func (p Page) Span(b Balance) string {
	return p.T("now", "From", b.From.Format(time.DateOnly), "To", b.To.Format(time.DateOnly))
}

// WriteHTML writes the page whole, with its own styles and without a script, to print or to send.
func (p Page) WriteHTML(w io.Writer) error {
	var out bytes.Buffer
	if err := p.page.Execute(&out, p); err != nil {
		return fmt.Errorf("writing a report: %w", err)
	}
	_, err := out.WriteTo(w)
	return err
}

// Named is a list of rows under a heading.
type Named struct {
	Mark Mark
	Name string
	Rows []Row
}

// Attention is the lists that wait for a person's decision; empty ones are left out.
func (p Page) Attention() []Named {
	var lists []Named
	for _, l := range []Named{{Disputed, p.T("disputed"), p.Disputed}, {Unheard, p.T("unheard"), p.Unheard}, {Held, p.T("held"), p.Held}} {
		if len(l.Rows) > 0 {
			lists = append(lists, l)
		}
	}
	return lists
}
