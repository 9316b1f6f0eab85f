package dossier

import (
	"context"
	"fmt"
	"slices"
	"time"

	"videoteca/archive"
)

// audits are the names of the audits to be read, in order: those that transitions of the
// video's sources name, and those of the days that the options ask for.
func (s *search) audits(ctx context.Context, v archive.Video, o Options) ([]string, error) {
	since := v.Created
	if recent := o.Now.AddDate(0, 0, -RecentDays); !o.AllObservations && recent.After(since) {
		since = recent
	}
	s.done = Searched{Until: day(o.Now), Since: day(since), All: o.AllObservations, Named: named(v), Absent: []string{}, Broken: []string{}}
	audits := slices.Clone(s.done.Named)
	for audit, err := range s.from.Audits(ctx, since, o.Now) {
		if err != nil {
			return nil, fmt.Errorf("listing the audits: %w", err)
		}
		audits = append(audits, audit)
	}
	slices.Sort(audits) // a name begins with its day and ends in a ULID
	return slices.Compact(audits), nil
}

// named are the audits in which the sources of a video changed their state, or had a bad round held.
func named(v archive.Video) []string {
	audits := []string{}
	for _, src := range v.Sources {
		for _, t := range src.Standing.Transitions {
			audits = append(audits, t.Audit)
		}
		for _, h := range src.Standing.Held {
			audits = append(audits, h.Audit)
		}
	}
	audits = slices.DeleteFunc(audits, func(name string) bool { return name == "" })
	slices.Sort(audits)
	return slices.Compact(audits)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// stamp is a time as the dossier writes it: ISO 8601, UTC, to the second; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
