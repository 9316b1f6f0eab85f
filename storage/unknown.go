package storage

import (
	"fmt"
	"strings"
)

// platformData is the field whose object is dropped whole. What a platform
// returned may have to be purged, and then nothing of it may stay behind.
const platformData = "described"

// carryOver returns fresh with those parts of old that known, old as this program
// understands it, lacks. So a field that a later version or a person added
// survives a rewrite, while one that was understood and then removed stays removed.
func carryOver(old, known, fresh any) any {
	switch o := old.(type) {
	case map[string]any:
		k, _ := known.(map[string]any) // none: nothing of it was understood
		f, fok := fresh.(map[string]any)
		if fok {
			return carryFields(o, k, f)
		}
	case []any:
		k, kok := known.([]any)
		f, fok := fresh.([]any)
		if kok && fok {
			return carryElements(o, k, f)
		}
	}
	return fresh
}

func carryFields(old, known, fresh map[string]any) map[string]any {
	for name, value := range old {
		understood, isKnown := known[name]
		now, stays := fresh[name]
		switch {
		case stays:
			fresh[name] = carryOver(value, understood, now)
		case isKnown:
			if rest := unknownOf(name, value, understood); len(rest) > 0 {
				fresh[name] = rest
			}
		case !folds(name, known) && !folds(name, fresh):
			fresh[name] = value
		}
	}
	return fresh
}

// unknownOf is what stays of an object whose understood fields were all removed.
func unknownOf(name string, old, known any) map[string]any {
	o, ook := old.(map[string]any)
	k, kok := known.(map[string]any)
	if !ook || !kok || name == platformData {
		return nil
	}
	return carryFields(o, k, map[string]any{})
}

// folds reports whether fields has name in another case. The decoder takes "Notes" for
// "notes", so such a field was understood and must not come back beside the one written.
func folds(name string, fields map[string]any) bool {
	for other := range fields {
		if strings.EqualFold(name, other) {
			return true
		}
	}
	return false
}

// carryElements pairs the elements of a list by what identifies them, since
// sources change places when another one is preferred.
func carryElements(old, known, fresh []any) []any {
	if len(old) != len(known) {
		return fresh
	}
	at := map[string]int{}
	for i, name := range identities(known) {
		at[name] = i
	}
	for j, name := range identities(fresh) {
		if i, ok := at[name]; ok {
			fresh[j] = carryOver(old[i], known[i], fresh[j])
		}
	}
	return fresh
}

// identities names the elements of a list. Of several alike each has its number.
func identities(list []any) []string {
	names, met := make([]string, len(list)), map[string]int{}
	for i, element := range list {
		name := identity(element, i)
		names[i] = fmt.Sprintf("%s %d", name, met[name])
		met[name]++
	}
	return names
}

// identity names an element: a source by platform and id, a file by its digest and
// label, a copy by its file, a placement by its video, a restriction by its aspect, a dated
// entry by its date, and anything else by its place.
func identity(element any, place int) string {
	fields, _ := element.(map[string]any)
	if file, ok := fields["file"].(map[string]any); ok {
		fields = file
	}
	for _, names := range [][2]string{{"platform", "id"}, {"digest", "label"}, {"video", ""}, {"aspect", ""}, {"at", "to"}} {
		if first := fields[names[0]]; first != nil {
			return fmt.Sprintf("%s %q %q", names[0], first, fields[names[1]])
		}
	}
	return fmt.Sprint(place)
}
