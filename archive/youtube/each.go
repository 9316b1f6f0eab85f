package youtube

import (
	"context"
	"net/http"
	"sync"

	"videoteca/archive"
)

const (
	atOnce       = 4 // requests of one method, so as not to look like an attack
	enoughFaults = 3 // in a row: the host is in trouble, and the rest would only wait for their time-outs
)

// asker asks one method about one id.
type asker func(ctx context.Context, id string) archive.Observation

// askEach asks a keyless method about each id, a few at a time, and about the
// control where that is needed. One method's trouble does not stop another's. Once the host is in trouble the rest is not
// asked: they are unclear for the same reason.
func (a *Adapter) askEach(ctx context.Context, ids []string, control string, ask asker) []archive.Observation {
	seen := make([]archive.Observation, len(ids))
	var host trouble
	var all sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i, id := range ids {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			if like, yes := host.lasting(); yes {
				seen[i] = a.notAsked(id, like)
				return
			}
			seen[i] = ask(ctx, id)
			host.note(seen[i])
		})
	}
	all.Wait()
	return a.withControl(seen, control, func(id string) archive.Observation { return ask(ctx, id) })
}

// notAsked is the observation of an id that was left out.
func (a *Adapter) notAsked(id string, like archive.Observation) archive.Observation {
	got := answer{host: like.Host, at: a.o.Now().UTC()}
	return a.observation(like.Method, id, got, unclear("not asked, like others before: "+like.Reason))
}

// trouble counts the answers in a row that the host failed to give.
type trouble struct {
	mu    sync.Mutex
	row   int
	first archive.Observation
}

// note counts time-outs, 429 and 5xx: what the next request is likely to meet too.
func (t *trouble) note(o archive.Observation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o.Status != 0 && o.Status != http.StatusTooManyRequests && o.Status < http.StatusInternalServerError {
		t.row = 0
		return
	}
	if t.row++; t.row == 1 {
		t.first = o
	}
}

// lasting reports whether the host is in trouble, with the first sign of it.
func (t *trouble) lasting() (archive.Observation, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.first, t.row >= enoughFaults
}
