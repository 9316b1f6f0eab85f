package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"videoteca/archive"
)

// keepEvidence keeps the answers, as they came, on those sources whose state moves. They are
// kept before the record that names them.
func (r *run) keepEvidence(ctx context.Context, of *ofVideo) (map[archive.SourceKey][]archive.File, error) {
	kept := map[archive.SourceKey][]archive.File{}
	for _, j := range of.sources {
		if j.next.State == j.source.Standing.State {
			continue
		}
		for _, o := range j.round.Observations {
			if o.Body == nil || len(o.Body.Data) == 0 {
				continue
			}
			about := archive.File{Extension: o.Body.Extension, Type: o.Body.Type, Label: o.Method}
			f, err := r.o.Records.SaveFile(ctx, of.id, about, o.Body.Data)
			if err != nil {
				return nil, fmt.Errorf("the answer of %s on %s: %w", o.Method, o.Source, err)
			}
			kept[j.key()] = append(kept[j.key()], f)
		}
	}
	return kept, nil
}

// explained is next with the audit and the evidence noted in the transitions that are not in before.
func explained(before, next archive.Standing, audit string, evidence []archive.File) archive.Standing {
	next.Transitions = slices.Clone(next.Transitions)
	for i := range next.Transitions {
		t := &next.Transitions[i]
		isNew := !slices.ContainsFunc(before.Transitions, func(old archive.Transition) bool { return old.At.Equal(t.At) && old.To == t.To })
		if isNew {
			t.Audit, t.Evidence = audit, evidence
		}
	}
	return next
}

// shows reports whether a source shows what no capture has.
func (v *ofVideo) shows() bool {
	return slices.ContainsFunc(v.sources, func(j *judged) bool { return j.unseen() || j.altered() })
}

// unseen reports whether the source is there and was never captured.
func (j *judged) unseen() bool {
	return j.source.Described == nil && (j.next.State == archive.Live || j.next.State == archive.Limited) && j.next.Outcome.Clear()
}

// altered reports whether an answer tells another title or description than the newest capture.
func (j *judged) altered() bool {
	known := j.source.Described
	return known != nil && slices.ContainsFunc(j.round.Observations, func(o archive.Observation) bool {
		return o.Fields != nil && o.Outcome.Clear() && differ(known, o)
	})
}

// differ compares what both tell. Methods cut descriptions at different lengths, so
// these are compared with what the same method said.
func differ(known *archive.Description, o archive.Observation) bool {
	if o.Fields.Title != "" && known.Title != "" && o.Fields.Title != known.Title {
		return true
	}
	return o.Method == known.Method && o.Fields.Description != known.Description
}

// capture keeps what the video's sources show and no capture has.
func (r *run) capture(ctx context.Context, of *ofVideo) error {
	if r.o.Capturer == nil {
		return nil
	}
	var errs []error
	for _, j := range of.sources {
		switch {
		case j.unseen():
			errs = append(errs, r.o.Capturer.CaptureMissing(ctx, of.id, j.key(), r.plan.Actor))
		case j.altered():
			errs = append(errs, r.o.Capturer.CaptureAgain(ctx, of.id, j.key(), r.plan.Actor))
		}
	}
	return errors.Join(errs...)
}
