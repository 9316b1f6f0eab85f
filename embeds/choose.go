package embeds

import (
	"cmp"
	"net/url"
	"slices"

	"videoteca/archive"
)

// Ending is what a reader ends up with when nothing goes wrong in the browser.
type Ending string

// Endings.
const (
	EndingPlayer Ending = "player" // a platform's player or a media file
	EndingCard   Ending = "card"   // the preserved card
)

// Reach says how readers can get at one source. The lower, the better.
type Reach int

// Reaches. Only those up to ReachUnheard are players.
const (
	ReachGood      Reach = iota // playable, as far as the newest clear round says
	ReachRegion                 // playable, but not in every region
	ReachUnchecked              // no clear round has been seen yet
	ReachUnheard                // would be one of the above, but has not been heard of for long
	ReachLink                   // may be watched on its own page only
	ReachNone                   // gone, or blocked everywhere: only where it was
)

// Plays reports whether a player may be offered.
func (r Reach) Plays() bool { return r <= ReachUnheard }

// Place is one source as readers can reach it.
type Place struct {
	Source archive.Source
	Player archive.Player // zero where the platform is not configured
	Reach  Reach
}

// Name is what readers know the place as: the platform's label, or the host of
// a media file, since "at example.org" tells more than "at a web file".
func (p Place) Name() string {
	if p.Player.Kind == archive.PlayerMedia {
		if u, err := url.Parse(p.Source.ID); err == nil && u.Hostname() != "" {
			return u.Hostname()
		}
	}
	return cmp.Or(p.Player.Label, p.Source.Platform)
}

// Candidate is what a page may play: a source, or a copy that the newsroom holds.
type Candidate struct {
	Place // of a source; zero for a copy
	// Copy is nil for a source.
	Copy *archive.Copy
	// Address is the player's page, or the media file itself. It is built from
	// the platform and the platform's id, never from a stored address.
	Address string
	// Origin is scheme and host of Address: the only sender whose messages count.
	// Empty for a copy, which is where the page is.
	Origin string
}

// kind is the way of playing.
func (c Candidate) kind() archive.PlayerKind {
	if c.Copy != nil {
		return archive.PlayerMedia
	}
	return c.Player.Kind
}

// Choice is what readers of a video get, in order.
type Choice struct {
	Ending     Ending
	Candidates []Candidate // players, the best first
	Places     []Place     // every source, in the newsroom's order of preference
}

// Prefer is which kind of candidate a page offers first.
type Prefer string

// Preferences. The zero value is PreferSource.
const (
	PreferSource Prefer = "source"
	PreferCopy   Prefer = "copy"
)

// Choose decides what readers get: sources that are good in order of
// preference, then those limited by region, then the unchecked, then the
// unheard, then the newsroom's copies. Sources that may be watched on their own
// page only, and those that are gone, are never players.
func Choose(v archive.Video, o Options) Choice {
	c := Choice{Ending: EndingCard}
	for _, s := range v.Sources {
		s.Standing = s.Effective() // a person's ruling stands above what was computed
		place := Place{Source: s, Player: o.Players[s.Platform], Reach: reach(s.Standing)}
		candidate, ok := candidateOf(place)
		if place.Reach.Plays() && !ok {
			place.Reach = ReachLink
		}
		c.Places = append(c.Places, place)
		if place.Reach.Plays() {
			c.Candidates = append(c.Candidates, candidate)
		}
	}
	slices.SortStableFunc(c.Candidates, func(a, b Candidate) int { return cmp.Compare(a.Reach, b.Reach) })
	if copies := copiesOf(v, o); o.Prefer == PreferCopy {
		c.Candidates = append(copies, c.Candidates...)
	} else {
		c.Candidates = append(c.Candidates, copies...)
	}
	if len(c.Candidates) > 0 {
		c.Ending = EndingPlayer
	}
	return c
}

// copiesOf are the newsroom's copies whose rights have not run out.
func copiesOf(v archive.Video, o Options) []Candidate {
	var out []Candidate
	for i := range v.Copies {
		held := &v.Copies[i]
		if held.Rights.Expires.IsZero() || o.Now.Before(held.Rights.Expires) {
			out = append(out, Candidate{Copy: held, Address: o.local(MediaPath(v.ID, held.File))})
		}
	}
	return out
}

// MediaPath is the public path of a copy or of a caption track.
func MediaPath(id archive.VideoID, f archive.File) string { return "/m/" + string(id) + "/" + f.Name() }

// reach judges by the newest clear round; the state is older news. A limit that
// is still known to hold counts even if a method unable to see it said playable.
func reach(s archive.Standing) Reach {
	best := ReachGood
	switch {
	case s.Outcome.Bad(), !s.Outcome.Clear() && s.State == archive.Gone:
		return ReachNone
	case s.Outcome == archive.EmbeddingDisabled:
		return max(ReachLink, limits(s.Restrictions))
	case s.Outcome == archive.Restricted && len(s.Restrictions) == 0:
		return ReachLink
	case !s.Outcome.Clear():
		best = ReachUnchecked
	}
	best = max(best, limits(s.Restrictions))
	if s.Unheard && best.Plays() {
		return ReachUnheard
	}
	return best
}

// limits is the worst that the restrictions make of a source.
func limits(restrictions []archive.Restriction) Reach {
	worst := ReachGood
	for _, r := range restrictions {
		worst = max(worst, limited(r))
	}
	return worst
}

func limited(r archive.Restriction) Reach {
	if r.Aspect != archive.AspectRegion {
		return ReachLink
	}
	if r.Nowhere {
		return ReachNone
	}
	return ReachRegion
}
