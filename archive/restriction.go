package archive

import (
	"cmp"
	"slices"
	"strings"
)

// stillHolding is the restrictions after a round of living answers: those that
// the round named, and those known before that no method of the round could see.
// oEmbed's 200 lifts no region limit, for it cannot see one.
func stillHolding(known []Restriction, answers []Observation) []Restriction {
	holding := map[Aspect]Restriction{}
	for _, r := range known {
		if !slices.ContainsFunc(answers, func(o Observation) bool { return slices.Contains(o.Sees, r.Aspect) }) {
			holding[r.Aspect] = r
		}
	}
	for _, o := range slices.SortedFunc(slices.Values(answers), compareMethods) {
		for _, r := range o.restrictions() {
			holding[r.Aspect] = r
		}
	}
	var list []Restriction
	for _, r := range holding {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Restriction) int { return cmp.Compare(a.Aspect, b.Aspect) })
	return list
}

// restrictions are those that the answer names; a limited answer names at least one.
func (o Observation) restrictions() []Restriction {
	named := o.Restrictions
	if o.Outcome == EmbeddingDisabled && !slices.ContainsFunc(named, func(r Restriction) bool { return r.Aspect == AspectEmbedding }) {
		named = append(slices.Clone(named), Restriction{Aspect: AspectEmbedding})
	}
	if o.Outcome == Restricted && len(named) == 0 {
		named = []Restriction{{Aspect: AspectRegion}}
	}
	return named
}

// outcomeOf is the outcome of a living source with these restrictions.
func outcomeOf(holding []Restriction) Outcome {
	if slices.ContainsFunc(holding, func(r Restriction) bool { return r.Aspect == AspectEmbedding }) {
		return EmbeddingDisabled
	}
	if len(holding) > 0 {
		return Restricted
	}
	return Playable
}

// reasonOf joins what limited answers gave as their reasons.
func reasonOf(answers []Observation) string {
	var reasons []string
	for _, o := range answers {
		if o.Outcome.Limited() && o.Reason != "" {
			reasons = append(reasons, o.Reason)
		}
	}
	slices.Sort(reasons)
	return strings.Join(slices.Compact(reasons), "; ")
}
