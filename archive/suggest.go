package archive

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Suggestion is what a source's own words offer for the newsroom's. Nothing of it is kept until an
// editor takes it.
type Suggestion struct {
	Title     string
	Caption   string
	Language  string // BCP 47; empty where the source names none
	EventDate EDTF
	Published bool // the date is that of the upload, which may be long after the event
}

// Suggest reads a source's fields for what an editor might write.
func Suggest(f Fields) Suggestion {
	s := Suggestion{Title: strings.Join(strings.Fields(f.Title), " "), Caption: captionIn(f.Description)}
	if ValidLanguage(f.Language) {
		s.Language = f.Language
	}
	for _, text := range []string{f.Title, f.Description} {
		if s.EventDate = dateIn(text); s.EventDate != "" {
			return s
		}
	}
	if !f.Published.IsZero() {
		s.EventDate, s.Published = EDTF(f.Published.UTC().Format(time.DateOnly)), true
	}
	return s
}

// longestCaption is in characters: two lines under a video.
const longestCaption = 220

// captionIn is the first paragraph of a description that says something: no addresses, no hashtags, no
// invitations to subscribe in the form of a list of links.
func captionIn(description string) string {
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(description, "\r\n", "\n"), "\n") {
		paragraph = strings.Join(strings.Fields(paragraph), " ")
		if strings.Contains(paragraph, "://") || strings.HasPrefix(paragraph, "#") || !strings.ContainsFunc(paragraph, unicode.IsLetter) || len(strings.Fields(paragraph)) < 3 {
			continue
		}
		return shortened(paragraph)
	}
	return ""
}

// shortened ends a text after a sentence, else after a word.
func shortened(text string) string {
	if utf8.RuneCountInString(text) <= longestCaption {
		return text
	}
	cut := string([]rune(text)[:longestCaption])
	if i := strings.LastIndexAny(cut, ".!?"); i > longestCaption/3 {
		return cut[:i+1]
	}
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:") + "…"
}

// How dates are written in titles: 25 de septiembre de 2019, September 25, 2019, 25 September 2019,
// 2019-09-25. Figures alone with slashes are passed over, since 04/05 is April in one country and May
// in another.
var (
	dateDayFirst   = regexp.MustCompile(`(?i)\b(\d{1,2})(?:º|°|st|nd|rd|th)?\s+(?:de\s+|of\s+)?(\p{L}+)\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b`)
	dateMonthFirst = regexp.MustCompile(`(?i)\b(\p{L}+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`)
	dateFigures    = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`)
)

// dateIn is the first day of the calendar that the text names in English or Spanish; empty for none.
func dateIn(text string) EDTF {
	for _, form := range []struct {
		pattern          *regexp.Regexp
		year, month, day int
	}{{dateDayFirst, 3, 2, 1}, {dateMonthFirst, 3, 1, 2}, {dateFigures, 1, 2, 3}} {
		for _, m := range form.pattern.FindAllStringSubmatch(text, 8) {
			year, _ := strconv.Atoi(m[form.year])
			day, _ := strconv.Atoi(m[form.day])
			if date, err := ParseEDTF(fmt.Sprintf("%04d-%02d-%02d", year, monthOf(m[form.month]), day)); err == nil && year >= oldestFilm {
				return date
			}
		}
	}
	return ""
}

// oldestFilm is the year of the oldest film there is; what is older is a number.
const oldestFilm = 1888

// monthOf is the month's number, from its name in English or Spanish, whole or its first three
// letters, or from figures; 0 for none.
func monthOf(name string) int {
	if n, err := strconv.Atoi(name); err == nil {
		return n
	}
	name = strings.ToLower(name)
	for _, months := range []string{
		"january february march april may june july august september october november december",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"x x x x x x x x setiembre x x x",
	} {
		for i, month := range strings.Fields(months) {
			if name == month || len(name) == 3 && strings.HasPrefix(month, name) || name == "sept" && i == 8 {
				return i + 1
			}
		}
	}
	return 0
}
