package webfile

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"videoteca/archive"
)

// Probe implements archive.Platform. Files are asked a few at a time, those of
// one host one after the other with a pause, since a newsroom's sources often
// stand on one small server; AtOnce and Pause say otherwise. HEAD comes first, since
// most files are where they were. The observations come in the order of ids, the
// controls after them, one a host.
func (a *Adapter) Probe(ctx context.Context, ids []string) ([]archive.Observation, error) {
	found := make([]looked, len(ids))
	var work errgroup.Group
	work.SetLimit(hostsOnce)
	for _, at := range byHost(ids) {
		work.Go(func() error { return a.probeHost(ctx, ids, at, found) })
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	out := make([]archive.Observation, 0, len(ids))
	for _, l := range found {
		out = append(out, l.seen)
	}
	out = append(out, a.controls(ctx, found)...)
	return out, ctx.Err()
}

// byHost are the positions in ids, gathered by host, in the order of ids.
func byHost(ids []string) [][]int {
	var lots [][]int
	at := map[string]int{}
	for i, id := range ids {
		host := hostOf(id)
		lot, known := at[host]
		if !known {
			lot = len(lots)
			at[host] = lot
			lots = append(lots, nil)
		}
		lots[lot] = append(lots[lot], i)
	}
	return lots
}

// lot is the files of one host, as they are being asked for.
type lot struct {
	mu       sync.Mutex
	silent   int  // files in a row without an answer
	headless bool // HEAD does not settle anything there
}

// probeHost looks at the files of one host. One that has left two in a row
// without an answer is not asked on: fifty time-outs would outlast the round.
func (a *Adapter) probeHost(ctx context.Context, ids []string, at []int, found []looked) error {
	var of lot
	var work errgroup.Group
	work.SetLimit(a.atOnce)
	for n, i := range at {
		work.Go(func() error {
			if silent, _ := of.state(); n >= a.atOnce && !silent {
				if err := pause(ctx, a.pause); err != nil {
					return err
				}
			}
			found[i] = a.probeOne(ctx, archive.SourceKey{Platform: Name, ID: ids[i]}, &of)
			return ctx.Err()
		})
	}
	return work.Wait()
}

func (a *Adapter) probeOne(ctx context.Context, key archive.SourceKey, of *lot) looked {
	silent, headless := of.state()
	switch {
	case silent:
		return looked{seen: a.notAsked(key)}
	case headless:
		l := a.look(ctx, key)
		of.note(l, true)
		return l
	}
	l, useful := a.glance(ctx, key)
	of.note(l, !useful)
	return l
}

func (l *lot) state() (silent, headless bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.silent >= enough, l.headless
}

// note takes in what came. A host is headless once HEAD has not shown a file that is there.
func (l *lot) note(got looked, byGet bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.headless = l.headless || byGet && got.seen.Outcome.Good()
	l.silent++
	if got.seen.Status != 0 {
		l.silent = 0
	}
}

func (a *Adapter) notAsked(key archive.SourceKey) archive.Observation {
	return archive.Observation{
		Source: key, Method: Method, Host: hostOf(key.ID), At: a.now().UTC(), Vantage: a.vantage, Program: a.program,
		Reason: "not asked: the host did not answer for other files of this round",
	}
}

// pause waits, or returns the reason why ctx ended.
func pause(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// controls asks each host that gave a bad answer once.
func (a *Adapter) controls(ctx context.Context, found []looked) []archive.Observation {
	var out []archive.Observation
	asked := map[string]bool{}
	for _, l := range found {
		if l.seen.Outcome.Bad() && !asked[l.seen.Host] {
			asked[l.seen.Host] = true
			out = append(out, a.control(ctx, l)...)
		}
	}
	return out
}
