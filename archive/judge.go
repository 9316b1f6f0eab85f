package archive

import (
	"slices"
	"time"
)

const (
	methodsAgree   = 2
	maxTransitions = 32
	maxHeld        = 8
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
	SaysHeld     Verdict = "held"         // bad, and the guard holds it
)

// Judge turns a source's standing plus a new round into its next standing, with
// the standard thresholds; see Thresholds.Judge.
func Judge(s Standing, r Round) (Standing, Verdict) { return Thresholds{}.Judge(s, r) }

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
func (t Thresholds) Judge(s Standing, r Round) (Standing, Verdict) {
	return t.withDefaults().judge(s, r, false)
}

// judge applies a round; held says that the guard holds what is bad.
func (t Thresholds) judge(s Standing, r Round, held bool) (Standing, Verdict) {
	if !r.At.After(s.LastRound) {
		return s, Stale
	}
	next := s
	next.Counted, next.Held, next.Transitions = slices.Clone(s.Counted), slices.Clone(s.Held), slices.Clone(s.Transitions)
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
	case got.main && held && s.State != Gone:
		return t.hold(next, r.At, got)
	case got.main:
		next.Held = nil
		return t.bad(next, got.hold(r.At))
	}
	return next.unclear(r, t.UnheardAfter), SaysUnclear
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

// unclear changes no state. Until there is a clear round, why there is none is all that can be said.
func (s Standing) unclear(r Round, patience time.Duration) Standing {
	heard := s.LastClear
	if heard.IsZero() {
		heard, s.Reason = s.FirstRound, r.telling().Reason
	}
	s.Unheard = s.Unheard || r.At.Sub(heard) >= patience
	return s
}

// alive revives at once: to be wrong about life costs a reader one click,
// to be wrong about death costs the article its video.
func (s Standing) alive(at time.Time, answers []Observation) Standing {
	s.LastClear, s.LastGood = at, at
	s.FirstBad, s.DisputedSince, s.Counted, s.Held, s.Unheard = time.Time{}, time.Time{}, nil, nil, false
	s.Restrictions = stillHolding(s.Restrictions, answers)
	s.Outcome, s.Reason = outcomeOf(s.Restrictions), reasonOf(answers)
	if len(s.Restrictions) > 0 {
		return s.enter(Transition{At: at, To: Limited})
	}
	return s.enter(Transition{At: at, To: Live})
}

// bad applies a bad round at its own time, which may be long ago where it was held.
func (t Thresholds) bad(s Standing, round Hold) (Standing, Verdict) {
	at := round.At
	s.LastClear, s.Outcome, s.Reason = later(s.LastClear, at), round.Outcome, round.Reason
	s.DisputedSince, s.Unheard = time.Time{}, false
	switch s.State {
	case Gone: // found by one method perhaps, which two may come to confirm
		if len(round.Methods) >= methodsAgree && !t.agreed(s.Counted) && t.apart(s.Counted, at) {
			s.Counted = append(s.Counted, round.Count)
		}
		return s, SaysBad
	case Suspect:
		if !t.apart(s.Counted, at) {
			return s, SaysBadSoon
		}
		s.Counted = append(s.Counted, round.Count)
		if t.enough(s.Counted) {
			return s.enter(round.move(Gone)), SaysBad
		}
		return s, SaysBad
	}
	s.FirstBad, s.Counted = at, []Count{round.Count}
	return s.enter(round.move(Suspect)), SaysBad
}

// apart reports whether a round is far enough from the last that counted.
func (t Thresholds) apart(counted []Count, at time.Time) bool {
	n := len(counted)
	return n == 0 || at.Sub(counted[n-1].At) >= t.CountedApart
}

// enough reports whether the counted rounds make a death believable.
func (t Thresholds) enough(counted []Count) bool {
	agreed := 0
	for _, c := range counted {
		if len(c.Methods) >= methodsAgree {
			agreed++
		}
	}
	over := counted[len(counted)-1].At.Sub(counted[0].At)
	return agreed >= t.RoundsAgreed || len(counted) >= t.RoundsAlone && over >= t.AloneOver
}

// enter moves to a state and logs the move; staying is no move.
func (s Standing) enter(move Transition) Standing {
	if s.State == move.To {
		return s
	}
	move.From, move.Reason = s.State, s.Reason
	s.Transitions = append(s.Transitions, move)
	if extra := len(s.Transitions) - maxTransitions; extra > 0 {
		s.Transitions = s.Transitions[extra:]
	}
	s.State, s.Since = move.To, move.At
	return s
}
