package audit

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"videoteca/archive"
)

// Alarms remember which platforms' guards are up, so that each rise and each end is announced
// once by a process. The zero value is ready, and safe for concurrent use.
type Alarms struct {
	mu sync.Mutex
	up map[string]bool
}

// note takes that a guard is up or not, and reports whether it has just risen or just ended. Was is
// what others have recorded before: a guard that was up without our doing is announced already.
func (a *Alarms) note(platform string, was, is bool) (raised, ended bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known := a.up[platform]
	if _, met := a.up[platform]; !met {
		known = was
	}
	if a.up == nil {
		a.up = map[string]bool{}
	}
	a.up[platform] = is
	return is && !known && !was, !is && known
}

// raised are the platforms whose guards were up when last looked at.
func (a *Alarms) raised() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var names []string
	for platform, up := range a.up {
		if up {
			names = append(names, platform)
		}
	}
	return names
}

// guards says of which platforms the guard is up: of those that have a bad round here, or a
// source held, or an alarm. The sources of this part that would turn bad are added to those that are known to;
// a suspect turned before, and is held all the same.
func (r *run) guards(ctx context.Context, list []*judged) (map[string]bool, error) {
	turning := map[string]int{}
	for _, platform := range r.o.Alarms.raised() {
		turning[platform] = 0
	}
	for _, j := range list {
		standing := j.source.Standing.Hears(j.heard)
		if !j.round.Bad() && len(standing.Held) == 0 {
			continue
		}
		turning[j.key().Platform] += 0 // the platform is to be looked at
		if !j.freed && r.thresholds.WouldTurn(standing, j.round) {
			turning[j.key().Platform]++
		}
	}
	up := map[string]bool{}
	now := r.now()
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

// announce notes in the summary what a guard counted, and says aloud when it rises or ends.
func (r *run) announce(ctx context.Context, platform string, g archive.Guard, was bool) {
	state := GuardState{Sources: g.Sources, Turning: g.Turning, Up: g.Up(r.thresholds)}
	if !r.DryRun {
		state.Raised, state.Ended = r.o.Alarms.note(platform, was, state.Up)
	}
	counts := []any{slog.String("platform", platform), slog.Int("sources", g.Sources), slog.Int("turning", g.Turning)}
	switch {
	case state.Raised:
		r.o.Log.WarnContext(ctx, "so many sources turn bad that the platform, or our way of asking it, is the likelier cause; their bad rounds are held", counts...)
	case state.Ended:
		r.o.Log.WarnContext(ctx, "bad rounds of the platform are no longer held", counts...)
	}
	r.summary.guard(platform, state)
}
