package youtube_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func apiError(code int, reason string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":"no","errors":[{"message":"no","domain":"youtube","reason":%q}]}}`, code, reason)
}

func keyError(code int, reason string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":"no","errors":[{"message":"no","reason":"badRequest"}],"status":"INVALID_ARGUMENT",`+
		`"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":%q,"domain":"googleapis.com"}]}}`, code, reason)
}

// faults are the ways in which the API may fail to tell anything, with the reason kept.
func faults() map[string]struct {
	act    http.HandlerFunc
	reason string
} {
	type fault = struct {
		act    http.HandlerFunc
		reason string
	}
	found := map[string]fault{
		"rate":         {says(403, apiError(403, "rateLimitExceeded")), "HTTP 403 rateLimitExceeded"},
		"quota":        {says(403, apiError(403, "quotaExceeded")), "HTTP 403 quotaExceeded"},
		"forbidden":    {says(403, apiError(403, "forbidden")), "HTTP 403 forbidden"},
		"bad request":  {says(400, apiError(400, "badRequest")), "HTTP 400 badRequest"},
		"bare 400":     {says(400, "Bad Request"), "HTTP 400"},
		"429":          {says(429, "slow down"), "HTTP 429"},
		"500":          {says(500, ""), "HTTP 500"},
		"503":          {says(503, "<html>"), "HTTP 503"},
		"garbage":      {says(200, "\x00\x01garbage"), "unparsable"},
		"a page":       {says(200, "<html>Before you continue</html>"), "unparsable"},
		"nothing":      {says(200, ""), "unparsable"},
		"null":         {says(200, "null"), "unparsable"},
		"empty object": {says(200, "{}"), "unparsable"},
		"no content":   {says(204, ""), "unparsable"},
		"cut short":    {says(200, `{"kind":"youtube#videoListResponse","items":[`), "unparsable"},
		"too long":     {says(200, strings.Repeat(" ", 2<<20+1)), "the answer is too long: over 2097152 bytes"},
		"consent": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://consent.example/ml", http.StatusFound)
		}, "redirect to consent.example"},
		"counts more than it shows": {says(200, `{"kind":"youtube#videoListResponse","pageInfo":{"totalResults":2},"items":null}`),
			"the answer shows fewer than it counts"},
		"counts nothing": {says(200, `{"kind":"youtube#videoListResponse","items":[]}`), "the answer shows fewer than it counts"},
	}
	for _, reason := range []string{"API_KEY_INVALID", "API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_SERVICE_BLOCKED", "SERVICE_DISABLED"} {
		found[reason] = fault{says(400, keyError(400, reason)), "HTTP 400 " + reason}
	}
	return found
}

func TestNoFaultOfTheAPISaysAnythingOfAVideo(t *testing.T) {
	for name, c := range faults() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(alive1)
				s.does(onAPI, c.act)
				seen := probe(t, adapterOn(t, s, keyed), alive1, dead1)
				for _, id := range []string{alive1, dead1} {
					if o := by(t, seen, youtube.MethodList, id); o.Outcome != archive.Unclear || o.Reason != c.reason || o.Answers {
						t.Errorf("%s: %q because %q", id, o.Outcome, o.Reason)
					}
				}
				if o := by(t, seen, youtube.MethodOEmbed, alive1); o.Outcome != archive.Playable {
					t.Errorf("oEmbed was to help out: %+v", o)
				}
			})
		})
	}
}

func TestAnAPIThatHangsIsGivenTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(alive1)
		s.does(onAPI, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		o := by(t, probe(t, adapterOn(t, s, keyed), alive1), youtube.MethodList, alive1)
		if o.Outcome != archive.Unclear || o.Reason != "timeout" || o.Latency != 10*time.Second || o.Status != 0 || o.Host != "video.test" {
			t.Errorf("%+v", o)
		}
	})
}

func TestFiftyIDsGoIntoOneCallAtOneUnit(t *testing.T) {
	var ids []string
	for i := range 120 {
		ids = append(ids, fmt.Sprintf("video_%05d", i))
	}
	s := newStage(ids...)
	counter := &purse{left: 100}
	a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Quota = counter })
	seen := probe(t, a, append(ids, ids[0])...)
	if len(seen) != 121 || len(controls(seen)) != 1 || s.count(onAPI) != 3 || counter.left != 97 {
		t.Errorf("%d observations, %d calls, %d units left", len(seen), s.count(onAPI), counter.left)
	}
	q := s.asked[0].URL.Query()
	if len(q["id"]) != 50 || q.Has("maxResults") || q.Get("key") != testKey {
		t.Errorf("asked for %d ids with %v", len(q["id"]), q)
	}
	for _, part := range []string{"snippet", "contentDetails", "status", "liveStreamingDetails"} {
		if !slices.Contains(q["part"], part) {
			t.Errorf("part %s is not asked for: %v", part, q["part"])
		}
	}
}

func TestAnObservationCarriesItsEvidence(t *testing.T) {
	body := `{"kind":"youtube#videoListResponse","pageInfo":{"totalResults":1},"items":[` + item(alive1, "") + `]}`
	s := newStage()
	s.does(onAPI, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Tue, 14 Apr 2026 11:58:58 GMT")
		w.Header().Set("Age", "60") // it comes from a cache
		_, _ = w.Write([]byte(body))
	})
	a := adapterOn(t, s, func(o *youtube.Options) {
		keyed(o)
		o.Now, o.Program, o.Vantage = now, "videoteca v1.2.3", "DE, Hetzner"
	})
	o := by(t, probe(t, a, alive1), youtube.MethodList, alive1)
	sum := sha256.Sum256([]byte(body))
	want := archive.Observation{
		Source: archive.SourceKey{Platform: "stage", ID: alive1}, Method: youtube.MethodList, Host: "video.test",
		At: now(), Date: time.Date(2026, 4, 14, 11, 59, 58, 0, time.UTC), Outcome: archive.Playable,
		Sees: o.Sees, Answers: true, Status: 200, Digest: hex.EncodeToString(sum[:]), Latency: o.Latency,
		Vantage: "DE, Hetzner", Program: "videoteca v1.2.3", Body: o.Body, Fields: o.Fields,
	}
	if fmt.Sprint(o) != fmt.Sprint(want) || o.Latency <= 0 {
		t.Errorf("got  %+v\nwant %+v", o, want)
	}
	agent := s.asked[0].Header.Get("User-Agent")
	if !strings.HasPrefix(agent, "videoteca v1.2.3 (") {
		t.Errorf("User-Agent %q", agent)
	}
}
