package webfile

import (
	"math"
	"net/url"
	"strconv"
	"strings"
)

// longestClip is a week in seconds: more is a mistake, and is not told.
const longestClip = 7 * 24 * 3600

// clip reads the temporal part of a media fragment (W3C Media Fragments 1.0,
// 4.2.1): "t=10,20", "t=npt:1:02:03", "t=,20". The start is rounded down and the
// end up, so that nothing asked for is cut. What makes no sense is 0, 0.
func clip(fragment string) (start, end int) {
	q, _ := url.ParseQuery(fragment) // what could be read of it
	from, to, _ := strings.Cut(strings.TrimPrefix(q.Get("t"), "npt:"), ",")
	begin, ok := clock(from)
	if !ok {
		return 0, 0
	}
	finish, ok := clock(to)
	if !ok || (finish > 0 && finish <= begin) {
		return 0, 0
	}
	return int(math.Floor(begin)), int(math.Ceil(finish))
}

// clock reads "75", "75.5", "75s", "1:15" and "0:01:15" as seconds; "" is 0.
func clock(s string) (seconds float64, ok bool) {
	s = strings.TrimSuffix(s, "s")
	if s == "" {
		return 0, true
	}
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0, false
	}
	for _, part := range parts {
		if strings.Trim(part, "0123456789.") != "" { // no signs, exponents and NaN
			return 0, false
		}
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0, false
		}
		seconds = seconds*60 + n
	}
	return seconds, seconds <= longestClip
}
