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
func (i *Intake) Settle(ctx context.Context, of archive.Hearing) (archive.Video, error) {
	h, err := i.hear(ctx, of)
	if err != nil {
		return i.unjudged(ctx, of, err)
	}
	defer func() { i.sheets.leave(ctx, h.sheet, h.run.summary) }()
	of.Cause.Reason = h.run.summary.Audit
	return h.settle(ctx, of)
}

// unjudged makes the change alone.
func (i *Intake) unjudged(ctx context.Context, of archive.Hearing, why error) (archive.Video, error) {
	if ctx.Err() == nil {
		i.a.o.Log.WarnContext(ctx, "observations not judged; the next audit asks again", slog.String("source", of.Source.String()), slog.Any("error", why))
	}
	return i.a.o.Records.Update(ctx, of.Video.ID, of.Cause, of.Change)
}

// hearing is one round that was had beside an audit, on a sheet of the journal.
type hearing struct {
	run   *run
	of    *ofVideo
	sheet *sheet
}

var (
	errNothingHeard = errors.New("there is no round to judge")
	errNoEvidence   = errors.New("the answers cannot be kept")
)

// about is the source that was heard.
func about(of archive.Hearing) (target, error) {
	s, round := of.Video.Source(of.Source), archive.Rounds(of.Observations)[of.Source]
	if s == nil || round.At.IsZero() {
		return target{}, errNothingHeard
	}
	return target{video: of.Video.ID, source: *s}, nil
}

// hear judges a round, keeps the answers that move a state, and puts all into the journal.
func (i *Intake) hear(ctx context.Context, of archive.Hearing) (*hearing, error) {
	t, err := about(of)
	if err != nil {
		return nil, err
	}
	r := newRun(i.a, Request{})
	if seenAlive := !archive.HeardIn(of.Source, archive.Rounds(of.Observations)[of.Source]).LastGood.IsZero(); !seenAlive && i.a.o.Thresholds != nil {
		r.thresholds = i.a.o.Thresholds(ctx)
	}
	p := part{targets: []target{t}, observations: of.Observations}
	list, err := r.judgeAll(ctx, p)
	if err != nil {
		return nil, err
	}
	r.keepAnswers(ctx, p, list)
	if list[0].failed {
		return nil, errNoEvidence
	}
	sheet, err := i.sheets.write(ctx, of.Observations)
	if err != nil {
		return nil, err
	}
	r.summary.Audit, r.summary.Videos, r.summary.Sources, r.summary.Observations = sheet.summary.Audit, 1, 1, len(of.Observations)
	r.summary.look(of.Observations)
	return &hearing{r, &ofVideo{id: of.Video.ID, sources: list}, sheet}, nil
}

// settle lets the round change the record, together with what else is to change.
func (h *hearing) settle(ctx context.Context, of archive.Hearing) (archive.Video, error) {
	r := h.run
	v, err := r.record(ctx, h.of, of.Cause, of.Change)
	if err != nil {
		r.summary.Failed++
		return v, err
	}
	r.summary.count(h.of.sources)
	r.note(ctx, h.of.sources)
	return v, nil
}

// note notes when sources were heard, for this process: it stands in the journal.
func (r *run) note(ctx context.Context, list []*judged) {
	if err := r.o.Ledger.Note(ctx, heardIn(list)); err != nil {
		r.o.Log.WarnContext(ctx, "not noted here; it stands in the journal", slog.String("audit", r.summary.Audit), slog.Any("error", err))
	}
}
