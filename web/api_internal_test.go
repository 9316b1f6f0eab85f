package web

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
	"videoteca/internal/people"
)

func TestRevisionsAreReadFromIfMatch(t *testing.T) {
	for header, want := range map[string][]int64{
		"": nil, "*": nil, " * ": nil, `"7"`: {7}, `"7", "9"`: {7, 9}, ` "7" ,x, W/"8" ,"9"`: {7, 9},
		`"7.5e884898da28"`: {7}, `"7.0", W/"8.0", "9"`: {7, 9},
	} {
		got, err := revisionsOf(header)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v", header, got, err)
		}
	}
	for _, header := range []string{"7", `W/"7"`, `"07"`, `"0"`, `"-1"`, `"x"`, `""`, `"7`, ",", `"7."`, `".5e"`, `"7.5E"`, `"7.5e`, `"7.5e.5e"`, `7.5e`} {
		if got, err := revisionsOf(header); faultOf(err).status != 412 {
			t.Errorf("%s: %v, %v", header, got, err)
		}
	}
}

func TestWhatAClientHasIsComparedWeakly(t *testing.T) {
	for header, want := range map[string]bool{"": false, `"6.5e"`: false, `"7"`: false, `"7.5e"`: true, `W/"7.5e"`: true, `"6.5e", W/"7.5e"`: true, "*": true, "7.5e": false} {
		if got := names(header, `"7.5e"`, "W/"); got != want {
			t.Errorf("%s: %v", header, got)
		}
	}
}

func TestTheETagFollowsWhatIsHeardOfASource(t *testing.T) {
	at := time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC)
	v := archive.Video{Revision: 7, Sources: []archive.Source{{Standing: archive.Standing{LastGood: at, LastRound: at}}}}
	before := etagOfVideo(v)
	if revisions, err := revisionsOf(before); err != nil || !slices.Equal(revisions, []int64{7}) {
		t.Errorf("%s stands for %v, %v", before, revisions, err)
	}
	for name, hear := range map[string]func(*archive.Standing){
		"when it was last alive": func(s *archive.Standing) { s.LastGood = at.Add(time.Second) },
		"when it was last asked": func(s *archive.Standing) { s.LastRound = at.Add(time.Second) },
		"why":                    func(s *archive.Standing) { s.Reason = "no answer in time" },
	} {
		heard := v
		heard.Sources = slices.Clone(v.Sources)
		hear(&heard.Sources[0].Standing)
		if etagOfVideo(heard) == before {
			t.Errorf("%s changes the answer and not the ETag", name)
		}
	}
	if again := etagOfVideo(v); again != before {
		t.Errorf("one video has the ETags %s and %s", before, again)
	}
}

func TestProblemsThatComeBeforeTheHandlerSayWhere(t *testing.T) {
	for name, tt := range map[string]struct {
		given            huma.ErrorModel
		location, detail string
		keeps            bool // the value
	}{
		"too long":       {huma.ErrorModel{Status: 413}, "body", "the body is too long; send less than 1048576 bytes", false},
		"another type":   {huma.ErrorModel{Status: 415, Errors: []*huma.ErrorDetail{{Location: "body", Value: "a=b"}}}, "header.Content-Type", "this type of body is not read; send JSON, as Content-Type: application/json", false},
		"nothing":        {huma.ErrorModel{Status: 400, Detail: "request body is required"}, "body", "there is no body; send a JSON object", false},
		"half a body":    {huma.ErrorModel{Status: 400, Detail: "validation failed", Errors: []*huma.ErrorDetail{{Location: "body", Message: "it ends", Value: "{"}}}, "body", "body: it ends", false},
		"a property":     {huma.ErrorModel{Status: 422, Detail: "validation failed", Errors: []*huma.ErrorDetail{{Location: "body.items[0]", Message: "expected required property url to be present", Value: map[string]any{}}}}, "body.items[0].url", "body.items[0].url: expected required property url to be present", false},
		"a wrong value":  {huma.ErrorModel{Status: 422, Detail: "validation failed", Errors: []*huma.ErrorDetail{{Location: "query.limit", Message: "expected number <= 500", Value: 501}}}, "query.limit", "query.limit: expected number <= 500", true},
		"one of our own": {huma.ErrorModel{Status: 422, Detail: "url: no", Errors: []*huma.ErrorDetail{{Location: "body.url", Message: "no"}}}, "body.url", "url: no", false},
	} {
		got, err := tellWhere(nil, "", &tt.given)
		p, ok := got.(*huma.ErrorModel)
		if err != nil || !ok || len(p.Errors) != 1 || p.Errors[0].Location != tt.location || p.Detail != tt.detail || (p.Errors[0].Value != nil) != tt.keeps {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, other := range []any{"no problem", &huma.ErrorModel{Status: 304}, &huma.ErrorModel{Status: 400, Detail: "something else"}} {
		if got, err := tellWhere(nil, "", other); err != nil || got != other {
			t.Errorf("%v became %v, %v", other, got, err)
		}
	}
}

func TestFieldsHaveTheNamesOfTheAPI(t *testing.T) {
	for name, want := range map[string]string{"defaultLanguage": "language", "article": "article.url", "title": "title"} {
		cause := errors.New("why")
		var field *archive.FieldError
		err := inAPI(&archive.FieldError{Field: name, Problem: "p", Cure: "c", Cause: cause})
		if !errors.As(err, &field) || field.Field != want || field.Problem != "p" || field.Cure != "c" || !errors.Is(err, cause) {
			t.Errorf("%s became %v", name, err)
		}
	}
	if err := inAPI(archive.ErrConflict); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("an error of no field became %v", err)
	}
	if inAPI(nil) != nil {
		t.Error("no error became one")
	}
}

func TestPagesAreNamedAfterWhatIsOnThem(t *testing.T) {
	for want, sample := range map[string]any{"APIFacetList": APIPage[APIFacet]{}, "APIVideo": APIVideo{}} {
		if got := schemaName(reflect.TypeOf(sample), ""); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAFieldThatSaysWhereItStandsIsLocatedThere(t *testing.T) {
	s := &Server{}
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	s.texts = texts
	field := &archive.FieldError{Field: "id", Problem: "p", Cure: "c"}
	for want, err := range map[string]error{"body.id": field, "path.id": placedError{inPath, field}, "header.If-Match": archive.ErrStale} {
		if p := s.problem(t.Context(), faultOf(err), inBody); len(p.Errors) != 1 || p.Errors[0].Location != want {
			t.Errorf("%v: %+v", err, p.Errors)
		}
	}
}

func TestRulingsAreTakenBackByTheirName(t *testing.T) {
	for as, want := range map[string]archive.Ruling{"none": archive.RulesNothing, "alive": archive.RulesAlive, "dead": archive.RulesDead, "ignore": archive.RulesIgnore} {
		if got := rulingOf(as); got != want {
			t.Errorf("%s is %q", as, got)
		}
	}
}

func TestTheDocumentationNamesTheRolesThatHaveAPermission(t *testing.T) {
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	page := docsPage{layout: layout{texts: texts, Lang: "en"}}
	if got := page.Granting(string(people.Audit)); !slices.Equal(got, []string{"Archivist", "Administrator"}) {
		t.Errorf("got %q", got)
	}
	if got := page.Granting("nothing"); got != nil {
		t.Errorf("of none: %q", got)
	}
}
