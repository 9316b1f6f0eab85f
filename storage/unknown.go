package storage

import "fmt"

// carryOver returns fresh with those parts of old that known, old as this program
// understands it, lacks. So a field that a later version or a person added
// survives a rewrite, while one that was understood and then removed stays removed.
func carryOver(old, known, fresh any) any {
	switch o := old.(type) {
	case map[string]any:
		k, kok := known.(map[string]any)
		f, fok := fresh.(map[string]any)
		if kok && fok {
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
		case !isKnown && !stays:
			fresh[name] = value
		case isKnown && stays:
			fresh[name] = carryOver(value, understood, now)
		}
	}
	return fresh
}

// carryElements pairs the elements of a list by what identifies them, since
// sources change places when another one is preferred.
func carryElements(old, known, fresh []any) []any {
	if len(old) != len(known) {
		return fresh
	}
	at := map[string]int{}
	for i, e := range old {
		at[identity(e, i)] = i
	}
	for j, e := range fresh {
		if i, ok := at[identity(e, j)]; ok {
			fresh[j] = carryOver(old[i], known[i], e)
		}
	}
	return fresh
}

// identity names an element: a source by platform and id, a file by its digest,
// a copy by its file, anything else by its place.
func identity(element any, place int) string {
	fields, _ := element.(map[string]any)
	if file, ok := fields["file"].(map[string]any); ok {
		fields = file
	}
	switch {
	case fields["platform"] != nil && fields["id"] != nil:
		return fmt.Sprintf("%v\n%v", fields["platform"], fields["id"])
	case fields["digest"] != nil:
		return fmt.Sprintf("%v %v", fields["digest"], fields["label"])
	}
	return fmt.Sprint(place)
}
