package archive

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Retention is how long is kept what a platform returned to keyed calls. The zero value keeps it
// for ever.
type Retention time.Duration

// Keep is the retention of an installation that never chose another.
const Keep Retention = 0

// RetentionSetting is the name of the setting, and RetentionChoice its value.
const RetentionSetting = "retention"

// RetentionChoice is what an installation chose.
type RetentionChoice struct {
	Period Retention `json:"period"`
}

const (
	keepForEver  = "keep"
	oneDay       = 24 * time.Hour
	mostDays     = 36500 // a century; beyond it people mean "keep"
	runsApart    = oneDay
	refreshTenth = 10 // of the period are left when refreshing begins: three days of thirty
)

var daysForm = regexp.MustCompile(`^[1-9][0-9]{0,4}d$`)

// ParseRetention reads "keep" or a number of days, "30d". Anything else gets a *FieldError.
func ParseRetention(s string) (Retention, error) {
	if s == keepForEver {
		return Keep, nil
	}
	days := 0
	if daysForm.MatchString(s) {
		days, _ = strconv.Atoi(s[:len(s)-1]) // at most five digits, by the form
	}
	if days < 1 || days > mostDays {
		return Keep, &FieldError{
			Field: RetentionSetting, Problem: fmt.Sprintf("%q is no period", s),
			Cure: fmt.Sprintf("write %s, or 1 to %d days as 30d", keepForEver, mostDays),
		}
	}
	return Retention(days) * Retention(oneDay), nil
}

// String is "keep" or the days, as ParseRetention reads them.
func (r Retention) String() string {
	if r.Keeps() {
		return keepForEver
	}
	return strconv.Itoa(int(time.Duration(r)/oneDay)) + "d"
}

// MarshalText writes the period as String does.
func (r Retention) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the period as ParseRetention does.
func (r *Retention) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRetention(string(text))
	return err
}

// Keeps reports whether nothing is ever purged.
func (r Retention) Keeps() bool { return r <= 0 }

// over reports whether what was fetched at a time may be kept no longer.
func (r Retention) over(at, now time.Time) bool {
	return !r.Keeps() && now.Sub(at) > time.Duration(r)
}

// ending reports whether so little of the period is left that what was fetched is fetched anew. It
// begins before the end, so that an outage of a day costs nothing.
func (r Retention) ending(at, now time.Time) bool {
	return !r.Keeps() && now.Sub(at) > time.Duration(r-r/refreshTenth)
}

// late reports whether half of the time for fetching anew went by in vain.
func (r Retention) late(at, now time.Time) bool {
	return !r.Keeps() && now.Sub(at) > time.Duration(r-r/refreshTenth/2)
}

// NextRetention is when the next pass is due after the last; a zero last was never.
func NextRetention(last, now time.Time) time.Time {
	if next := last.Add(runsApart); next.After(now) {
		return next
	}
	return now
}

// Keyed is a platform some of whose methods are called with a key, under terms that bound how long
// their answers may be kept.
type Keyed interface {
	// KeyedMethods are those methods, as captures and observations name them.
	KeyedMethods() []string
}

// keyedMethods are the keyed methods of all platforms: a capture may be of an instance that is no
// longer configured, and the terms still hold.
func (ps Platforms) keyedMethods() map[string]bool {
	methods := map[string]bool{}
	for _, p := range ps {
		k, isKeyed := p.(Keyed)
		if !isKeyed {
			continue
		}
		for _, m := range k.KeyedMethods() {
			methods[m] = true
		}
	}
	return methods
}

// Purge is what stays of platform data that was deleted: that it was there, and when.
type Purge struct {
	Capture  string    `json:"capture,omitempty"` // id; empty: an answer that was kept as evidence
	Digest   string    `json:"digest,omitempty"`  // hexadecimal SHA-256 of the capture object, or of the answer
	Captured time.Time `json:"captured"`          // when the platform was asked
	At       time.Time `json:"at"`                // when it was purged
	Reason   string    `json:"reason"`
}

// HasPurged reports whether the capture was purged. Its object may still be there where a
// pass was broken off, and some of its files gone already.
func (s *Source) HasPurged(capture string) bool {
	for _, p := range s.Purged {
		if p.Capture != "" && p.Capture == capture {
			return true
		}
	}
	return false
}

// HasPurgedAnswer reports whether the answer with this digest, which a round of that time was judged by, was
// purged. One that came again later, to the byte, is another.
func (s *Source) HasPurgedAnswer(digest string, at time.Time) bool {
	for _, p := range s.Purged {
		if p.Capture == "" && p.Digest == digest && !at.After(p.Captured) {
			return true
		}
	}
	return false
}
