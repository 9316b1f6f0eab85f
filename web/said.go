package web

import (
	"videoteca/archive"
	"videoteca/internal/i18n"
	"videoteca/internal/reasons"
)

// problems are what is wrong with the fields of a form, by field.
type problems map[string]*reasons.Said

// says is a text of the interface, where one may stand that there is in English alone.
func (l layout) says(id string, pairs ...any) *reasons.Said {
	return &reasons.Said{Words: l.T(id, pairs...)}
}

// inEnglish is what there is in English alone. Pages in another language say that it is.
func (l layout) inEnglish(words string) *reasons.Said {
	said := &reasons.Said{Words: words}
	if l.Lang != i18n.English {
		said.Lang = i18n.English
	}
	return said
}

// untold is what is wrong with a field of which the interface has no text: the error's own.
func (l layout) untold(field *archive.FieldError) *reasons.Said {
	return l.inEnglish(field.Problem + "; " + field.Cure)
}

// failing is one of many that could not be done, and why.
type failing struct {
	What string
	Why  reasons.Said
}

// MarshalText writes it in one line.
func (f failing) MarshalText() ([]byte, error) { return []byte(f.What + ": " + f.Why.Words), nil }
