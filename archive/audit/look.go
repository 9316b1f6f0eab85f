package audit

import (
	"context"
	"log/slog"
	"time"

	"videoteca/archive"
)

const (
	// looksApart is how often a picture of a living source is asked for, to see whether it has changed.
	looksApart = 7 * 24 * time.Hour
	// looksATurn bounds how many are in one turn of the schedule. At five requests a second to a host that is
	// less than two minutes, and 80,000 sources are looked at in a week.
	looksATurn = 500
)

// look asks for pictures of the sources that were just seen alive, as far as they are due and the
// audit may. They lie beside the answers of the same round.
func (r *run) look(ctx context.Context, name string, targets []target, seen []archive.Observation) ([]archive.Observation, error) {
	platform, can := r.o.Platforms.Named(name).(archive.PictureProber)
	if !can || r.looks.Load() <= 0 {
		return nil, nil
	}
	heard, err := r.heard(ctx, keysOf(targets))
	if err != nil {
		r.o.Log.WarnContext(ctx, "no pictures looked at; the next audit does", slog.Any("error", err))
		return nil, nil //nolint:nilerr // what the sources answered is worth more
	}
	alive := map[archive.SourceKey]bool{}
	for _, o := range seen {
		alive[o.Source] = alive[o.Source] || o.Outcome.Good() || o.Outcome.Limited()
	}
	var due []archive.Shown
	for _, t := range targets {
		if alive[t.key()] && r.lookDue(t.source, heard[t.key()]) && r.looks.Add(-1) >= 0 {
			d := t.source.Described
			due = append(due, archive.Shown{ID: t.source.ID, URL: t.source.URL, Pictures: d.Thumbnails, At: d.At})
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	return platform.ProbePictures(ctx, due)
}

// lookDue reports whether the source has a picture that was neither captured nor looked at for a week.
func (r *run) lookDue(s archive.Source, heard archive.Heard) bool {
	d := s.Described
	return d != nil && len(d.Thumbnails) > 0 && r.now().Sub(d.At) >= looksApart && r.now().Sub(heard.Pictured) >= looksApart
}

func keysOf(targets []target) []archive.SourceKey {
	keys := make([]archive.SourceKey, 0, len(targets))
	for _, t := range targets {
		keys = append(keys, t.key())
	}
	return keys
}
