package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime/debug"
	"slices"
	"strings"
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
	collectEarly()
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
			fmt.Fprintf(c.err, "%s asked and recorded; run the same command again to go on\n", plural(int64(summary.Sources), "source is", "sources are"))
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
		Videos: ac.videos(ctx, n), DryRun: ac.DryRun, Only: want,
		Plan: audit.Plan{Scope: ac.scope(), Actor: "local", Leased: true},
	}
	if !ac.DryRun {
		if request.Resume, err = ac.brokenOff(ctx, n, open, c); err != nil {
			return audit.Summary{}, err
		}
	}
	work, err := n.extent(ctx, request)
	if err != nil {
		return audit.Summary{}, err
	}
	show := n.showProgress(ctx, c.err, work)
	request.Tell = show.tell
	defer show.end()
	return n.auditor.Run(ctx, request)
}

// resumable is how long after it began an audit that was broken off goes on: what it asked longer ago is worth asking again.
const resumable = 48 * time.Hour

// brokenOff names the audit by the same flags that is to go on; empty for none. Those that are not to are ended, with what they
// found, so that they are not found again.
func (ac auditCommand) brokenOff(ctx context.Context, n *newsroom, open []audit.Unfinished, c console) (string, error) {
	for _, u := range open {
		if u.Plan.Scope != ac.scope() {
			continue
		}
		if !ac.Again && time.Since(u.Plan.Started) < resumable {
			fmt.Fprintf(c.err, "going on with audit %s, which was broken off\n", u.Audit)
			return u.Audit, nil
		}
		summary, err := n.auditor.TakeUp(ctx, u)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(c.err, "audit %s, which was broken off, is ended with the %s that it asked\n", u.Audit, plural(int64(summary.Sources), "source", "sources"))
	}
	return "", nil
}

// videos are those that the audit goes through. What --since looks at moves with every audit, also
// where no record does, so it is asked of the ledger.
func (ac auditCommand) videos(ctx context.Context, n *newsroom) iter.Seq2[archive.Video, error] {
	videos := n.catalog.All(ctx)
	if ac.Since != "" {
		videos = n.catalog.AllHeard(ctx)
	}
	if ac.Due {
		videos = n.auditor.DueOf(ctx, videos, n.intervals(ctx))
	}
	return videos
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

// auditGC is how much garbage is let grow beside what is in use, in per cent: an audit of a large library makes much
// and holds little, so half as much as usual saves it a fifth of its memory for an eighth more of computing.
const auditGC = 50

// collectEarly sets auditGC, unless GOGC says otherwise.
func collectEarly() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(auditGC)
	}
}
