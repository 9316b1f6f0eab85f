package oembed_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/oembed"
)

func TestProbeObservesEachIDAndTheControl(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.pages["https://vimeo.com/1"] = document(t, nil)
	s.acts["https://vimeo.com/3"] = status(403)
	s.acts["https://vimeo.com/4"] = status(410)
	o := options(t, oembed.Vimeo, base)
	o.Control = control
	seen, err := adapter(t, o).Probe(t.Context(), []string{"1", "2", "3", "4", "1", "no id"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]archive.Outcome{
		"1": archive.Playable, "2": archive.Missing, "3": archive.Unclear, "4": archive.Missing, "no id": archive.Unclear,
	}
	if len(seen) != len(want) {
		t.Errorf("%d observations: the good one vouches, and the control is not needed", len(seen))
	}
	for _, o := range seen {
		if o.Outcome != want[o.Source.ID] || o.Method != "oembed.vimeo" || o.Control {
			t.Errorf("observed %+v", o)
		}
	}
	if n := len(s.requests("/oembed")); n != 4 {
		t.Errorf("%d requests", n)
	}
}

func TestProbeAsksTheControlWhereNothingVouches(t *testing.T) {
	for name, c := range map[string]struct {
		control  string
		ids      []string
		observed int
	}{
		"a bad answer alone":       {control, []string{"2"}, 2},
		"the control among the":    {control, []string{"2", control}, 2},
		"no control":               {"", []string{"2"}, 1},
		"only an unclear answer":   {control, []string{"3"}, 1},
		"a bad one and an unclear": {control, []string{"2", "3"}, 3},
	} {
		s := newStage()
		base := s.open(t)
		s.pages["https://vimeo.com/"+control] = document(t, nil)
		s.acts["https://vimeo.com/3"] = status(403)
		o := options(t, oembed.Vimeo, base)
		o.Control = c.control
		seen, err := adapter(t, o).Probe(t.Context(), c.ids)
		if err != nil || len(seen) != c.observed {
			t.Fatalf("%s: %d observations, %v", name, len(seen), err)
		}
		if last := seen[len(seen)-1]; last.Control != (c.observed > len(c.ids)) {
			t.Errorf("%s: last %+v", name, last)
		}
	}
}

func TestVimeosOwnControlIsOfItsOwnEndpoint(t *testing.T) {
	s := newStage()
	s.pages["https://vimeo.com/"+control] = document(t, nil)
	own := adapter(t, oembed.Options{Provider: oembed.Vimeo, HTTP: &http.Client{Transport: inProcess{s}}})
	seen, err := own.Probe(t.Context(), []string{"2"})
	if err != nil || len(seen) != 4 || !seen[2].Control || seen[2].Source.ID != control || seen[2].Host != "vimeo.com" || seen[3].Host != "player.vimeo.com" {
		t.Errorf("observed %+v, %v", seen, err)
	}
	moved := adapter(t, options(t, oembed.Vimeo, s.open(t)))
	if seen, err := moved.Probe(t.Context(), []string{"2"}); err != nil || len(seen) != 1 {
		t.Errorf("elsewhere %+v, %v", seen, err)
	}
}

func TestProbeAsksPeerTubesAPIWhereOEmbedDidNotSeeItAlive(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.pages[base+"/videos/watch/"+uuid] = document(t, nil)
	s.api[uuid], s.api[uuid2] = peerVideo(uuid, ""), peerVideo(uuid2, "")
	seen, err := adapter(t, options(t, oembed.PeerTube, base)).Probe(t.Context(), []string{uuid, uuid2})
	if err != nil || len(seen) != 3 {
		t.Fatalf("observed %+v, %v", seen, err)
	}
	if o := one(t, seen, "peertube.api"); o.Source.ID != uuid2 || o.Outcome != archive.Playable {
		t.Errorf("observed %+v", o)
	}
}

func TestAPostAskedWithoutItsAuthorIsNeverCalledGone(t *testing.T) {
	for _, provider := range []string{oembed.TikTok, oembed.X} {
		s := newStage()
		o := options(t, provider, s.open(t))
		o.Control = "20"
		seen, err := adapter(t, o).Probe(t.Context(), []string{"30"})
		if err != nil || len(seen) != 1 || seen[0].Outcome != archive.Unclear || !strings.Contains(seen[0].Reason, "author") {
			t.Errorf("%s: %+v, %v", provider, seen, err)
		}
	}
}

// meter counts requests under way on each host.
type meter struct {
	mu        sync.Mutex
	now, most map[string]int
	times     []time.Time
	next      http.Handler
}

func (m *meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	for _, host := range []string{r.URL.Host, "all"} {
		m.now[host]++
		m.most[host] = max(m.most[host], m.now[host])
	}
	m.times = append(m.times, time.Now())
	m.mu.Unlock()
	time.Sleep(100 * time.Millisecond)
	m.next.ServeHTTP(w, r)
	m.mu.Lock()
	m.now[r.URL.Host]--
	m.now["all"]--
	m.mu.Unlock()
}

func newMeter(next http.Handler) *meter {
	return &meter{now: map[string]int{}, most: map[string]int{}, next: next}
}

func TestProbeIsPolite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeter(body(`{"type":"video","title":"T"}`))
		a := adapter(t, oembed.Options{Provider: oembed.PeerTube, HTTP: &http.Client{Transport: inProcess{m}}})
		var ids []string
		for host := range 6 {
			for n := range 3 {
				ids = append(ids, fmt.Sprintf("tube%d.example/%s%d", host, uuid[:35], n))
			}
		}
		began := time.Now()
		seen, err := a.Probe(t.Context(), ids)
		if err != nil || len(seen) != len(ids) {
			t.Fatalf("%d observations, %v", len(seen), err)
		}
		for host, most := range m.most {
			if host != "all" && most != 1 {
				t.Errorf("%d requests at once to %s", most, host)
			}
		}
		if m.most["all"] > 4 {
			t.Errorf("%d requests at once", m.most["all"])
		}
		// Each host takes 3 answers of 0.1 s and 2 pauses of 0.25 s; six hosts, four at once, two such turns.
		if took := time.Since(began); took != 1600*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestAHostInTroubleIsNotAskedFiftyTimes(t *testing.T) {
	for name, does := range map[string]http.HandlerFunc{
		"broken":    status(503),
		"too many":  status(429),
		"no answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := map[string]bool{}
				a := inBubble(t, oembed.Vimeo, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					asked[r.URL.Query().Get("url")] = true
					does(w, r)
				}))
				var ids []string
				for n := range 50 {
					ids = append(ids, fmt.Sprint(n+1))
				}
				seen, err := a.Probe(t.Context(), ids)
				if err != nil || len(seen) != 50 || len(asked) != 3 {
					t.Fatalf("%d observations, %d asked, %v", len(seen), len(asked), err)
				}
				for i, o := range seen {
					if o.Outcome != archive.Unclear || o.At.IsZero() || o.Host != "example.org" || (i >= 3) != strings.HasPrefix(o.Reason, "not asked") {
						t.Errorf("%d: %+v", i, o)
					}
				}
			})
		})
	}
}

func TestARefusalIsNoTroubleOfTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		a := inBubble(t, oembed.Vimeo, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; w.WriteHeader(403) }))
		if _, err := a.Probe(t.Context(), []string{"1", "2", "3", "4", "5"}); err != nil || asked != 5 {
			t.Errorf("%d asked, %v", asked, err)
		}
	})
}

func TestProbeEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inBubble(t, oembed.Vimeo, body(`{"type":"video","title":"T"}`))
		ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
		defer cancel()
		seen, err := a.Probe(ctx, []string{"1", "2", "3", "4", "5"})
		if !errors.Is(err, context.DeadlineExceeded) || len(seen) != 3 {
			t.Errorf("%d observations, %v", len(seen), err)
		}
	})
}

func TestProbeOfNothing(t *testing.T) {
	a := adapter(t, oembed.Options{Provider: oembed.Vimeo, HTTP: &http.Client{Transport: inProcess{newStage()}}})
	if seen, err := a.Probe(t.Context(), nil); err != nil || len(seen) != 0 {
		t.Errorf("%+v, %v", seen, err)
	}
}
