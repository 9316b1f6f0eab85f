package wayback

import (
	"strings"
	"time"

	"videoteca/archive"
)

// stampForm is the archive's way to write a time, in UTC.
const stampForm = "20060102150405"

// firstYear is that of the archive's oldest pages.
const firstYear = 1996

// stampOf reads 14 digits. What is no time, or was before there was an archive, is none.
func stampOf(digits string) (time.Time, bool) {
	if len(digits) != len(stampForm) || strings.Trim(digits, "0123456789") != "" {
		return time.Time{}, false
	}
	at, err := time.Parse(stampForm, digits)
	return at, err == nil && at.Year() >= firstYear
}

// memento is the page as it was kept at a time.
func (c *Client) memento(page string, at time.Time) archive.Memento {
	return archive.Memento{URL: c.o.MementoBase + at.UTC().Format(stampForm) + "/" + page, At: at.UTC()}
}

// nearer reports whether a lies nearer to near than b does; near zero: whether it is newer.
// Anything is nearer than a zero b.
func nearer(a, b, near time.Time) bool {
	switch {
	case b.IsZero():
		return true
	case near.IsZero():
		return a.After(b)
	}
	return a.Sub(near).Abs() < b.Sub(near).Abs()
}

// isGood reports whether a status in the index is 2xx. Rows without one are repetitions of an
// earlier row, which stands in the list itself.
func isGood(status string) bool {
	return len(status) == 3 && status[0] == '2' && strings.Trim(status, "0123456789") == ""
}
