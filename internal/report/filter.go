package report

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"videoteca/archive"
)

// Filter chooses rows. The zero value chooses all. Fields narrow, values within a field widen.
type Filter struct {
	States     []archive.State
	Platforms  []string
	Channel    string // name, or the platform's id
	Host       string
	Collection string
	Year       int
	Marks      []Mark
	Since      time.Time // rows whose state changed then or later
	Text       string    // in title, id or address, whatever its case and accents
}

// Mark is something about a row that is for a person to look at.
type Mark string

// Marks.
const (
	Disputed    Mark = "disputed"
	Unheard     Mark = "unheard"
	Held        Mark = "held"
	Overruled   Mark = "overruled"
	Uncovered   Mark = "uncovered" // readers cannot watch the video any more
	Archived    Mark = "archived"
	NotArchived Mark = "not-archived"
	InArticle   Mark = "in-article"
	ToDecide    Mark = "to-decide" // disputed for three days, unheard or held, and nobody had it ignored
)

// Marks is all marks, in the order in which they are offered.
func Marks() []Mark {
	return []Mark{ToDecide, Disputed, Unheard, Held, Overruled, Uncovered, InArticle, Archived, NotArchived}
}

func (m Mark) holds(r Row) bool {
	switch m {
	case Disputed:
		return !r.Disputed.IsZero()
	case Unheard:
		return r.Unheard
	case Held:
		return r.Held > 0
	case Overruled:
		return r.Overruled != ""
	case Uncovered:
		return !r.Covered
	case Archived:
		return r.Archived != ""
	case NotArchived:
		return r.Archived == ""
	case InArticle:
		return len(r.Articles) > 0
	case ToDecide:
		return r.ToDecide
	}
	return false
}

// States is all states, in the order in which they are offered.
func States() []archive.State {
	return []archive.State{archive.Suspect, archive.Gone, archive.Unchecked, archive.Limited, archive.Live}
}

// ParseFilter reads a filter from a query: state, platform, channel, host, collection, year,
// mark, since, q.
// What cannot be read gets an *archive.FieldError.
func ParseFilter(q url.Values) (Filter, error) {
	f := Filter{Platforms: nonEmpty(q["platform"]), Channel: q.Get("channel"), Host: strings.ToLower(q.Get("host")), Collection: q.Get("collection"), Text: strings.TrimSpace(q.Get("q"))}
	for _, word := range nonEmpty(q["state"]) {
		i := slices.IndexFunc(States(), func(s archive.State) bool { return s.String() == word })
		if i < 0 {
			return Filter{}, badFilter("state", word, "say live, limited, unchecked, suspect or gone", nil)
		}
		f.States = append(f.States, States()[i])
	}
	for _, word := range nonEmpty(q["mark"]) {
		if !slices.Contains(Marks(), Mark(word)) {
			return Filter{}, badFilter("mark", word, fmt.Sprintf("say one of %v", Marks()), nil)
		}
		f.Marks = append(f.Marks, Mark(word))
	}
	if text := q.Get("year"); text != "" {
		year, err := strconv.Atoi(text)
		if err != nil || year < 1 || year > 9999 {
			return Filter{}, badFilter("year", text, "write four digits, as 2019", err)
		}
		f.Year = year
	}
	if text := q.Get("since"); text != "" {
		since, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return Filter{}, badFilter("since", text, "write a day as 2026-01-31", err)
		}
		f.Since = since
	}
	return f, nil
}

func badFilter(field, value, cure string, cause error) error {
	return &archive.FieldError{Field: field, Problem: fmt.Sprintf("%q is not known", value), Cure: cure, Cause: cause}
}

func nonEmpty(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
}

// Values is the filter as a query, so that filters are links. ParseFilter reads it back.
func (f Filter) Values() url.Values {
	q := url.Values{}
	for _, s := range f.States {
		q.Add("state", s.String())
	}
	for _, p := range f.Platforms {
		q.Add("platform", p)
	}
	for _, m := range f.Marks {
		q.Add("mark", string(m))
	}
	for name, value := range map[string]string{"channel": f.Channel, "host": f.Host, "collection": f.Collection, "q": f.Text} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	if !f.Since.IsZero() {
		q.Set("since", f.Since.UTC().Format(time.DateOnly))
	}
	return q
}

// Rows is the report's rows that the filter chooses, in their order.
func (f Filter) Rows(rows []Row) []Row {
	checks := f.checks()
	var chosen []Row
	for _, r := range rows {
		if !slices.ContainsFunc(checks, func(c check) bool { return !c.holds(&r) }) {
			chosen = append(chosen, r)
		}
	}
	return chosen
}

// check is what one field of a filter asks of a row.
type check struct {
	field string
	holds func(*Row) bool
}

// checks are those of the fields that narrow at all.
func (f Filter) checks() []check {
	var list []check
	add := func(field string, narrows bool, holds func(*Row) bool) {
		if narrows {
			list = append(list, check{field, holds})
		}
	}
	text := fold(f.Text)
	add("state", len(f.States) > 0, func(r *Row) bool { return slices.Contains(f.States, r.State) })
	add("platform", len(f.Platforms) > 0, func(r *Row) bool { return slices.Contains(f.Platforms, r.Source.Platform) })
	add("channel", f.Channel != "", func(r *Row) bool { return f.Channel == r.Channel || f.Channel == r.channelID() })
	add("host", f.Host != "", func(r *Row) bool { return f.Host == r.Host })
	add("collection", f.Collection != "", func(r *Row) bool { return slices.Contains(r.Collections, f.Collection) })
	add("year", f.Year != 0, func(r *Row) bool { return f.Year == r.Year })
	add("mark", len(f.Marks) > 0, func(r *Row) bool {
		return slices.ContainsFunc(f.Marks, func(m Mark) bool { return m.holds(*r) })
	})
	add("since", !f.Since.IsZero(), func(r *Row) bool { return !r.Since.Before(f.Since) })
	add("q", text != "", func(r *Row) bool {
		return strings.Contains(fold(r.Title+"\n"+string(r.Video)+"\n"+r.URL+"\n"+r.Source.ID), text)
	})
	return list
}

// fold is a text without case and accents: "Reunión" and "reunion" are the same.
func fold(text string) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(text) {
		if !unicode.Is(unicode.Mn, c) {
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}
