package storage_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"videoteca/archive"
	"videoteca/storage"
)

// schemas is where the published schemas stand.
const schemas = "../docs/schemas"

// published compiles a schema, and holds formats such as date-time too.
func published(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(filepath.Join(schemas, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// schemaOf is the name of the schema of an object.
func schemaOf(key string) string {
	folder, _, _ := strings.Cut(key, "/")
	switch {
	case strings.HasPrefix(key, "settings/events/"):
		return "setting-change"
	case key == storage.KeyInstallation:
		return "installation"
	case path.Base(key) == "summary.json":
		return "audit-summary"
	case path.Base(key) == "plan.json":
		return "audit-plan"
	case folder == "audits":
		return "observation"
	case folder == "accounts":
		return accountSchemaOf(key)
	}
	return map[string]string{
		"videos": "video", "sources": "claim", "events": "event", "captures": "capture", "articles": "article", "changes": "change",
		"channels": "channel", "checks": "heard", "leases": "lease", "quota": "quota", "settings": "setting",
	}[folder]
}

func TestEveryObjectWrittenIsAsItsPublishedSchemaSays(t *testing.T) {
	s := newStage(t)
	fill(t, s)
	checked := map[string]int{}
	for _, key := range s.keys(t, "") {
		name := schemaOf(key)
		if strings.HasPrefix(key, "files/") {
			continue
		}
		schema := published(t, name)
		for _, document := range s.documents(t, key) {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s is not as %s says: %v\n%s", key, name, err, document)
			}
			for _, where := range undescribed(name, schema, value) {
				t.Errorf("%s has %s, which its schema does not describe", key, where)
			}
			checked[name]++
		}
	}
	for _, name := range []string{
		"installation", "video", "claim", "event", "capture", "article", "change", "observation", "audit-summary", "audit-plan",
		"channel", "heard", "lease", "quota", "setting", "setting-change", "people", "session", "throttle", "account-event",
	} {
		if checked[name] == 0 {
			t.Errorf("no %s was written, so none was checked", name)
		}
	}
}

// documents is an object as JSON documents: a line each in a part of the journal.
func (s *stage) documents(t *testing.T, key string) []string {
	t.Helper()
	content := s.read(t, key)
	if !strings.HasSuffix(key, ".gz") {
		return []string{content}
	}
	zip, err := gzip.NewReader(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var documents []string
	lines := bufio.NewScanner(zip)
	for lines.Scan() {
		documents = append(documents, lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return documents
}

// undescribed lists the fields of a value that no part of its schema names.
func undescribed(where string, schema *jsonschema.Schema, value any) []string {
	var missing []string
	switch v := value.(type) {
	case []any:
		for i, element := range v {
			if items := parts(schema, func(s *jsonschema.Schema) *jsonschema.Schema { return s.Items2020 }); len(items) > 0 {
				missing = append(missing, undescribed(fmt.Sprintf("%s[%d]", where, i), items[0], element)...)
			}
		}
	case map[string]any:
		if open(schema) {
			return nil
		}
		for name, field := range v {
			found := parts(schema, func(s *jsonschema.Schema) *jsonschema.Schema { return s.Properties[name] })
			if len(found) == 0 {
				missing = append(missing, where+"."+name)
				continue
			}
			missing = append(missing, undescribed(where+"."+name, found[0], field)...)
		}
	}
	slices.Sort(missing)
	return missing
}

// parts is what pick finds in a schema and in what it refers to.
func parts(s *jsonschema.Schema, pick func(*jsonschema.Schema) *jsonschema.Schema) []*jsonschema.Schema {
	var found []*jsonschema.Schema
	if got := pick(s); got != nil {
		found = append(found, got)
	}
	if s.Ref != nil {
		found = append(found, parts(s.Ref, pick)...)
	}
	for _, all := range s.AllOf {
		found = append(found, parts(all, pick)...)
	}
	return found
}

// open reports whether the object is a map, whose names no schema lists.
func open(s *jsonschema.Schema) bool {
	self := func(s *jsonschema.Schema) *jsonschema.Schema {
		if s.AdditionalProperties != nil {
			return s
		}
		return nil
	}
	return len(parts(s, self)) > 0 || len(parts(s, func(s *jsonschema.Schema) *jsonschema.Schema {
		if len(s.Properties) > 0 {
			return s
		}
		return nil
	})) == 0
}

// fill writes an object of every kind, each with every field.
func fill(t *testing.T, s *stage) {
	t.Helper()
	const id = archive.VideoID("7k3mzq9x0abd")
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Claim(t.Context(), youtube("dQw4w9WgXcQ"), id))
	must(storage.SetBaseURL(t.Context(), s.bucket, "https://a.example", false))
	must(storage.SetBaseURL(t.Context(), s.bucket, "https://b.example", true))
	f, err := s.SaveFile(t.Context(), id, archive.File{Extension: "jpg", Type: "image/jpeg", Label: "maxres", Width: 1280, Height: 720}, []byte("picture"))
	must(f, err)
	c, err := s.SaveCapture(t.Context(), archive.Capture{
		Video: id, Source: youtube("dQw4w9WgXcQ"), URL: "https://www.youtube.com/watch?v=dQw4w9WgXcQ", At: morning(), Method: "oembed",
		Program: "videoteca 1", Vantage: "here", Fields: fields(), Thumbnails: []archive.File{f}, Raw: []archive.File{f},
	})
	must(c, err)
	must(s.Create(t.Context(), fullVideo(id, c), archive.Cause{Actor: "local", Verb: "register", Reason: "asked for"}))
	s.noted(t, id, "again")
	article := story(t)
	article.Title = "Dos reuniones"
	must(nil, s.Place(t.Context(), article, id))
	audited(t, s, id)
	coordinated(t, s)
	staffed(t, s)
}

func fields() archive.Fields {
	return archive.Fields{
		Title: "t", Description: "d", Channel: "c", ChannelID: "i", ChannelURL: "https://example.org", Published: morning(), Seconds: 12.5, Language: "es",
		Width: 1920, Height: 1080, Tags: []string{"x"}, MediaType: "video/mp4", Bytes: 9, Status: []string{"privacyStatus=public"},
	}
}

func fullVideo(id archive.VideoID, c archive.Capture) archive.Video {
	text := archive.Text{"es": "x", "pt-BR": "y"}
	rights := archive.Rights{Holder: "h", URI: "https://example.org/l", Text: "t", Basis: "b", Expires: morning()}
	v := archive.Video{
		ID: id, Created: morning(), DefaultLanguage: "es", Title: text, Caption: text, Alt: text, Explanation: text, EventDate: "2019-09~",
		ContentWarning: text, Rights: rights, Visibility: archive.Visibility{Exposure: archive.Embargoed, Until: morning()}, Notes: "n",
		Tags: []string{"x"}, Collections: []string{"y"}, Aliases: []archive.VideoID{"7k3mzq9x0abe"},
		Copies:   []archive.Copy{{File: c.Raw[0], Rights: rights, Added: morning()}},
		Captions: []archive.Caption{{Language: "es-SV", File: c.Raw[0], Added: morning()}},
		Picture:  &c.Raw[0],
		Sites:    []string{"https://news.example.org"},
	}
	v.Sources = []archive.Source{{
		SourceKey: c.Source, URL: c.URL, Added: morning(), Start: 3, End: 9,
		Described: &archive.Description{Capture: c.ID, At: c.At, Method: c.Method, Fields: c.Fields, Thumbnails: c.Thumbnails},
		Standing:  fullStanding(c.Raw[0]),
		Archived:  &archive.Memento{URL: "https://web.example.org/1", At: morning()},
		Archiving: &archive.Archiving{LookedUp: morning(), Asked: morning(), Job: "j", Trouble: "t"},
		Overrule:  &archive.Overrule{As: archive.RulesDead, Reason: "r", By: "b", At: morning(), Host: "example.org"},
	}, {SourceKey: youtube("bare"), URL: "https://youtu.be/bare", Added: morning()}}
	return v
}

func restrictions() []archive.Restriction {
	return []archive.Restriction{{Aspect: archive.AspectRegion, Allowed: []string{"SV"}, Blocked: []string{"US"}, Nowhere: true, From: morning()}}
}

func TestTheSchemasRefuseWhatTheyMust(t *testing.T) {
	for _, tt := range []struct{ schema, document string }{
		{"claim", `{"version":1,"platform":"youtube","id":"x","video":"7k3mzq9x0abu","at":"2025-04-14T09:30:00Z"}`}, // u is no letter of it
		{"claim", `{"version":1,"platform":"youtube","id":"x","video":"7k3mzq9x0abd","at":"yesterday"}`},
		{"claim", `{"version":2,"platform":"youtube","id":"x","video":"7k3mzq9x0abd","at":"2025-04-14T09:30:00Z"}`},
		{"video", `{"version":1,"id":"7k3mzq9x0abd","revision":0,"writes":[],"created":"2025-04-14T09:30:00Z","updated":"2025-04-14T09:30:00Z","sources":[]}`},
		{"copy", `{"rights":{},"added":"2025-04-14T09:30:00Z"}`},
		{"change", `{"../x":1}`},
		{"change", `{}`},
		{"installation", `{"format":2,"id":"x","created":"2025-04-14T09:30:00Z"}`},
		{"observation", `{"source":{"platform":"youtube"},"method":"m","host":"h","at":"2025-04-14T09:30:00Z","outcome":"playable"}`},
		{"lease", `{"version":1,"holder":"a","holding":"x","nonce":"y","counter":1,"term":0,"acquired":"2025-04-14T09:30:00Z"}`},
		{"quota", `{"version":1,"limit":10,"spent":-1,"revision":1,"writes":["01jrst4pe0h7yg5fknab9mvem1"]}`},
		{"setting", `{"goneAfter":2}`},
		{"setting-change", `{"version":1,"id":"01jrst4pe0h7yg5fknab9mvem1","setting":"Audit","at":"2025-04-14T09:30:00Z","actor":"ana"}`},
		{"setting-change", `{"version":1,"id":"01jrst4pe0h7yg5fknab9mvem1","setting":"audit","at":"2025-04-14T09:30:00Z","actor":""}`},
		{"heard", `{"source":{"platform":"youtube","id":"x"},"outcome":"playable"}`},
		{"channel", `{"version":1,"key":{"platform":"youtube","id":"channel/x"},"added":"2025-04-14T09:30:00Z","revision":1,"writes":["01jrst4pe0h7yg5fknab9mvem1"]}`},
		{"audit-plan", `{"scope":"all","actor":"audit"}`},
		{"audit-plan", `{"version":2,"scope":"all","actor":"audit","started":"2025-04-14T09:30:00Z"}`},
		{"people", `{"version":1,"people":[{"login":"Ana!","roles":["admin"],"created":"2025-04-14T09:30:00Z"}]}`},
		{"session", `{"version":1,"login":"ana","epoch":0,"created":"2025-04-14T09:30:00Z"}`},
		{"throttle", `{"version":1,"of":{"ana":{"n":1,"last":"2025-04-14T09:30:00Z"}}}`}, // a name where a hash must stand
		{"throttle", `{"version":1,"of":{"` + strings.Repeat("a", 64) + `":{"n":0,"last":"2025-04-14T09:30:00Z","familiar":{"192.0.2.1":{"n":0,"last":"2025-04-14T09:30:00Z","seen":"2025-04-14T09:30:00Z"}}}}}`},
		{"account-event", `{"version":1,"at":"2025-04-14T09:30:00Z","login":"ana"}`},
		{"article", `{"version":1,"id":"x","url":"u","placements":[],"revision":1,"writes":[]}`},
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(tt.document))
		if err != nil {
			t.Fatal(err)
		}
		if err := published(t, tt.schema).Validate(value); err == nil {
			t.Errorf("%s allows %s", tt.schema, tt.document)
		}
	}
}

func TestEverySchemaCompilesAndAllowsFieldsOfLaterVersions(t *testing.T) {
	files, err := os.ReadDir(schemas)
	if err != nil || len(files) < 21 {
		t.Fatalf("%d schemas, %v", len(files), err)
	}
	for _, file := range files {
		schema := published(t, strings.TrimSuffix(file.Name(), ".json"))
		if schema.AdditionalProperties == false || schema.UnevaluatedProperties != nil {
			t.Errorf("%s refuses fields that it does not know, which the program keeps", file.Name())
		}
	}
}
