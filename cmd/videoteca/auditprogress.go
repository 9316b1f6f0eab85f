package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
)

// extent is how much an audit has to ask.
type extent struct {
	total  int // sources
	before int // of these, asked before the audit was broken off
}

// extent counts the sources that the request chooses, with those that a broken-off audit has asked.
func (n *newsroom) extent(ctx context.Context, q audit.Request) (extent, error) {
	asked := map[archive.SourceKey]bool{}
	if q.Resume != "" {
		var err error
		if asked, err = n.askedIn(ctx, q.Resume); err != nil {
			return extent{}, err
		}
	}
	work := extent{total: len(asked), before: len(asked)}
	for v, err := range q.Videos {
		if err != nil {
			return extent{}, err
		}
		for _, s := range v.Sources {
			if v.Visibility.Exposure != archive.Erased && !s.Ignored() && q.Only(s) && !asked[s.SourceKey] {
				work.total++
			}
		}
	}
	return work, nil
}

// askedIn is the sources that stand in the parts of an audit.
func (n *newsroom) askedIn(ctx context.Context, name string) (map[archive.SourceKey]bool, error) {
	journal := n.store.Journal()
	parts, err := journal.Parts(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("reading what audit %s has asked: %w", name, err)
	}
	asked := map[archive.SourceKey]bool{}
	for _, part := range parts {
		observations, err := journal.ReadPart(ctx, name, part)
		if errors.Is(err, storage.ErrDamaged) {
			continue // the audit passes over it too
		}
		if err != nil {
			return nil, fmt.Errorf("reading what audit %s has asked: %w", name, err)
		}
		for _, o := range observations {
			if _, isChannel := o.Source.ChannelID(); !isChannel {
				asked[o.Source] = true
			}
		}
	}
	return asked, nil
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
func (n *newsroom) showProgress(ctx context.Context, w io.Writer, work extent) *auditProgress {
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
					fmt.Fprintln(w, progressLine(*newest, work, n.quota.left(ctx)))
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
func progressLine(p audit.Progress, work extent, quota int) string {
	rate := float64(max(0, p.Asked-work.before)) / max(p.Elapsed.Seconds(), 0.001)
	line := fmt.Sprintf("%d of %s, %.0f a second, %d changed", p.Asked, plural(int64(work.total), "source", "sources"), rate, p.Changed)
	if quota >= 0 {
		line += ", " + plural(int64(quota), "unit", "units") + " of quota left"
	}
	if rest := work.total - p.Asked; rest > 0 && rate > 0 {
		line += ", " + (time.Duration(float64(rest)/rate) * time.Second).Round(time.Second).String() + " left"
	}
	return line
}
