package youtube

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"videoteca/archive"
)

// Probe observes sources in one round. The API is asked first, with one call for
// each fifty ids, in which the control rides where there is room; what it did not see
// alive is asked again by oEmbed and thumbnail.
func (a *Adapter) Probe(ctx context.Context, ids []string) ([]archive.Observation, error) {
	var seen []archive.Observation
	for chunk := range slices.Chunk(unique(ids), idsPerCall) {
		seen = append(seen, a.round(ctx, chunk)...)
		if err := ctx.Err(); err != nil {
			return seen, fmt.Errorf("probing %d sources of %s: %w", len(ids), a.o.Name, err)
		}
	}
	return seen, nil
}

func unique(ids []string) []string {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

func (a *Adapter) round(ctx context.Context, ids []string) []archive.Observation {
	asked := riding(ids, a.o.Control)
	listed := mark(a.read(a.list(ctx, asked), asked), ids, a.o.Control)
	a.vouch.remember(listed)
	listed = a.withControl(listed, a.o.Control, func(control string) archive.Observation { return a.listedControl(ctx, control) })
	doubtful := notAlive(ids, listed)
	if len(doubtful) == 0 {
		return listed
	}
	var byOEmbed, byThumbnail []archive.Observation
	var both sync.WaitGroup
	both.Go(func() { byOEmbed = a.askEach(ctx, doubtful, a.o.Control, a.askOEmbed) })
	both.Go(func() { byThumbnail = a.askEach(ctx, doubtful, a.o.Control, a.thumbnail) })
	both.Wait()
	return slices.Concat(listed, byOEmbed, byThumbnail)
}

// notAlive is the ids that no observation sees good or limited.
func notAlive(ids []string, listed []archive.Observation) []string {
	alive := map[string]bool{}
	for _, o := range listed {
		alive[o.Source.ID] = alive[o.Source.ID] || o.Outcome.Good() || o.Outcome.Limited()
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return alive[id] })
}

func (a *Adapter) askOEmbed(ctx context.Context, id string) archive.Observation {
	return a.oembed(ctx, id).seen
}

// listedControl is what vouches for the API where the control did not ride in the call: a good answer
// of a moment ago, or the control's, which costs a call of its own.
func (a *Adapter) listedControl(ctx context.Context, control string) archive.Observation {
	if seen, ok := a.vouch.recent(a.o.Now()); ok {
		return seen
	}
	seen := a.readOne(ctx, control)
	seen.Control = true
	a.vouch.remember([]archive.Observation{seen})
	return seen
}

// readOne asks the API about one id.
func (a *Adapter) readOne(ctx context.Context, id string) archive.Observation {
	l := a.list(ctx, []string{id})
	if !l.asked {
		return a.observation(MethodList, id, a.noAnswer(), unclear(ErrQuota.Error()))
	}
	return a.observation(MethodList, id, l.answer, a.verdict(l, id))
}
