package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// ByteOrderMark before a CSV has some spreadsheets read it as UTF-8, which they otherwise do not.
const ByteOrderMark = "\uFEFF"

// WriteCSV writes the rows with a heading (RFC 4180, UTF-8 without a byte order mark). Cells that a spreadsheet would
// take for a formula are neutralised with an apostrophe.
func WriteCSV(w io.Writer, rows []Row) error {
	out := writer(w)
	if err := out.Write([]string{
		"video", "title", "source", "url", "host", "channel", "year", "state", "computed", "since", "last_good", "first_bad", "last_asked",
		"outcome", "reason", "disputed_since", "unheard", "held_rounds", "overruled", "ignored", "covered", "archived", "collections", "tags", "articles",
	}); err != nil {
		return fmt.Errorf("writing the heading: %w", err)
	}
	for _, r := range rows {
		outcome, err := r.Outcome.MarshalText()
		if err != nil {
			return fmt.Errorf("writing %s: %w", r.Source, err)
		}
		cells := []string{
			string(r.Video), r.Title, r.Source.String(), r.URL, r.Host, r.Channel, number(r.Year), r.State.String(), r.Computed.String(),
			moment(r.Since), moment(r.LastGood), moment(r.FirstBad), moment(r.LastRound), string(outcome), r.Reason, moment(r.Disputed),
			strconv.FormatBool(r.Unheard), number(r.Held), r.Overruled, strconv.FormatBool(r.Ignored), strconv.FormatBool(r.Covered), r.Archived,
			strings.Join(r.Collections, "; "), strings.Join(r.Tags, "; "), strings.Join(r.Articles, " "),
		}
		if err := out.Write(disarmed(cells)); err != nil {
			return fmt.Errorf("writing %s: %w", r.Source, err)
		}
	}
	out.Flush()
	return out.Error()
}

// WritePeriodCSV writes a span beside the one before as WriteCSV writes rows: in sum, then the losses
// by channel, year and collection.
func WritePeriodCSV(w io.Writer, now, before Balance) error {
	out := writer(w)
	if err := out.Write([]string{"by", "name", "now", "before", "difference", "from", "to", "before_from", "before_to"}); err != nil {
		return fmt.Errorf("writing the heading: %w", err)
	}
	for _, part := range []struct {
		by   string
		rows []Difference
	}{
		{"total", []Difference{{"called gone", now.Lost, before.Lost}, {"turned suspect", now.Suspect, before.Suspect}, {"came back", now.Revived, before.Revived}, {"gone at its end", now.Total, before.Total}}},
		{"channel", differences(now.Channels, before.Channels)}, {"year", differences(now.Years, before.Years)}, {"collection", differences(now.Sets, before.Sets)},
	} {
		for _, d := range part.rows {
			// The difference stays a number: only what others wrote may be a formula.
			cells := []string{part.by, neutral(d.Name), strconv.Itoa(d.Now), strconv.Itoa(d.Before), strconv.Itoa(d.Now - d.Before), moment(now.From), moment(now.To), moment(before.From), moment(before.To)}
			if err := out.Write(cells); err != nil {
				return fmt.Errorf("writing %s: %w", d.Name, err)
			}
		}
	}
	out.Flush()
	return out.Error()
}

// writer is one of RFC 4180.
func writer(w io.Writer) *csv.Writer {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return out
}

func disarmed(cells []string) []string {
	for i := range cells {
		cells[i] = neutral(cells[i])
	}
	return cells
}

// neutral disarms what a spreadsheet would run as a formula: a platform's title may be one.
func neutral(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// moment is a time as ISO 8601 in UTC, empty for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Document is a report in JSON.
type Document struct {
	At       time.Time `json:"at"`
	Filter   string    `json:"filter"` // as a query
	Counts   Counts    `json:"counts"`
	Rows     []Row     `json:"rows"`
	Changes  []Change  `json:"changes"`
	Channels []Group   `json:"channels"`
	Articles []Touched `json:"articles"`
	Period   []Balance `json:"period,omitempty"` // the span asked for, and the one before
}

// Document is the report of the rows that a filter chooses, with the changes since a time, and
// with a span compared with the one before where one is given.
func (r *Report) Document(f Filter, since time.Time, span Span) (Document, error) {
	rows := f.Rows(r.Rows)
	d := Document{
		At: r.At, Filter: f.Values().Encode(), Counts: Count(rows), Rows: orEmpty(rows), Changes: orEmpty(Changes(rows, since, r.At.Add(time.Hour))),
		Channels: orEmpty(r.ByChannel(rows)), Articles: orEmpty(TouchedArticles(rows)),
	}
	if span != "" {
		now, before, err := r.Compare(rows, span)
		if err != nil {
			return Document{}, err
		}
		d.Period = []Balance{now, before}
	}
	return d, nil
}

// orEmpty is a list in JSON, also of none.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// WriteJSON writes the document, indented for people.
func (d Document) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
