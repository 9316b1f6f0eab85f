package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"videoteca/archive"
)

const (
	// overlap is how far before the newest known time the journal is read again: clocks of
	// two replicas may be half an hour apart, and an audit may run for hours.
	overlap = 12 * time.Hour
	// oldest is how far back the journal is read where there is no checkpoint.
	oldest = 30 * 24 * time.Hour
	// longestAudit is how long an audit without a summary is waited for. Two and a half million sources are
	// asked in that time without a key; what nobody has ended by then is not to have the journal read
	// from its beginning for ever.
	longestAudit = 7 * 24 * time.Hour
	// brokenOff is when an unfinished audit that holds no lease is nobody's any more.
	brokenOff = time.Hour
)

// Checkpoints keep, for each day, when every source was heard.
type Checkpoints interface {
	// WriteCheckpoint keeps one. A day that has one gets archive.ErrExists.
	WriteCheckpoint(ctx context.Context, day time.Time, heard iter.Seq2[archive.Heard, error]) error
	// LatestCheckpoint is the newest of before that time. None: archive.ErrNotFound.
	LatestCheckpoint(ctx context.Context, before time.Time) (time.Time, iter.Seq2[archive.Heard, error], error)
}

// CatchUp reads what other processes have written into the journal, so that the ledger
// knows it. It returns the audits that are not finished, which are read again until they are, or have been
// open for a week.
func (a *Auditor) CatchUp(ctx context.Context, checkpoints Checkpoints) ([]Unfinished, error) {
	begin := a.now()
	known, err := a.forgetFuture(ctx, begin)
	if err != nil {
		return nil, err
	}
	since := known.Add(-overlap)
	if known.IsZero() {
		if since, err = a.fromCheckpoint(ctx, checkpoints, begin); err != nil {
			return nil, err
		}
	}
	var open []Unfinished
	for name, err := range a.o.Journal.Audits(ctx, since, begin.Add(overlap)) {
		if err != nil {
			return nil, fmt.Errorf("reading the journal: %w", err)
		}
		unfinished, err := a.readAudit(ctx, name)
		if err != nil {
			return nil, err
		}
		if unfinished != nil {
			open = append(open, *unfinished)
		}
	}
	return open, a.o.Ledger.SetReadUpTo(ctx, a.readUpTo(ctx, known, begin, open))
}

// readUpTo is how far the journal is known: to where the oldest audit began that may still get parts, no less
// far than it was, and not into the future.
func (a *Auditor) readUpTo(ctx context.Context, known, begin time.Time, open []Unfinished) time.Time {
	mark := begin
	for _, u := range open {
		began := u.began()
		if begin.Sub(began) > longestAudit {
			a.o.Log.WarnContext(ctx, "an audit was never ended, and is waited for no longer", slog.String("audit", u.Audit), slog.Time("began", began))
			continue
		}
		if began.Before(mark) {
			mark = began
		}
	}
	if mark.Before(known) {
		mark = known
	}
	if mark.After(begin) {
		return begin
	}
	return mark
}

// fromCheckpoint fills the ledger from the newest checkpoint that can be read, and
// returns since when the journal has more. A checkpoint knows what was read up to its day.
func (a *Auditor) fromCheckpoint(ctx context.Context, checkpoints Checkpoints, now time.Time) (time.Time, error) {
	for before := now.Add(overlap); ; {
		day, lines, err := checkpoints.LatestCheckpoint(ctx, before)
		if errors.Is(err, archive.ErrNotFound) {
			return now.Add(-oldest), nil
		}
		if err != nil {
			return time.Time{}, fmt.Errorf("reading the newest checkpoint: %w", err)
		}
		err = a.noteAll(ctx, lines)
		if err == nil {
			return day.Add(-overlap), nil
		}
		if !damaged(ctx, err) {
			return time.Time{}, fmt.Errorf("reading the checkpoint of %s: %w", day.Format(time.DateOnly), err)
		}
		a.o.Log.WarnContext(ctx, "a checkpoint is damaged; the one before is read", slog.Time("day", day), slog.Any("error", err))
		before = day
	}
}

// noteAll notes the lines of a checkpoint, without what a clock that was ahead has noted.
func (a *Auditor) noteAll(ctx context.Context, lines iter.Seq2[archive.Heard, error]) error {
	now := a.now()
	var batch []archive.Heard
	for h, err := range lines {
		if err != nil {
			return err
		}
		if batch = append(batch, h.AsOf(now)); len(batch) == MaxPart {
			if err := a.o.Ledger.Note(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return a.o.Ledger.Note(ctx, batch)
}

// Unfinished is an audit without a summary: it is under way, or was broken off.
type Unfinished struct {
	Audit string
	Plan  Plan
}

// began is when the audit did: as its plan says, else the day that begins its name.
func (u Unfinished) began() time.Time {
	if !u.Plan.Started.IsZero() {
		return u.Plan.Started
	}
	day, err := time.Parse(dayOfName, u.Audit[:min(len(u.Audit), len(dayOfName))])
	if err != nil {
		return time.Time{} // so long ago that nobody waits for it
	}
	return day
}

// dayOfName is how the name of an audit begins.
const dayOfName = "2006/01/02"

// Abandoned reports whether nobody works at the audit any more, where the caller holds the lease
// under which audits of many sources run.
func (u Unfinished) Abandoned(now time.Time) bool {
	return u.Plan.Leased || now.Sub(u.Plan.Started) > brokenOff
}

// damaged reports whether something could not be read for what it is, so that it will not be read next time
// either, and not because the store was in trouble or the caller gave up.
func damaged(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() == nil && !errors.Is(err, archive.ErrUnavailable) &&
		!errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// readAudit notes an audit's parts. Those of an unfinished one are not noted before they are
// judged: a round that is known is not applied again.
func (a *Auditor) readAudit(ctx context.Context, name string) (*Unfinished, error) {
	if a.read.has(name) {
		return nil, nil
	}
	numbers, err := a.o.Journal.Parts(ctx, name)
	if err != nil {
		return nil, err
	}
	open, err := a.unfinished(ctx, name, len(numbers))
	if open != nil || err != nil {
		return open, err
	}
	whole := len(numbers) > 0
	for _, n := range numbers {
		observations, err := a.readPart(ctx, name, n)
		if err != nil {
			return nil, err
		}
		future, err := a.noteRounds(ctx, observations)
		if err != nil {
			return nil, err
		}
		whole = whole && !future
	}
	if whole {
		a.read.add(name)
	}
	return nil, nil
}

// readPart reads a part. A damaged one is logged and empty: what it said is lost, and its sources are asked
// again when they are due.
func (a *Auditor) readPart(ctx context.Context, audit string, n int) ([]archive.Observation, error) {
	observations, err := a.o.Journal.ReadPart(ctx, audit, n)
	if damaged(ctx, err) {
		a.o.Log.ErrorContext(ctx, "a part of the journal is damaged", slog.String("audit", audit), slog.Int("part", n), slog.Any("error", err))
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading part %d of audit %s: %w", n, audit, err)
	}
	return observations, nil
}

// audits remembers the finished audits that are noted, so that the overlap is not read at
// every turn. The zero value is empty.
type audits struct {
	mu    sync.Mutex
	names map[string]bool
}

// rememberedAudits bounds what is remembered: some weeks of audits, registrations among them.
const rememberedAudits = 10_000

func (a *audits) has(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.names[name]
}

func (a *audits) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.names = nil
}

func (a *audits) add(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.names == nil || len(a.names) >= rememberedAudits {
		a.names = map[string]bool{}
	}
	a.names[name] = true
}

// unfinished is the audit if it has parts and no summary. One whose summary is damaged was ended.
func (a *Auditor) unfinished(ctx context.Context, name string, parts int) (*Unfinished, error) {
	if parts == 0 {
		return nil, nil
	}
	var summary Summary
	err := a.o.Journal.ReadSummary(ctx, name, &summary)
	switch {
	case err == nil:
		return nil, nil
	case errors.Is(err, archive.ErrNotFound):
		plan, err := a.readPlan(ctx, name)
		return &Unfinished{Audit: name, Plan: plan}, err
	case damaged(ctx, err):
		a.o.Log.ErrorContext(ctx, "the summary of an audit is damaged", slog.String("audit", name), slog.Any("error", err))
		return nil, nil
	}
	return nil, fmt.Errorf("reading the summary of audit %s: %w", name, err)
}

// readPlan reads an audit's plan; where there is none, or it is damaged, an empty one.
func (a *Auditor) readPlan(ctx context.Context, name string) (Plan, error) {
	var plan Plan
	err := a.o.Journal.ReadPlan(ctx, name, &plan)
	switch {
	case err == nil:
		return plan, nil
	case errors.Is(err, archive.ErrNotFound):
		return Plan{}, nil
	case damaged(ctx, err):
		a.o.Log.ErrorContext(ctx, "the plan of an audit is damaged", slog.String("audit", name), slog.Any("error", err))
		return Plan{}, nil
	}
	return Plan{}, fmt.Errorf("reading the plan of audit %s: %w", name, err)
}
