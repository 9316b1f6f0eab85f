package archive

import (
	"slices"
	"time"
)

// witnesses are the answers that show which methods were working where, by method and host and
// in the order of their times.
type witnesses map[methodAt][]Observation

type methodAt struct{ method, host string }

func newWitnesses(observations []Observation) witnesses {
	found := witnesses{}
	for _, o := range observations {
		if o.vouches() {
			at := methodAt{o.Method, o.Host}
			found[at] = append(found[at], o)
		}
	}
	for _, list := range found {
		slices.SortStableFunc(list, func(a, b Observation) int { return a.At.Compare(b.At) })
	}
	return found
}

// of is one witness for each bad answer that has any. To name them all would
// make a part of 5,000 observations 25 million.
func (w witnesses) of(observations []Observation) []Observation {
	var needed []Observation
	for _, o := range observations {
		if !o.Outcome.Bad() {
			continue
		}
		if witness, found := w.near(o); found {
			needed = append(needed, witness)
		}
	}
	return needed
}

// near is an answer to another source within the span of a round.
func (w witnesses) near(o Observation) (Observation, bool) {
	list := w[methodAt{o.Method, o.Host}]
	from, _ := slices.BinarySearchFunc(list, o.At.Add(-roundSpan), func(have Observation, at time.Time) int { return have.At.Compare(at) })
	for _, have := range list[from:] {
		if have.At.Sub(o.At) > roundSpan {
			break
		}
		if have.Source != o.Source {
			return have, true
		}
	}
	return Observation{}, false
}
