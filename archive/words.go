package archive

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// longestText is how many bytes one text of the newsroom may have: four pages
// of prose, so that a record stays small enough to be written in one part.
const longestText = 16 << 10

// Words is what an editor says of a video. A nil map or pointer leaves the
// field as it is; an empty text removes that language.
type Words struct {
	DefaultLanguage string
	Title           Text
	Caption         Text
	Alt             Text
	ContentWarning  Text
	EventDate       *string // EDTF; empty removes it
	Notes           *string
	Sites           *[]string // origins that may frame the video; empty: as the installation has it
	Tags            *[]string // all of them; nil: as they are
	Collections     *[]string // all of them
	Revision        int64     // if not 0, the revision that the editor saw: ErrConflict if it has moved on
}

// Check reports the first field that cannot be kept as a *FieldError.
func (w Words) Check() error {
	if w.DefaultLanguage != "" && !ValidLanguage(w.DefaultLanguage) {
		return badLanguage("defaultLanguage", w.DefaultLanguage)
	}
	for _, f := range []struct {
		name string
		text Text
	}{{"title", w.Title}, {"caption", w.Caption}, {"alt", w.Alt}, {"contentWarning", w.ContentWarning}} {
		if err := checkText(f.name, f.text); err != nil {
			return err
		}
	}
	if w.Sites != nil {
		for _, site := range *w.Sites {
			if err := CheckSite("sites", site); err != nil {
				return err
			}
		}
	}
	for _, labels := range []struct {
		name string
		list *[]string
	}{{"tags", w.Tags}, {"collections", w.Collections}} {
		if labels.list == nil {
			continue
		}
		if err := checkLabels(labels.name, *labels.list); err != nil {
			return err
		}
	}
	if w.EventDate == nil {
		return nil
	}
	_, err := ParseEDTF(*w.EventDate)
	return err
}

func checkText(field string, t Text) error {
	for tag, s := range t {
		if !ValidLanguage(tag) {
			return badLanguage(field, tag)
		}
		if len(s) > longestText {
			return &FieldError{Field: field, Problem: fmt.Sprintf("%d bytes in %q are too long", len(s), tag), Cure: fmt.Sprintf("use at most %d bytes", longestText)}
		}
		if !utf8.ValidString(s) {
			return &FieldError{Field: field, Problem: fmt.Sprintf("the text in %q is not UTF-8", tag), Cure: "send it as UTF-8"}
		}
	}
	return nil
}

func badLanguage(field, tag string) error {
	return &FieldError{Field: field, Problem: fmt.Sprintf("%q is not a language tag", tag), Cure: "use BCP 47, such as es, en or pt-BR"}
}

// siteForm is an origin as a frame-ancestors directive takes it: scheme, host with at
// most a leading wildcard, port. Anything else could end or widen the directive.
var siteForm = regexp.MustCompile(`^https?://(\*\.)?[0-9A-Za-z.-]+(:\d{1,5})?$`)

// CheckSite reports a site that is no origin as a *FieldError of the field.
func CheckSite(field, site string) error {
	if !siteForm.MatchString(site) {
		return &FieldError{Field: field, Problem: fmt.Sprintf("%q is no site", site), Cure: "write scheme and host alone, as https://news.example.org or https://*.example.org"}
	}
	return nil
}

// lettersAndDigits are what subtags consist of. Folding the case first would let the
// sign for kelvin pass, whose lower case is a plain k.
const lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// ValidLanguage reports whether tag has the shape of a BCP 47 language tag: a
// language of 2 to 8 letters, then subtags of 1 to 8 letters and digits.
func ValidLanguage(tag string) bool {
	subtags := strings.Split(tag, "-")
	if len(subtags[0]) < 2 || strings.ContainsAny(subtags[0], "0123456789") {
		return false
	}
	for _, sub := range subtags {
		if len(sub) < 1 || len(sub) > 8 || strings.Trim(sub, lettersAndDigits) != "" {
			return false
		}
	}
	return true
}

// apply writes the words into v.
func (w Words) apply(v *Video) {
	if w.DefaultLanguage != "" {
		v.DefaultLanguage = w.DefaultLanguage
	}
	v.Title = v.Title.with(w.Title)
	v.Caption = v.Caption.with(w.Caption)
	v.Alt = v.Alt.with(w.Alt)
	v.ContentWarning = v.ContentWarning.with(w.ContentWarning)
	if w.EventDate != nil {
		v.EventDate = EDTF(*w.EventDate)
	}
	if w.Notes != nil {
		v.Notes = *w.Notes
	}
	if w.Sites != nil {
		v.Sites = slices.Clone(*w.Sites)
	}
	if w.Tags != nil {
		v.Tags = relabelled(nil, *w.Tags, nil)
	}
	if w.Collections != nil {
		v.Collections = relabelled(nil, *w.Collections, nil)
	}
}

// with returns t changed by what: texts replace, empty ones remove.
func (t Text) with(what Text) Text {
	if len(what) == 0 {
		return t
	}
	out := Text{}
	for _, m := range []Text{t, what} {
		for tag, s := range m {
			if s = strings.TrimSpace(s); s == "" {
				delete(out, tag)
				continue
			}
			out[tag] = s
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
