package pace

import (
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	enoughFaults = 5 // in a row: one bad answer is an accident, five are a state
	firstPause   = 30 * time.Second
)

// sign is what one exchange says of a host.
type sign struct {
	well  bool      // the host answers
	fault string    // it does not, and how; the zero sign says nothing
	until time.Time // it asked to be left alone; zero: it did not
	why   string
}

// rest is whether a host is left alone. It is a circuit breaker: closed while all
// is well, open after faults in a row, and half-open when the pause is over, until
// the one request that is let through then has come back.
type rest struct {
	longest time.Duration
	log     *slog.Logger

	mu     sync.Mutex
	until  time.Time
	why    string
	faults int           // in a row
	pause  time.Duration // of the open breaker; 0: it is closed
	trial  bool          // a request is trying the host
}

// peek is until when the host rests and why; the zero time if it does not.
func (r *rest) peek(now time.Time) (until time.Time, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state(now)
}

func (r *rest) state(now time.Time) (until time.Time, why string) {
	switch {
	case now.Before(r.until):
		return r.until, r.why
	case r.trial:
		return now.Add(r.pause), r.why + "; it is being tried"
	}
	return time.Time{}, ""
}

// admit is peek for a request about to be sent. trial says that it tries the host:
// no other is let through until it is noted.
func (r *rest) admit(now time.Time) (trial bool, until time.Time, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until, why = r.state(now); until.IsZero() && r.pause > 0 {
		r.trial = true
		return true, until, why
	}
	return false, until, why
}

// note takes in what an exchange said.
func (r *rest) note(s sign, trial bool, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trial = r.trial && !trial
	switch {
	case s.well:
		r.close()
	case s.fault != "":
		r.fail(s.fault, trial, now)
	}
	if s.until.After(r.until) && s.until.After(now) {
		r.begin(s.until, s.why)
	}
}

func (r *rest) close() {
	if r.pause > 0 {
		r.log.Info("the host answers again")
	}
	r.faults, r.pause = 0, 0
}

// fail counts a fault. Those of requests that were under way when the breaker
// opened open it no further.
func (r *rest) fail(fault string, trial bool, now time.Time) {
	r.faults++
	switch {
	case trial:
		r.pause = min(2*r.pause, r.longest)
	case r.pause == 0 && r.faults >= enoughFaults:
		r.pause = min(firstPause, r.longest)
	default:
		return
	}
	r.begin(now.Add(r.pause), fmt.Sprintf("%d failures in a row, the last: %s", r.faults, fault))
}

func (r *rest) begin(until time.Time, why string) {
	r.until, r.why = until, why
	r.log.Warn("the host is left alone", slog.Time("until", until), slog.String("why", why))
}
