package audit

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"videoteca/archive"
)

// Run re-checks what is reported until ctx ends.
func (t *Trouble) Run(ctx context.Context) {
	for {
		batch := t.gather(ctx)
		if len(batch) == 0 {
			return
		}
		if err := t.follow(ctx, batch); err != nil && ctx.Err() == nil {
			t.log.WarnContext(ctx, "reported sources not re-checked; the next audit asks them", slog.Int("sources", len(batch)), slog.Any("error", err))
		}
	}
}

// follow re-checks those of the batch that no process has asked lately, and for which there are
// questions left today.
func (t *Trouble) follow(ctx context.Context, batch []archive.Video) error {
	ctx, giveBack, err := t.hold(ctx)
	if err != nil {
		return err
	}
	defer giveBack()
	if batch, err = t.notLately(ctx, batch); err != nil {
		return err
	}
	if batch = t.affordable(ctx, batch); len(batch) == 0 {
		return nil
	}
	summary, err := t.o.Auditor.Check(ctx, batch, "trouble-report")
	if err != nil {
		return err
	}
	t.log.InfoContext(ctx, "reported sources re-checked", slog.Int("sources", len(batch)), slog.String("audit", summary.Audit), slog.Int("changes", len(summary.Changes)))
	return nil
}

// hold waits for the lease.
func (t *Trouble) hold(ctx context.Context) (context.Context, func(), error) {
	for {
		held, giveBack, err := t.o.Leases.Hold(ctx, TroubleLease)
		if !errors.Is(err, ErrBusy) {
			return held, giveBack, err
		}
		if err := t.o.Sleep(ctx, leasePause); err != nil {
			return nil, nil, err
		}
	}
}

// notLately leaves out what was asked within the pause, by whatever process and for whatever reason.
func (t *Trouble) notLately(ctx context.Context, batch []archive.Video) ([]archive.Video, error) {
	if t.o.Checkpoints != nil {
		if _, err := t.o.Auditor.CatchUp(ctx, t.o.Checkpoints); err != nil {
			return nil, err
		}
	}
	keys := make([]archive.SourceKey, len(batch))
	for i, v := range batch {
		keys[i] = v.Sources[0].SourceKey
	}
	heard, err := t.o.Auditor.heard(ctx, keys)
	if err != nil {
		return nil, err
	}
	now := t.o.Auditor.now()
	var left []archive.Video
	for i, v := range batch {
		asked := v.Sources[0].Standing.AsOf(now).Hears(heard[keys[i]]).LastRound
		if now.Sub(asked) < troublePause {
			t.spared(keys[i], asked)
			continue
		}
		left = append(left, v)
	}
	return left, nil
}

// spared gives a question back that was not asked. The pause counts from when it was.
func (t *Trouble) spared(key archive.SourceKey, asked time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last[key] = asked
	t.spent = max(0, t.spent-1)
}

// affordable is as many of the batch as there are questions left to all processes. While nobody can
// say, this process's own count holds.
func (t *Trouble) affordable(ctx context.Context, batch []archive.Video) []archive.Video {
	if len(batch) == 0 {
		return nil
	}
	day := t.o.Allowance.Day()
	n, err := t.o.Allowance.Reserve(ctx, day, len(batch), t.daily)
	if err != nil {
		t.log.WarnContext(ctx, "what reports may ask today cannot be read; this process counts for itself", slog.Any("error", err))
		return batch
	}
	if n < len(batch) {
		t.exhausted(day)
		t.log.InfoContext(ctx, "reports have used their part of the day's quota; the next audit asks these sources", slog.Int("sources", len(batch)-n))
	}
	return batch[:n]
}

// exhausted takes no more reports on that day.
func (t *Trouble) exhausted(day string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.turnDay(); t.day == day {
		t.spent = t.daily
	}
}

// gather waits for a report and then a little for more, up to one probe's worth.
func (t *Trouble) gather(ctx context.Context) []archive.Video {
	var batch []archive.Video
	select {
	case v := <-t.queue:
		batch = append(batch, v)
	case <-ctx.Done():
		return nil
	}
	enough := time.NewTimer(troubleGather)
	defer enough.Stop()
	for len(batch) < batchSize {
		select {
		case v := <-t.queue:
			batch = append(batch, v)
		case <-enough.C:
			return batch
		case <-ctx.Done():
			return batch
		}
	}
	return batch
}
