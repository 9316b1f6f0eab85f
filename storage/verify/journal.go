package verify

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"strconv"
	"strings"

	"videoteca/storage"
)

// auditObjects is what stands of one audit.
type auditObjects struct {
	name    string // "2025/04/14/<ulid>"
	objects []storage.Object
}

// auditUnits has a unit an audit.
func (c *checker) auditUnits(ctx context.Context, prefix, after string) iter.Seq2[unit, error] {
	return func(yield func(unit, error) bool) {
		start := ""
		if after != "" {
			start = prefix + after + "0" // sorts behind the audit's own keys, whose next character is a slash
		}
		var a auditObjects
		emit := func(done auditObjects) bool {
			return done.name == "" || yield(unit{done.name, func(ctx context.Context, w *work) error { return w.audit(ctx, done) }}, nil)
		}
		for object, err := range c.Bucket.List(ctx, prefix, start) {
			if err != nil {
				yield(unit{}, unavailable(fmt.Errorf("listing %s: %w", prefix, err)))
				return
			}
			name := strings.TrimPrefix(path.Dir(object.Key)+"/", prefix)
			name = strings.TrimSuffix(name, "/")
			if name != a.name {
				if !emit(a) {
					return
				}
				a = auditObjects{name: name}
			}
			a.objects = append(a.objects, object)
		}
		emit(a)
	}
}

// auditSummary is what this package needs of an audit's summary.
type auditSummary struct {
	Audit string `json:"audit"`
	Parts int    `json:"parts"`
}

// audit checks a journal: its parts, that none is missing, its plan and its summary.
func (w *work) audit(ctx context.Context, a auditObjects) error {
	parts := map[int]bool{}
	for _, o := range a.objects {
		n, err := w.auditObject(ctx, o)
		if err != nil {
			return err
		}
		parts[n] = true
	}
	expected := 0
	for n := range parts {
		expected = max(expected, n)
	}
	key := w.keys.Summary(a.name)
	summary, d, found, err := read(ctx, w, key, "audit-summary", func(s auditSummary) error {
		if s.Audit != a.name {
			return fmt.Errorf("it is the summary of audit %s", s.Audit)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !found:
		w.note(UnfinishedAudit, "audits/"+a.name+"/", "it has no summary: it is under way, or was broken off")
	case d.good:
		expected = max(expected, summary.Parts)
	}
	for n := 1; n <= expected; n++ {
		if parts[n] {
			continue
		}
		if err := w.missingPart(ctx, w.keys.Part(a.name, n)); err != nil {
			return err
		}
	}
	return nil
}

// auditObject checks one object of an audit and returns the number of the part that it is, 0 for another.
func (w *work) auditObject(ctx context.Context, o storage.Object) (part int, err error) {
	name := path.Base(o.Key)
	number, isPart := strings.CutSuffix(name, ".jsonl.gz")
	n, bad := strconv.Atoi(number)
	switch {
	case isPart && bad == nil && n > 0 && len(number) == 4:
		return n, w.lines(ctx, o.Key, observations())
	case name == "plan.json":
		_, _, _, err := read(ctx, w, o.Key, "audit-plan", anywhere)
		return 0, err
	case name == "summary.json":
		return 0, nil // read with the parts
	}
	w.counted(0)
	w.note(Stray, o.Key, "an audit has no such object")
	return 0, nil
}

// missingPart reports a part between others, or one that the summary counts.
func (w *work) missingPart(ctx context.Context, key string) error {
	there, err := w.there(ctx, key)
	if err != nil || there {
		return err
	}
	r, err := w.putBackLines(ctx, key, storage.IfAbsent(), observations())
	if err != nil {
		return err
	}
	w.faulty(Missing, key, "the audit has later parts, or its summary counts it", r)
	return nil
}

// checkpoint checks when every source was heard, as of a day.
func (w *work) checkpoint(ctx context.Context, o storage.Object) error {
	day, isDay := strings.CutSuffix(path.Base(o.Key), ".jsonl.gz")
	if !isDay || !validDay(day) {
		w.counted(0)
		w.note(Stray, o.Key, "no checkpoint has such a key")
		return nil
	}
	err := w.lines(ctx, o.Key, heard())
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}
