package youtube_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

// rests answers with a status and a Retry-After, and after so many times gives up its role.
func rests(s *stage, status, times int, after string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if times--; times == 0 {
			defer s.does(onOEmbed, nil)
		}
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(status)
	}
}

func TestAPassingTroubleIsTriedAgainAFewTimes(t *testing.T) {
	for name, c := range map[string]struct {
		status, times int
		after         string
		outcome       archive.Outcome
		requests      int
		least, most   time.Duration
	}{
		"one 503":               {503, 1, "", archive.Playable, 2, 100 * time.Millisecond, time.Second},
		"two 500":               {500, 2, "", archive.Playable, 3, 200 * time.Millisecond, 2 * time.Second},
		"a lasting 502":         {502, 99, "", archive.Unclear, 3, 200 * time.Millisecond, 2 * time.Second},
		"429, rest of 7 s":      {429, 1, "7", archive.Playable, 2, 7 * time.Second, 7 * time.Second},
		"429, rest to a date":   {429, 1, "Sat, 01 Jan 2000 00:00:09 GMT", archive.Playable, 2, 9 * time.Second, 9 * time.Second},
		"429, rest of a minute": {429, 1, "60", archive.Unclear, 1, 0, 0},
		"429, rest till spring": {429, 1, "Sat, 01 Apr 2000 00:00:00 GMT", archive.Unclear, 1, 0, 0},
		"429, rest for ever":    {429, 1, "9223372036854775807", archive.Unclear, 1, 0, 0},
		"429, rest unreadable":  {429, 1, "soon", archive.Playable, 2, 100 * time.Millisecond, time.Second},
		"404 does not pass":     {404, 1, "1", archive.Missing, 1, 0, 0},
		"400 does not pass":     {400, 1, "1", archive.Unclear, 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // the clock starts on 1 January 2000
				s := newStage(alive1)
				s.does(onOEmbed, rests(s, c.status, c.times, c.after))
				a := adapterOn(t, s, func(o *youtube.Options) { o.Control = "" })
				began := time.Now()
				o := by(t, probe(t, a, alive1), youtube.MethodOEmbed, alive1)
				took := time.Since(began)
				if o.Outcome != c.outcome || s.count(onOEmbed) != c.requests || took < c.least || took > c.most {
					t.Errorf("%q after %d requests and %s", o.Outcome, s.count(onOEmbed), took)
				}
			})
		})
	}
}

func TestARestPastTheDeadlineIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(alive1)
		s.does(onOEmbed, rests(s, 429, 99, "15"))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := adapterOn(t, s, nil).Fetch(ctx, refTo(adapterOn(t, s, nil), alive1)); err != nil || time.Since(began) > time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

func TestEveryTryOfTheAPICostsAUnit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(alive1)
		s.does(onAPI, says(503, ""))
		counter := &purse{left: 2}
		a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Quota = counter })
		o := by(t, probe(t, a, alive1), youtube.MethodList, alive1)
		if counter.left != 0 || s.count(onAPI) != 2 || o.Reason != "HTTP 503" {
			t.Errorf("%d units left after %d calls: %+v", counter.left, s.count(onAPI), o)
		}
	})
}

func TestOverARealNetwork(t *testing.T) {
	s := newStage(alive1)
	server := httptest.NewServer(s)
	defer server.Close()
	o := youtube.At("stage", "Stage", server.URL, control)
	o.Key, o.HTTP = testKey, server.Client()
	a, err := youtube.New(o)
	if err != nil {
		t.Fatal(err)
	}
	f := fetch(t, a, alive1)
	seen := by(t, f.Observations, youtube.MethodList, alive1)
	if seen.Outcome != archive.Playable || seen.Date.IsZero() || seen.Latency <= 0 || len(f.Pictures) != 4 {
		t.Errorf("%d pictures, %+v", len(f.Pictures), seen)
	}
	elsewhere := httptest.NewServer(says(200, `{"type":"video","title":"not ours"}`))
	defer elsewhere.Close()
	s.does(onOEmbed, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("moved") {
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
			return
		}
		http.Redirect(w, r, onOEmbed+"?moved", http.StatusFound)
	})
	if got := by(t, fetch(t, a, alive1).Observations, youtube.MethodOEmbed, alive1); got.Outcome != archive.Unclear || got.Status != 302 {
		t.Errorf("another host's answer was taken for the platform's: %+v", got)
	}
	server.Close()
	if got := by(t, probe(t, a, alive1), youtube.MethodList, alive1); got.Outcome != archive.Unclear || got.Reason == "" {
		t.Errorf("with nobody there: %+v", got)
	}
}
