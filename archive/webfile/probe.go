package webfile

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"videoteca/archive"
)

// Probe implements archive.Platform. Files are asked a few at a time, those of
// one host one after the other with a pause, since a newsroom's sources often
// stand on one small server. The observations come in the order of ids, the
// controls after them, one a host.
func (a *Adapter) Probe(ctx context.Context, ids []string) ([]archive.Observation, error) {
	found := make([]looked, len(ids))
	var work errgroup.Group
	work.SetLimit(atOnce)
	for _, lot := range byHost(ids) {
		work.Go(func() error { return a.probeHost(ctx, ids, lot, found) })
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

// probeHost looks at the files of one host. One that has left two in a row
// without an answer is not asked on: fifty time-outs would outlast the round.
func (a *Adapter) probeHost(ctx context.Context, ids []string, lot []int, found []looked) error {
	silent := 0
	for n, i := range lot {
		key := archive.SourceKey{Platform: Name, ID: ids[i]}
		if silent >= patience {
			found[i].seen = a.notAsked(key)
			continue
		}
		if n > 0 {
			if err := pause(ctx, pace); err != nil {
				return err
			}
		}
		found[i] = a.look(ctx, key)
		silent++
		if found[i].seen.Status != 0 {
			silent = 0
		}
	}
	return ctx.Err()
}

func (a *Adapter) notAsked(key archive.SourceKey) archive.Observation {
	return archive.Observation{
		Source: key, Method: Method, Host: hostOf(key.ID), At: a.now().UTC(), Vantage: a.vantage, Program: a.program,
		Reason: "not asked: the host did not answer for other files of this round",
	}
}

// pause waits, or returns the reason why ctx ended.
func pause(ctx context.Context, d time.Duration) error {
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
