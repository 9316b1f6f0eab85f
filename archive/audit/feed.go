package audit

import (
	"context"
	"fmt"
	"sync"

	"videoteca/archive"
)

// waitingBatches bounds the batches that were listed and not answered for: a slow host may
// keep so many waiting before the listing waits for it.
const waitingBatches = 40

// answersAhead is how many batches may be answered while a part is written and judged.
const answersAhead = 24

// answer is what one probe brought.
type answer struct {
	targets      []target
	observations []archive.Observation
}

// group is what one probe may ask about together.
type group struct{ platform, host string }

// feed lists the targets, asks about them in batches and hands over the answers. Each
// host has places of its own, so that one host's trouble stalls no other's sources.
type feed struct {
	audit   *run
	answers chan answer
	videos  int   // listed; to be read when answers is closed
	err     error // why it ended early; likewise

	pending map[group][]target
	waiting chan struct{}           // one for each batch under way
	places  chan struct{}           // one for each probe under way
	hosts   map[group]chan struct{} // likewise, of one host
	probes  sync.WaitGroup
}

func newFeed(r *run) *feed {
	return &feed{
		audit: r, pending: map[group][]target{}, hosts: map[group]chan struct{}{},
		answers: make(chan answer, answersAhead), // so that asking goes on while a part is judged
		waiting: make(chan struct{}, waitingBatches), places: make(chan struct{}, r.o.AtOnce),
	}
}

// run lists and asks. It closes answers when every target is answered for, or ctx has ended.
func (f *feed) run(ctx context.Context) {
	defer close(f.answers)
	err := f.list(ctx)
	f.probes.Wait()
	if err == nil {
		err = context.Cause(ctx) // a probe may have been cut short
	}
	f.err = err
}

func (f *feed) list(ctx context.Context) error {
	for v, err := range f.audit.Videos {
		if err != nil {
			return fmt.Errorf("listing videos: %w", err)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if v.Visibility.Exposure == archive.Erased {
			continue
		}
		f.videos++
		for _, s := range v.Sources {
			if f.audit.wants(s) {
				f.add(ctx, target{video: v.ID, source: s})
			}
		}
	}
	for g := range f.pending {
		f.ask(ctx, g)
	}
	return nil
}

// wants reports whether the audit asks about the source.
func (r *run) wants(s archive.Source) bool {
	return !s.Ignored() && !r.done[s.SourceKey] && (r.Only == nil || r.Only(s))
}

func (f *feed) add(ctx context.Context, t target) {
	g := f.audit.groupOf(t.key())
	f.pending[g] = append(f.pending[g], t)
	if len(f.pending[g]) == batchSize {
		f.ask(ctx, g)
	}
}

// groupOf is the host that has the source, where its platform has many.
func (a *Auditor) groupOf(key archive.SourceKey) group {
	g := group{platform: key.Platform}
	if many, ok := a.o.Platforms.Named(key.Platform).(archive.Grouper); ok {
		g.host = many.Group(key.ID)
	}
	return g
}

// ask has the pending targets of a group asked about, once there is a place.
func (f *feed) ask(ctx context.Context, g group) {
	targets := f.pending[g]
	delete(f.pending, g)
	host := f.hosts[g]
	if host == nil {
		host = make(chan struct{}, f.atOnce(g))
		f.hosts[g] = host
	}
	select {
	case f.waiting <- struct{}{}:
	case <-ctx.Done():
		return
	}
	f.probes.Go(func() {
		defer func() { <-f.waiting }()
		for _, places := range []chan struct{}{host, f.places} { // the host's first: who waits for it takes nobody's place
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
			case <-ctx.Done():
				return
			}
		}
		f.probe(ctx, g.platform, targets)
	})
}

func (f *feed) atOnce(g group) int {
	if g.host == "" {
		return f.audit.o.AtOnce
	}
	return min(perHost, f.audit.o.AtOnce)
}

// probe asks, and hands over what came. An answer that was cut short is nobody's.
func (f *feed) probe(ctx context.Context, platform string, targets []target) {
	observations, err := f.audit.probe(ctx, platform, targets)
	if err == nil {
		var looks []archive.Observation
		looks, err = f.audit.look(ctx, platform, targets, observations)
		observations = append(observations, looks...)
	}
	if err != nil {
		return
	}
	select {
	case f.answers <- answer{targets, observations}:
	case <-ctx.Done():
	}
}

// probe asks a platform about its targets.
func (a *Auditor) probe(ctx context.Context, name string, targets []target) ([]archive.Observation, error) {
	platform := a.o.Platforms.Named(name)
	if platform == nil {
		return a.unknownPlatform(targets), nil
	}
	ids := make([]string, len(targets))
	for i, t := range targets {
		ids[i] = t.key().ID
	}
	return platform.Probe(ctx, ids)
}

// unknownPlatform observes that this installation has no adapter for the platform, which says
// nothing about the sources.
func (a *Auditor) unknownPlatform(targets []target) []archive.Observation {
	observations := make([]archive.Observation, 0, len(targets))
	for _, t := range targets {
		observations = append(observations, archive.Observation{
			Source: t.key(), Method: "none", At: a.now(), Reason: "this installation has no adapter for the platform " + t.key().Platform,
		})
	}
	return observations
}
