package audit

import (
	"context"
	"fmt"
	"log/slog"

	"videoteca/archive"
)

// guards says of which platforms the guard is up: of those that have a bad round here, or a
// source held, or an alarm. The sources of this part that would turn bad are added to those that are known to;
// a suspect turned before, and is held all the same.
func (r *run) guards(ctx context.Context, list []*judged) (map[string]bool, error) {
	turning := map[string]int{}
	for _, platform := range r.o.Alarms.raised() {
		turning[platform] = 0
	}
	now := r.now()
	for _, j := range list {
		if j.misdated {
			continue
		}
		standing := j.source.Standing.AsOf(now).Hears(j.heard)
		if !j.round.Bad() && len(standing.Held) == 0 {
			continue
		}
		turning[j.key().Platform] += 0 // the platform is to be looked at
		if !j.freed && r.thresholds.WouldTurn(standing, j.round) {
			turning[j.key().Platform]++
		}
	}
	up := map[string]bool{}
	for platform, more := range turning {
		guard, err := r.o.Ledger.Guard(ctx, platform, r.thresholds, now)
		if err != nil {
			return nil, fmt.Errorf("counting the sources of %s that turn bad: %w", platform, err)
		}
		was := guard.Up(r.thresholds)
		guard.Turning += more
		up[platform] = guard.Up(r.thresholds)
		r.announce(ctx, platform, guard, was)
	}
	return up, nil
}

// watch looks after the last part whether a guard that was up has ended, also where nothing was asked: its
// sources may have been seen alive, or its window gone by, while nobody audited.
func (r *run) watch(ctx context.Context) error {
	if r.DryRun {
		return nil
	}
	for _, platform := range r.o.Alarms.raised() {
		guard, err := r.o.Ledger.Guard(ctx, platform, r.thresholds, r.now())
		if err != nil {
			return fmt.Errorf("counting the sources of %s that turn bad: %w", platform, err)
		}
		r.announce(ctx, platform, guard, guard.Up(r.thresholds))
	}
	return nil
}

// announce notes in the summary what a guard counted, and says aloud when it rises or ends. That it was
// said is kept afterwards: a process that is killed in between has it said twice rather than never.
func (r *run) announce(ctx context.Context, platform string, g archive.Guard, was bool) {
	state := GuardState{Sources: g.Sources, Turning: g.Turning, Up: g.Up(r.thresholds)}
	moved := false
	if !r.DryRun {
		state.Raised, state.Ended, moved = r.o.Alarms.note(platform, was, state.Up, r.now())
	}
	counts := []any{slog.String("platform", platform), slog.Int("sources", g.Sources), slog.Int("turning", g.Turning)}
	switch {
	case state.Raised:
		r.o.Log.WarnContext(ctx, "so many sources turn bad that the platform, or our way of asking it, is the likelier cause; their bad rounds are held", counts...)
	case state.Ended:
		r.o.Log.WarnContext(ctx, "bad rounds of the platform are no longer held", counts...)
	}
	r.summary.guard(platform, state)
	if !moved {
		return
	}
	if err := r.o.Alarms.keep(ctx, platform); err != nil {
		r.o.Log.WarnContext(ctx, "that a guard was announced is not kept; another process may say it again", slog.String("platform", platform), slog.Any("error", err))
	}
}
