package youtube

import (
	"slices"
	"sync"
	"time"

	"videoteca/archive"
)

// withControl adds the control's answer to those of one method where one is bad
// and none shows that the method works: a bad answer that nothing vouches for
// would be unclear for ever. Where the control was asked in the same call, it is there.
func (a *Adapter) withControl(of []archive.Observation, control string, ask func(id string) archive.Observation) []archive.Observation {
	isBad := func(o archive.Observation) bool { return o.Outcome.Bad() && !o.Control }
	isControl := func(o archive.Observation) bool { return o.Source.ID == control }
	works := func(o archive.Observation) bool { return o.Answers }
	if control == "" || !slices.ContainsFunc(of, isBad) || slices.ContainsFunc(of, works) || slices.ContainsFunc(of, isControl) {
		return of
	}
	seen := ask(control)
	seen.Control = true
	return append(of, seen)
}

// riding is the ids of one call with the control among them where there is room, so
// that it costs no call of its own.
func riding(ids []string, control string) []string {
	if control == "" || len(ids) >= idsPerCall || slices.Contains(ids, control) {
		return ids
	}
	return append(slices.Clone(ids), control)
}

// mark marks the control where it was asked beside the ids.
func mark(seen []archive.Observation, ids []string, control string) []archive.Observation {
	for i := range seen {
		seen[i].Control = seen[i].Source.ID == control && !slices.Contains(ids, control)
	}
	return seen
}

// vouchesFor is how long a good answer stands for the calls after it. By the rules it might be
// ten minutes; what has broken meanwhile is seen the sooner.
const vouchesFor = time.Minute

// voucher remembers the newest good answer, the control's or another video's, so that a full call without a playable
// video costs a further one only where nothing was seen to play a moment ago. The zero value remembers none.
type voucher struct {
	mu   sync.Mutex
	seen archive.Observation
}

// remember keeps a good answer, if there is one among those seen.
func (v *voucher) remember(seen []archive.Observation) {
	i := slices.IndexFunc(seen, func(o archive.Observation) bool { return o.Answers })
	if i < 0 {
		return
	}
	good := seen[i]
	good.Control, good.Fields, good.Body = true, nil, nil // it vouches, and says nothing else
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen = good
}

// recent is the answer, if it may still vouch.
func (v *voucher) recent(now time.Time) (archive.Observation, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.seen, v.seen.Answers && now.Sub(v.seen.At) < vouchesFor
}
