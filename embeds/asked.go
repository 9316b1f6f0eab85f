package embeds

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"videoteca/archive"
)

// Asked is what an editor may ask of an embed, under the same names in every
// snippet, in the query of every public address and in the API.
type Asked struct {
	Start    int    // "start", seconds; 0: where the source was registered to start
	End      int    // "end", seconds; 0: where the source was registered to end
	Captions string // "captions", BCP 47; empty: none unless the reader wants them
	Language string // "lang", BCP 47, of the interface; empty: the reader's, else the video's
	Theme    string // "theme", ThemeLight or ThemeDark; empty: as the reader's system has it
	Ratio    string // "ratio", one of Ratios; empty: as the video is known to be
	Prefer   Prefer // "prefer"; empty: PreferSource
}

// Ratios are the shapes that may be asked for, width to height.
func Ratios() []string { return []string{"16:9", "9:16", "4:3", "1:1"} }

// longestClip bounds start and end in seconds: four weeks is longer than any video.
const longestClip = 28 * 24 * 60 * 60

// longestTag is what RFC 5646, 4.4.1, asks implementations to have room for.
const longestTag = 35

// option reads one value into an Asked, or says what is wrong with it.
type option struct {
	name string
	read func(a *Asked, value string) (problem, cure string)
}

func optionList() []option {
	return []option{
		{"start", func(a *Asked, value string) (string, string) { return seconds(&a.Start, value) }},
		{"end", readEnd},
		{"captions", func(a *Asked, value string) (string, string) { return tag(&a.Captions, value) }},
		{"lang", func(a *Asked, value string) (string, string) { return tag(&a.Language, value) }},
		{"theme", func(a *Asked, value string) (string, string) {
			return oneOf(&a.Theme, value, ThemeLight, ThemeDark)
		}},
		{"ratio", func(a *Asked, value string) (string, string) { return oneOf(&a.Ratio, value, Ratios()...) }},
		{"prefer", func(a *Asked, value string) (string, string) {
			return oneOf(&a.Prefer, Prefer(value), PreferSource, PreferCopy)
		}},
	}
}

// ParseQuery reads what a public address asks for. What it cannot read it leaves
// out, since an address in an article must go on working whatever was added to it.
func ParseQuery(q url.Values) Asked {
	a, _ := parse(q)
	return a
}

// CheckQuery reads the same for an editor, who is told of the first option that
// cannot be read by a *archive.FieldError. Names it does not know are left alone.
func CheckQuery(q url.Values) (Asked, error) { return parse(q) }

func parse(q url.Values) (Asked, error) {
	var a Asked
	var first error
	for _, o := range optionList() {
		value := q.Get(o.name)
		if value == "" {
			continue
		}
		if problem, cure := o.read(&a, value); problem != "" && first == nil {
			first = &archive.FieldError{Field: o.name, Problem: problem, Cure: cure}
		}
	}
	return a, first
}

func seconds(to *int, value string) (problem, cure string) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > longestClip {
		return fmt.Sprintf("%q is no number of seconds", value), fmt.Sprintf("give a whole number from 0 to %d", longestClip)
	}
	*to = n
	return "", ""
}

func readEnd(a *Asked, value string) (problem, cure string) {
	if problem, cure = seconds(&a.End, value); problem != "" {
		return problem, cure
	}
	if a.End <= a.Start {
		a.End = 0
		return fmt.Sprintf("%s is not after the start", value), "give an end after the start, or none"
	}
	return "", ""
}

func tag(to *string, value string) (problem, cure string) {
	if len(value) > longestTag || !archive.ValidLanguage(value) {
		return fmt.Sprintf("%q is not a language tag", value), "use BCP 47, such as es, en or pt-BR"
	}
	*to = value
	return "", ""
}

func oneOf[T ~string](to *T, value T, allowed ...T) (problem, cure string) {
	if slices.Contains(allowed, value) {
		*to = value
		return "", ""
	}
	var names []string
	for _, a := range allowed {
		names = append(names, string(a))
	}
	return fmt.Sprintf("%q is not known", value), "use one of " + strings.Join(names, ", ")
}

// Query is the address part that ParseQuery reads back, with its question mark;
// empty where nothing is asked.
func (a Asked) Query() string {
	q := url.Values{}
	setSeconds(q, "start", a.Start)
	setSeconds(q, "end", a.End)
	set(q, "captions", a.Captions)
	set(q, "lang", a.Language)
	set(q, "theme", a.Theme)
	set(q, "ratio", a.Ratio)
	set(q, "prefer", string(a.Prefer))
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.ReplaceAll(q.Encode(), "%3A", ":") // which needs no escape, and reads better in an article
}
