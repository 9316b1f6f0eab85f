package archive

import (
	"slices"
	"time"
)

// How much it takes to believe a death. Each is a floor: waiting longer only
// delays the news, believing sooner calls living videos dead.
const (
	countedApart   = 5 * time.Hour       // an outage of an afternoon makes one counted round, not five
	aloneOver      = 24 * time.Hour      // what one method says must hold for a whole day
	unheardAfter   = 14 * 24 * time.Hour // a fortnight's silence is for a person to look at
	roundsAgreed   = 2                   // counted rounds in which two methods agree
	roundsAlone    = 3                   // counted rounds of one method
	methodsAgree   = 2
	maxTransitions = 32
)

// Verdict says what Judge made of a round.
type Verdict string

// Verdicts. The zero value is Stale, which changed nothing.
const (
	Stale        Verdict = ""             // not newer than the last round applied
	SaysUnclear  Verdict = "unclear"      // no method could tell
	SaysDisputed Verdict = "disputed"     // one method says alive, another dead
	SaysAlive    Verdict = "alive"        // good or limited
	SaysBad      Verdict = "bad"          // and it counted
	SaysBadSoon  Verdict = "bad-too-soon" // less than five hours after the last that counted
)

// Judge turns a source's standing plus a new round into its next standing.
// It has no clock, no network and no store, and does not alter its arguments.
//
//	any                      good or limited round   live / limited, at once
//	live, limited, unchecked one bad round           suspect
//	suspect                  two counted rounds in which two methods agree,
//	                         or three over a day     gone
//	any                      unclear or disputed     unchanged
//
// "We could not tell" is never "it is dead". A bad answer that nothing vouches for is unclear.
func Judge(s Standing, r Round) (Standing, Verdict) {
	if !r.At.After(s.LastRound) {
		return s, Stale
	}
	next := s
	next.Counted, next.Transitions = slices.Clone(s.Counted), slices.Clone(s.Transitions)
	next.LastRound = r.At
	if next.FirstRound.IsZero() {
		next.FirstRound = r.At
	}
	got := r.read()
	switch {
	case len(got.alive) > 0 && got.main:
		return next.disputed(r.At), SaysDisputed
	case len(got.alive) > 0:
		return next.alive(r.At, got.alive), SaysAlive
	case got.main:
		return next.bad(r.At, got)
	}
	return next.unclear(r.At), SaysUnclear
}

// Replay judges rounds in the order of their times, whatever the order they come in.
func Replay(s Standing, rounds ...Round) Standing {
	sorted := slices.SortedFunc(slices.Values(rounds), func(a, b Round) int { return a.At.Compare(b.At) })
	for _, r := range sorted {
		s, _ = Judge(s, r)
	}
	return s
}

func (s Standing) disputed(at time.Time) Standing {
	if s.DisputedSince.IsZero() {
		s.DisputedSince = at
	}
	return s
}

func (s Standing) unclear(at time.Time) Standing {
	heard := s.LastClear
	if heard.IsZero() {
		heard = s.FirstRound
	}
	s.Unheard = s.Unheard || at.Sub(heard) >= unheardAfter
	return s
}

// alive revives at once: to be wrong about life costs a reader one click,
// to be wrong about death costs the article its video.
func (s Standing) alive(at time.Time, answers []Observation) Standing {
	s.LastClear, s.LastGood = at, at
	s.FirstBad, s.DisputedSince, s.Counted, s.Unheard = time.Time{}, time.Time{}, nil, false
	s.Restrictions = stillHolding(s.Restrictions, answers)
	s.Outcome, s.Reason = outcomeOf(s.Restrictions), reasonOf(answers)
	if len(s.Restrictions) > 0 {
		return s.enter(Limited, at)
	}
	return s.enter(Live, at)
}

func (s Standing) bad(at time.Time, got reading) (Standing, Verdict) {
	worst := got.worst()
	s.LastClear, s.Outcome, s.Reason = at, worst.Outcome, worst.Reason
	s.DisputedSince, s.Unheard = time.Time{}, false
	count := Count{At: at, Methods: got.badMethods()}
	switch s.State {
	case Gone:
		return s, SaysBad
	case Suspect:
		if n := len(s.Counted); n > 0 && at.Sub(s.Counted[n-1].At) < countedApart {
			return s, SaysBadSoon
		}
		s.Counted = append(s.Counted, count)
		if enough(s.Counted) {
			return s.enter(Gone, at), SaysBad
		}
		return s, SaysBad
	}
	s.FirstBad, s.Counted = at, []Count{count}
	return s.enter(Suspect, at), SaysBad
}

// enough reports whether the counted rounds make a death believable.
func enough(counted []Count) bool {
	agreed := 0
	for _, c := range counted {
		if len(c.Methods) >= methodsAgree {
			agreed++
		}
	}
	over := counted[len(counted)-1].At.Sub(counted[0].At)
	return agreed >= roundsAgreed || len(counted) >= roundsAlone && over >= aloneOver
}

// enter moves to a state and logs the move; staying is no move.
func (s Standing) enter(to State, at time.Time) Standing {
	if s.State == to {
		return s
	}
	s.Transitions = append(s.Transitions, Transition{At: at, From: s.State, To: to, Reason: s.Reason})
	if extra := len(s.Transitions) - maxTransitions; extra > 0 {
		s.Transitions = s.Transitions[extra:]
	}
	s.State, s.Since = to, at
	return s
}
