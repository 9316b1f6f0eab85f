package audit

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"videoteca/archive"
)

// IntakeOptions wires an Intake. Journal, Records and Ledger are required.
type IntakeOptions struct {
	Journal    Journal
	Records    Records
	Ledger     Ledger
	Thresholds func(ctx context.Context) archive.Thresholds // asked where they matter; nil: the standard ones
	Alarms     *Alarms                                      // shared by all who judge; nil: its own
	Now        func() time.Time                             // nil: time.Now
	Log        *slog.Logger                                 // nil: discarded
}

// Intake takes what is observed beside audits, when a source is registered or captured again: it
// stands in the journal, in a small audit of its own, before it changes a record, and is judged under the
// same thresholds and guard. It is safe for concurrent use.
type Intake struct {
	a      *Auditor
	sheets sheets
}

var _ archive.Judging = (*Intake)(nil)

// NewIntake wires an intake.
func NewIntake(o IntakeOptions) *Intake {
	a := New(Options{
		Journal: o.Journal, Records: o.Records, Ledger: o.Ledger, Thresholds: o.Thresholds, Alarms: o.Alarms, Now: o.Now, Log: o.Log,
	})
	return &Intake{a: a, sheets: sheets{a: a, turn: make(chan struct{}, 1)}}
}

// Settle implements archive.Judging.
func (i *Intake) Settle(ctx context.Context, v archive.Video, key archive.SourceKey, observations []archive.Observation, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	h, err := i.hear(ctx, v, key, observations)
	if err != nil {
		if ctx.Err() == nil {
			i.a.o.Log.WarnContext(ctx, "observations not judged; the next audit asks again", slog.String("source", key.String()), slog.Any("error", err))
		}
		return i.a.o.Records.Update(ctx, v.ID, cause, change)
	}
	defer func() { i.sheets.leave(ctx, h.sheet, h.run.summary) }()
	cause.Reason = h.run.summary.Audit
	return h.settle(ctx, cause, change)
}

// hearing is one round that was had beside an audit, on a sheet of the journal.
type hearing struct {
	run   *run
	of    *ofVideo
	sheet *sheet
}

var errNothingHeard = errors.New("there is no round to judge")

// hear judges a round, keeps the answers that move a state, and puts all into the journal.
func (i *Intake) hear(ctx context.Context, v archive.Video, key archive.SourceKey, observations []archive.Observation) (*hearing, error) {
	s, round := v.Source(key), archive.Rounds(observations)[key]
	if s == nil || round.At.IsZero() {
		return nil, errNothingHeard
	}
	r := newRun(i.a, Request{})
	if seenAlive := !archive.HeardIn(key, round).LastGood.IsZero(); !seenAlive && i.a.o.Thresholds != nil {
		r.thresholds = i.a.o.Thresholds(ctx)
	}
	p := part{targets: []target{{video: v.ID, source: *s}}, observations: observations}
	list, err := r.judgeAll(ctx, p)
	if err != nil {
		return nil, err
	}
	r.keepAnswers(ctx, p, list)
	if list[0].failed {
		return nil, errors.New("the answers cannot be kept")
	}
	sheet, err := i.sheets.write(ctx, observations)
	if err != nil {
		return nil, err
	}
	r.summary.Audit, r.summary.Videos, r.summary.Sources, r.summary.Observations = sheet.summary.Audit, 1, 1, len(observations)
	r.summary.look(observations)
	return &hearing{r, &ofVideo{id: v.ID, sources: list}, sheet}, nil
}

// settle lets the round change the record, together with what else is to change.
func (h *hearing) settle(ctx context.Context, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	r, j := h.run, h.of.sources[0]
	v, err := r.record(ctx, h.of, cause, change)
	if err != nil {
		r.summary.Failed++
		return v, err
	}
	r.summary.count(h.of.sources)
	if j.verdict == archive.Stale {
		return v, nil
	}
	if err := r.o.Ledger.Note(ctx, []archive.Heard{archive.HeardIn(j.key(), j.round)}); err != nil {
		r.o.Log.WarnContext(ctx, "not noted here; it stands in the journal", slog.String("source", j.key().String()), slog.Any("error", err))
	}
	return v, nil
}
