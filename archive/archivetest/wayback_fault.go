package archivetest

import (
	"fmt"
	"net/http"
	"slices"
)

// WebArchiveFault is what is wrong with a web archive as a whole.
//
//	fault               touches                answer
//	down                all                    503
//	hang-up             all                    the connection closes without an answer
//	garbage             all                    200 with bytes that mean nothing
//	rate-limited        all                    429 with Retry-After
//	empty-availability  availability           200, as if there were none
//	empty-index         availability, TimeMap  200 without a byte
//	save-down           orders and status      503
type WebArchiveFault string

// The faults of a web archive.
const (
	WebArchiveWell              WebArchiveFault = "none"
	WebArchiveDown              WebArchiveFault = "down"
	WebArchiveHangUp            WebArchiveFault = "hang-up"
	WebArchiveGarbage           WebArchiveFault = "garbage"
	WebArchiveRateLimited       WebArchiveFault = "rate-limited"
	WebArchiveEmptyAvailability WebArchiveFault = "empty-availability"
	WebArchiveEmptyIndex        WebArchiveFault = "empty-index"
	WebArchiveSaveDown          WebArchiveFault = "save-down"
)

// WebArchiveFaults is every fault, none first.
func WebArchiveFaults() []WebArchiveFault {
	return []WebArchiveFault{
		WebArchiveWell, WebArchiveDown, WebArchiveHangUp, WebArchiveGarbage, WebArchiveRateLimited,
		WebArchiveEmptyAvailability, WebArchiveEmptyIndex, WebArchiveSaveDown,
	}
}

// webArchiveRest is what a rate-limited archive asks for, in seconds.
const webArchiveRest = "120"

// SetFault sets what is wrong with the archive. WebArchiveWell heals it.
func (a *WebArchive) SetFault(f WebArchiveFault) error {
	if !slices.Contains(WebArchiveFaults(), f) {
		return fmt.Errorf("fault %q: %w", f, ErrInvalid)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fault = f
	return nil
}

// service is one part of the archive, as faults touch it.
type service string

const (
	serviceAvailability service = "availability"
	serviceTimeMap      service = "timemap"
	serviceSave         service = "save"
	serviceStatus       service = "status"
)

// touches reports whether the fault changes the answers of a service.
func (f WebArchiveFault) touches(s service) bool {
	switch f {
	case WebArchiveDown, WebArchiveHangUp, WebArchiveGarbage, WebArchiveRateLimited:
		return true
	case WebArchiveEmptyAvailability:
		return s == serviceAvailability
	case WebArchiveEmptyIndex:
		return s == serviceAvailability || s == serviceTimeMap
	case WebArchiveSaveDown:
		return s == serviceSave || s == serviceStatus
	}
	return false
}

func answerWebArchiveFault(w http.ResponseWriter, f WebArchiveFault) {
	switch f {
	case WebArchiveHangUp:
		panic(http.ErrAbortHandler) // net/http's way to close the connection without an answer
	case WebArchiveGarbage:
		write(w, []byte("\x00\x9f\x92\x96 }{ nonsense <\xff\xfe"))
	case WebArchiveRateLimited:
		w.Header().Set("Retry-After", webArchiveRest)
		http.Error(w, "Too Many Requests", http.StatusTooManyRequests)
	case WebArchiveEmptyAvailability:
		writeJSON(w, http.StatusOK, map[string]any{"archived_snapshots": map[string]any{}})
	case WebArchiveEmptyIndex:
		w.WriteHeader(http.StatusOK)
	default:
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
	}
}
