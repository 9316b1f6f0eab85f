package archive

import (
	"slices"
	"time"
)

// Heard is when a source was asked and when it answered. It moves with every round,
// also with one that changes nothing else, so it is kept in the journal's
// parts and daily checkpoints and not in the record.
type Heard struct {
	Source    SourceKey `json:"source"`
	LastRound time.Time `json:"lastRound"`          // the newest round, clear or not
	Pictured  time.Time `json:"pictured,omitzero"`  // when its picture was last asked for
	LastClear time.Time `json:"lastClear,omitzero"` // the newest round that said anything
	LastGood  time.Time `json:"lastGood,omitzero"`  // last seen playable or limited
	Outcome   Outcome   `json:"outcome"`            // of the newest round
	Method    string    `json:"method,omitempty"`   // that gave Outcome
	Reason    string    `json:"reason,omitempty"`
}

// HeardIn is what a round on a source says of when it was heard.
func HeardIn(key SourceKey, r Round) Heard {
	told := r.telling()
	h := Heard{Source: key, LastRound: r.At, Outcome: told.Outcome, Method: told.Method, Reason: told.Reason}
	if slices.ContainsFunc(r.Observations, func(o Observation) bool { return o.Shows != "" }) {
		h.Pictured = r.At
	}
	if told.Outcome.Clear() && !r.disputed() {
		h.LastClear = r.At
		if !told.Outcome.Bad() {
			h.LastGood = r.At
		}
	}
	return h
}

// Merge is the later of two, field by field of the times. It does not depend on their order.
func (h Heard) Merge(other Heard) Heard {
	newer := h
	if other.LastRound.After(h.LastRound) {
		newer = other
	}
	newer.LastClear = later(h.LastClear, other.LastClear)
	newer.LastGood = later(h.LastGood, other.LastGood)
	newer.Pictured = later(h.Pictured, other.Pictured)
	return newer
}

// Hears is s with what has been heard since it was written down: when, and, as long as no
// round was clear, why not.
func (s Standing) Hears(h Heard) Standing {
	if h.LastRound.After(s.LastRound) && s.LastClear.IsZero() && h.LastClear.IsZero() {
		s.Reason = h.Reason
	}
	s.LastRound = later(s.LastRound, h.LastRound)
	s.LastClear = later(s.LastClear, h.LastClear)
	s.LastGood = later(s.LastGood, h.LastGood)
	return s
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
