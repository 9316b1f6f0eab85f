package archivetest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// Fault is what is wrong with the platform as a whole, and which endpoints it touches.
//
//	fault          touches                 answer
//	quota          Data API                403 quotaExceeded
//	key-refused    Data API                400 API_KEY_INVALID
//	slow           all                     as ever, after the delay
//	down           all                     503
//	hang-up        all                     the connection closes without an answer
//	garbage        all                     200 with bytes that mean nothing
//	consent        oEmbed, feeds, pages    302 to /consent, an HTML page with status 200
//	address-block  oEmbed, feeds, pictures 403
//	throttled      oEmbed, feeds, pictures 429, without a word of when to come back
//	rate-limited   those, and the Data API 429 with Retry-After
//	silent-player  player                  loads and never sends a message
type Fault string

// The faults of a platform.
const (
	FaultNone         Fault = "none"
	FaultQuota        Fault = "quota"
	FaultKeyRefused   Fault = "key-refused"
	FaultSlow         Fault = "slow"
	FaultDown         Fault = "down"
	FaultHangUp       Fault = "hang-up"
	FaultGarbage      Fault = "garbage"
	FaultConsent      Fault = "consent"
	FaultAddressBlock Fault = "address-block"
	FaultThrottled    Fault = "throttled"
	FaultRateLimited  Fault = "rate-limited"
	FaultSilentPlayer Fault = "silent-player"
)

// Faults is every fault, none first.
func Faults() []Fault {
	return []Fault{
		FaultNone, FaultQuota, FaultKeyRefused, FaultSlow, FaultDown, FaultHangUp,
		FaultGarbage, FaultConsent, FaultAddressBlock, FaultThrottled, FaultRateLimited, FaultSilentPlayer,
	}
}

// retryAfter is what a rate-limited answer asks for: short, as tests wait for it.
const retryAfter = "1" // s

// SetFault sets what is wrong with the platform. FaultNone heals it.
func (p *Platform) SetFault(f Fault) error {
	if !slices.Contains(Faults(), f) {
		return fmt.Errorf("fault %q: %w", f, ErrInvalid)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
	return nil
}

// Fault is what is wrong with the platform.
func (p *Platform) Fault() Fault {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.fault
}

// touches reports whether the fault changes a call's answer before the call's own handler.
func (f Fault) touches(c Call) bool {
	switch f {
	case FaultSlow, FaultDown, FaultHangUp, FaultGarbage:
		return true
	case FaultQuota, FaultKeyRefused:
		return c.keyed()
	case FaultConsent:
		return c == CallOEmbed || c == CallFeed || c == CallPage
	case FaultAddressBlock, FaultThrottled:
		return c.keyless()
	case FaultRateLimited:
		return c.keyed() || c.keyless()
	}
	return false
}

// faulty stands before the handler of a call: it counts the call and answers in
// its place where the platform's fault touches it.
func (p *Platform) faulty(c Call, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.log.count(c)
		if !wait(r.Context(), p.latencyOf(c)) {
			return
		}
		f := p.Fault()
		if !f.touches(c) {
			next(w, r)
			return
		}
		switch f {
		case FaultSlow:
			if wait(r.Context(), p.delayed()) {
				next(w, r)
			}
		case FaultHangUp:
			panic(http.ErrAbortHandler) // net/http's way to close the connection without an answer
		default:
			p.answerFault(w, r, f, c)
		}
	}
}

func (p *Platform) answerFault(w http.ResponseWriter, r *http.Request, f Fault, c Call) {
	switch {
	case f == FaultQuota:
		refuse(w, apiQuota())
	case f == FaultKeyRefused:
		refuse(w, apiKeyInvalid())
	case f == FaultRateLimited && c.keyed():
		w.Header().Set("Retry-After", retryAfter)
		refuse(w, apiRate())
	case f == FaultThrottled:
		http.Error(w, "Too Many Requests", http.StatusTooManyRequests)
	case f == FaultRateLimited:
		w.Header().Set("Retry-After", retryAfter)
		http.Error(w, "Too Many Requests", http.StatusTooManyRequests)
	case f == FaultAddressBlock:
		http.Error(w, "Forbidden", http.StatusForbidden)
	case f == FaultDown:
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
	case f == FaultConsent:
		http.Redirect(w, r, p.baseOf(r)+"/consent?continue="+url.QueryEscape(r.URL.RequestURI()), http.StatusFound)
	case f == FaultGarbage:
		w.Header().Set("Content-Type", "application/octet-stream")
		write(w, []byte("\x00\x9f\x92\x96 }{ nonsense <\xff\xfe"))
	}
}
