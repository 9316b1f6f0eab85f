package youtube_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

const (
	testKey = "AIzaSyTHE-SECRET_key0000000000000000000"
	control = "control_ctl"
	alive1  = "alive______"
	alive2  = "alive_____2"
	dead1   = "dead_______"
	dead2   = "dead______2"
)

// stage is a small platform: it knows some videos, and any of its three
// endpoints can be made to answer otherwise.
type stage struct {
	mu     sync.Mutex
	videos map[string]string           // id -> the item, as JSON
	embeds map[string]int              // id -> status of oEmbed, where not 200
	acts   map[string]http.HandlerFunc // endpoint -> what it does instead
	asked  []*http.Request             // in order
}

// Endpoints.
const (
	onAPI       = "/youtube/v3/videos"
	onOEmbed    = "/oembed"
	onThumbnail = "/vi/"
)

func newStage(ids ...string) *stage {
	s := &stage{videos: map[string]string{}, embeds: map[string]int{}, acts: map[string]http.HandlerFunc{}}
	for _, id := range ids {
		s.videos[id] = item(id, "")
	}
	return s
}

// item is a public video; extra members replace or join those of its parts.
func item(id, status string) string {
	if status == "" {
		status = `"uploadStatus":"processed","privacyStatus":"public","license":"youtube","embeddable":true,"madeForKids":false`
	}
	return fmt.Sprintf(`{"kind":"youtube#video","id":%q,"snippet":{"title":"Video %s","channelTitle":"A channel","channelId":"UC1",`+
		`"publishedAt":"2019-09-26T01:02:03Z","liveBroadcastContent":"none"},"contentDetails":{"duration":"PT1M3S"},"status":{%s}}`, id, id, status)
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Clone(r.Context()))
	var act http.HandlerFunc
	for prefix, does := range s.acts {
		if strings.HasPrefix(r.URL.Path, prefix) {
			act = does
		}
	}
	s.mu.Unlock()
	switch {
	case act != nil:
		act(w, r)
	case r.URL.Path == onAPI:
		s.list(w, r)
	case r.URL.Path == onOEmbed:
		s.oembed(w, r)
	default:
		s.thumbnail(w, r)
	}
}

func (s *stage) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var items []string
	for _, id := range r.URL.Query()["id"] {
		if v, ok := s.videos[id]; ok {
			items = append(items, v)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"kind":"youtube#videoListResponse","pageInfo":{"totalResults":%d,"resultsPerPage":%d},"items":[%s]}`,
		len(items), len(items), strings.Join(items, ","))
}

func (s *stage) oembed(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, id, _ := strings.Cut(r.URL.Query().Get("url"), "v=")
	_, known := s.videos[id]
	switch {
	case s.embeds[id] != 0:
		w.WriteHeader(s.embeds[id])
	case !known:
		w.WriteHeader(http.StatusNotFound)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{
			"type": "video", "version": "1.0", "title": "Video " + id, "author_name": "A channel",
			"author_url": "https://www.youtube.com/@a", "width": 200, "height": 113,
		})
	}
}

// thumbnail has no maxres, as many old videos do.
func (s *stage) thumbnail(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "image/jpeg")
	parts := strings.Split(r.URL.Path, "/")
	shape := map[string]image.Point{"sddefault.jpg": {640, 480}, "hqdefault.jpg": {480, 360}, "mqdefault.jpg": {320, 180}, "default.jpg": {120, 90}}[parts[len(parts)-1]]
	if _, known := s.videos[parts[2]]; !known || shape.X == 0 {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write(drawn(120, 90))
		return
	}
	_, _ = w.Write(drawn(shape.X, shape.Y))
}

func drawn(width, height int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		panic(err) // a grey picture in memory
	}
	return out.Bytes()
}

// does makes an endpoint answer otherwise; nil gives it back.
func (s *stage) does(endpoint string, act http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if act == nil {
		delete(s.acts, endpoint)
		return
	}
	s.acts[endpoint] = act
}

// count is how many requests an endpoint has had.
func (s *stage) count(endpoint string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.asked {
		if strings.HasPrefix(r.URL.Path, endpoint) {
			n++
		}
	}
	return n
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// memory carries requests to a handler without a network, so that a test may own the clock.
type memory struct{ http.Handler }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.ServeHTTP(rec, r)
	}()
	select {
	case <-r.Context().Done():
		<-done
		return nil, r.Context().Err()
	case <-done:
		return rec.Result(), nil
	}
}

const memoryBase = "http://video.test"

// adapterOn is an instance whose platform is the stage, over memory.
func adapterOn(t *testing.T, s *stage, change func(*youtube.Options)) *youtube.Adapter {
	t.Helper()
	o := youtube.At("stage", "Stage", memoryBase, control)
	o.Transport = memory{s}
	o.Log = slog.New(slog.DiscardHandler)
	if change != nil {
		change(&o)
	}
	a, err := youtube.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func keyed(o *youtube.Options) { o.Key = testKey }

func probe(t *testing.T, a *youtube.Adapter, ids ...string) []archive.Observation {
	t.Helper()
	seen, err := a.Probe(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func fetch(t *testing.T, a *youtube.Adapter, id string) archive.Fetched {
	t.Helper()
	f, err := a.Fetch(t.Context(), refTo(a, id))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func refTo(a *youtube.Adapter, id string) archive.Reference {
	return archive.Reference{Key: archive.SourceKey{Platform: a.Name(), ID: id}}
}

// by is the one observation of a method about an id that is not the control's.
func by(t *testing.T, seen []archive.Observation, method, id string) archive.Observation {
	t.Helper()
	at := slices.IndexFunc(seen, func(o archive.Observation) bool { return o.Method == method && o.Source.ID == id && !o.Control })
	if at < 0 {
		t.Fatalf("no observation of %s by %s in %+v", id, method, seen)
	}
	return seen[at]
}

func controls(seen []archive.Observation) []archive.Observation {
	return slices.DeleteFunc(slices.Clone(seen), func(o archive.Observation) bool { return !o.Control })
}

func methods(seen []archive.Observation) []string {
	var names []string
	for _, o := range seen {
		names = append(names, o.Method)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
