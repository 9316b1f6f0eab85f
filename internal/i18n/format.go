package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"videoteca/archive"
)

// spanishMonth is the name of a month, in lower case as Spanish writes it.
func spanishMonth(m time.Month) string {
	return [...]string{
		"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
	}[m-1]
}

// FormatDate is the day of t in t's own zone, in full: "25 September 2019",
// "25 de septiembre de 2019". The zero time is the empty string.
func FormatDate(lang string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if isSpanish(lang) {
		return fmt.Sprintf("%d de %s de %d", t.Day(), spanishMonth(t.Month()), t.Year())
	}
	return t.Format("2 January 2006")
}

// FormatMoment is the date and the time of day in UTC: "25 September 2019, 14:05 UTC".
func FormatMoment(lang string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	return FormatDate(lang, t) + t.Format(", 15:04 UTC")
}

// FormatEDTF writes a date as precise as it is: "25 September 2019",
// "September 2019", "2019"; "about 2019" where it is approximate and
// "2019 (uncertain)" where it is uncertain. One that cannot be read comes back as it is.
func FormatEDTF(lang string, date archive.EDTF) string {
	value := strings.TrimRight(string(date), "~?%")
	text := precise(lang, value)
	if text == "" {
		return string(date)
	}
	switch string(date)[len(value):] {
	case "~":
		return approximate(lang, text)
	case "?":
		return uncertain(lang, text)
	case "%":
		return uncertain(lang, approximate(lang, text))
	}
	return text
}

func precise(lang, value string) string {
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return FormatDate(lang, t)
	}
	if t, err := time.Parse("2006-01", value); err == nil {
		if isSpanish(lang) {
			return fmt.Sprintf("%s de %d", spanishMonth(t.Month()), t.Year())
		}
		return t.Format("January 2006")
	}
	if _, err := time.Parse("2006", value); err == nil {
		return value
	}
	return ""
}

func approximate(lang, text string) string {
	if isSpanish(lang) {
		return "hacia " + text
	}
	return "about " + text
}

func uncertain(lang, text string) string {
	if isSpanish(lang) {
		return text + " (sin confirmar)"
	}
	return text + " (uncertain)"
}

func isSpanish(lang string) bool {
	return lang == Spanish || strings.HasPrefix(lang, Spanish+"-")
}

// FormatLength is a length of time as players show it: "0:42", "12:05",
// "1:02:03". Parts of a second are rounded; a length that is not known,
// zero or less, is the empty string.
func FormatLength(seconds float64) string {
	if !(seconds > 0) || seconds > math.MaxInt32 { // the first also refuses NaN
		return ""
	}
	s := max(int(math.Round(seconds)), 1)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// FormatBytes is a size in powers of 1000, as file managers and hosts count:
// "512 B", "14.2 MB". Both languages use the point, as Central America does.
func FormatBytes(n int64) string {
	const units = "kMGTPE"
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	value, unit := float64(n)/1000, 0
	for value >= 999.95 && unit < len(units)-1 { // 999.95 would be rounded to 1000.0
		value, unit = value/1000, unit+1
	}
	return fmt.Sprintf("%.1f %cB", value, units[unit])
}

// LanguageName is what a language calls itself, "español", with the tag where
// nobody has named it.
func LanguageName(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Self.Name(parsed); name != "" {
		return name
	}
	return tag
}
