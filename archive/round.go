package archive

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// roundSpan is how far apart two answers of one round may be, and how near in time
// the answer must be that vouches for a bad one.
const roundSpan = 10 * time.Minute

// Round is all methods' answers on one source within ten minutes, with the
// answers to other sources that show which methods were working.
type Round struct {
	At           time.Time     // of the newest observation
	Observations []Observation // about the source
	Witnesses    []Observation // good answers about other sources, the control's among them
}

// Rounds sorts observations into one round for each source that is no control.
// Where a source was observed over more than ten minutes, the newest ten count.
// A round's witnesses are those that its bad answers need.
func Rounds(observations []Observation) map[SourceKey]Round {
	rounds, witnesses := map[SourceKey]Round{}, newWitnesses(observations)
	for _, o := range observations {
		if o.Control {
			continue
		}
		r := rounds[o.Source]
		r.Observations = append(r.Observations, o)
		if o.At.After(r.At) {
			r.At = o.At
		}
		rounds[o.Source] = r
	}
	for key, r := range rounds {
		r.Observations = slices.DeleteFunc(r.Observations, func(o Observation) bool { return r.At.Sub(o.At) > roundSpan })
		r.Witnesses = witnesses.of(r.Observations)
		rounds[key] = r
	}
	return rounds
}

// roundOf is the round of one source.
func roundOf(key SourceKey, observations []Observation) Round { return Rounds(observations)[key] }

// Bad reports whether an answer that something vouches for says that the source is gone.
func (r Round) Bad() bool { return r.read().main }

// kept is the answers of the round that are kept as files.
func (r Round) kept() []File {
	var files []File
	for _, o := range r.Observations {
		if o.Kept != nil {
			files = append(files, *o.Kept)
		}
	}
	return files
}

// skew is how far our clock and an answer's were apart at most, 0 where none is in doubt.
func (r Round) skew() time.Duration {
	var most time.Duration
	for _, o := range r.Observations {
		if o.Skewed() {
			most = max(most, o.At.Sub(o.Date).Abs())
		}
	}
	return most
}

// telling is the observation that says what the round does: the worst that is clear,
// else the best.
func (r Round) telling() Observation {
	got := r.read()
	switch {
	case len(got.alive) > 0:
		return got.alive[0]
	case got.main:
		return got.worst()
	case len(r.Observations) > 0:
		return silent(slices.MaxFunc(r.Observations, compareSilent))
	}
	return Observation{}
}

// compareSilent finds, among answers of which none is believed, the one that says most about why,
// whatever the order in which they came.
func compareSilent(a, b Observation) int {
	explains := func(o Observation) int {
		switch {
		case o.Reason == "":
			return 0
		case o.Supports:
			return 1
		}
		return 2
	}
	return cmp.Or(explains(a)-explains(b), compareMethods(a, b), strings.Compare(string(a.Outcome), string(b.Outcome)), strings.Compare(a.Reason, b.Reason))
}

// disputed reports whether one method says alive and another dead.
func (r Round) disputed() bool {
	got := r.read()
	return len(got.alive) > 0 && got.main
}

// silent is an observation of which nothing was believed.
func silent(o Observation) Observation {
	if o.Outcome.Bad() {
		o.Reason = "no witness: " + o.Reason
	}
	o.Outcome = Unclear
	return o
}

// vouches reports whether the answer shows that its method works on its host.
// A limited answer does not: a block may look like one.
func (o Observation) vouches() bool { return o.Outcome.Good() || o.Answers && !o.Outcome.Bad() }

// vouched reports whether a bad answer is clear: the same method on the same
// host gave a good one to somebody else at about the same time. Without
// that, a refused key or a blocked address would look like a thousand deaths.
func (r Round) vouched(o Observation) bool {
	return slices.ContainsFunc(r.Witnesses, func(w Observation) bool {
		return w.Source != o.Source && w.Method == o.Method && w.Host == o.Host && w.vouches() && w.At.Sub(o.At).Abs() <= roundSpan
	})
}

// reading is what a round says when its answers are taken together.
type reading struct {
	alive []Observation // good and limited
	bad   []Observation // clear ones, the supporting included
	main  bool          // at least one bad answer is more than a support
}

func (r Round) read() reading {
	var got reading
	for _, o := range r.Observations {
		switch {
		case o.Outcome.Good() && !o.Supports, o.Outcome.Limited() && !o.Supports:
			got.alive = append(got.alive, o)
		case o.Outcome.Bad() && r.vouched(o):
			got.bad = append(got.bad, o)
			got.main = got.main || !o.Supports
		}
	}
	return got
}

// badMethods are the independent methods that said bad, sorted.
func (g reading) badMethods() []string {
	var names []string
	for _, o := range g.bad {
		names = append(names, o.Method)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// worst is the bad answer that says most: removed before private before missing.
func (g reading) worst() Observation {
	rank := map[Outcome]int{Missing: 1, Private: 2, Removed: 3}
	return slices.MaxFunc(g.bad, func(a, b Observation) int {
		if a.Supports != b.Supports {
			return map[bool]int{true: -1, false: 1}[a.Supports]
		}
		if d := rank[a.Outcome] - rank[b.Outcome]; d != 0 {
			return d
		}
		return compareMethods(a, b)
	})
}

// compareMethods makes choices among equals independent of the order of delivery.
func compareMethods(a, b Observation) int {
	switch {
	case a.Method < b.Method:
		return 1
	case a.Method > b.Method:
		return -1
	}
	return 0
}
