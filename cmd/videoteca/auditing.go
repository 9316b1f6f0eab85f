package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
)

// leases implements audit.Leases on the store's.
type leases struct {
	store *storage.Store
	term  time.Duration
	log   *slog.Logger
}

// Hold takes the lease and keeps it.
func (l leases) Hold(ctx context.Context, name string) (context.Context, func(), error) {
	held, giveBack, err := l.take(ctx, name)
	if errors.Is(err, storage.ErrLeaseHeld) {
		return nil, nil, fmt.Errorf("%w: %w", audit.ErrBusy, err)
	}
	return held, giveBack, err
}

// await is Hold with the patience to see that a holder was killed, or comes to its end: its lease
// stands still for a term then.
func (l leases) await(ctx context.Context, name string) (context.Context, func(), error) {
	for deadline := time.Now().Add(l.term + l.term/4); ; {
		held, giveBack, err := l.take(ctx, name)
		if !errors.Is(err, storage.ErrLeaseHeld) || time.Now().After(deadline) || !sleep(ctx, l.term/16) {
			return held, giveBack, err
		}
	}
}

func (l leases) take(ctx context.Context, name string) (context.Context, func(), error) {
	lease, err := l.store.Leases().Acquire(ctx, name, holder(), l.term)
	if err != nil {
		return nil, nil, err
	}
	kept, stop := lease.Keep(ctx)
	return kept, func() {
		stop()
		releasing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
		defer cancel()
		if err := lease.Release(releasing); err != nil && !errors.Is(err, storage.ErrLeaseLost) {
			l.log.WarnContext(ctx, "lease not given back; it ends by itself", slog.String("lease", name), slog.Any("error", err))
		}
	}, nil
}

// holder names this process for people.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "a host without a name"
	}
	return fmt.Sprintf("%s, process %d", host, os.Getpid())
}

// tuning is the thresholds and intervals that the store keeps; the standard ones
// where it keeps none, or cannot be asked.
func (n *newsroom) tuning(ctx context.Context) (archive.Thresholds, audit.Intervals) {
	var kept audit.Tuning
	asking, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	if _, err := n.store.Setting(asking, audit.SettingName, &kept); err != nil && !errors.Is(err, archive.ErrNotFound) {
		n.log.WarnContext(ctx, "the audit's settings cannot be read; the standard ones hold", slog.Any("error", err))
		return archive.Thresholds{}, audit.Intervals{}
	}
	thresholds, intervals, err := kept.Parse()
	if err != nil {
		n.log.ErrorContext(ctx, "the audit's settings cannot be used; the standard ones hold", slog.Any("error", err))
		return archive.Thresholds{}, audit.Intervals{}
	}
	return thresholds, intervals
}

func (n *newsroom) thresholds(ctx context.Context) archive.Thresholds {
	thresholds, _ := n.tuning(ctx)
	return thresholds
}

func (n *newsroom) intervals(ctx context.Context) audit.Intervals {
	_, intervals := n.tuning(ctx)
	return intervals
}

// scheduler audits what is due while the service runs.
func (n *newsroom) scheduler(pause time.Duration) *audit.Scheduler {
	return audit.NewScheduler(audit.SchedulerOptions{
		Auditor: n.auditor, Leases: leases{n.store, n.leaseTerm, n.log}, Checkpoints: n.store, Videos: n.catalog.All,
		Intervals: n.intervals, Pause: pause, Log: n.log,
		After: func(ctx context.Context, s audit.Summary) {
			n.quota.giveBack(ctx)
			n.tell(ctx, s)
		},
	})
}

// auditAlways audits from when the catalog is filled until ctx ends.
func (n *newsroom) auditAlways(ctx context.Context, filled <-chan struct{}, pause time.Duration) {
	select {
	case <-filled:
		n.scheduler(pause).Run(ctx)
	case <-ctx.Done():
	}
}

// retainAlways keeps what platforms return no longer than was chosen, once a day. While an audit
// is under way it waits.
func (n *newsroom) retainAlways(ctx context.Context, filled <-chan struct{}) {
	select {
	case <-filled:
	case <-ctx.Done():
		return
	}
	last := time.Time{}
	for sleep(ctx, time.Until(archive.NextRetention(last, time.Now()))) {
		choice, err := n.retention(ctx)
		if err == nil && !choice.Period.Keeps() {
			_, err = n.retain(ctx, nil)
		}
		switch {
		case errors.Is(err, audit.ErrBusy):
			if !sleep(ctx, n.leaseTerm) {
				return
			}
			continue
		case err != nil && ctx.Err() == nil:
			n.log.ErrorContext(ctx, "what is past its time was not purged; it is tried again tomorrow", slog.Any("error", err))
		}
		last = time.Now()
	}
}
