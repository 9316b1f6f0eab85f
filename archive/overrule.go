package archive

import "time"

// Ruling is what a person says of a source, above what Judge computes.
type Ruling string

// Rulings. The zero value is none.
const (
	RulesNothing Ruling = ""
	RulesAlive   Ruling = "alive"  // whatever the platform answers
	RulesDead    Ruling = "dead"   // the same
	RulesIgnore  Ruling = "ignore" // not asked any more and in no list of losses
)

// Valid reports whether the ruling is one that a person may give.
func (r Ruling) Valid() bool { return r == RulesAlive || r == RulesDead || r == RulesIgnore }

// Overrule is a person's ruling over a source. The computed standing goes on
// underneath, so taking the ruling back shows what the platform says.
type Overrule struct {
	As     Ruling    `json:"as"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Host   string    `json:"host,omitempty"` // where it was given for all sources of a host
}

// State is what readers and reports are told of the source: a person's ruling, else the computed state.
func (s Source) State() State { return s.Effective().State }

// Effective is the standing under a person's ruling: what readers get follows from it.
func (s Source) Effective() Standing {
	e := s.Standing
	switch s.ruling() {
	case RulesAlive:
		e.Unheard = false
		if e.State == Suspect || e.State == Gone || e.State == Unchecked {
			e.State, e.Outcome, e.Since, e.Reason = Live, Playable, s.Overrule.At, ""
		}
	case RulesDead:
		if e.State != Gone {
			e.State, e.Outcome, e.Since, e.Reason = Gone, Missing, s.Overrule.At, ""
		}
	}
	return e
}

// Ignored reports whether a person had the source left out of audits.
func (s Source) Ignored() bool { return s.ruling() == RulesIgnore }

func (s Source) ruling() Ruling {
	if s.Overrule == nil {
		return RulesNothing
	}
	return s.Overrule.As
}
