package webfile_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/webfile"
	"videoteca/internal/safehttp"
)

// noon stands still: these tests are about answers, not about time.
var noon = time.Date(2025, 4, 14, 12, 0, 0, 0, time.UTC)

// host is a server on loopback that the adapter is allowed to ask.
func host(t *testing.T, routes map[string]http.HandlerFunc) (a *webfile.Adapter, base string) {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, h := range routes {
		mux.HandleFunc(pattern, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return adapter(t, server.URL), server.URL
}

func adapter(t *testing.T, bases ...string) *webfile.Adapter {
	t.Helper()
	o := safehttp.Options{Timeout: 2 * time.Second}
	for _, b := range bases {
		o.Allow = append(o.Allow, strings.TrimPrefix(b, "http://"))
	}
	client := safehttp.New(o)
	t.Cleanup(client.CloseIdleConnections)
	return webfile.New(webfile.Options{
		HTTP: client, Now: func() time.Time { return noon }, Vantage: "SV, San Salvador", Program: "videoteca test",
	})
}

func fetch(t *testing.T, a *webfile.Adapter, address string) archive.Fetched {
	t.Helper()
	ref, err := a.Recognise(address)
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Fetch(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func serve(data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func page(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte("<!doctype html><title>Ooops</title>"))
}

// box writes an MP4 box.
func box(kind string, body ...[]byte) []byte {
	content := bytes.Join(body, nil)
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(content))), append([]byte(kind), content...)...)
}

// clip is an MP4 of 12 seconds; its moov box stands before or behind 300 KB of media.
func clip(moovLast bool) []byte {
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header[12:], 1000)
	binary.BigEndian.PutUint32(header[16:], 12_000)
	parts := [][]byte{box("ftyp", []byte("isom")), box("moov", box("mvhd", header)), box("mdat", make([]byte, 300_000))}
	if moovLast {
		parts[1], parts[2] = parts[2], parts[1]
	}
	return bytes.Join(parts, nil)
}

func TestAFileIsDescribedByNameTypeAndLength(t *testing.T) {
	webm := append([]byte("\x1a\x45\xdf\xa3\x9fB\x82\x84webm"), make([]byte, 100_000)...)
	a, base := host(t, map[string]http.HandlerFunc{
		"/first.mp4": serve(clip(false)), "/last.mp4": serve(clip(true)), "/a/": serve(webm),
		"/norange.mp4": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(clip(false))))
			_, _ = w.Write(clip(false))
		},
		"/nohead.mp4": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			serve(clip(false))(w, r)
		},
		"/headonly.mp4": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.Header().Set("Content-Length", "300140")
				return
			}
			_ = http.NewResponseController(w).Flush() // chunked: no length
			_, _ = w.Write(clip(false))
		},
		"/moved.mp4": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/first.mp4", http.StatusFound) },
	})
	size := int64(len(clip(false)))
	for path, want := range map[string]archive.Fields{
		"/first.mp4":              {Title: "first.mp4", MediaType: "video/mp4", Bytes: size, Seconds: 12},
		"/last.mp4":               {Title: "last.mp4", MediaType: "video/mp4", Bytes: size, Seconds: 12},
		"/norange.mp4":            {Title: "norange.mp4", MediaType: "video/mp4", Bytes: size, Seconds: 12},
		"/nohead.mp4":             {Title: "nohead.mp4", MediaType: "video/mp4", Bytes: size, Seconds: 12},
		"/headonly.mp4":           {Title: "headonly.mp4", MediaType: "video/mp4", Bytes: 300_140, Seconds: 12},
		"/moved.mp4":              {Title: "moved.mp4", MediaType: "video/mp4", Bytes: size, Seconds: 12},
		"/a/sesi%C3%B3n%202.webm": {Title: "sesión 2.webm", MediaType: "video/webm", Bytes: int64(len(webm))},
	} {
		t.Run(path, func(t *testing.T) {
			got := fetch(t, a, base+path+"#t=3")
			if !sameFields(got.Fields, want) {
				t.Errorf("got %+v\nwant %+v", got.Fields, want)
			}
			if got.Method != "web.get" || !got.At.Equal(noon) || len(got.Raw) != 0 {
				t.Errorf("method %q, at %v, %d responses kept", got.Method, got.At, len(got.Raw))
			}
			o := got.Observations[0]
			if len(got.Observations) != 1 || o.Outcome != archive.Playable || !o.Answers || o.Digest == "" || o.Vantage != "SV, San Salvador" || o.Program != "videoteca test" {
				t.Errorf("observed %+v", got.Observations)
			}
		})
	}
}

func sameFields(a, b archive.Fields) bool {
	return a.Title == b.Title && a.MediaType == b.MediaType && a.Bytes == b.Bytes && a.Seconds == b.Seconds && a.Width == b.Width && a.Height == b.Height
}

func TestWhatAnswersMean(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   archive.Outcome
		reason string
	}{
		"media":               {serve(clip(false)), archive.Playable, ""},
		"not found":           {http.NotFound, archive.Missing, "404"},
		"gone":                {status(410), archive.Removed, "410"},
		"legal":               {status(451), archive.Removed, "legal"},
		"unauthorised":        {status(401), archive.Unclear, "refused us (401)"},
		"forbidden":           {status(403), archive.Unclear, "refused us (403)"},
		"too many":            {status(429), archive.Unclear, "429"},
		"server trouble":      {status(503), archive.Unclear, "503"},
		"no such range":       {status(416), archive.Unclear, "416"},
		"a page in its place": {page, archive.Unclear, "not media, but text/html"},
		"an empty file":       {status(200), archive.Unclear, "not media, but nothing"},
		"redirect to home":    {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, archive.Unclear, "text/html"},
		"redirect loop":       {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x.mp4", http.StatusFound) }, archive.Unclear, "redirects"},
		"redirect inward": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.5/x.mp4", http.StatusFound)
		}, archive.Unclear, "10.0.0.5"},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, archive.Unclear, "no answer"},
		"too slow": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, archive.Unclear, "no answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, base := host(t, map[string]http.HandlerFunc{"/x.mp4": c.answer, "/": page})
			got := fetch(t, a, base+"/x.mp4")
			o := got.Observations[0]
			if o.Outcome != c.want || !strings.Contains(o.Reason, c.reason) {
				t.Errorf("got %q, %q; want %q, %q", o.Outcome, o.Reason, c.want, c.reason)
			}
			if o.Answers != c.want.Good() || o.Source.ID != base+"/x.mp4" || "http://"+o.Host != base {
				t.Errorf("observed %+v", o)
			}
			if !c.want.Good() && !got.Empty() {
				t.Errorf("told %+v of a file that did not show", got.Fields)
			}
		})
	}
}

func TestAVanishedHostIsUnclear(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(page))
	a := adapter(t, server.URL)
	server.Close()
	got := fetch(t, a, server.URL+"/x.mp4")
	if o := got.Observations[0]; len(got.Observations) != 1 || o.Outcome != archive.Unclear || !strings.Contains(o.Reason, "no answer") {
		t.Errorf("observed %+v", got.Observations)
	}
}

func TestAPlaylistIsFollowedOneHop(t *testing.T) {
	const film = "#EXTM3U\n#EXTINF:6,\nseg1.ts\n#EXTINF:6,\nseg2.ts\n#EXT-X-ENDLIST\n"
	segment := make([]byte, 400)
	segment[0], segment[188] = 0x47, 0x47
	for name, c := range map[string]struct {
		list    string
		segment http.HandlerFunc
		want    archive.Outcome
		reason  string
	}{
		"all there":          {film, serve(segment), archive.Playable, ""},
		"encrypted segments": {film, serve([]byte("\x9a\x07random")), archive.Playable, ""},
		"segment missing":    {film, http.NotFound, archive.Unclear, "the playlist stands, of what it names: not found"},
		"segment is a page":  {film, page, archive.Unclear, "text/html"},
		"names nothing":      {"#EXTM3U\n", serve(segment), archive.Unclear, "names nothing"},
		"leads inward":       {"#EXTM3U\nhttp://169.254.169.254/latest/meta-data\n", serve(segment), archive.Unclear, "refused"},
		"leads to a file":    {"#EXTM3U\nfile:///etc/passwd\n", serve(segment), archive.Unclear, "names nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			a, base := host(t, map[string]http.HandlerFunc{"/live/index.m3u8": serve([]byte(c.list)), "/live/seg1.ts": c.segment})
			got := fetch(t, a, base+"/live/index.m3u8")
			if o := got.Observations[0]; len(got.Observations) != 1 || o.Outcome != c.want || !strings.Contains(o.Reason, c.reason) {
				t.Fatalf("observed %+v", got.Observations)
			}
			if !c.want.Good() {
				return
			}
			if f := got.Fields; f.Title != "index.m3u8" || f.Seconds != 12 || f.Bytes != 0 || f.MediaType != "application/vnd.apple.mpegurl" {
				t.Errorf("told %+v", f)
			}
			if len(got.Raw) != 1 || string(got.Raw[0].Data) != c.list || got.Raw[0].Extension != "m3u8" {
				t.Errorf("kept %+v", got.Raw)
			}
		})
	}
}
