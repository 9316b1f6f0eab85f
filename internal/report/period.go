package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"videoteca/archive"
)

// Span is a length of time that a report compares with the one before: a word below, or so many
// days as "30d".
type Span string

// Spans.
const (
	SpanWeek    Span = "week"
	SpanMonth   Span = "month"
	SpanQuarter Span = "quarter"
	SpanYear    Span = "year"
)

// longestSpan is a century, in days: more is a slip, and would leave the calendar.
const longestSpan = 36_500

// Begin is when a span that ends at the time began. A month before the 31st of March is the last of February.
func (s Span) Begin(end time.Time) (time.Time, error) {
	switch s {
	case SpanWeek:
		return end.AddDate(0, 0, -7), nil
	case SpanMonth:
		return monthsBefore(end, 1), nil
	case SpanQuarter:
		return monthsBefore(end, 3), nil
	case SpanYear:
		return monthsBefore(end, 12), nil
	}
	if text, found := strings.CutSuffix(string(s), "d"); found {
		if days, err := strconv.Atoi(text); err == nil && days > 0 && days <= longestSpan {
			return end.AddDate(0, 0, -days), nil
		}
	}
	return time.Time{}, badFilter("period", string(s), "say week, month, quarter, year, or so many days as 30d", nil)
}

// monthsBefore is the same day so many months ago, or that month's last where it is shorter.
func monthsBefore(end time.Time, months int) time.Time {
	first := end.AddDate(0, 0, 1-end.Day()).AddDate(0, -months, 0)
	return first.AddDate(0, 0, min(end.Day(), first.AddDate(0, 1, -1).Day())-1)
}

// Balance is what happened in a span of time.
type Balance struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Lost     int       `json:"lost"`     // times that a source was called gone
	Suspect  int       `json:"suspect"`  // that one became suspect
	Revived  int       `json:"revived"`  // that one came back
	Total    int       `json:"gone"`     // sources that were gone at its end
	Channels []Group   `json:"channels"` // of the lost
	Years    []Group   `json:"years"`
	Sets     []Group   `json:"collections"`
}

// Compare is a span that ends at the report's time, and the one before it.
func (r *Report) Compare(rows []Row, s Span) (now, before Balance, err error) {
	middle, err := s.Begin(r.At)
	if err != nil {
		return Balance{}, Balance{}, err
	}
	first, err := s.Begin(middle)
	if err != nil {
		return Balance{}, Balance{}, err
	}
	return r.balance(rows, middle, r.At), r.balance(rows, first, middle), nil
}

// balance leaves out what a person had ignored.
func (r *Report) balance(rows []Row, from, to time.Time) Balance {
	b := Balance{From: from, To: to}
	var lost []Row
	for _, c := range Changes(rows, from, to) {
		switch {
		case c.row.Ignored:
		case c.To == archive.Gone:
			b.Lost++
			row := *c.row
			row.State = archive.Gone // it was so then
			lost = append(lost, row)
		case c.To == archive.Suspect:
			b.Suspect++
		case bad(c.From):
			b.Revived++
		}
	}
	for i := range rows {
		if state, _ := rows[i].stateAt(to); state == archive.Gone && !rows[i].Ignored {
			b.Total++
		}
	}
	b.Channels, b.Years, b.Sets = r.ByChannel(lost), ByYear(lost), ByCollection(lost)
	return b
}

// Difference is how many were lost under one name in a span and in the one before.
type Difference struct {
	Name        string
	Now, Before int
}

// By is the growth, with its sign; 0 has none.
func (d Difference) By() string {
	if d.Now == d.Before {
		return "0"
	}
	return fmt.Sprintf("%+d", d.Now-d.Before)
}

// differences are those of two lists of groups, the most lost first.
func differences(now, before []Group) []Difference {
	found := map[string]*Difference{}
	at := func(name string) *Difference {
		if found[name] == nil {
			found[name] = &Difference{Name: name}
		}
		return found[name]
	}
	for _, g := range now {
		at(g.Name).Now += g.Lost // two channels may have one name
	}
	for _, g := range before {
		at(g.Name).Before += g.Lost
	}
	list := make([]Difference, 0, len(found))
	for _, d := range found {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(b.Now, a.Now), cmp.Compare(b.Before, a.Before), cmp.Compare(a.Name, b.Name))
	})
	return list
}
