package wayback

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	shortRest   = time.Minute    // after a 429 that does not say how long
	longestRest = 24 * time.Hour // whatever an answer asks for
)

// rests is until when hosts asked to be left alone. The zero value has none.
type rests struct {
	mu    sync.Mutex
	until map[string]*BusyError
}

// of is the rest that a host has at a time; nil for none.
func (r *rests) of(host string, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if busy := r.until[host]; busy != nil && now.Before(busy.Until) {
		return busy
	}
	return nil
}

// note keeps a rest, unless a longer one stands.
func (r *rests) note(busy *BusyError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.until == nil {
		r.until = map[string]*BusyError{}
	}
	if known := r.until[busy.Host]; known == nil || known.Until.Before(busy.Until) {
		r.until[busy.Host] = busy
	}
}

// restAsked is until when an answer asks to be left alone (RFC 9110, 10.2.3); zero where
// it does not.
func restAsked(res *http.Response, now time.Time) time.Time {
	rest := time.Duration(0)
	value := res.Header.Get("Retry-After")
	if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
		rest = time.Duration(min(n, int64(longestRest/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		rest = min(at.Sub(now), longestRest)
	}
	switch {
	case rest > 0:
		return now.Add(rest)
	case res.StatusCode == http.StatusTooManyRequests:
		return now.Add(shortRest)
	}
	return time.Time{}
}
