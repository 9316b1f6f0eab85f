package webfile_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/webfile"
)

func TestABadAnswerBringsTheFrontPageAsControl(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(page))
	t.Cleanup(elsewhere.Close)
	for name, c := range map[string]struct {
		front   http.HandlerFunc
		control bool
	}{
		"it shows":           {page, true},
		"it has none":        {http.NotFound, false},
		"it refuses":         {status(403), false},
		"it is broken":       {status(500), false},
		"it leads elsewhere": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, false},
		"it leads within": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/es/", http.StatusFound)
				return
			}
			page(w, r)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, ".mp4") {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				c.front(w, r)
			}))
			t.Cleanup(server.Close)
			got := fetch(t, adapter(t, server.URL, elsewhere.URL), server.URL+"/x.mp4").Observations
			if !c.control {
				if len(got) != 1 {
					t.Errorf("observed %+v", got)
				}
				return
			}
			if len(got) != 2 {
				t.Fatalf("observed %+v", got)
			}
			o := got[1]
			if o.Source != (archive.SourceKey{Platform: "web", ID: server.URL + "/"}) || o.Host != got[0].Host || o.Method != got[0].Method {
				t.Errorf("the control %+v does not vouch for %+v", o, got[0])
			}
			if o.Outcome != archive.Playable || !o.Answers || !o.Control {
				t.Errorf("the control %+v is none", o)
			}
		})
	}
}

func TestProbeObservesEachFileAndEachHostOnce(t *testing.T) {
	var fronts atomic.Int32
	a, base := host(t, map[string]http.HandlerFunc{
		"/a.mp4": serve(clip(false)), "/b.mp4": http.NotFound, "/c.mp4": status(410), "/d.mp4": status(503),
		"/{$}": func(w http.ResponseWriter, r *http.Request) { fronts.Add(1); page(w, r) },
	})
	ids := []string{base + "/c.mp4", base + "/a.mp4", base + "/d.mp4", base + "/b.mp4"}
	got, err := a.Probe(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	want := []archive.Outcome{archive.Removed, archive.Playable, archive.Unclear, archive.Missing, archive.Playable}
	if len(got) != len(want) {
		t.Fatalf("observed %+v", got)
	}
	for i, o := range got {
		if o.Outcome != want[i] || (i < len(ids) && o.Source.ID != ids[i]) {
			t.Errorf("%d: observed %+v, want %q", i, o, want[i])
		}
	}
	if !got[4].Control || fronts.Load() != 1 {
		t.Errorf("control %+v, front page asked %d times", got[4], fronts.Load())
	}
}

func TestProbeIsPolite(t *testing.T) {
	var inFlight, most, asked atomic.Int32
	busy := func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		now := inFlight.Add(1)
		defer inFlight.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		time.Sleep(20 * time.Millisecond)
		serve(clip(false))(w, r)
	}
	a, base := host(t, map[string]http.HandlerFunc{"/": busy})
	begun := time.Now()
	if _, err := a.Probe(t.Context(), []string{base + "/1.mp4", base + "/2.mp4", base + "/3.mp4"}); err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 4 || most.Load() != 1 {
		t.Errorf("%d requests, %d at once; want a HEAD and 3 GET, one after the other", asked.Load(), most.Load())
	}
	if took := time.Since(begun); took < 500*time.Millisecond {
		t.Errorf("three files of one host took only %v", took)
	}
}

func TestAHostThatDoesNotAnswerIsNotAskedFiftyTimes(t *testing.T) {
	var asked atomic.Int32
	a, base := host(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		panic(http.ErrAbortHandler)
	}})
	var ids []string
	for i := range 50 {
		ids = append(ids, fmt.Sprintf("%s/%d.mp4", base, i))
	}
	got, err := a.Probe(t.Context(), ids)
	if err != nil || len(got) != 50 {
		t.Fatalf("%d observations, %v", len(got), err)
	}
	for i, o := range got {
		if o.Outcome != archive.Unclear || o.Source.ID != ids[i] || o.Reason == "" {
			t.Errorf("observed %+v", o)
		}
	}
	if n := asked.Load(); n > 4 { // net/http may try a dropped connection again
		t.Errorf("asked %d times", n)
	}
}

func TestProbeAndFetchEndWithTheContext(t *testing.T) {
	a, base := host(t, map[string]http.HandlerFunc{"/": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := a.Probe(ctx, []string{base + "/1.mp4", base + "/2.mp4"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Probe: %v", err)
	}
	ref, err := a.Recognise(base + "/1.mp4")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Fetch(ctx, ref); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Fetch: %v", err)
	}
}

func TestThePlayerIsTheBrowsersOwn(t *testing.T) {
	a := webfile.New(webfile.Options{})
	if p := a.Player(); p.Kind != archive.PlayerMedia || p.Origin != "" || a.Name() != "web" {
		t.Errorf("%q plays by %+v", a.Name(), p)
	}
}
