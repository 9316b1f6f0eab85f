package verify

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

func compiled(t testing.TB) schemas {
	t.Helper()
	s, err := compileSchemas()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAProblemSaysWhereItIs(t *testing.T) {
	s := compiled(t)
	for _, tt := range []struct {
		schema, document string
		kind             Kind
		detail           string
	}{
		{"claim", `{"version":1,"platform":"p","id":"x","video":"7k3mzq9x0abd","at":"2025-04-14T09:30:00Z"}`, "", ""},
		{"claim", `{"version":1,"platform":"p","id":"x","video":"7k3mzq9x0abd","at":"yesterday"}`, Schema, "/at: "},
		{"claim", `{"version":1,"platform":"","id":"x","video":"7k3mzq9x0abd","at":"2025-04-14T09:30:00Z"}`, Schema, "/platform: "},
		{"claim", `{"version":2}`, NewerVersion, "version 2"},
		{"installation", `{"format":3}`, NewerVersion, "version 3"},
		{"claim", `{"version":1} {}`, Undecodable, "no JSON"},
		{"claim", ``, Undecodable, "no JSON"},
	} {
		p := s.check(tt.schema, []byte(tt.document))
		if p == nil && tt.kind == "" {
			continue
		}
		if p == nil || p.kind != tt.kind || !strings.Contains(p.detail, tt.detail) || strings.Contains(p.detail, "\n") {
			t.Errorf("%s: %+v, want %s %q", tt.document, p, tt.kind, tt.detail)
		}
	}
}

func TestAVideoIsReadFromTheKeysOfItsObjects(t *testing.T) {
	for key, want := range map[string]archive.VideoID{
		"videos/7k/7k3mzq9x0abd.json": "7k3mzq9x0abd", "files/7k/7k3mzq9x0abd/x.jpg": "7k3mzq9x0abd",
		"videos/7k/7k3mzq9x0abd.txt": "", "videos/7j/7k3mzq9x0abd.json": "", "videos/7k/7k3mzq9x0abd/x.json": "", "videos/x": "",
		"files/7k/7k3mzq9x0abd": "", "files/7k/7k3mzq9x0abu/x.jpg": "", "files/7k/7k3mzq9x0abd/x/y": "", "files": "", "": "",
	} {
		if got := videoAt(key); got != want {
			t.Errorf("%s is of %q, want %q", key, got, want)
		}
	}
}

func TestFilesAreFoundAtAnyDepth(t *testing.T) {
	got := filesIn([]byte(`{"a":[{"b":{"digest":"00","extension":"jpg"}}],"digest":"no extension","copies":[{"file":{"digest":"11","extension":"mp4"}}]}`))
	if len(got) != 2 {
		t.Errorf("%v", got)
	}
	if got := filesIn([]byte("{")); got != nil {
		t.Errorf("of no JSON %v", got)
	}
}

func TestTheCursorMovesOnlyOverWhatIsDone(t *testing.T) {
	m := newMarks(&checker{Options: Options{}.filled(), told: func(Progress) {}}, cursor{})
	a, b, c := m.begin("videos/", "a"), m.begin("videos/", "b"), m.begin("sources/", "c")
	one := Counts{Objects: 1}
	for _, tt := range []struct {
		done    *mark
		after   string
		objects int64
	}{{b, "", 0}, {a, "b", 2}, {c, "c", 3}} {
		if err := m.end(tt.done, one); err != nil {
			t.Fatal(err)
		}
		if got := m.cursor(); got.After != tt.after || got.Objects != tt.objects {
			t.Errorf("%+v, want %+v", got, tt)
		}
	}
}

// FuzzDocuments shows that no bytes, whatever they are, end the program, and that what is taken for good is of its key.
func FuzzDocuments(f *testing.F) {
	s := compiled(f)
	f.Add("video", []byte(`{"version":1,"id":"7k3mzq9x0abd","revision":1,"writes":["01jrst4pe0h7yg5fknab9mvem1"],"created":"2025-04-14T09:30:00Z","updated":"2025-04-14T09:30:00Z","sources":[]}`))
	f.Add("claim", []byte(`{"version":1,"platform":"p","id":"x","video":"7k3mzq9x0abd","at":"2025-04-14T09:30:00Z"}`))
	f.Add("event", []byte(`{"version":99999999999999999999}`))
	f.Fuzz(func(t *testing.T, schema string, data []byte) {
		if s[schema] == nil {
			return
		}
		r, p := parse(s, "video", data, ofVideo("7k3mzq9x0abd"))
		if p == nil && r.ID != "7k3mzq9x0abd" {
			t.Errorf("%q is a record of %s", data, r.ID)
		}
		if p := s.check(schema, data); p != nil && p.detail == "" {
			t.Errorf("%q has a problem without words", data)
		}
		filesIn(data)
	})
}

// FuzzLines does the same for gzipped lines.
func FuzzLines(f *testing.F) {
	s := compiled(f)
	var good bytes.Buffer
	zip := gzip.NewWriter(&good)
	_, _ = zip.Write([]byte(`{"source":{"platform":"p","id":"x"},"method":"m","host":"h","at":"2025-04-14T09:30:00Z","outcome":"playable"}` + "\n")) // a buffer never fails
	_ = zip.Close()
	f.Add(good.Bytes())
	f.Add(good.Bytes()[:20])
	f.Add([]byte("plain"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, kind := range []lineKind{observations(), heard()} {
			if err := kind.read(s, bytes.NewReader(data)); err == nil && len(data) == 0 {
				t.Error("nothing is taken for lines")
			}
		}
	})
}

// FuzzKeys shows that a key is taken for a video's only if it is where that video's objects stand.
func FuzzKeys(f *testing.F) {
	f.Add("videos/7k/7k3mzq9x0abd.json")
	f.Add("events/7k/7k3mzq9x0abd/01jrst4pe0h7yg5fknab9mvem1.json")
	f.Fuzz(func(t *testing.T, key string) {
		id := videoAt(key)
		if id == "" {
			return
		}
		if strings.HasPrefix(key, "videos/") && key != (storage.Keys{}).Video(id) || !strings.Contains(key, "/"+string(id[:2])+"/"+string(id)) {
			t.Errorf("%q is taken for %s's", key, id)
		}
	})
}
