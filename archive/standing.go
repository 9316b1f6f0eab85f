package archive

import (
	"iter"
	"reflect"
	"slices"
	"time"
)

// State is what Judge believes of a source.
type State string

// States. The zero value is Unchecked.
const (
	Unchecked State = ""
	Live      State = "live"
	Limited   State = "limited"
	Suspect   State = "suspect"
	Gone      State = "gone"
)

// String is the word for people and for the API; Unchecked is "unchecked".
func (s State) String() string {
	if s == Unchecked {
		return "unchecked"
	}
	return string(s)
}

// MarshalText writes the word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word. An unknown one is Unchecked.
func (s *State) UnmarshalText(text []byte) error {
	switch got := State(text); got {
	case Live, Limited, Suspect, Gone:
		*s = got
	default:
		*s = Unchecked
	}
	return nil
}

// Standing is what Judge keeps of a source between rounds.
type Standing struct {
	State         State         `json:"state"`
	LastRound     time.Time     `json:"lastRound,omitzero"` // the newest round applied, clear or not
	LastClear     time.Time     `json:"lastClear,omitzero"` // the newest round that said anything
	LastGood      time.Time     `json:"lastGood,omitzero"`  // last seen playable or limited
	FirstBad      time.Time     `json:"firstBad,omitzero"`  // first bad round of the present run
	Since         time.Time     `json:"since,omitzero"`     // when State was entered
	FirstRound    time.Time     `json:"firstRound,omitzero"`
	Outcome       Outcome       `json:"outcome"`                // of the newest clear round
	Reason        string        `json:"reason,omitempty"`       // of the newest clear round; before the first, why there is none
	Restrictions  []Restriction `json:"restrictions,omitempty"` // known to hold
	Counted       []Count       `json:"counted,omitempty"`      // bad rounds that count towards Gone
	Held          []Hold        `json:"held,omitempty"`         // bad rounds that the guard holds, the oldest first
	Unheard       bool          `json:"unheard,omitempty"`      // no clear round for 14 days
	DisputedSince time.Time     `json:"disputedSince,omitzero"`
	Transitions   []Transition  `json:"transitions,omitempty"` // the newest 32, oldest first
}

// Count is one bad round that counted.
type Count struct {
	At      time.Time `json:"at"`
	Methods []string  `json:"methods"` // independent methods that said bad, sorted
}

// Hold is a bad round that changes nothing until it is released; see Thresholds.Hold.
type Hold struct {
	Count
	Outcome  Outcome       `json:"outcome"`
	Reason   string        `json:"reason,omitempty"`
	Audit    string        `json:"audit,omitempty"`    // as in a Transition, which it may become
	Evidence []File        `json:"evidence,omitempty"` //
	Skew     time.Duration `json:"skew,omitempty"`     //
}

// move is the transition that the round makes.
func (h Hold) move(to State) Transition {
	return Transition{At: h.At, To: to, Audit: h.Audit, Evidence: h.Evidence, Skew: h.Skew}
}

// Transition is one change of state.
type Transition struct {
	At       time.Time     `json:"at"`
	From     State         `json:"from"`
	To       State         `json:"to"`
	Reason   string        `json:"reason,omitempty"`
	Audit    string        `json:"audit,omitempty"`    // whose journal has the observations
	Evidence []File        `json:"evidence,omitempty"` // the answers as they came, labelled by method
	Skew     time.Duration `json:"skew,omitempty"`     // nanoseconds; how far our clock and an answer's were apart, where that is over 60 s
}

// Answers yields the answers that are kept as evidence of the standing, those of held rounds
// included, with the time of the round.
func (s Standing) Answers() iter.Seq2[time.Time, File] {
	return func(yield func(time.Time, File) bool) {
		for _, t := range s.Transitions {
			for _, f := range t.Evidence {
				if !yield(t.At, f) {
					return
				}
			}
		}
		for _, h := range s.Held {
			for _, f := range h.Evidence {
				if !yield(h.At, f) {
					return
				}
			}
		}
	}
}

// Explained is the standing with what a round's part in it rests on: the audit whose journal has
// the answers, and those that are kept. What rests on other rounds stays as it is.
func (s Standing) Explained(r Round, audit string) Standing {
	s.Transitions, s.Held = slices.Clone(s.Transitions), slices.Clone(s.Held)
	evidence, skew := r.kept(), r.skew()
	for i := range s.Transitions {
		if t := &s.Transitions[i]; t.At.Equal(r.At) && t.Audit == "" {
			t.Audit, t.Evidence, t.Skew = audit, evidence, skew
		}
	}
	for i := range s.Held {
		if h := &s.Held[i]; h.At.Equal(r.At) && h.Audit == "" {
			h.Audit, h.Evidence, h.Skew = audit, evidence, skew
		}
	}
	return s
}

// Same reports whether the record need not be written for the other's sake: whether
// they differ in nothing but when the source was heard, and why it was not.
func (s Standing) Same(other Standing) bool {
	return reflect.DeepEqual(s.quiet(), other.quiet())
}

// quiet is the standing without when the source was heard. Where it stands in
// records, an empty list is none.
func (s Standing) quiet() Standing {
	if s.LastClear.IsZero() { // Heard has it
		s.Reason = ""
	}
	s.LastRound, s.LastClear, s.LastGood = time.Time{}, time.Time{}, time.Time{}
	if len(s.Counted) == 0 {
		s.Counted = nil
	}
	if len(s.Held) == 0 {
		s.Held = nil
	}
	if len(s.Transitions) == 0 {
		s.Transitions = nil
	}
	if len(s.Restrictions) == 0 {
		s.Restrictions = nil
	}
	return s
}
