package archive

import (
	"slices"
	"time"
)

// Guard decides, for one platform, whether so many sources turn bad at once that
// the platform, or our way of asking it, is the likelier cause. The zero value is down.
type Guard struct {
	Sources int // of the platform that were not bad before the window
	Turning int // of these, that turned bad within the window or whose bad rounds are held
}

// Up reports whether bad rounds are to be held.
func (g Guard) Up(t Thresholds) bool {
	t = t.withDefaults()
	return g.Turning >= t.GuardLeast && float64(g.Turning) > t.GuardShare*float64(g.Sources)
}

// Turns reports whether the standing counts among a guard's Turning at the time now.
func (t Thresholds) Turns(s Standing, now time.Time) bool {
	return len(s.Held) > 0 || s.badWithin(now, t.withDefaults().GuardWindow)
}

// Stood reports whether the standing counts among a guard's Sources at the time now.
func (t Thresholds) Stood(s Standing, now time.Time) bool {
	return s.State != Suspect && s.State != Gone || t.Turns(s, now)
}

func (s Standing) badWithin(now time.Time, window time.Duration) bool {
	return (s.State == Suspect || s.State == Gone) && !s.FirstBad.IsZero() && now.Sub(s.FirstBad) < window
}

// WouldTurn reports whether the round, judged without a guard, would turn a source bad that was not.
func (t Thresholds) WouldTurn(s Standing, r Round) bool {
	if s.State == Suspect || s.State == Gone || len(s.Held) > 0 {
		return false
	}
	next, _ := t.Judge(s, r)
	return next.State == Suspect || next.State == Gone
}

// Hold applies a round while the guard is up: as Judge, but a bad round changes
// neither state nor what readers get. It is kept, and released by itself, each round
// counting from its own time, once two held rounds far enough apart have each been
// confirmed by two independent methods. A broken key or a blocked address speaks through one
// method alone and is never released so. What is gone already stays gone.
func (t Thresholds) Hold(s Standing, r Round) (Standing, Verdict) {
	return t.withDefaults().judge(s, r, true)
}

func (t Thresholds) hold(s Standing, at time.Time, got reading) (Standing, Verdict) {
	s.DisputedSince = time.Time{}
	if round := got.hold(at); t.adds(s.Held, round) {
		s.Held = append(s.Held, round)
	}
	if !t.released(s.Held) {
		return s, SaysHeld
	}
	return t.Release(s), SaysBad
}

// adds reports whether a round is worth holding beside those that are: it would count if
// they were released, or brings their release nearer. None of these is ever dropped for a
// later one, so the evidence of each stays named; what adds nothing stands in the journal alone.
func (t Thresholds) adds(held []Hold, round Hold) bool {
	if len(held) == 0 {
		return true
	}
	if len(round.Methods) >= methodsAgree {
		i := slices.IndexFunc(held, func(h Hold) bool { return len(h.Methods) >= methodsAgree })
		return i < 0 || round.At.Sub(held[i].At) >= t.CountedApart
	}
	return len(held) < maxHeld && round.At.Sub(held[len(held)-1].At) >= t.CountedApart
}

// released reports whether two rounds agreed by two methods each lie far enough apart.
func (t Thresholds) released(held []Hold) bool {
	counts := make([]Count, len(held))
	for i, h := range held {
		counts[i] = h.Count
	}
	return t.agreed(counts)
}

// agreed reports whether two methods agreed twice, far enough apart.
func (t Thresholds) agreed(counts []Count) bool {
	var first time.Time
	for _, c := range counts {
		switch {
		case len(c.Methods) < methodsAgree:
		case first.IsZero():
			first = c.At
		case c.At.Sub(first) >= t.CountedApart:
			return true
		}
	}
	return false
}

// Confirmed reports whether a source or a channel is gone by two independent methods that agreed twice, and not
// by what one method said for long.
func (t Thresholds) Confirmed(s Standing) bool {
	return s.State == Gone && t.withDefaults().agreed(s.Counted)
}

// Release lets held rounds count from their own times: because a person says so, or the
// channel is known to be closed.
func (t Thresholds) Release(s Standing) Standing {
	t = t.withDefaults()
	held := s.Held
	s.Held = nil
	for _, h := range held {
		s, _ = t.bad(s, h)
	}
	return s
}

// hold is the reading as a bad round.
func (g reading) hold(at time.Time) Hold {
	worst := g.worst()
	return Hold{Count: Count{At: at, Methods: g.badMethods()}, Outcome: worst.Outcome, Reason: worst.Reason}
}
