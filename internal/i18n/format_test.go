package i18n_test

import (
	"math"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/i18n"
)

func TestFormatDate(t *testing.T) {
	meeting := time.Date(2019, 9, 25, 14, 5, 0, 0, time.UTC)
	for _, tt := range []struct {
		lang string
		at   time.Time
		want string
	}{
		{"en", meeting, "25 September 2019"},
		{"es", meeting, "25 de septiembre de 2019"},
		{"es-SV", meeting, "25 de septiembre de 2019"},
		{"", meeting, "25 September 2019"},
		{"es", time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), "1 de enero de 2025"},
		{"es", time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC), "31 de diciembre de 2024"},
		{"est", meeting, "25 September 2019"}, // Estonian's three letters are not Spanish
		{"es", time.Time{}, ""},
	} {
		if got := i18n.FormatDate(tt.lang, tt.at); got != tt.want {
			t.Errorf("FormatDate(%q, %v) = %q, want %q", tt.lang, tt.at, got, tt.want)
		}
	}
}

func TestFormatMomentIsInUTC(t *testing.T) {
	salvador := time.FixedZone("CST", -6*60*60)
	late := time.Date(2025, 4, 14, 20, 30, 0, 0, salvador)
	if got, want := i18n.FormatMoment("es", late), "15 de abril de 2025, 02:30 UTC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := i18n.FormatMoment("en", time.Time{}); got != "" {
		t.Errorf("the zero time is %q", got)
	}
}

func TestFormatEDTF(t *testing.T) {
	for _, tt := range []struct {
		date   archive.EDTF
		en, es string
	}{
		{"2019-09-25", "25 September 2019", "25 de septiembre de 2019"},
		{"2019-09", "September 2019", "septiembre de 2019"},
		{"2019", "2019", "2019"},
		{"2019~", "about 2019", "hacia 2019"},
		{"2019-09?", "September 2019 (uncertain)", "septiembre de 2019 (sin confirmar)"},
		{"2019%", "about 2019 (uncertain)", "hacia 2019 (sin confirmar)"},
		{"", "", ""},
		{"last autumn", "last autumn", "last autumn"},
	} {
		if got := i18n.FormatEDTF("en", tt.date); got != tt.en {
			t.Errorf("in English %q is %q, want %q", tt.date, got, tt.en)
		}
		if got := i18n.FormatEDTF("es", tt.date); got != tt.es {
			t.Errorf("in Spanish %q is %q, want %q", tt.date, got, tt.es)
		}
	}
}

func TestFormatLength(t *testing.T) {
	for _, tt := range []struct {
		seconds float64
		want    string
	}{
		{42, "0:42"}, {725, "12:05"}, {3723, "1:02:03"}, {59.6, "1:00"}, {0.2, "0:01"}, {36000, "10:00:00"},
		{0, ""}, {-5, ""}, {math.NaN(), ""}, {math.Inf(1), ""},
	} {
		if got := i18n.FormatLength(tt.seconds); got != tt.want {
			t.Errorf("FormatLength(%v) = %q, want %q", tt.seconds, got, tt.want)
		}
	}
}

func TestFormatBytes(t *testing.T) {
	for _, tt := range []struct {
		n    int64
		want string
	}{
		{0, "0 B"}, {999, "999 B"}, {1000, "1.0 kB"}, {14_200_000, "14.2 MB"}, {999_960, "1.0 MB"},
		{5_300_000_000, "5.3 GB"}, {math.MaxInt64, "9.2 EB"},
	} {
		if got := i18n.FormatBytes(tt.n); got != tt.want {
			t.Errorf("FormatBytes(%d) = %q, want %q", tt.n, got, tt.want)
		}
	}
}
