package youtube

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"videoteca/archive"
)

// Probe observes sources in one round. The API is asked first; what it did not
// see alive is asked again by oEmbed and thumbnail.
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
	listed := a.withControl(a.read(a.list(ctx, ids), ids), func(control string) archive.Observation {
		return a.readOne(ctx, control)
	})
	doubtful := notAlive(ids, listed)
	if len(doubtful) == 0 {
		return listed
	}
	var byOEmbed, byThumbnail []archive.Observation
	var both sync.WaitGroup
	both.Go(func() { byOEmbed = a.askEach(ctx, doubtful, a.askOEmbed) })
	both.Go(func() { byThumbnail = a.askEach(ctx, doubtful, a.thumbnail) })
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

// readOne asks the API about one id.
func (a *Adapter) readOne(ctx context.Context, id string) archive.Observation {
	l := a.list(ctx, []string{id})
	if !l.asked {
		return a.observation(MethodList, id, answer{host: hostOf(a.o.APIBase), at: a.o.Now().UTC()}, unclear(ErrQuota.Error()))
	}
	return a.observation(MethodList, id, l.answer, l.verdict(id))
}

// withControl adds the control's answer to those of one method where one is bad
// and none shows that the method works: a bad answer that nothing vouches for
// would be unclear for ever.
func (a *Adapter) withControl(of []archive.Observation, ask func(id string) archive.Observation) []archive.Observation {
	isBad := func(o archive.Observation) bool { return o.Outcome.Bad() }
	isControl := func(o archive.Observation) bool { return o.Source.ID == a.o.Control }
	works := func(o archive.Observation) bool { return o.Answers }
	if a.o.Control == "" || !slices.ContainsFunc(of, isBad) || slices.ContainsFunc(of, works) || slices.ContainsFunc(of, isControl) {
		return of
	}
	control := ask(a.o.Control)
	control.Control = true
	return append(of, control)
}
