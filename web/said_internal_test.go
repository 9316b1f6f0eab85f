package web

import (
	"encoding/json"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/reasons"
)

func TestAFieldWithoutATextOfItsOwnIsToldInEnglishAndMarked(t *testing.T) {
	field := &archive.FieldError{Field: "new", Problem: "wrong", Cure: "mend it"}
	for lang, want := range map[string]string{"es": "en", "en": ""} {
		l := spoken(t, lang)
		for name, said := range map[string]*reasons.Said{"people": l.personProblem(field), "taking down": takedownPage{layout: l}.takedownProblem(field), "words": l.problem("new", field)} {
			if said.Words != "wrong; mend it" || said.Lang != want {
				t.Errorf("%s, in %s: %+v", name, lang, said)
			}
		}
	}
}

func TestEveryFieldOfPeopleHasATextInThePagesLanguage(t *testing.T) {
	l := spoken(t, "es")
	for _, name := range []string{"login", "roles", "password", "name", "old", "scopes", "expires", "tokens", "language"} {
		for _, cause := range []error{nil, archive.ErrConflict} {
			said := l.personProblem(&archive.FieldError{Field: name, Problem: "wrong", Cure: "mend it", Cause: cause})
			if said.Lang != "" || strings.Contains(said.Words, "mend it") || strings.HasPrefix(said.Words, "people.") {
				t.Errorf("%s: %+v", name, said)
			}
		}
	}
}

func TestProgramsReadWhatFailedInOneLine(t *testing.T) {
	data, err := json.Marshal(taskView{Failed: []failing{{"toy:one", reasons.Said{Words: "No encontrado"}}}})
	if err != nil || !strings.Contains(string(data), `"failed":["toy:one: No encontrado"]`) {
		t.Errorf("%s, %v", data, err)
	}
}
