package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"videoteca/web"
)

// unpacked is the body of an answer whatever its encoding.
func unpacked(t *testing.T, r *http.Response) string {
	t.Helper()
	body := []byte(text(t, r))
	var from io.Reader = bytes.NewReader(body)
	switch r.Header.Get("Content-Encoding") {
	case "br":
		from = brotli.NewReader(from)
	case "gzip":
		zip, err := gzip.NewReader(from)
		if err != nil {
			t.Fatal(err)
		}
		from = zip
	}
	data, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPagesComeInTheEncodingThatTheBrowserReads(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/e/" + string(pictured), "/v/" + string(pictured), "/e/" + string(pictured) + ".json", "/embed.js"} {
		plain := text(t, s.get(t, path))
		etags := map[string]bool{}
		for accept, want := range map[string]string{
			"": "", "gzip": "gzip", "br": "br", "gzip, deflate, br": "br", "br;q=0, gzip": "gzip", "GZIP;q=0.5": "gzip",
			"gzip;q=0": "", "identity": "", "br ; q=1.0": "br", "*": "", "br;q=x": "", "zstd": "",
		} {
			r := s.get(t, path, header("Accept-Encoding", accept))
			if got := r.Header.Get("Content-Encoding"); got != want {
				t.Errorf("%s for %q: encoding %q, want %q", path, accept, got, want)
			}
			if unpacked(t, r) != plain {
				t.Errorf("%s for %q: another body", path, accept)
			}
			if !strings.Contains(r.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s: Vary is %q", path, r.Header.Get("Vary"))
			}
			etags[r.Header.Get("ETag")] = true
		}
		if len(etags) != 3 {
			t.Errorf("%s: %d validators of three encodings", path, len(etags))
		}
	}
}

func TestConditionsAreOfTheEncodingSent(t *testing.T) {
	s := newSite(t)
	path := "/e/" + string(pictured)
	packed := s.get(t, path, header("Accept-Encoding", "br")).Header.Get("ETag")
	if r := s.get(t, path, header("Accept-Encoding", "br"), header("If-None-Match", packed)); r.StatusCode != 304 || r.Header.Get("Vary") == "" || r.Header.Get("Cache-Control") == "" {
		t.Errorf("of the same encoding: %d %v", r.StatusCode, r.Header)
	}
	if r := s.get(t, path, header("If-None-Match", packed)); r.StatusCode != 200 {
		t.Errorf("of another encoding: %d", r.StatusCode)
	}
	if r := s.get(t, path, header("Accept-Encoding", "br"), header("Range", "bytes=0-8")); r.StatusCode != 206 || text(t, r) != "<!doctype" || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("a range: %d %v", r.StatusCode, r.Header)
	}
	head := s.ask(t, http.MethodHead, path, "", header("Accept-Encoding", "br"))
	if body := text(t, head); body != "" || head.Header.Get("Content-Encoding") != "br" || head.Header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %q %v", body, head.Header)
	}
}

func TestWhoWantsAnotherBodyGetsNone(t *testing.T) {
	s := newSite(t)
	path := "/e/" + string(pictured)
	plain := s.get(t, path).Header.Get("ETag")
	packed := s.get(t, path, header("Accept-Encoding", "br")).Header.Get("ETag")
	for name, tt := range map[string]struct {
		path, match, encoding string
		status                int
	}{
		"this one":             {path, plain, "", 200},
		"any":                  {path, "*", "", 200},
		"one of several":       {path, `"x", ` + plain, "", 200},
		"packed":               {path, packed, "br", 200},
		"another":              {path, `"x"`, "", 412},
		"in another encoding":  {path, packed, "", 412},
		"weakly this one":      {path, "W/" + plain, "", 412},
		"of the JSON":          {path + ".json", `"x"`, "br", 412},
		"of the watch page":    {"/v/" + string(pictured), `"x"`, "", 412},
		"of what is not there": {"/e/" + string(absent), `"x"`, "", 404},
	} {
		r := s.get(t, tt.path, header("If-Match", tt.match), header("Accept-Encoding", tt.encoding))
		if r.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", name, r.StatusCode, tt.status)
		}
		if body := text(t, r); tt.status == 412 && (body != "" || r.Header.Get("Content-Type") != "") {
			t.Errorf("%s: it comes with %q of type %q", name, body, r.Header.Get("Content-Type"))
		}
	}
	if r := s.get(t, path, header("If-Match", `"x"`), header("If-None-Match", plain)); r.StatusCode != 412 { // in this order: RFC 9110, 13.2.2
		t.Errorf("with both conditions: status %d", r.StatusCode)
	}
}

func TestAChangedRecordIsServedAtOnce(t *testing.T) {
	s := newSite(t)
	path := "/e/" + string(pictured)
	before := unpacked(t, s.get(t, path, header("Accept-Encoding", "br")))
	s.shelf.mu.Lock()
	v := s.shelf.videos[pictured]
	v.Title = map[string]string{"es": "Otro título"}
	v.Revision++
	s.shelf.videos[pictured] = v
	s.shelf.mu.Unlock()
	if after := unpacked(t, s.get(t, path, header("Accept-Encoding", "br"))); after == before || !strings.Contains(after, "Otro título") {
		t.Error("the old page is served")
	}
}

func TestTheReadersLanguageCountsOnlyWhereNoneIsAskedFor(t *testing.T) {
	s := newSite(t)
	path := "/e/" + string(pictured)
	for name, tt := range map[string]struct {
		path, accept string
		want, vary   string
	}{
		"nothing":               {path, "", "es", "Accept-Language, Accept-Encoding"}, // the video's own
		"a header":              {path, "en-US,en;q=0.9", "en", "Accept-Language, Accept-Encoding"},
		"one nobody speaks":     {path, "ja", "es", "Accept-Language, Accept-Encoding"},
		"a long header":         {path, "en," + strings.Repeat("de,", 20_000), "en", "Accept-Language, Accept-Encoding"},
		"asked for":             {path + "?lang=es", "en", "es", "Accept-Encoding"},
		"asked for, and cached": {path + "?lang=en", "es", "en", "Accept-Encoding"},
	} {
		r := s.get(t, tt.path, header("Accept-Language", tt.accept))
		if got := r.Header.Get("Content-Language"); got != tt.want || r.Header.Get("Vary") != tt.vary {
			t.Errorf("%s: in %q, Vary %q", name, got, r.Header.Get("Vary"))
		}
	}
}

func TestHowLongCachesGoOnWithoutUsIsASetting(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.StaleIfError = time.Hour })
	for _, path := range []string{"/e/" + string(pictured), "/embed.js", "/p/" + string(pictured) + "/640.jpg"} {
		if got := s.get(t, path).Header.Get("Cache-Control"); got != "public, max-age=60, stale-while-revalidate=540, stale-if-error=3600" {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func BenchmarkEmbedPage(b *testing.B) {
	s := newSite(b, func(o *web.Options) { o.Log = nil })
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+host+"/e/"+string(pictured), nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip, deflate, br")
	request.Header.Set("Accept-Language", "es-SV,es;q=0.9")
	w := discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		s.Handler().ServeHTTP(w, request)
	}
}

// discard is a client that reads everything.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func TestAFloodOfUnknownIdsGrowsNothing(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Log = nil })
	flood := func(n int) uint64 {
		for i := range n {
			s.get(t, fmt.Sprintf("/e/%012d?lang=es&start=%d", i, i))
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := flood(500)
	if after := flood(5000); after > before+(2<<20) {
		t.Errorf("5,000 unknown ids left %d kB", (after-before)>>10)
	}
}
