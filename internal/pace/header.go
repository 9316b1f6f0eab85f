package pace

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// restAsked is until when an answer asks its host to be left alone, and in what
// words; the zero time where it does not.
//
//	Retry-After (RFC 9110, 10.2.3)        with 429 and 503: seconds, or a date
//	RateLimit-Remaining: 0 with -Reset    with any status; X-RateLimit-, X-Rate-Limit- likewise:
//	                                      seconds, or seconds since 1970
//	RateLimit: "name";r=0;t=30            likewise; also as remaining=0, reset=30, of earlier drafts
func restAsked(status int, header http.Header, now time.Time) (until time.Time, why string) {
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		if at, told := retryAfter(header.Get("Retry-After"), now); told {
			return at, fmt.Sprintf("HTTP %d with Retry-After", status)
		}
	}
	for _, prefix := range []string{"RateLimit-", "X-RateLimit-", "X-Rate-Limit-"} {
		left, told := amount(header.Get(prefix + "Remaining"))
		if !told || left > 0 {
			continue
		}
		if reset, told := amount(header.Get(prefix + "Reset")); told {
			return resetAt(reset, now), prefix + "Remaining is 0"
		}
	}
	if reset, told := spent(header.Values("RateLimit")); told {
		return resetAt(reset, now), "RateLimit-Remaining is 0"
	}
	return time.Time{}, ""
}

// spent is in how many seconds the first policy of a RateLimit field that has nothing left has something again.
func spent(fields []string) (int64, bool) {
	for _, item := range strings.Split(strings.Join(fields, ","), ",") {
		left, reset := int64(-1), int64(-1)
		_, combined := parameter(item, "r")
		if !combined { // an earlier draft has one list of all, and not an item for each policy
			item = strings.ReplaceAll(strings.Join(fields, ","), ",", ";")
		}
		for name, into := range map[string]*int64{"r": &left, "remaining": &left, "t": &reset, "reset": &reset} {
			if n, told := parameter(item, name); told {
				*into = n
			}
		}
		if left == 0 && reset >= 0 {
			return reset, true
		}
	}
	return 0, false
}

// parameter is a number of an item's parameters.
func parameter(item, name string) (int64, bool) {
	for part := range strings.SplitSeq(item, ";") {
		if value, found := strings.CutPrefix(strings.TrimSpace(part), name+"="); found {
			return amount(value)
		}
	}
	return 0, false
}

// longestTold is as many seconds as are taken at their word: a day. Whoever asks
// for more is cut by the longest rest anyway, and cannot overflow a duration.
const longestTold = 24 * 60 * 60

func retryAfter(value string, now time.Time) (time.Time, bool) {
	if n, told := amount(value); told {
		return now.Add(time.Duration(min(n, longestTold)) * time.Second), true
	}
	if at, err := http.ParseTime(value); err == nil {
		return at, true
	}
	return time.Time{}, false
}

// firstEpoch is the least number that is taken for seconds since 1970 rather than
// from now: 2001, and thirty years of waiting.
const firstEpoch = 1_000_000_000

func resetAt(n int64, now time.Time) time.Time {
	if n >= firstEpoch {
		return time.Unix(n, 0).UTC()
	}
	return now.Add(time.Duration(min(n, longestTold)) * time.Second)
}

// amount reads a whole number that is not negative, before any parameters.
func amount(value string) (int64, bool) {
	value, _, _ = strings.Cut(value, ";")
	value, _, _ = strings.Cut(value, ",")
	n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	return n, err == nil && n >= 0
}
