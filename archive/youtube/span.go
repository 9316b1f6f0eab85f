package youtube

import (
	"net/url"
	"regexp"
	"strconv"
)

// clock is "90", "90s", "1m30s", "1h2m3s". At most six digits a unit: more is no
// time in a video, and cannot overflow.
var clock = regexp.MustCompile(`^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s?)?$`)

// span reads where an address wants a video to begin and end, in seconds. What
// cannot be read, and an end before the start, is 0.
func span(u *url.URL) (start, end int) {
	q, f := u.Query(), fragmentQuery(u)
	for _, s := range []string{q.Get("t"), q.Get("start"), f.Get("t"), f.Get("start")} {
		if start = seconds(s); start > 0 {
			break
		}
	}
	if end = seconds(q.Get("end")); end <= start {
		end = 0
	}
	return start, end
}

func seconds(s string) int {
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	total := 0
	for i, unit := range []int{3600, 60, 1} {
		n, _ := strconv.Atoi(m[i+1]) // digits or nothing, and nothing is 0
		total += n * unit
	}
	return total
}
