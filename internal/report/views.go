package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"videoteca/archive"
)

// Counts is how many sources and videos are in each state.
type Counts struct {
	Sources map[archive.State]int `json:"sources"`
	Videos  int                   `json:"videos"`
	Dark    int                   `json:"dark"` // videos that readers cannot watch any more
}

// Count counts the rows.
func Count(rows []Row) Counts {
	c := Counts{Sources: map[archive.State]int{}}
	covered := map[archive.VideoID]bool{}
	for _, r := range rows {
		c.Sources[r.State]++
		covered[r.Video] = r.Covered
	}
	c.Videos = len(covered)
	for _, is := range covered {
		if !is {
			c.Dark++
		}
	}
	return c
}

// Change is one move of a source from one state to another.
type Change struct {
	row    *Row          // not a copy: a library moves hundreds of thousands of times
	Video  string        `json:"video"`
	Title  string        `json:"title"`
	Source string        `json:"source"`
	At     time.Time     `json:"at"`
	From   archive.State `json:"from"`
	To     archive.State `json:"to"`
	Reason string        `json:"reason,omitempty"`
	Audit  string        `json:"audit,omitempty"`
	Event  string        `json:"premisEventType"`
}

// Changes is the moves of the rows from since to until, the newest first. A source keeps
// its last 32.
func Changes(rows []Row, since, until time.Time) []Change {
	var list []Change
	for i := range rows {
		r := &rows[i]
		for _, m := range r.Moves {
			if m.At.Before(since) || !m.At.Before(until) {
				continue
			}
			list = append(list, Change{
				row: r, Video: string(r.Video), Title: r.Title, Source: r.Source.String(), At: m.At.UTC(), From: m.From, To: m.To, Reason: m.Reason, Audit: m.Audit,
				Event: archive.PremisType("check"),
			})
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int { return b.At.Compare(a.At) })
	return list
}

// Group is how many sources hang on one channel, year or collection, and how many of them are lost.
type Group struct {
	Name   string    `json:"name"`
	All    int       `json:"all"`
	Lost   int       `json:"lost"`
	Closed time.Time `json:"closed,omitzero"` // since when the channel is known to be closed
}

// ByChannel groups the rows by channel: one that closed explains all its losses in one line.
// Those with most losses come first, then the largest.
func (r *Report) ByChannel(rows []Row) []Group {
	groups := map[archive.SourceKey]*Group{}
	for _, row := range rows {
		if row.ChannelKey == (archive.SourceKey{}) {
			continue
		}
		g := groups[row.ChannelKey]
		if g == nil {
			g = &Group{Name: cmp.Or(row.Channel, row.channelID())}
			if c := r.Channels[row.ChannelKey]; c.Standing.State == archive.Gone {
				g.Closed = c.Standing.FirstBad
			}
			groups[row.ChannelKey] = g
		}
		g.add(row)
	}
	return sorted(groups)
}

// ByYear groups the rows by the year of the event, or of the publication.
func ByYear(rows []Row) []Group {
	groups := map[int]*Group{}
	for _, row := range rows {
		if row.Year != 0 {
			addTo(groups, row.Year, strconv.Itoa(row.Year), row)
		}
	}
	list := sorted(groups)
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(b.Name, a.Name) })
	return list
}

// ByCollection groups the rows by collection; a video may be in several.
func ByCollection(rows []Row) []Group {
	groups := map[string]*Group{}
	for _, row := range rows {
		for _, name := range row.Collections {
			addTo(groups, name, name, row)
		}
	}
	return sorted(groups)
}

func addTo[K comparable](groups map[K]*Group, key K, name string, row Row) {
	g := groups[key]
	if g == nil {
		g = &Group{Name: name}
		groups[key] = g
	}
	g.add(row)
}

func (g *Group) add(row Row) {
	g.All++
	if row.Lost() {
		g.Lost++
	}
}

func sorted[K comparable](groups map[K]*Group) []Group {
	list := make([]Group, 0, len(groups))
	for _, g := range groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Lost, a.Lost), cmp.Compare(b.All, a.All), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// Touched is an article that lost footage.
type Touched struct {
	Article string   `json:"article"`
	Videos  []string `json:"videos"` // titles of what it embeds and readers cannot watch there
	Dark    int      `json:"dark"`   // of these, that nothing covers
}

// TouchedArticles is the articles that embed a lost source, those that readers miss most in first.
func TouchedArticles(rows []Row) []Touched {
	type placed struct {
		article string
		video   archive.VideoID
	}
	found, met := map[string]*Touched{}, map[placed]bool{}
	for _, r := range rows {
		if !r.Lost() {
			continue
		}
		for _, address := range r.Articles {
			place := placed{address, r.Video}
			if met[place] { // by another source of it
				continue
			}
			met[place] = true
			t := found[address]
			if t == nil {
				t = &Touched{Article: address}
				found[address] = t
			}
			t.Videos = append(t.Videos, r.Title)
			if !r.Covered {
				t.Dark++
			}
		}
	}
	list := make([]Touched, 0, len(found))
	for _, t := range found {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b Touched) int {
		return cmp.Or(cmp.Compare(b.Dark, a.Dark), cmp.Compare(len(b.Videos), len(a.Videos)), cmp.Compare(a.Article, b.Article))
	})
	return list
}
