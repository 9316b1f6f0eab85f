package audit

import (
	"context"
	"log/slog"
	"time"

	"videoteca/archive"
)

// misdated are the sources whose rounds say nothing, because it is not known when they were: our clock was in
// doubt, or they lie in the future by the clock that we have by now.
func (a *Auditor) misdated(rounds map[archive.SourceKey]archive.Round, observations []archive.Observation) map[archive.SourceKey]bool {
	misdated := archive.Misdated(rounds, observations)
	latest := a.now().Add(archive.ClockSlack)
	for key, round := range rounds {
		if round.At.After(latest) {
			misdated[key] = true
		}
	}
	return misdated
}

func (r *run) warnOfClock(ctx context.Context, misdated, of int) {
	if misdated == 0 {
		return
	}
	r.o.Log.ErrorContext(ctx, "this machine's clock and those of the hosts that answer are more than half an hour apart; nothing is made of the answers. Set the clock",
		slog.String("audit", r.summary.Audit), slog.Int("misdated", misdated), slog.Int("rounds", of), slog.Time("now", r.now()))
}

// heard is what the ledger knows of the sources, without what a clock that was ahead has noted.
func (a *Auditor) heard(ctx context.Context, keys []archive.SourceKey) (map[archive.SourceKey]archive.Heard, error) {
	known, err := a.o.Ledger.Heard(ctx, keys)
	if err != nil {
		return nil, err
	}
	now := a.now()
	for key, h := range known {
		known[key] = h.AsOf(now)
	}
	return known, nil
}

// noteRounds notes when the sources of a part were heard that stands in the journal. It reports whether any
// lies in the future, which it leaves out: where it is our clock that is behind, that is to be noted later.
func (a *Auditor) noteRounds(ctx context.Context, observations []archive.Observation) (future bool, err error) {
	rounds := archive.Rounds(observations)
	misdated := archive.Misdated(rounds, observations)
	latest := a.now().Add(archive.ClockSlack)
	heard := make([]archive.Heard, 0, len(rounds))
	for key, round := range rounds {
		switch {
		case misdated[key]:
		case round.At.After(latest):
			future = true
		default:
			heard = append(heard, archive.HeardIn(key, round))
		}
	}
	return future, a.o.Ledger.Note(ctx, heard)
}

// forgetFuture rids the ledger of what a clock that was ahead has noted, and of how far the journal is known
// where that is in the future. It returns how far it is known. Our clock may have been behind until
// now instead, so what was read is read again.
func (a *Auditor) forgetFuture(ctx context.Context, now time.Time) (time.Time, error) {
	known, err := a.o.Ledger.ReadUpTo(ctx)
	if err != nil {
		return time.Time{}, err
	}
	forgot, err := a.o.Ledger.Forget(ctx, now.Add(archive.ClockSlack))
	if err != nil {
		return time.Time{}, err
	}
	if forgot == 0 && !known.After(now.Add(archive.ClockSlack)) {
		return known, nil
	}
	a.o.Log.WarnContext(ctx, "this machine has noted what lies in the future; that is forgotten, and the journal read again", slog.Int("sources", forgot), slog.Time("known", known))
	a.read.forget()
	return time.Time{}, nil
}
