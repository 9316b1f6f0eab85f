package archivetest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"image"
	_ "image/jpeg" // what the platform draws
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"videoteca/archive/archivetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	base    = "http://tube.test"
	key     = "a-secret-key"
	article = "http://article.test/story" // the page that embeds
	oneID   = "one________"
	otherID = "other______"
)

// today is the platform's clock in tests.
func today() time.Time { return time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC) }

func one() archivetest.Video {
	return archivetest.Video{
		ID: oneID, Title: "One <b>&</b> \"only\" ñandú", Description: "Words\nand more", Tags: []string{"a", "b"},
		ChannelID: "UCone", ChannelTitle: "Channel One", Published: time.Date(2019, 9, 25, 18, 30, 0, 0, time.FixedZone("CST", -6*3600)),
		Duration: time.Hour + 2*time.Minute + 3*time.Second, Language: "es", Color: "#336699", Scene: archivetest.SceneLecterns,
	}
}

// platform has one and other, of different channels, and the control.
func platform(t testing.TB, change ...func(*archivetest.Options)) *archivetest.Platform {
	t.Helper()
	o := archivetest.Options{BaseURL: base, Now: today}
	for _, c := range change {
		c(&o)
	}
	p := archivetest.New(o)
	if err := p.Add(one(), archivetest.Video{ID: otherID, ChannelID: "UCother", ChannelTitle: "Channel Other"}); err != nil {
		t.Fatal(err)
	}
	return p
}

// get asks for a path, with headers given as name and value in turn.
func get(p http.Handler, path string, headers ...string) *http.Response {
	return ask(p, http.MethodGet, path, "", headers...)
}

func ask(p http.Handler, method, path, body string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, base+path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result()
}

func textOf(t testing.TB, res *http.Response) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := out.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// into decodes a JSON answer.
func into[T any](t testing.TB, res *http.Response) T {
	t.Helper()
	var v T
	body := textOf(t, res)
	if kind := res.Header.Get("Content-Type"); kind != "application/json; charset=UTF-8" {
		t.Errorf("content type %q", kind)
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

func shapeOf(t testing.TB, res *http.Response) image.Point {
	t.Helper()
	if kind := res.Header.Get("Content-Type"); kind != "image/jpeg" {
		t.Errorf("content type %q", kind)
	}
	m, _, err := image.Decode(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return m.Bounds().Size()
}

func set(t testing.TB, p *archivetest.Platform, id string, s archivetest.State) {
	t.Helper()
	if err := p.SetState(id, s); err != nil {
		t.Fatal(err)
	}
}

func fail(t testing.TB, p *archivetest.Platform, f archivetest.Fault) {
	t.Helper()
	if err := p.SetFault(f); err != nil {
		t.Fatal(err)
	}
}

func golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update and look at the difference):\n%s", name, got)
	}
}
