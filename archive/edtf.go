package archive

import (
	"regexp"
	"time"
)

// EDTF is a date in the part of the Extended Date/Time Format (ISO 8601-2,
// level 0 and 1) that newsrooms need: "2019-09-25", "2019-09", "2019", each with
// an optional "~" (approximate) or "?" (uncertain). The zero value is no date.
type EDTF string

var edtfForm = regexp.MustCompile(`^(\d{4})(-\d{2})?(-\d{2})?[~?%]?$`)

// ParseEDTF reads a date. A bad one gets a *FieldError.
func ParseEDTF(s string) (EDTF, error) {
	if s == "" {
		return "", nil
	}
	m := edtfForm.FindStringSubmatch(s)
	if m == nil {
		return "", badDate(s, "is not a date")
	}
	layout, value := "2006", m[1]+m[2]+m[3]
	if m[2] != "" {
		layout = "2006-01"
	}
	if m[3] != "" {
		layout = "2006-01-02"
	}
	if _, err := time.Parse(layout, value); err != nil {
		return "", badDate(s, "is not in the calendar")
	}
	return EDTF(s), nil
}

func badDate(s, problem string) error {
	return &FieldError{Field: "eventDate", Problem: s + " " + problem, Cure: "write it as 2019-09-25, 2019-09 or 2019, with ~ behind it where it is approximate"}
}
