package people

import (
	"maps"
	"slices"
	"time"
)

// Bounds of what is kept about failures, so that no document grows without end.
const (
	mostCounted  = 500                 // entries of no account in one document, so that an attacker cannot make it grow
	mostFamiliar = 16                  // networks of one login: office, home, and what a phone has passed through
	familiarTerm = 90 * 24 * time.Hour // after the last success there a network is strange again
)

// failures is one of 256 documents, so that neither replicas nor restarts begin to count anew.
type failures struct {
	Version int              `json:"version"`
	Of      map[string]entry `json:"of"` // by the hash of a login or of a client's network
}

func throttleKey(name string) string { return "accounts/throttle/" + name[:2] + ".json" }

// entry is what is counted of one login or one client.
type entry struct {
	tally
	Account  bool                `json:"account,omitempty"`  // of a login that there is; never dropped to make room
	Familiar map[string]familiar `json:"familiar,omitempty"` // where the login has signed in, by the hash of both
}

// familiar is a network from which a login has signed in. Failures there are counted there alone.
type familiar struct {
	tally
	Seen time.Time `json:"seen"` // when it last did
}

// tally counts attempts that failed, or whose password is being looked at.
type tally struct {
	N    int       `json:"n"`
	Last time.Time `json:"last"` // to the nanosecond, so that no two attempts write the same
}

func (t tally) wait(free int, now time.Time) time.Duration {
	if t.N < free || now.Sub(t.Last) > forgotten {
		return 0
	}
	delay := longestDelay
	if past := t.N - free; past < 9 { // 2 s · 2^9 is more than the longest
		delay = min(longestDelay, firstDelay<<past)
	}
	return delay - now.Sub(t.Last)
}

// charge counts an attempt as failed, or fails with a *ThrottledError.
func (t *tally) charge(free int, now time.Time) error {
	if wait := t.wait(free, now); wait > 0 {
		return &ThrottledError{Wait: wait}
	}
	if now.Sub(t.Last) > forgotten {
		t.N = 0
	}
	t.N, t.Last = t.N+1, now.UTC()
	return nil
}

// chargeFrom charges the network, named to the login, where that is familiar, and else what strangers have in common.
func (e *entry) chargeFrom(name string, now time.Time) error {
	place, met := e.Familiar[name]
	if !met || place.strange(now) {
		return e.charge(freeOfLogin, now)
	}
	if err := place.charge(freeOfLogin, now); err != nil {
		return err
	}
	e.Familiar[name] = place
	return nil
}

// welcome begins the count anew that held the login up there, and makes the network familiar.
func (e *entry) welcome(name string, now time.Time) {
	none := tally{Last: now.UTC()}
	if place, met := e.Familiar[name]; !met || place.strange(now) {
		e.tally = none
	}
	if e.Familiar == nil {
		e.Familiar = map[string]familiar{}
	}
	e.Familiar[name] = familiar{none, now.UTC()}
}

// strange reports whether the last success is too long ago to mean anything.
func (f familiar) strange(now time.Time) bool { return now.Sub(f.Seen) > familiarTerm }

// pruneFamiliar drops networks that are strange again, and the longest unseen where there are too many.
func (e *entry) pruneFamiliar(now time.Time) {
	maps.DeleteFunc(e.Familiar, func(_ string, f familiar) bool { return f.strange(now) })
	names := slices.SortedFunc(maps.Keys(e.Familiar), func(a, b string) int { return e.Familiar[b].Seen.Compare(e.Familiar[a].Seen) })
	for _, name := range names[min(mostFamiliar, len(names)):] {
		delete(e.Familiar, name)
	}
}

// empty reports whether nothing of an entry counts any more.
func (e *entry) empty(now time.Time) bool {
	return len(e.Familiar) == 0 && (e.N == 0 || now.Sub(e.Last) > forgotten)
}

// put keeps an entry under a name.
func (f *failures) put(name string, e entry) {
	if f.Of == nil {
		f.Of = map[string]entry{}
	}
	f.Of[name] = e
}

// prune drops what no longer counts, and where there are too many the oldest that are of no account:
// an attacker can make up as many logins and addresses as it takes.
func (f *failures) prune(now time.Time) {
	var strangers []string
	for name, e := range f.Of {
		e.pruneFamiliar(now)
		if e.empty(now) {
			delete(f.Of, name)
		} else if !e.Account {
			strangers = append(strangers, name)
		}
	}
	slices.SortFunc(strangers, func(a, b string) int { return f.Of[b].Last.Compare(f.Of[a].Last) })
	for _, name := range strangers[min(mostCounted, len(strangers)):] {
		delete(f.Of, name)
	}
}
