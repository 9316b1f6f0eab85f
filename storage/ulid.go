package storage

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// ulids draws ids that sort by time, in lower case since keys have no upper case.
// Within a process, later ones sort later also inside a millisecond.
type ulids struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
}

func newULIDs() *ulids { return &ulids{entropy: ulid.Monotonic(rand.Reader, 0)} }

func (u *ulids) next(at time.Time) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	id, err := ulid.New(ulid.Timestamp(at), u.entropy)
	if err != nil {
		return "", fmt.Errorf("drawing an id: %w", err)
	}
	return strings.ToLower(id.String()), nil
}

// ulidTime is when an id was drawn.
func ulidTime(id string) (time.Time, error) {
	parsed, err := ulid.ParseStrict(strings.ToUpper(id))
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the id %q: %w", id, err)
	}
	return ulid.Time(parsed.Time()), nil
}

// floorULID sorts before every id drawn at or after the time.
func floorULID(at time.Time) string {
	var id ulid.ULID
	if at.Before(time.UnixMilli(0)) { // the zero time too: ids begin with 1970
		at = time.UnixMilli(0)
	}
	if err := id.SetTime(ulid.Timestamp(at)); err != nil {
		return ""
	}
	return strings.ToLower(id.String())
}
