package oembed

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"videoteca/archive"
)

const (
	hostsAtOnce  = 4                      // hosts asked at one time
	betweenTwo   = 250 * time.Millisecond // between two requests of one round to one host
	enoughFaults = 3                      // in a row: the host is in trouble, and the rest would only wait for their time-outs
)

// Probe observes sources in one round: oEmbed is asked once for each, one after
// the other on each host, and PeerTube's API or Vimeo's player for those that it did not see alive.
func (a *Adapter) Probe(ctx context.Context, ids []string) ([]archive.Observation, error) {
	lots := a.byHost(ids)
	found := make([][]archive.Observation, len(lots))
	var work errgroup.Group
	work.SetLimit(hostsAtOnce)
	for i, lot := range lots {
		work.Go(func() error {
			found[i] = a.probeHost(ctx, lot)
			return nil
		})
	}
	_ = work.Wait() // nothing of it fails
	seen := slices.Concat(found...)
	if err := ctx.Err(); err != nil {
		return seen, fmt.Errorf("probing %d sources of %s: %w", len(ids), a.o.Name, err)
	}
	return seen, nil
}

// Group is the host that answers for the id, of which some providers have many.
func (a *Adapter) Group(id string) string { return hostOf(a.endpoint(id)) }

// byHost gathers ids, each once, by the host that answers for them.
func (a *Adapter) byHost(ids []string) [][]string {
	var lots [][]string
	at := map[string]int{}
	for _, id := range ids {
		host := a.Group(id)
		lot, known := at[host]
		if !known {
			lot = len(lots)
			at[host] = lot
			lots = append(lots, nil)
		}
		if !slices.Contains(lots[lot], id) {
			lots[lot] = append(lots[lot], id)
		}
	}
	return lots
}

// probeHost asks one host. Once it is in trouble the rest is not asked.
func (a *Adapter) probeHost(ctx context.Context, ids []string) []archive.Observation {
	var seen []archive.Observation
	var last archive.Observation
	row := 0
	for i, id := range ids {
		if row >= enoughFaults {
			seen = append(seen, a.notAsked(id, last))
			continue
		}
		if i > 0 && !pause(ctx, betweenTwo) {
			return seen
		}
		answers := a.probeOne(ctx, id)
		seen, last = append(seen, answers...), answers[0]
		if row++; !inTrouble(last) {
			row = 0
		}
	}
	return append(seen, a.controls(ctx, seen)...)
}

func (a *Adapter) probeOne(ctx context.Context, id string) []archive.Observation {
	seen := []archive.Observation{a.embed(ctx, id, "").seen}
	if told(seen[0]) {
		return seen
	}
	if api, ok := a.askAPI(ctx, id); ok {
		seen = append(seen, api.seen)
	}
	if player, ok := a.askPlayer(ctx, id); ok {
		seen = append(seen, player)
	}
	return seen
}

// inTrouble reports a time-out, 429 or 5xx: what the next request is likely to meet too.
func inTrouble(o archive.Observation) bool {
	return o.Host != "" && (o.Status == 0 || o.Status == http.StatusTooManyRequests || o.Status >= http.StatusInternalServerError)
}

// notAsked is the observation of an id that was left out.
func (a *Adapter) notAsked(id string, like archive.Observation) archive.Observation {
	got := answer{host: like.Host, at: a.o.Now().UTC()}
	return a.observation(a.method(), id, got, unclear("not asked, like others before: "+like.Reason))
}

// pause waits; it reports false if ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// controls asks about the known-good id by each method of which an answer on its host
// is bad and none shows that it works: a bad answer that nothing vouches for
// would be unclear for ever.
func (a *Adapter) controls(ctx context.Context, seen []archive.Observation) []archive.Observation {
	id := a.traits.control
	if id == "" || slices.ContainsFunc(seen, func(o archive.Observation) bool { return o.Source.ID == id }) {
		return nil
	}
	var asked []archive.Observation
	if doubtful(seen, a.method(), hostOf(a.endpoint(id))) {
		asked = append(asked, a.embed(ctx, id, "").seen)
	}
	if p, ok := a.provider.(peerTube); ok && doubtful(seen, methodAPI, hostOf(p.api(id))) {
		api, _ := a.askAPI(ctx, id)
		asked = append(asked, api.seen)
	}
	if page := a.playerPage(id); page != "" && doubtful(seen, methodPlayer, hostOf(page)) {
		player, _ := a.askPlayer(ctx, id)
		asked = append(asked, player)
	}
	for i := range asked {
		asked[i].Control = true
	}
	return asked
}

func doubtful(seen []archive.Observation, method, host string) bool {
	bad, works := false, false
	for _, o := range seen {
		if o.Method == method && o.Host == host {
			bad, works = bad || o.Outcome.Bad(), works || o.Answers
		}
	}
	return bad && !works
}
