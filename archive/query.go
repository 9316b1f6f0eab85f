package archive

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Query asks for a page of videos, the newest registered first; with a Text, what it names exactly
// first, then titles that match, then the rest. The zero value is all of them. Videos that were
// erased, or merged into others, are on no page.
type Query struct {
	Text string // words, each the beginning of one; or an id or address, whole

	State      string // "live", "limited", "unchecked", "suspect", "gone": of the video's best source
	Platform   string // of a source
	Channel    string // the name of a source's channel
	Tag        string
	Collection string
	Language   string // BCP 47, of the newsroom's words
	Event      string // a year, month or day of the event: 2019, 2019-09, 2019-09-25
	By         string // who registered it
	Copy       string // "yes" or "no": whether the newsroom holds a copy
	Used       string // "yes" or "no": whether an article embeds it
	Caption    string // "yes" or "no": whether it has one
	Visibility string // "public", "embargoed", "withdrawn"
	Mark       string // "held", "disputed", "overruled": of a source

	After string // the Next of the page before; empty: from the start
	Limit int    // at most this many; 0: 50; never over 500
}

// Page is one page of videos.
type Page struct {
	Videos []Video
	Next   string // for Query.After; empty on the last page
}

// ArticleQuery asks for a page of articles, in the order of their addresses. The zero value is all of them.
type ArticleQuery struct {
	URL   string // of one article; empty: all
	After string // the Next of the page before; empty: from the start
	Limit int    // at most this many; 0: 50; never over 500
}

// ArticlePage is one page of articles.
type ArticlePage struct {
	Articles []Article
	Next     string // for ArticleQuery.After; empty on the last page
}

// Facet is a value of one kind of filter, with the number of videos that have it.
type Facet struct {
	Value  string // as Query takes it
	Label  string // as people wrote it
	Videos int
}

// Filter is one condition of a query.
type Filter struct {
	Kind  string // as it stands in addresses: "tag"
	Value string
}

// FilterKinds are the names of all filters, in the order in which Filters gives them.
func FilterKinds() []string {
	return strings.Fields("state platform channel tag collection language event by copy used caption visibility mark")
}

// field is where the value of a filter is kept.
func (q *Query) field(kind string) *string {
	fields := []*string{&q.State, &q.Platform, &q.Channel, &q.Tag, &q.Collection, &q.Language, &q.Event, &q.By, &q.Copy, &q.Used, &q.Caption, &q.Visibility, &q.Mark}
	if i := slices.Index(FilterKinds(), kind); i >= 0 {
		return fields[i]
	}
	return new(string)
}

// Filters are the conditions that are not empty.
func (q Query) Filters() []Filter {
	var list []Filter
	for _, kind := range FilterKinds() {
		if value := *q.field(kind); value != "" {
			list = append(list, Filter{kind, value})
		}
	}
	return list
}

// With is the query with one condition changed, from the first page; an empty value drops it.
func (q Query) With(kind, value string) Query {
	*q.field(kind) = value
	q.After = ""
	return q
}

// Bounds of what a query takes.
const (
	longestQuery  = 500 // bytes of text; what is longer is cut at a character
	longestFilter = 200 // bytes
)

// allowed are the values of filters that have few.
func allowed(kind string) []string {
	switch kind {
	case "state":
		return []string{"live", "limited", "unchecked", "suspect", "gone"}
	case "copy", "used", "caption":
		return []string{"yes", "no"}
	case "visibility":
		return []string{"public", "embargoed", "withdrawn"}
	case "mark":
		return []string{"held", "disputed", "overruled"}
	}
	return nil
}

var eventPeriod = regexp.MustCompile(`^\d{4}(-\d{2}(-\d{2})?)?$`)

// ParseQuery reads a query as it stands in an address: q, after, limit, and the filters by their
// names. What cannot be read gets a *FieldError that names the parameter; others are left alone.
func ParseQuery(v url.Values) (Query, error) {
	q := Query{Text: cutText(strings.TrimSpace(v.Get("q"))), After: v.Get("after")}
	for _, kind := range FilterKinds() {
		value := strings.TrimSpace(v.Get(kind))
		if err := checkFilter(kind, value); err != nil {
			return Query{}, err
		}
		*q.field(kind) = value
	}
	if limit := v.Get("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 0 || n > 500 {
			return Query{}, &FieldError{Field: "limit", Problem: fmt.Sprintf("%q is no number of videos", limit), Cure: "use 1 to 500"}
		}
		q.Limit = n
	}
	return q, nil
}

func checkFilter(kind, value string) error {
	few := allowed(kind)
	switch {
	case value == "":
		return nil
	case len(value) > longestFilter || !utf8.ValidString(value):
		return &FieldError{Field: kind, Problem: "it is too long or not UTF-8", Cure: fmt.Sprintf("use at most %d bytes", longestFilter)}
	case few != nil && !slices.Contains(few, value):
		return &FieldError{Field: kind, Problem: fmt.Sprintf("%q is none", value), Cure: "use one of " + strings.Join(few, ", ")}
	case kind == "event" && !eventPeriod.MatchString(value):
		return &FieldError{Field: kind, Problem: fmt.Sprintf("%q is no year, month or day", value), Cure: "write 2019, 2019-09 or 2019-09-25"}
	}
	return nil
}

func cutText(s string) string {
	if len(s) <= longestQuery {
		return s
	}
	s = s[:longestQuery]
	for !utf8.ValidString(s) && s != "" {
		s = s[:len(s)-1]
	}
	return s
}

// Values is the query as it stands in an address; ParseQuery reads it back.
func (q Query) Values() url.Values {
	v := url.Values{}
	for _, f := range append(q.Filters(), Filter{"q", q.Text}, Filter{"after", q.After}) {
		if f.Value != "" {
			v.Set(f.Kind, f.Value)
		}
	}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return v
}

// Periods are the year, month and day that a date lies in, as far as it is known; none for an empty one.
func (d EDTF) Periods() []string {
	text := strings.TrimRight(string(d), "~?%")
	if !eventPeriod.MatchString(text) {
		return nil
	}
	var list []string
	for _, n := range []int{len("2006"), len("2006-01"), len(time.DateOnly)} {
		if len(text) >= n {
			list = append(list, text[:n])
		}
	}
	return list
}
