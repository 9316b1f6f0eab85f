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

// Candidate is a source that a page may play, with the address of its player.
type Candidate struct {
	Place
	// Address is the player's page, or the media file itself. It is built from
	// the platform and the platform's id, never from a stored address.
	Address string
	// Origin is scheme and host of Address: the only sender whose messages count.
	Origin string
}

// Choice is what readers of a video get, in order.
type Choice struct {
	Ending     Ending
	Candidates []Candidate // players, the best first
	Places     []Place     // every source, in the newsroom's order of preference
}

// Choose decides what readers get: sources that are good in order of
// preference, then those limited by region, then the unchecked, then the
// unheard. Sources that may be watched on their own page only, and those that
// are gone, are never players.
func Choose(v archive.Video, players map[string]archive.Player) Choice {
	c := Choice{Ending: EndingCard}
	for _, s := range v.Sources {
		place := Place{Source: s, Player: players[s.Platform], Reach: reach(s.Standing)}
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
	if len(c.Candidates) > 0 {
		c.Ending = EndingPlayer
	}
	return c
}

// Candidates are the players of a video, the best first.
func Candidates(v archive.Video, players map[string]archive.Player) []Candidate {
	return Choose(v, players).Candidates
}

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
		worst = max(worst, limit(r))
	}
	return worst
}

func limit(r archive.Restriction) Reach {
	if r.Aspect != archive.AspectRegion {
		return ReachLink
	}
	if r.Nowhere {
		return ReachNone
	}
	return ReachRegion
}
