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
// knows it. It returns the audits that are not finished.
func (a *Auditor) CatchUp(ctx context.Context, checkpoints Checkpoints) ([]Unfinished, error) {
	known, err := a.o.Ledger.ReadUpTo(ctx)
	if err != nil {
		return nil, err
	}
	begin := a.now()
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
	return open, a.o.Ledger.SetReadUpTo(ctx, begin)
}

// fromCheckpoint fills the ledger from the newest checkpoint that can be read, and
// returns since when the journal has more.
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
			return day, nil
		}
		if errors.Is(err, archive.ErrUnavailable) || ctx.Err() != nil {
			return time.Time{}, fmt.Errorf("reading the checkpoint of %s: %w", day.Format(time.DateOnly), err)
		}
		a.o.Log.WarnContext(ctx, "a checkpoint is damaged; the one before is read", slog.Time("day", day), slog.Any("error", err))
		before = day
	}
}

func (a *Auditor) noteAll(ctx context.Context, lines iter.Seq2[archive.Heard, error]) error {
	var batch []archive.Heard
	for h, err := range lines {
		if err != nil {
			return err
		}
		if batch = append(batch, h); len(batch) == MaxPart {
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

// Abandoned reports whether nobody works at the audit any more, where the caller holds the lease
// under which audits of many sources run.
func (u Unfinished) Abandoned(now time.Time) bool {
	return u.Plan.Leased || now.Sub(u.Plan.Started) > brokenOff
}

// readAudit notes an audit's parts. Those of an unfinished one are not noted before they are
// judged: a round that is known is not applied again. A part that cannot be read is logged and passed
// over: what it said is lost, and its sources are asked again when they are due.
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
	for _, n := range numbers {
		observations, err := a.o.Journal.ReadPart(ctx, name, n)
		if errors.Is(err, archive.ErrUnavailable) || ctx.Err() != nil {
			return nil, fmt.Errorf("reading part %d of audit %s: %w", n, name, err)
		}
		if err != nil {
			a.o.Log.ErrorContext(ctx, "a part of the journal is damaged", slog.String("audit", name), slog.Int("part", n), slog.Any("error", err))
			continue
		}
		var heard []archive.Heard
		for key, round := range archive.Rounds(observations) {
			heard = append(heard, archive.HeardIn(key, round))
		}
		if err := a.o.Ledger.Note(ctx, heard); err != nil {
			return nil, err
		}
	}
	if len(numbers) > 0 {
		a.read.add(name)
	}
	return nil, nil
}

// audits remembers the finished audits that are noted, so that the overlap is not read at
// every turn. The zero value is empty.
type audits struct {
	mu    sync.Mutex
	names map[string]bool
}

// rememberedAudits bounds what is remembered: some weeks of audits.
const rememberedAudits = 1000

func (a *audits) has(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.names[name]
}

func (a *audits) add(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.names == nil || len(a.names) >= rememberedAudits {
		a.names = map[string]bool{}
	}
	a.names[name] = true
}

func (a *Auditor) unfinished(ctx context.Context, name string, parts int) (*Unfinished, error) {
	var summary Summary
	err := a.o.Journal.ReadSummary(ctx, name, &summary)
	if err == nil || parts == 0 {
		return nil, nil
	}
	if !errors.Is(err, archive.ErrNotFound) {
		return nil, fmt.Errorf("reading the summary of audit %s: %w", name, err)
	}
	u := Unfinished{Audit: name}
	if err := a.o.Journal.ReadPlan(ctx, name, &u.Plan); err != nil && !errors.Is(err, archive.ErrNotFound) {
		return nil, fmt.Errorf("reading the plan of audit %s: %w", name, err)
	}
	return &u, nil
}
