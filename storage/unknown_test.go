package storage

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"videoteca/archive"
)

// base is a record as this program writes it, with a field at every depth that it does not know.
const base = `{
  "version": 1, "id": "7k3mzq9x0abd", "revision": 3, "writes": ["a", "b", "c"],
  "created": "2025-04-14T09:30:00Z", "updated": "2025-04-14T09:30:00Z",
  "title": {"es": "Reunión"}, "notes": "n",
  "rights": {"holder": "La Prensa", "contract": 9007199254740993},
  "shelf": {"row": 4, "big": 12345678901234567890},
  "copies": [{"file": {"algorithm": "sha256", "digest": "d1", "extension": "mp4", "type": "video/mp4", "bytes": 1, "tape": 7}, "rights": {}, "added": "2025-04-14T09:30:00Z", "box": "A"}],
  "sources": [
    {"platform": "youtube", "id": "one", "url": "u1", "added": "2025-04-14T09:30:00Z", "rank": 1,
     "described": {"capture": "c", "at": "2025-04-14T09:30:00Z", "method": "m", "title": "t", "likes": 5},
     "standing": {"state": "live", "outcome": "playable", "odds": 0.5, "transitions": [
       {"at": "2025-04-14T08:00:00Z", "from": "unchecked", "to": "live", "by": "first"},
       {"at": "2025-04-14T09:00:00.000Z", "from": "live", "to": "suspect", "by": "second"}]}},
    {"platform": "vimeo", "id": "two", "url": "u2", "added": "2025-04-14T09:30:00Z", "rank": 2, "standing": {"state": "unchecked", "outcome": "unclear"}}
  ]}`

// rewritten is base after a change, as the stored document and as a tree.
func rewritten(t *testing.T, document string, change func(*archive.Video)) (string, map[string]any) {
	t.Helper()
	s, err := decodeRecord(videoKey("7k3mzq9x0abd"), []byte(document), "etag")
	if err != nil {
		t.Fatal(err)
	}
	v, err := copyOf(s.Video)
	if err != nil {
		t.Fatal(err)
	}
	change(&v)
	data, err := s.rewrite(record{Version: 1, Video: v, Writes: s.Writes})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := parseTree(data)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), tree.(map[string]any)
}

// at follows a path of field names and indices.
func at(tree any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			fields, _ := tree.(map[string]any)
			tree = fields[s]
		case int:
			list, _ := tree.([]any)
			if s >= len(list) {
				return nil
			}
			tree = list[s]
		}
	}
	return tree
}

func TestUnknownFieldsSurviveARewriteAtEveryDepth(t *testing.T) {
	_, tree := rewritten(t, base, func(v *archive.Video) {
		v.Notes = "other"
		v.Sources[0], v.Sources[1] = v.Sources[1], v.Sources[0] // another source is preferred
		v.Copies = append([]archive.Copy{{File: archive.File{Digest: "d2"}}}, v.Copies...)
		standing := &v.Sources[1].Standing
		standing.Transitions = append(standing.Transitions[1:], archive.Transition{From: "suspect", To: "gone"})
	})
	for _, tt := range []struct {
		want string
		path []any
	}{
		{"other", []any{"notes"}},
		{"12345678901234567890", []any{"shelf", "big"}}, // not rounded
		{"9007199254740993", []any{"rights", "contract"}},
		{"7", []any{"copies", 1, "file", "tape"}},
		{"A", []any{"copies", 1, "box"}},
		{"2", []any{"sources", 0, "rank"}},
		{"1", []any{"sources", 1, "rank"}},
		{"5", []any{"sources", 1, "described", "likes"}},
		{"0.5", []any{"sources", 1, "standing", "odds"}},
		{"second", []any{"sources", 1, "standing", "transitions", 0, "by"}},
	} {
		got := at(tree, tt.path...)
		if n, ok := got.(json.Number); ok {
			got = n.String()
		}
		if got != tt.want {
			t.Errorf("%v is %v, want %s", tt.path, got, tt.want)
		}
	}
	if got := at(tree, "sources", 1, "standing", "transitions", 1, "by"); got != nil {
		t.Errorf("a new entry got another's unknown field %v", got)
	}
}

func TestWhatWasUnderstoodAndRemovedStaysRemoved(t *testing.T) {
	_, tree := rewritten(t, base, func(v *archive.Video) {
		v.Notes, v.Title, v.Copies, v.Rights = "", nil, nil, archive.Rights{}
		v.Sources[0].Described = nil
		v.Sources = v.Sources[:1]
	})
	for _, path := range [][]any{{"notes"}, {"title"}, {"copies"}, {"rights", "holder"}, {"sources", 0, "described"}, {"sources", 1}} {
		if got := at(tree, path...); got != nil {
			t.Errorf("%v came back as %v", path, got)
		}
	}
	if at(tree, "rights", "contract") == nil {
		t.Error("what others keep about the rights went with the newsroom's part")
	}
}

func TestAFieldAppearsBesideUnknownOnesOfTheSameObject(t *testing.T) {
	_, tree := rewritten(t, strings.Replace(base, `"holder": "La Prensa", `, "", 1), func(v *archive.Video) { v.Rights.Holder = "EFE" })
	if at(tree, "rights", "holder") != "EFE" || at(tree, "rights", "contract") == nil {
		t.Errorf("rights became %v", at(tree, "rights"))
	}
}

func TestAFieldInAnotherCaseIsTheFieldAndDoesNotComeBack(t *testing.T) {
	got, tree := rewritten(t, strings.Replace(base, `"notes": "n"`, `"Notes": "n"`, 1), func(v *archive.Video) {
		if v.Notes != "n" {
			t.Errorf("the decoder read %q", v.Notes)
		}
		v.Notes = "other"
	})
	if strings.Contains(got, "Notes") || at(tree, "notes") != "other" {
		t.Errorf("became\n%s", got)
	}
}

func TestARecordWithoutChangeIsTheSameDocument(t *testing.T) {
	_, tree := rewritten(t, strings.ReplaceAll(base, ".000Z", "Z"), func(*archive.Video) {})
	want, err := parseTree([]byte(strings.ReplaceAll(base, ".000Z", "Z")))
	if err != nil || !reflect.DeepEqual(want, any(tree)) {
		t.Errorf("%v\nbecame\n%v", want, tree)
	}
}

// FuzzRewrite holds rewriting to two properties, whatever stands in the bucket: the program reads
// back exactly what it wrote, and no unknown field of a document that it did not change is lost.
func FuzzRewrite(f *testing.F) {
	f.Add([]byte(base), "other", true)
	f.Add([]byte(`{"id":"7k3mzq9x0abd","revision":1,"x":{"y":[1,{"z":null}]},"sources":null}`), "", false)
	f.Add([]byte(`{"id":"7k3mzq9x0abd","revision":1,"NOTES":"","title":{},"rights":{"a":1},"sources":[{},{}]}`), "n", true)
	f.Fuzz(func(t *testing.T, document []byte, notes string, swap bool) {
		s, err := decodeRecord(videoKey("7k3mzq9x0abd"), document, "etag")
		if err != nil || s.Version > recordVersion {
			return
		}
		v, err := copyOf(s.Video)
		if err != nil {
			return // a date past the year 9999 cannot be written
		}
		v.Notes = notes
		if swap && len(v.Sources) > 1 {
			v.Sources[0], v.Sources[1] = v.Sources[1], v.Sources[0]
		}
		if v, err = copyOf(v); err != nil {
			t.Fatal(err)
		}
		data, err := s.rewrite(record{Version: 1, Video: v, Writes: s.Writes})
		if err != nil {
			t.Fatal(err)
		}
		back, err := decodeRecord(videoKey("7k3mzq9x0abd"), data, "etag")
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		if got, err := copyOf(back.Video); err != nil || !reflect.DeepEqual(got, v) {
			t.Fatalf("wrote\n%+v\nread back\n%+v\nfrom\n%s", v, got, data)
		}
		lost(t, document, data)
	})
}

// lost fails the test if a top-level field that no record has is missing or changed.
func lost(t *testing.T, document, data []byte) {
	t.Helper()
	before, err := parseTree(document)
	if err != nil {
		t.Fatal(err)
	}
	after, err := parseTree(data)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range before.(map[string]any) {
		if isRecordField(name) {
			continue
		}
		if got, ok := after.(map[string]any)[name]; !ok || !reflect.DeepEqual(got, value) {
			t.Fatalf("%q was %v and is %v", name, value, got)
		}
	}
}

func isRecordField(name string) bool {
	for _, typ := range []reflect.Type{reflect.TypeFor[archive.Video](), reflect.TypeFor[record]()} {
		for i := range typ.NumField() {
			tag, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if tag != "" && strings.EqualFold(tag, name) {
				return true
			}
		}
	}
	return false
}
