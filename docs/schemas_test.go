package docs

import (
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestTheProgramCarriesEveryPublishedSchema(t *testing.T) {
	carried, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	published, err := fs.Glob(os.DirFS("schemas"), "*.json")
	if err != nil || len(published) < 21 {
		t.Fatalf("%v, %v", published, err)
	}
	for _, name := range published {
		data, err := fs.ReadFile(carried, name)
		if err != nil {
			t.Errorf("%s is not carried: %v", name, err)
		}
		if !json.Valid(data) {
			t.Errorf("%s is no JSON", name)
		}
	}
}

// What the page of a video's history can name, the schema of events names too.
func TestTheSchemaOfEventsNamesEveryVerb(t *testing.T) {
	texts, err := os.ReadFile("../web/locales/activity.en.toml")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(texts), "[activity.verb]\n")
	list, _, _ = strings.Cut(list, "\n[")
	carried, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := fs.ReadFile(carried, "event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event struct {
		Properties struct {
			Verb struct{ Description string }
		}
	}
	if err := json.Unmarshal(raw, &event); err != nil {
		t.Fatal(err)
	}
	named, _, _ := strings.Cut(event.Properties.Verb.Description, ";")
	verbs := strings.Split(named, ", ")
	seen := 0
	for line := range strings.Lines(list) {
		if verb, _, ok := strings.Cut(line, " = "); ok {
			seen++
			if !slices.Contains(verbs, verb) {
				t.Errorf("%q is not among %v", verb, verbs)
			}
		}
	}
	if seen != len(verbs) || seen < 20 {
		t.Errorf("%d verbs have words, and %d are named", seen, len(verbs))
	}
}
