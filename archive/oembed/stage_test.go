package oembed_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/oembed"
	"videoteca/internal/safehttp"
)

const (
	control = "76979871"
	uuid    = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
	short   = "kkGMgK9ZtnKfYAgnEtQxbv" // the same
	uuid2   = "7ad3cbee-fe5f-41c2-93ea-b108986939f4"
)

// stage plays a provider: it answers oEmbed requests about the pages that it
// knows, serves pictures and, of PeerTube, the API.
type stage struct {
	mu    sync.Mutex
	pages map[string]string           // page -> the document
	api   map[string]string           // uuid -> the video
	acts  map[string]http.HandlerFunc // path, or page -> what is done instead
	asked []*http.Request             // in order
}

func newStage() *stage {
	return &stage{pages: map[string]string{}, api: map[string]string{}, acts: map[string]http.HandlerFunc{}}
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Clone(r.Context()))
	page := r.URL.Query().Get("url")
	act := s.acts[r.URL.Path]
	if act == nil && page != "" {
		act = s.acts[page]
	}
	document, known := s.pages[page], s.pages[page] != ""
	if id, ok := strings.CutPrefix(r.URL.Path, "/api/v1/videos/"); ok {
		document, known = s.api[id], s.api[id] != ""
	}
	s.mu.Unlock()
	switch {
	case act != nil:
		act(w, r)
	case strings.HasSuffix(r.URL.Path, ".jpg"):
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(picture(64, 36))
	case !known:
		http.Error(w, `{"error":"not found"}`, http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(document))
	}
}

// requests are those for a path.
func (s *stage) requests(path string) []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*http.Request
	for _, r := range s.asked {
		if strings.HasPrefix(r.URL.Path, path) {
			found = append(found, r)
		}
	}
	return found
}

// open serves the stage on a real socket.
func (s *stage) open(t *testing.T) (base string) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL
}

// inProcess answers requests without a socket, so that a test's clock may be the
// bubble's of testing/synctest.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// options point a provider at a stage, through the guarded client.
func options(t *testing.T, provider, base string) oembed.Options {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	client := safehttp.New(safehttp.Options{Allow: []string{u.Host}})
	t.Cleanup(client.CloseIdleConnections)
	o := oembed.Options{
		Provider: provider, HTTP: client, UserAgent: "Videoteca/test", Program: "videoteca test", Vantage: "here",
		Now: func() time.Time { return time.Date(2026, 6, 4, 12, 0, 0, 0, time.UTC) },
	}
	if provider == oembed.PeerTube {
		o.Origin = base
	} else {
		o.Endpoint = base + "/oembed"
	}
	return o
}

func adapter(t *testing.T, o oembed.Options) *oembed.Adapter {
	t.Helper()
	a, err := oembed.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func reference(t *testing.T, a *oembed.Adapter, address string) archive.Reference {
	t.Helper()
	ref, err := a.Recognise(address)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return ref
}

func fetch(t *testing.T, a *oembed.Adapter, address string) archive.Fetched {
	t.Helper()
	f, err := a.Fetch(t.Context(), reference(t, a, address))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// document is an oEmbed answer; more members replace or join the usual ones.
func document(t *testing.T, more map[string]any) string {
	t.Helper()
	d := map[string]any{"type": "video", "version": "1.0", "title": "A meeting", "html": "<iframe></iframe>", "width": 640, "height": 360}
	for name, value := range more {
		d[name] = value
	}
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func picture(width, height int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// bomb is a small PNG whose header claims 100,000 by 100,000 pixels.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Black})); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	copy(data[16:], []byte{0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0})
	return data
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}

// one is the only observation of a method.
func one(t *testing.T, seen []archive.Observation, method string) archive.Observation {
	t.Helper()
	var found []archive.Observation
	for _, o := range seen {
		if o.Method == method && !o.Control {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d observations by %s in %+v", len(found), method, seen)
	}
	return found[0]
}
