package embeds

import (
	"cmp"
	"fmt"
	"time"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

// card is what the archive keeps of a video, for readers of a page on which
// nothing can be played.
type card struct {
	Reason string `json:"reason"`           // why there is no player; for a playable one, where it is
	Failed string `json:"failed,omitempty"` // once every candidate has failed in the browser
	Text   prose  `json:"text,omitzero"`    // the newsroom's caption
	Facts  []fact `json:"facts,omitempty"`
	Links  []link `json:"links,omitempty"`
}

// fact is one row of what is known of a video.
type fact struct {
	Term string `json:"term"`
	Text string `json:"text"`
	Time string `json:"time,omitempty"` // RFC 3339 date where Text is one
}

// link is a place where a video can be watched, or could.
type link struct {
	Label string `json:"label"`
	URL   string `json:"url"` // http or https
	Gone  bool   `json:"gone,omitempty"`
}

func (v view) card(video archive.Video, choice Choice) card {
	c := card{Reason: v.reason(choice), Text: v.Caption, Facts: v.facts(video), Links: v.links(choice.Places)}
	if choice.Ending == EndingPlayer {
		c.Failed = v.T("player.failed")
	}
	return c
}

func (v view) facts(video archive.Video) []fact {
	told := described(video)
	var lastSeen, firstMissing time.Time
	for _, s := range video.Sources {
		if s.Standing.LastGood.After(lastSeen) {
			lastSeen = s.Standing.LastGood
		}
		if s.Standing.FirstBad.After(firstMissing) {
			firstMissing = s.Standing.FirstBad
		}
	}
	if firstMissing.Before(lastSeen) { // of another source, which outlived it
		firstMissing = time.Time{}
	}
	rows := []fact{
		{Term: "fact.publisher", Text: line(told.Channel)},
		v.date("fact.published", told.Published),
		{Term: "fact.length", Text: v.Length},
		v.date("fact.lastSeen", lastSeen),
		v.date("fact.firstMissing", firstMissing),
	}
	var known []fact
	for _, f := range rows {
		if f.Text != "" {
			f.Term = v.T(f.Term)
			known = append(known, f)
		}
	}
	return known
}

func (v view) date(term string, t time.Time) fact {
	if t.IsZero() {
		return fact{}
	}
	t = t.UTC()
	return fact{Term: term, Text: i18n.FormatDate(v.Lang, t), Time: t.Format(time.DateOnly)}
}

// links are the pages of the sources, each followed by what a web archive keeps
// of it; those of the same name are numbered.
func (v view) links(places []Place) []link {
	var out []link
	named := map[string]int{}
	add := func(l link) {
		if _, ok := originOf(l.URL); !ok {
			return
		}
		if named[l.Label]++; named[l.Label] > 1 {
			l.Label = fmt.Sprintf("%s (%d)", l.Label, named[l.Label])
		}
		out = append(out, l)
	}
	for _, p := range places {
		add(v.link(p))
		if m := p.Source.Archived; m != nil {
			add(link{Label: v.T("place.archived", "Date", i18n.FormatDate(v.Lang, m.At.UTC())), URL: m.URL})
		}
	}
	return out
}

func (v view) link(p Place) link {
	id := "place.open"
	switch p.Reach {
	case ReachLink:
		id = "place.watch"
	case ReachNone:
		id = "place.was"
	}
	return link{Label: v.T(id, "Name", p.Name()), URL: p.Source.URL, Gone: p.Reach == ReachNone}
}

// reason is one honest sentence on why there is no player, told of the source
// that readers can still get nearest to.
func (v view) reason(c Choice) string {
	if len(c.Places) == 0 {
		return v.T("reason.unknown")
	}
	nearest := c.Places[0]
	for _, p := range c.Places {
		if p.Reach < nearest.Reach {
			nearest = p
		}
	}
	return v.T("reason."+reasonOf(nearest), "Name", nearest.Name(), "Date", i18n.FormatDate(v.Lang, nearest.Source.Standing.LastClear.UTC()))
}

func reasonOf(p Place) string {
	s := p.Source.Standing
	switch {
	case s.Outcome.Bad() && s.State == archive.Suspect && !s.LastClear.IsZero():
		return "suspect"
	case s.Outcome.Bad():
		return string(s.Outcome)
	case p.Reach == ReachNone && s.State == archive.Gone:
		return string(archive.Missing)
	case p.Reach == ReachNone:
		return "nowhere"
	case s.Outcome == archive.EmbeddingDisabled:
		return string(archive.AspectEmbedding)
	}
	for _, r := range s.Restrictions {
		if limited(r) == ReachLink {
			return cmp.Or(knownAspect(r.Aspect), "restricted")
		}
	}
	if s.Outcome == archive.Restricted {
		return "restricted"
	}
	return "link"
}

// knownAspect is the aspect if there is a sentence about it.
func knownAspect(a archive.Aspect) string {
	switch a {
	case archive.AspectEmbedding, archive.AspectAge, archive.AspectMembers, archive.AspectScheduled, archive.AspectProcessing:
		return string(a)
	}
	return ""
}
