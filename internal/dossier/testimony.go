package dossier

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"videoteca/archive"
)

// shownObservations bounds how many answers the page shows; observations.jsonl has all.
const shownObservations = 200

// testimony is what the page keeps of the observations while they pass by.
type testimony struct {
	named   []string // audits whose answers are shown
	ways    map[way]*account
	heard   map[archive.SourceKey]archive.Heard
	shown   []Journaled
	total   int
	skewed  int
	omitted int // of the named audits' answers, for want of room
}

// way is one way in which answers were had.
type way struct {
	method, host, vantage, program string
}

// account is what came that way.
type account struct {
	First, Last time.Time
	Count       int
	Outcomes    map[archive.Outcome]int
}

// hear takes an observation into account. Shown are those that changed a state and those
// whose clocks disagree.
func (t *testimony) hear(j Journaled) {
	t.total++
	skewed := j.Skewed()
	if skewed {
		t.skewed++
	}
	t.account(j.Observation)
	t.note(j.Observation)
	if !skewed && !slices.Contains(t.named, j.Audit) {
		return
	}
	if len(t.shown) == shownObservations {
		t.omitted++
		return
	}
	t.shown = append(t.shown, j)
}

func (t *testimony) account(o archive.Observation) {
	if t.ways == nil {
		t.ways = map[way]*account{}
	}
	key := way{o.Method, o.Host, o.Vantage, o.Program}
	a := t.ways[key]
	if a == nil {
		a = &account{First: o.At, Last: o.At, Outcomes: map[archive.Outcome]int{}}
		t.ways[key] = a
	}
	a.Count++
	a.Outcomes[o.Outcome]++
	if o.At.Before(a.First) {
		a.First = o.At
	}
	if o.At.After(a.Last) {
		a.Last = o.At
	}
}

// note keeps when a source was asked and seen, which its record says only of the round
// that changed it last.
func (t *testimony) note(o archive.Observation) {
	if t.heard == nil {
		t.heard = map[archive.SourceKey]archive.Heard{}
	}
	h := archive.Heard{Source: o.Source, LastRound: o.At}
	if o.Outcome.Good() || o.Outcome.Limited() {
		h.LastGood = o.At
	}
	t.heard[o.Source] = t.heard[o.Source].Merge(h)
}

// sorted are the ways in order.
func (t *testimony) sorted() []way {
	return slices.SortedFunc(maps.Keys(t.ways), func(a, b way) int {
		return cmp.Or(cmp.Compare(a.method, b.method), cmp.Compare(a.host, b.host), cmp.Compare(a.vantage, b.vantage), cmp.Compare(a.program, b.program))
	})
}
