package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"videoteca/archive"
)

const (
	// standardPause is the time between two audits of what is due. With it a library
	// of any size writes some seventy objects a day.
	standardPause = time.Hour
	// leasePause is how long one that does not hold the lease waits before it looks again.
	leasePause = 20 * time.Second
	// LeaseName is the lease under which audits of many sources run.
	LeaseName = "audit"
)

// ErrBusy says that somebody else holds the lease.
var ErrBusy = errors.New("an audit is under way elsewhere")

// Leases lets one process do what only one should.
type Leases interface {
	// Hold takes the lease, or fails with ErrBusy (wrapped, saying who has it). The context it returns ends when the
	// lease is lost; the function gives it back.
	Hold(ctx context.Context, name string) (context.Context, func(), error)
}

// SchedulerOptions wires a Scheduler. All but the last five are required.
type SchedulerOptions struct {
	Auditor     *Auditor
	Leases      Leases
	Checkpoints Checkpoints
	Videos      func(ctx context.Context) iter.Seq2[archive.Video, error] // all of them, as last read

	Intervals func(ctx context.Context) Intervals        // asked at each turn; nil: the standard ones
	Pause     time.Duration                              // between two audits; 0: an hour
	After     func(ctx context.Context, s Summary)       // is told of each audit; nil: nobody is
	Log       *slog.Logger                               // nil: discarded
	Sleep     func(context.Context, time.Duration) error // nil: by the clock
}

// Scheduler audits by itself what is due, one process at a time.
type Scheduler struct{ o SchedulerOptions }

// NewScheduler wires a scheduler.
func NewScheduler(o SchedulerOptions) *Scheduler {
	if o.Pause <= 0 {
		o.Pause = standardPause
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return &Scheduler{o}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run audits until ctx ends. The lease is held for one turn at a time, so that a person's audit
// gets its turn too. Trouble of the store or of a platform is logged, and met by trying again.
func (s *Scheduler) Run(ctx context.Context) {
	for ctx.Err() == nil {
		held, giveBack, err := s.o.Leases.Hold(ctx, LeaseName)
		if err != nil {
			if !errors.Is(err, ErrBusy) && ctx.Err() == nil {
				s.o.Log.WarnContext(ctx, "no lease for auditing; trying again", slog.Any("error", err))
			}
			_ = s.o.Sleep(ctx, leasePause)
			continue
		}
		if _, err := s.Turn(held); err != nil && ctx.Err() == nil {
			s.o.Log.ErrorContext(ctx, "audit broken off; the next one goes on", slog.Any("error", err))
		}
		giveBack()
		_ = s.o.Sleep(ctx, s.o.Pause)
	}
}

// Turn takes up what was broken off, audits what is due, and writes the day's checkpoint. The
// caller holds the lease.
func (s *Scheduler) Turn(ctx context.Context) (Summary, error) {
	a := s.o.Auditor
	open, err := a.CatchUp(ctx, s.o.Checkpoints)
	if err != nil {
		return Summary{}, fmt.Errorf("catching up with the journal: %w", err)
	}
	for _, u := range open {
		if !u.Abandoned(a.now()) {
			continue
		}
		if err := s.finish(ctx, u); err != nil {
			if ctx.Err() != nil {
				return Summary{}, err
			}
			s.o.Log.ErrorContext(ctx, "an audit that was broken off is not taken up; the next turn tries again", slog.String("audit", u.Audit), slog.Any("error", err))
		}
	}
	summary, err := s.due(ctx)
	if err != nil {
		return summary, err
	}
	if err := s.checkpoint(ctx); err != nil {
		return summary, err
	}
	return summary, nil
}

// finish ends an abandoned audit, and tells what came of it.
func (s *Scheduler) finish(ctx context.Context, u Unfinished) error {
	summary, err := s.o.Auditor.TakeUp(ctx, u)
	if err != nil {
		return err
	}
	s.o.Log.InfoContext(ctx, "took up an audit that was broken off", slog.String("audit", u.Audit), slog.Int("sources", summary.Sources), slog.Int("changes", len(summary.Changes)))
	s.tell(ctx, summary)
	return nil
}

func (s *Scheduler) due(ctx context.Context) (Summary, error) {
	var intervals Intervals
	if s.o.Intervals != nil {
		intervals = s.o.Intervals(ctx)
	}
	summary, err := s.o.Auditor.Run(ctx, Request{
		Videos: s.o.Auditor.DueOf(ctx, s.o.Videos(ctx), intervals),
		Plan:   Plan{Scope: "due", Actor: "audit", Leased: true},
		Looks:  looksATurn,
	})
	if err != nil {
		return summary, err
	}
	if summary.Sources > 0 {
		s.o.Log.InfoContext(ctx, "audit", slog.String("audit", summary.Audit), slog.Int("sources", summary.Sources), slog.Int("changes", len(summary.Changes)), slog.Int("failed", summary.Failed))
	}
	s.tell(ctx, summary)
	return summary, nil
}

func (s *Scheduler) tell(ctx context.Context, summary Summary) {
	if s.o.After != nil && summary.Sources > 0 {
		s.o.After(ctx, summary)
	}
}

// checkpoint writes that of the day unless it stands. Whoever reads it goes on with the journal of that day, so it
// waits for whatever began before and is not known here yet.
func (s *Scheduler) checkpoint(ctx context.Context) error {
	day := s.o.Auditor.now().Truncate(24 * time.Hour)
	newest, _, err := s.o.Checkpoints.LatestCheckpoint(ctx, day.Add(24*time.Hour))
	if err == nil && !newest.Before(day) {
		return nil
	}
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		return fmt.Errorf("looking for the day's checkpoint: %w", err)
	}
	if known, err := s.knownUpTo(ctx, day); err != nil || !known {
		return err
	}
	err = s.o.Checkpoints.WriteCheckpoint(ctx, day, s.o.Auditor.o.Ledger.All(ctx))
	if err != nil && !errors.Is(err, archive.ErrExists) {
		return fmt.Errorf("writing the day's checkpoint: %w", err)
	}
	return nil
}

// knownUpTo reports whether the ledger knows every audit that began before the day. While this process audited,
// others may have written, and what it took up was open when it caught up.
func (s *Scheduler) knownUpTo(ctx context.Context, day time.Time) (bool, error) {
	a := s.o.Auditor
	mark, err := a.o.Ledger.ReadUpTo(ctx)
	if err != nil || !mark.Before(day) {
		return err == nil, err
	}
	if _, err := a.CatchUp(ctx, s.o.Checkpoints); err != nil {
		return false, fmt.Errorf("catching up with the journal: %w", err)
	}
	if mark, err = a.o.Ledger.ReadUpTo(ctx); err != nil || mark.Before(day) {
		s.o.Log.InfoContext(ctx, "an audit of the day before is not ended; the day's checkpoint waits for it", slog.Time("known", mark))
		return false, err
	}
	return true, nil
}

// DueOf is the videos with those of their sources that are due, and no others.
func (a *Auditor) DueOf(ctx context.Context, videos iter.Seq2[archive.Video, error], intervals Intervals) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for v, err := range videos {
			if err == nil {
				v, err = a.onlyDue(ctx, v, intervals)
			}
			if err != nil {
				yield(archive.Video{}, err)
				return
			}
			if len(v.Sources) > 0 && !yield(v, nil) {
				return
			}
		}
	}
}

func (a *Auditor) onlyDue(ctx context.Context, v archive.Video, intervals Intervals) (archive.Video, error) {
	keys := make([]archive.SourceKey, 0, len(v.Sources))
	for _, s := range v.Sources {
		keys = append(keys, s.SourceKey)
	}
	heard, err := a.heard(ctx, keys)
	if err != nil {
		return archive.Video{}, err
	}
	var due []archive.Source
	for _, s := range v.Sources {
		if intervals.Due(s, heard[s.SourceKey], a.now()) {
			due = append(due, s)
		}
	}
	v.Sources = due
	return v, nil
}
