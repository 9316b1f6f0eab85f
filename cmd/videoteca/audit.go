package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

type auditCommand struct {
	DryRun     bool     `help:"Ask and judge, and write nothing."`
	Only       []string `placeholder:"WORD" help:"Ask only sources of a platform (youtube), in a state (live, limited, unchecked, suspect, gone), unheard, held or disputed. May be given several times: all of platforms and states named."`
	Since      string   `placeholder:"DATE" help:"Ask only sources that were last asked before this day, as 2026-01-31, or longer ago than a span, as 12h or 7d."`
	Due        bool     `help:"Ask only what is due by the schedule."`
	Again      bool     `help:"Begin anew, also where an audit of all was broken off."`
	FailOnLoss bool     `help:"Exit with 5 if the audit turned a source suspect or gone."`
}

// Run makes one audit of many sources, or takes up the one that was broken off.
func (ac auditCommand) Run(ctx context.Context, s *Settings, c console) error {
	want, err := ac.wanted(time.Now())
	if err != nil {
		return err
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.refresh(ctx); err != nil {
		return err
	}
	summary, err := ac.audit(ctx, n, want, c)
	if err != nil {
		if summary.Parts > 0 {
			fmt.Fprintf(c.err, "%d sources are asked and recorded; run the same command again to go on\n", summary.Sources)
		}
		return err
	}
	if s.JSON {
		err = writeJSON(c.out, summary)
	} else {
		err = printSummary(c.out, summary)
	}
	if err == nil && ac.FailOnLoss && slices.ContainsFunc(summary.Changes, isLoss) {
		return errLoss
	}
	return err
}

func isLoss(ch audit.Change) bool { return ch.To == archive.Suspect || ch.To == archive.Gone }

// audit runs under the lease, so that no other process asks the same.
func (ac auditCommand) audit(ctx context.Context, n *newsroom, want func(archive.Source) bool, c console) (audit.Summary, error) {
	if !ac.DryRun {
		held, giveBack, err := leases{n.store, n.leaseTerm, n.log}.Hold(ctx, audit.LeaseName)
		if errors.Is(err, audit.ErrBusy) {
			return audit.Summary{}, fmt.Errorf("%w; `videoteca check ID` asks single videos meanwhile", err)
		}
		if err != nil {
			return audit.Summary{}, err
		}
		defer giveBack()
		ctx = held
	}
	open, err := n.auditor.CatchUp(ctx, n.store)
	if err != nil {
		return audit.Summary{}, err
	}
	request := audit.Request{
		Videos: n.catalog.All(ctx), DryRun: ac.DryRun, Only: want,
		Plan: audit.Plan{Scope: ac.scope(), Actor: "local", Leased: true},
	}
	if ac.Due {
		request.Videos = n.auditor.DueOf(ctx, request.Videos, n.intervals(ctx))
	}
	if i := slices.IndexFunc(open, func(u audit.Unfinished) bool { return u.Plan.Scope == ac.scope() }); i >= 0 && !ac.Again && !ac.DryRun {
		request.Resume = open[i].Audit
		fmt.Fprintf(c.err, "going on with audit %s, which was broken off\n", request.Resume)
	}
	total, err := n.count(ctx, want)
	if err != nil {
		return audit.Summary{}, err
	}
	show := n.showProgress(ctx, c.err, total)
	request.Tell = show.tell
	defer show.end()
	return n.auditor.Run(ctx, request)
}

// scope names what the flags choose, so that the same command goes on with the same audit.
func (ac auditCommand) scope() string {
	words := append([]string{"all"}, ac.Only...)
	if ac.Since != "" {
		words = append(words, "since "+ac.Since)
	}
	if ac.Due {
		words = append(words, "due")
	}
	return strings.Join(words, ", ")
}

// wanted is the sources that --only and --since choose.
func (ac auditCommand) wanted(now time.Time) (func(archive.Source) bool, error) {
	var before time.Time
	if ac.Since != "" {
		var err error
		if before, err = parseSince(ac.Since, now); err != nil {
			return nil, err
		}
	}
	states, others := map[archive.State]bool{}, map[string]bool{}
	for _, word := range ac.Only {
		var state archive.State
		_ = state.UnmarshalText([]byte(word)) // never fails: an unknown word is Unchecked
		if state != archive.Unchecked || word == archive.Unchecked.String() {
			states[state] = true
			continue
		}
		others[word] = true
	}
	marks := map[string]func(archive.Source) bool{
		"unheard":  func(s archive.Source) bool { return s.Standing.Unheard },
		"held":     func(s archive.Source) bool { return len(s.Standing.Held) > 0 },
		"disputed": func(s archive.Source) bool { return !s.Standing.DisputedSince.IsZero() },
	}
	platforms := map[string]bool{}
	var marked []func(archive.Source) bool
	for word := range others {
		if mark := marks[word]; mark != nil {
			marked = append(marked, mark)
			continue
		}
		platforms[word] = true
	}
	return func(s archive.Source) bool {
		return (len(platforms) == 0 || platforms[s.Platform]) &&
			(len(states) == 0 || states[s.Standing.State]) &&
			(len(marked) == 0 || slices.ContainsFunc(marked, func(m func(archive.Source) bool) bool { return m(s) })) &&
			(before.IsZero() || s.Standing.LastRound.Before(before))
	}, nil
}

// parseSince reads a day, or a span before now.
func parseSince(text string, now time.Time) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	span, err := audit.ParseSpan(text)
	if err != nil || span <= 0 {
		return time.Time{}, &archive.FieldError{Field: "--since", Problem: fmt.Sprintf("%q is neither a day nor a span of time", text), Cure: "write 2026-01-31, 12h or 7d", Cause: err}
	}
	return now.Add(-span), nil
}

// count is how many sources the audit will ask, for the time left.
func (n *newsroom) count(ctx context.Context, want func(archive.Source) bool) (int, error) {
	total := 0
	for v, err := range n.catalog.All(ctx) {
		if err != nil {
			return 0, err
		}
		for _, s := range v.Sources {
			if v.Visibility.Exposure != archive.Erased && !s.Ignored() && want(s) {
				total++
			}
		}
	}
	return total, nil
}

// progressPause is how often a line of progress is written.
const progressPause = 2 * time.Second

// auditProgress writes how far an audit has come, without holding it up.
type auditProgress struct {
	newest atomic.Pointer[audit.Progress]
	stop   context.CancelFunc
	done   chan struct{}
}

// showProgress begins to write lines to w.
func (n *newsroom) showProgress(ctx context.Context, w io.Writer, total int) *auditProgress {
	ctx, stop := context.WithCancel(ctx)
	p := &auditProgress{stop: stop, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		tick := time.NewTicker(progressPause)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if newest := p.newest.Load(); newest != nil {
					fmt.Fprintln(w, progressLine(*newest, total, n.quota.left(ctx)))
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return p
}

func (p *auditProgress) tell(now audit.Progress) { p.newest.Store(&now) }

func (p *auditProgress) end() {
	p.stop()
	<-p.done
}

// progressLine is sources done, rate, changes, quota left and time left.
func progressLine(p audit.Progress, total, quota int) string {
	rate := float64(p.Asked) / max(p.Elapsed.Seconds(), 0.001)
	line := fmt.Sprintf("%d of %d sources, %.0f a second, %d changed", p.Asked, total, rate, p.Changed)
	if quota >= 0 {
		line += fmt.Sprintf(", %d units of quota left", quota)
	}
	if rest := total - p.Asked; rest > 0 && rate > 0 {
		line += ", " + (time.Duration(float64(rest)/rate) * time.Second).Round(time.Second).String() + " left"
	}
	return line
}
