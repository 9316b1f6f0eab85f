package safehttp_test

import (
	"net/http"
	"testing"
	"time"

	"videoteca/internal/safehttp"
)

func TestAnAnswerIsDatedByWhoeverSentIt(t *testing.T) {
	const noon = "Mon, 14 Apr 2025 12:00:00 GMT"
	at := time.Date(2025, 4, 14, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, date, age string
		want            time.Time
	}{
		{"fresh", noon, "", at},
		{"fresh from a cache", noon, "0", at},
		{"kept by a cache for two days", noon, "172800", at.Add(48 * time.Hour)},
		{"an age with blanks", noon, " 60 ", at.Add(time.Minute)},
		{"an age below nought", noon, "-60", at},
		{"an age that is none", noon, "old", at},
		{"an age that no number holds", noon, "99999999999999999999", at},
		{"an age beyond what a cache may say", noon, "9999999999999", at.Add((1 << 31) * time.Second)},
		{"a date that is none", "yesterday", "60", time.Time{}},
		{"no date", "", "60", time.Time{}},
	} {
		h := http.Header{}
		h.Set("Date", tt.date)
		h.Set("Age", tt.age)
		if got := safehttp.Sent(h); !got.Equal(tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
