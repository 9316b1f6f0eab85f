package catalog

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"videoteca/archive"
)

// label is a value of one kind of filter that a video has.
type label struct{ kind, value, shown string }

// isListed reports whether a video is on any page.
func isListed(v archive.Video) bool {
	return v.Visibility.Exposure != archive.Erased && v.MergedInto == ""
}

// fold makes labels equal that people take for the same: without accents, in small letters.
func fold(s string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), s)
	if err != nil {
		plain = s
	}
	return strings.ToLower(plain)
}

// labelsOf is what a video can be filtered by, each once, beside whether an article uses it.
func labelsOf(v archive.Video) []label {
	var list []label
	add := func(kind string, values ...string) {
		for _, shown := range values {
			l := label{kind, fold(strings.TrimSpace(shown)), strings.TrimSpace(shown)}
			if l.value != "" && !slices.ContainsFunc(list, func(have label) bool { return have.kind == l.kind && have.value == l.value }) {
				list = append(list, l)
			}
		}
	}
	add("state", bestState(v).String())
	for _, s := range v.Sources {
		add("platform", s.Platform)
		if s.Described != nil {
			add("channel", s.Described.Channel)
		}
		add("mark", marksOf(s)...)
	}
	add("tag", v.Tags...)
	add("collection", v.Collections...)
	add("language", languagesOf(v)...)
	add("event", v.EventDate.Periods()...)
	add("by", v.RegisteredBy)
	add("copy", yesNo(len(v.Copies) > 0))
	add("caption", yesNo(len(v.Caption) > 0))
	add("visibility", exposureName(v))
	return list
}

func marksOf(s archive.Source) []string {
	var marks []string
	if len(s.Standing.Held) > 0 {
		marks = append(marks, "held")
	}
	if !s.Standing.DisputedSince.IsZero() {
		marks = append(marks, "disputed")
	}
	if s.Overrule != nil {
		marks = append(marks, "overruled")
	}
	return marks
}

// languagesOf is the languages of the newsroom's words, and the default.
func languagesOf(v archive.Video) []string {
	list := []string{v.DefaultLanguage}
	for _, text := range []archive.Text{v.Title, v.Caption} {
		for tag := range text {
			list = append(list, tag)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func exposureName(v archive.Video) string {
	if v.Visibility.Exposure == archive.Public {
		return "public"
	}
	return string(v.Visibility.Exposure)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// wordsOf is what a video is searched by: its titles, and everything else.
func wordsOf(v archive.Video) (title, more string) {
	var titles, others strings.Builder
	put := func(into *strings.Builder, texts ...string) {
		for _, s := range texts {
			into.WriteString(s)
			into.WriteByte('\n')
		}
	}
	for _, s := range v.Title {
		put(&titles, s)
	}
	for _, text := range []archive.Text{v.Caption, v.Alt} {
		for _, s := range text {
			put(&others, s)
		}
	}
	for _, s := range v.Sources {
		if d := s.Described; d != nil {
			put(&titles, d.Title)
			put(&others, d.Channel, d.Description)
		}
		put(&others, s.SourceKey.ID, s.URL)
	}
	put(&others, string(v.ID), v.Notes, string(v.EventDate))
	put(&others, v.Tags...)
	put(&others, v.Collections...)
	return titles.String(), others.String()
}

// seqOf is a video's place in the order of registration: microseconds since 1970, and below them the first
// two characters of the id, so that the order of what was registered at once is the same in every catalog.
func seqOf(v archive.Video) int64 {
	const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	low := int64(0)
	for i := range 2 {
		if i < len(v.ID) {
			low = low<<5 | int64(max(0, strings.IndexByte(alphabet, v.ID[i])))
		}
	}
	return max(0, v.Created.UnixMicro())<<10 | low
}

// nextPlaces is how many places are tried one after the other. What was imported at once, thousands with one
// time, would go through thousands of taken places.
const nextPlaces = 8

// placeOf is the place to try after so many were taken: the next few, then by chance in a stretch that doubles with
// each try, so that a few tries do however many were registered at one moment. A stretch of 2^20 is a second.
func placeOf(v archive.Video, try int) int64 {
	first := seqOf(v)
	if try < nextPlaces {
		return first + int64(try)
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %d", v.ID, try) // a hash never fails
	stretch := uint64(1) << min(12+try-nextPlaces, 40)
	return first + nextPlaces + int64(h.Sum64()%stretch) //nolint:gosec // below 2^40
}
