package archive

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// past is the evidence over its time that the record names no more: of moves before the newest ones that a standing
// keeps, and of rounds that were held until the source was seen alive. The events still tell what it is, those of
// the duplicates too with which it came; they are read only where a file lies that nothing else names.
func (r *retaining) past(ctx context.Context, v Video, captures []StoredCapture) ([]keptAnswer, error) {
	unnamed, err := r.unnamed(ctx, v, captures)
	if err != nil || len(unnamed) == 0 {
		return nil, err
	}
	answers := newestAnswers{}
	for _, id := range append([]VideoID{v.ID}, v.Aliases...) {
		for e, err := range r.o.Shelf.Events(ctx, id) {
			if err != nil {
				return nil, fmt.Errorf("reading what became of video %s: %w", id, err)
			}
			for _, a := range answersIn(e) {
				if v.Source(a.source) != nil && unnamed[a.file.Name()] {
					answers.add(a)
				}
			}
		}
	}
	return slices.DeleteFunc(answers.list(), func(a keptAnswer) bool { return !r.rule.over(a.file.Label, a.at) }), nil
}

// unnamed is the files that lie there and that neither the record nor a capture names.
func (r *retaining) unnamed(ctx context.Context, v Video, captures []StoredCapture) (map[string]bool, error) {
	named := used(rule{}, v, captures) // by which nothing is ever over its time
	names := map[string]bool{}
	for f, err := range r.o.Shelf.Files(ctx, v.ID) {
		if err != nil {
			return nil, fmt.Errorf("listing the files of video %s: %w", v.ID, err)
		}
		if !named[f.Name()] {
			names[f.Name()] = true
		}
	}
	return names, nil
}

// answersIn is the evidence that an event's record names.
func answersIn(e Event) []keptAnswer {
	var after struct {
		Sources []struct {
			SourceKey
			Standing Standing `json:"standing"`
		} `json:"sources"`
	}
	data, err := json.Marshal(e.After)
	if err != nil || json.Unmarshal(data, &after) != nil {
		return nil // of a form that is not ours: it names no evidence
	}
	var list []keptAnswer
	for _, s := range after.Sources {
		for at, f := range s.Standing.Answers() {
			list = append(list, keptAnswer{s.SourceKey, at, f})
		}
	}
	return list
}

// newestAnswers is findings by the name of their answer: one that serves several goes with the youngest.
type newestAnswers map[string]keptAnswer

func (n newestAnswers) add(a keptAnswer) {
	if known, met := n[a.file.Name()]; !met || a.at.After(known.at) {
		n[a.file.Name()] = a
	}
}

// list is the answers, the oldest first.
func (n newestAnswers) list() []keptAnswer {
	var list []keptAnswer
	for _, a := range n {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b keptAnswer) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return cmp.Compare(a.file.Name(), b.file.Name())
	})
	return list
}
