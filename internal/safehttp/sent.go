package safehttp

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestAge is the most that a cache says of how long it kept an answer, in seconds (RFC 9111, 1.2.2).
const longestAge = 1 << 31

// Sent is when an answer was sent, in UTC and by the clock of whoever sent it: its Date, and on top of that
// its Age where a cache has kept it since. Zero where it has no date that can be read.
func Sent(h http.Header) time.Time {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	age, err := strconv.ParseInt(strings.TrimSpace(h.Get("Age")), 10, 64)
	if err != nil || age < 0 {
		age = 0
	}
	return date.UTC().Add(time.Duration(min(age, longestAge)) * time.Second)
}
