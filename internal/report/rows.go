package report

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"videoteca/archive"
)

// Library is what a report is read from. A sequence's error is yielded once, last.
type Library interface {
	Videos(ctx context.Context) iter.Seq2[archive.Video, error]
	Articles(ctx context.Context) iter.Seq2[archive.Article, error]
	Channels(ctx context.Context) iter.Seq2[archive.Channel, error]
	// Heard is when sources were heard since their records were written.
	Heard(ctx context.Context) iter.Seq2[archive.Heard, error]
}

// Row is one source as a report sees it.
type Row struct {
	Video       archive.VideoID      `json:"video"`
	Title       string               `json:"title"`
	Source      archive.SourceKey    `json:"source"`
	URL         string               `json:"url"`
	Host        string               `json:"host"`
	Channel     string               `json:"channel,omitempty"`
	ChannelKey  archive.SourceKey    `json:"-"`
	Year        int                  `json:"year,omitempty"` // of the event, else of the publication
	Collections []string             `json:"collections,omitempty"`
	Tags        []string             `json:"tags,omitempty"`
	Added       time.Time            `json:"added,omitzero"` // when the source was registered
	State       archive.State        `json:"state"`          // a person's ruling, else as computed
	Computed    archive.State        `json:"computed"`       // what the answers make of it
	Since       time.Time            `json:"since,omitzero"`
	LastGood    time.Time            `json:"lastGood,omitzero"` // a death lies between this
	FirstBad    time.Time            `json:"firstBad,omitzero"` // and this
	LastRound   time.Time            `json:"lastRound,omitzero"`
	Outcome     archive.Outcome      `json:"outcome"`
	Reason      string               `json:"reason,omitempty"`
	Disputed    time.Time            `json:"disputedSince,omitzero"`
	Unheard     bool                 `json:"unheard,omitempty"`
	Held        int                  `json:"heldRounds,omitempty"`
	ToDecide    bool                 `json:"toDecide,omitempty"`  // it waits for a person; see ToDecide
	Overruled   string               `json:"overruled,omitempty"` // the reason a person gave
	Ignored     bool                 `json:"ignored,omitempty"`   // a person had it left out of audits and of losses
	Archived    string               `json:"archived,omitempty"`  // address of the archived page
	Covered     bool                 `json:"covered"`             // readers can still watch the video
	Articles    []string             `json:"articles,omitempty"`  // addresses
	Moves       []archive.Transition `json:"-"`
}

// Lost reports whether the source is suspect or gone, and nobody had it ignored.
func (r Row) Lost() bool { return !r.Ignored && bad(r.State) }

// channelID is the platform's own id of the channel, empty where none is known.
func (r *Row) channelID() string {
	id, _ := r.ChannelKey.ChannelID()
	return id
}

func bad(s archive.State) bool { return s == archive.Suspect || s == archive.Gone }

// Report is the rows of a library at a time.
type Report struct {
	At       time.Time
	Rows     []Row
	Channels map[archive.SourceKey]archive.Channel // that have a record: closed, or once doubted
}

// Read reads a library. Titles are for readers of lang.
func Read(ctx context.Context, l Library, lang string, now time.Time) (*Report, error) {
	r := &Report{At: now.UTC(), Channels: map[archive.SourceKey]archive.Channel{}}
	articles, err := articlesOf(l.Articles(ctx))
	if err != nil {
		return nil, err
	}
	at := map[archive.SourceKey]int{}
	for v, err := range l.Videos(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading videos for a report: %w", err)
		}
		if v.Visibility.Exposure == archive.Erased {
			continue
		}
		for _, s := range v.Sources {
			at[s.SourceKey] = len(r.Rows)
			r.Rows = append(r.Rows, rowOf(v, s, lang, r.At, articles[v.ID]))
		}
	}
	for h, err := range l.Heard(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading when sources were heard: %w", err)
		}
		if i, known := at[h.Source]; known {
			r.Rows[i].hear(h)
		}
	}
	for c, err := range l.Channels(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading channels for a report: %w", err)
		}
		r.Channels[c.Key] = c
	}
	slices.SortStableFunc(r.Rows, newestLossFirst)
	return r, nil
}

func articlesOf(all iter.Seq2[archive.Article, error]) (map[archive.VideoID][]string, error) {
	found := map[archive.VideoID][]string{}
	for a, err := range all {
		if err != nil {
			return nil, fmt.Errorf("reading articles for a report: %w", err)
		}
		for _, p := range a.Placements {
			if !slices.Contains(found[p.Video], a.URL) { // it may stand there twice
				found[p.Video] = append(found[p.Video], a.URL)
			}
		}
	}
	return found, nil
}

func rowOf(v archive.Video, s archive.Source, lang string, now time.Time, articles []string) Row {
	standing := s.Effective()
	title, _ := v.DisplayTitle(lang)
	row := Row{
		Video: v.ID, Title: title, Source: s.SourceKey, URL: s.URL, Added: s.Added, Collections: v.Collections, Tags: v.Tags, Ignored: s.Ignored(),
		State: standing.State, Computed: s.Standing.State, Since: standing.Since, LastGood: s.Standing.LastGood, FirstBad: s.Standing.FirstBad,
		LastRound: s.Standing.LastRound, Outcome: s.Standing.Outcome, Reason: s.Standing.Reason, Disputed: s.Standing.DisputedSince,
		Unheard: s.Standing.Unheard, Held: len(s.Standing.Held), Covered: covered(v, now), Articles: articles, Moves: s.Standing.Transitions,
	}
	if u, err := url.Parse(s.URL); err == nil {
		row.Host = strings.ToLower(u.Hostname())
	}
	if s.Described != nil {
		row.Channel = s.Described.Channel
		row.Year = s.Described.Published.Year()
		if s.Described.Published.IsZero() {
			row.Year = 0
		}
	}
	row.ChannelKey, _ = s.ChannelOf()
	if year := eventYear(v.EventDate); year != 0 {
		row.Year = year
	}
	if s.Overrule != nil {
		row.Overruled = s.Overrule.Reason
	}
	if s.Archived != nil {
		row.Archived = s.Archived.URL
	}
	row.ToDecide = !row.Ignored && (row.disputedLong(now) || row.Unheard || row.Held > 0)
	return row
}

// disputedFor is how long a dispute may last before a person should look.
const disputedFor = 3 * 24 * time.Hour

func (r *Row) disputedLong(now time.Time) bool {
	return !r.Disputed.IsZero() && now.Sub(r.Disputed) >= disputedFor
}

// eventYear is the year in an EDTF date, 0 without one.
func eventYear(date archive.EDTF) int {
	var year int
	if _, err := fmt.Sscanf(string(date), "%4d", &year); err != nil {
		return 0
	}
	return year
}

// covered reports whether readers can still watch the video somewhere in an embed: a copy whose
// rights have not run out, or a source that is a player. See embeds.Choose.
func covered(v archive.Video, now time.Time) bool {
	held := func(c archive.Copy) bool { return c.Rights.Expires.IsZero() || now.Before(c.Rights.Expires) }
	return slices.ContainsFunc(v.Copies, held) || slices.ContainsFunc(v.Sources, func(s archive.Source) bool { return plays(s.Effective()) })
}

// plays reports whether a source may be a player: also one that was never asked, and one that
// is limited by region but not everywhere.
func plays(s archive.Standing) bool {
	switch {
	case s.Outcome.Bad(), !s.Outcome.Clear() && s.State == archive.Gone:
		return false
	case s.Outcome == archive.EmbeddingDisabled, s.Outcome == archive.Restricted && len(s.Restrictions) == 0:
		return false
	}
	shut := func(r archive.Restriction) bool { return r.Aspect != archive.AspectRegion || r.Nowhere }
	return !slices.ContainsFunc(s.Restrictions, shut)
}

func (r *Row) hear(h archive.Heard) {
	s := archive.Standing{LastRound: r.LastRound, LastGood: r.LastGood}.Hears(h)
	r.LastRound = s.LastRound
	if !bad(r.State) {
		r.LastGood = s.LastGood
	}
}

// newestLossFirst puts what needs a person before what does not: suspects, then what is gone,
// the newest of each first.
func newestLossFirst(a, b Row) int {
	if byState := cmp.Compare(rank(a.State), rank(b.State)); byState != 0 {
		return byState
	}
	return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.Video, b.Video), a.Source.Compare(b.Source))
}

// rank is the place of a state among States.
func rank(s archive.State) int {
	switch s {
	case archive.Suspect:
		return 0
	case archive.Gone:
		return 1
	case archive.Unchecked:
		return 2
	case archive.Limited:
		return 3
	}
	return 4
}
