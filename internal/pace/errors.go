package pace

import (
	"fmt"
	"time"
)

// RestingError says that a request was not sent, since its host is left alone.
type RestingError struct {
	Host  string // and port, in lower case
	Until time.Time
	Why   string // for people: "HTTP 429, Retry-After", "5 failures in a row, the last: HTTP 503"
}

// Error names no address: what was asked may hold a key.
func (e *RestingError) Error() string {
	return fmt.Sprintf("host rests until %s: %s", e.Until.UTC().Format(time.RFC3339), e.Why)
}
