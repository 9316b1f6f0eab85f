package webfile_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/webfile"
	"videoteca/internal/pace"
	"videoteca/internal/safehttp"
)

// counting notes the methods of the requests to a handler.
type counting struct {
	http.Handler
	mu    sync.Mutex
	asked []string
}

func (c *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.asked = append(c.asked, r.Method)
	c.mu.Unlock()
	c.Handler.ServeHTTP(w, r)
}

// film answers HEAD and GET as a server of films does.
func film(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "video/mp4")
	serve(clip(false))(w, r)
}

// onHead answers HEAD in one way and all else in another.
func onHead(head, get http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			head(w, r)
			return
		}
		get(w, r)
	}
}

func typed(kind string, length int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Length", fmt.Sprint(length))
	}
}

// probed is the observation of one file, and the methods of the requests that it took.
func probed(t *testing.T, h http.HandlerFunc) (archive.Observation, string) {
	t.Helper()
	c := &counting{Handler: h}
	server := httptest.NewServer(c)
	defer server.Close()
	seen, err := adapter(t, server.URL).Probe(t.Context(), []string{server.URL + "/x.mp4"})
	if err != nil {
		t.Fatal(err)
	}
	return seen[0], strings.Join(c.asked, " ")
}

func TestOnlyLifeIsBelievedOfAHead(t *testing.T) {
	for name, c := range map[string]struct {
		does  http.HandlerFunc
		want  archive.Outcome
		asked string
	}{
		"a film":                 {film, archive.Playable, "HEAD"},
		"HEAD not allowed":       {onHead(status(405), film), archive.Playable, "HEAD GET"},
		"HEAD not implemented":   {onHead(status(501), film), archive.Playable, "HEAD GET"},
		"HEAD forbidden":         {onHead(status(403), film), archive.Playable, "HEAD GET"},
		"HEAD finds nothing":     {onHead(status(404), film), archive.Playable, "HEAD GET"},
		"HEAD hangs up":          {onHead(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, film), archive.Playable, "HEAD GET"},
		"an odd type":            {onHead(typed("application/octet-stream", 300_000), film), archive.Playable, "HEAD GET"},
		"a type that is none":    {onHead(typed("video", 300_000), film), archive.Playable, "HEAD GET"},
		"a page called a film":   {onHead(typed("video/mp4", 900), page), archive.Unclear, "HEAD GET"},
		"a film without length":  {onHead(typed("video/mp4", 0), film), archive.Playable, "HEAD GET"},
		"gone for both":          {status(410), archive.Removed, "HEAD GET GET"}, // and the host's front page
		"forbidden for both":     {status(403), archive.Unclear, "HEAD GET"},
		"a page":                 {page, archive.Unclear, "HEAD GET"},
		"a playlist in its name": {onHead(typed("application/vnd.apple.mpegurl", 300_000), status(404)), archive.Missing, "HEAD GET GET"},
	} {
		t.Run(name, func(t *testing.T) {
			o, asked := probed(t, c.does)
			if strings.HasPrefix(asked, "HEAD HEAD") { // net/http may try a dropped connection again
				asked = strings.TrimPrefix(asked, "HEAD ")
			}
			if o.Outcome != c.want || asked != c.asked || o.Answers != c.want.Good() || o.Method != "web.get" {
				t.Errorf("%s: %+v", asked, o)
			}
		})
	}
}

func TestAProbeTellsTypeAndLength(t *testing.T) {
	o, _ := probed(t, film)
	if f := o.Fields; f == nil || f.Title != "x.mp4" || f.MediaType != "video/mp4" || f.Bytes != int64(len(clip(false))) {
		t.Errorf("by HEAD %+v", o.Fields)
	}
	if o.Status != 200 || o.Date.IsZero() || o.Vantage == "" || o.Body != nil {
		t.Errorf("%+v", o)
	}
	o, _ = probed(t, onHead(status(405), film))
	if f := o.Fields; f == nil || f.MediaType != "video/mp4" || f.Bytes != int64(len(clip(false))) || o.Digest == "" || o.Body != nil {
		t.Errorf("by GET %+v", o)
	}
}

func TestAProbeIsDatedByTheCacheThatAnswered(t *testing.T) {
	o, _ := probed(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", "Mon, 14 Apr 2025 12:00:00 GMT")
		w.Header().Set("Age", "172800")
		film(w, r)
	})
	if want := time.Date(2025, 4, 16, 12, 0, 0, 0, time.UTC); !o.Date.Equal(want) || o.Outcome != archive.Playable {
		t.Errorf("%s, want %s: %+v", o.Date, want, o)
	}
}

func TestWhatCameInTheFilmsPlaceIsKept(t *testing.T) {
	o, _ := probed(t, page)
	if o.Body == nil || o.Body.Extension != "bin" || o.Body.Type != "application/octet-stream" || !strings.Contains(string(o.Body.Data), "Ooops") || o.Fields != nil {
		t.Errorf("%+v", o)
	}
	o, _ = probed(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20)) })
	if o.Body == nil || len(o.Body.Data) != 64<<10 {
		t.Errorf("of a megabyte more than its head is kept")
	}
}

func TestAHostWhereHeadIsOfNoUseIsAskedByGetAlone(t *testing.T) {
	c := &counting{Handler: onHead(status(405), film)}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	var ids []string
	for i := range 4 {
		ids = append(ids, fmt.Sprintf("%s/%d.mp4", server.URL, i))
	}
	if _, err := adapter(t, server.URL).Probe(t.Context(), ids); err != nil || strings.Join(c.asked, " ") != "HEAD GET GET GET GET" {
		t.Errorf("%v, %v", c.asked, err)
	}
}

func TestFilesOfOneHostMayBeAskedForAtOnceOverKeptConnections(t *testing.T) {
	var connections, now, most atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for seen, n := most.Load(), now.Add(1); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
		}
		defer now.Add(-1)
		time.Sleep(5 * time.Millisecond)
		film(w, r)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	a := webfile.New(webfile.Options{HTTP: server.Client(), AtOnce: 2, Pause: -1})
	var ids []string
	for i := range 40 {
		ids = append(ids, fmt.Sprintf("%s/%d.mp4", server.URL, i))
	}
	seen, err := a.Probe(t.Context(), ids)
	if err != nil || len(seen) != 40 || most.Load() != 2 || connections.Load() > 4 {
		t.Errorf("%d observations, %v, %d at once over %d connections", len(seen), err, most.Load(), connections.Load())
	}
	for i, o := range seen {
		if o.Outcome != archive.Playable || o.Source.ID != ids[i] {
			t.Errorf("%+v", o)
		}
	}
}

func TestARedirectToSomebodyElsesHostIsNoDeath(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/film":
			film(w, r)
		case "/consent":
			page(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(elsewhere.Close)
	for to, c := range map[string]struct {
		want   archive.Outcome
		reason string
	}{
		"/film":    {archive.Playable, ""}, // as to a network that delivers it
		"/consent": {archive.Unclear, "not media, but text/html"},
		"/nothing": {archive.Unclear, "redirect to " + strings.TrimPrefix(elsewhere.URL, "http://") + ", of which: not found (404)"},
	} {
		server := httptest.NewServer(http.RedirectHandler(elsewhere.URL+to, http.StatusFound))
		t.Cleanup(server.Close)
		seen, err := adapter(t, server.URL, elsewhere.URL).Probe(t.Context(), []string{server.URL + "/x.mp4"})
		if err != nil || len(seen) != 1 || seen[0].Outcome != c.want || seen[0].Reason != c.reason {
			t.Errorf("%s: %+v, %v", to, seen, err)
		}
	}
}

func TestAHostThatRestsIsUnclear(t *testing.T) {
	c := &counting{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
	})}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	client := safehttp.New(safehttp.Options{Allow: []string{strings.TrimPrefix(server.URL, "http://")}})
	client.Transport = pace.New(pace.Options{Next: client.Transport, Now: func() time.Time { return noon }})
	t.Cleanup(client.CloseIdleConnections)
	a := webfile.New(webfile.Options{HTTP: client, Now: func() time.Time { return noon }, Pause: -1})
	seen, err := a.Probe(t.Context(), []string{server.URL + "/1.mp4", server.URL + "/2.mp4", server.URL + "/3.mp4"})
	if err != nil || len(c.asked) != 1 {
		t.Fatalf("%v, %v", c.asked, err)
	}
	for i, o := range seen {
		if o.Outcome != archive.Unclear || !strings.Contains(o.Reason, "host rests until 2025-04-14T12:10:00Z") && i < 2 {
			t.Errorf("%+v", o)
		}
	}
}

func TestTheGroupIsTheHost(t *testing.T) {
	a := webfile.New(webfile.Options{})
	for id, want := range map[string]string{"https://a.example/x.mp4": "a.example", "http://a.example:8080/x.mp4": "a.example:8080", "http://%zz": ""} {
		if got := a.Group(id); got != want {
			t.Errorf("%s is on %q", id, got)
		}
	}
}
