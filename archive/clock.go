package archive

import (
	"slices"
	"time"
)

// ClockSlack is how far two clocks may be apart and both still be believed. A store on the network refuses
// clocks that are fifteen minutes off, so those of two machines may lie half an hour apart.
const ClockSlack = 30 * time.Minute

// ahead reports whether a moment can't have been yet, so that a clock that was ahead has written it down.
func ahead(at, now time.Time) bool { return at.Sub(now) > ClockSlack }

// AsOf is what was heard without what cannot have been heard yet at the time now: moments more than ClockSlack
// later count as none.
func (h Heard) AsOf(now time.Time) Heard {
	if !ahead(h.LastRound, now) { // no other is later
		return h
	}
	known := Heard{Source: h.Source}
	known.Pictured, known.LastClear, known.LastGood = unlessAhead(h.Pictured, now), unlessAhead(h.LastClear, now), unlessAhead(h.LastGood, now)
	return known
}

func unlessAhead(at, now time.Time) time.Time {
	if ahead(at, now) {
		return time.Time{}
	}
	return at
}

// AsOf is the standing without what cannot have been yet at the time now, so that a round of that time can
// be judged: moments more than ClockSlack later count as none, what began then begins now, and bad rounds of then
// neither count nor are held. The log of moves stays as it was written.
func (s Standing) AsOf(now time.Time) Standing {
	s.LastRound, s.LastClear, s.LastGood = unlessAhead(s.LastRound, now), unlessAhead(s.LastClear, now), unlessAhead(s.LastGood, now)
	for _, began := range []*time.Time{&s.FirstRound, &s.FirstBad, &s.Since, &s.DisputedSince} {
		if ahead(*began, now) {
			*began = now
		}
	}
	if isAhead := func(c Count) bool { return ahead(c.At, now) }; slices.ContainsFunc(s.Counted, isAhead) {
		s.Counted = slices.DeleteFunc(slices.Clone(s.Counted), isAhead)
	}
	if isAhead := func(h Hold) bool { return ahead(h.At, now) }; slices.ContainsFunc(s.Held, isAhead) {
		s.Held = slices.DeleteFunc(slices.Clone(s.Held), isAhead)
	}
	return s
}

// Misdated are the sources whose rounds were had while our clock was in doubt: their answers say that it
// is another time, by more than ClockSlack, and no answer of about the same time, on whatever source, agrees with us. Where one does,
// it is the other host's clock that is off. What no clock but ours dates is not doubted.
func Misdated(rounds map[SourceKey]Round, observations []Observation) map[SourceKey]bool {
	misdated := map[SourceKey]bool{}
	for key, r := range rounds {
		if r.contradicted() {
			misdated[key] = true
		}
	}
	if len(misdated) == 0 {
		return misdated
	}
	agreed := agreements(observations)
	for key := range misdated {
		if confirmed(agreed, rounds[key]) {
			delete(misdated, key)
		}
	}
	return misdated
}

// contradicted reports whether an answer of the round tells another time than our clock, and none tells the same.
func (r Round) contradicted() bool {
	contradicted := false
	for _, o := range r.Observations {
		if o.agrees() {
			return false
		}
		contradicted = contradicted || !o.Date.IsZero()
	}
	return contradicted
}

// agrees reports whether the answer's own clock says the time that ours does.
func (o Observation) agrees() bool {
	return !o.Date.IsZero() && o.At.Sub(o.Date).Abs() <= ClockSlack
}

// agreements are the times at which an answer's clock agreed with ours, in order.
func agreements(observations []Observation) []time.Time {
	var times []time.Time
	for _, o := range observations {
		if o.agrees() {
			times = append(times, o.At)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// confirmed reports whether a clock agreed with ours about when the round was.
func confirmed(agreed []time.Time, r Round) bool {
	at, _ := slices.BinarySearchFunc(agreed, r.At.Add(-roundSpan), time.Time.Compare)
	return at < len(agreed) && agreed[at].Sub(r.At) <= roundSpan
}
