package youtube_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
	"videoteca/internal/pace"
)

func TestEachAnswerIsKeptOnceForAllThatItSays(t *testing.T) {
	s := newStage(alive1, alive2)
	seen := probe(t, adapterOn(t, s, keyed), alive1, alive2, dead1)
	first := by(t, seen, youtube.MethodList, alive1)
	for _, id := range []string{alive2, dead1} {
		if o := by(t, seen, youtube.MethodList, id); o.Body == nil || o.Body != first.Body {
			t.Errorf("%s has another body", id)
		}
	}
	if b := first.Body; b.Label != youtube.MethodList || b.Extension != "json" || b.Type != "application/json" || !strings.Contains(string(b.Data), alive2) {
		t.Errorf("%+v", b)
	}
}

func TestWhatIsKeptOfAnAnswer(t *testing.T) {
	page := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<script>alert(1)</script>"))
	}
	for name, c := range map[string]struct {
		act       http.HandlerFunc
		extension string // empty: nothing is kept
		kind      string
	}{
		"a document": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = w.Write([]byte(`{"type":"video","title":"A"}`))
		}, "json", "application/json"},
		"a page in its place": {page, "bin", "application/octet-stream"},
		"a refusal":           {says(403, "Forbidden"), "bin", "application/octet-stream"},
		"nothing":             {says(404, ""), "", ""},
	} {
		s := newStage(alive1)
		s.does(onOEmbed, c.act)
		o := by(t, probe(t, adapterOn(t, s, nil), alive1), youtube.MethodOEmbed, alive1)
		switch {
		case c.extension == "" && o.Body != nil:
			t.Errorf("%s: %+v", name, o.Body)
		case c.extension != "" && (o.Body == nil || o.Body.Extension != c.extension || o.Body.Type != c.kind || len(o.Body.Data) == 0):
			t.Errorf("%s: %+v", name, o.Body)
		}
	}
}

func TestOfThumbnailsOnlyThePlaceholderIsEvidence(t *testing.T) {
	s := newStage(alive1, control)
	seen := probe(t, adapterOn(t, s, nil), alive1, dead1)
	if o := by(t, seen, youtube.MethodThumbnail, alive1); o.Body != nil || o.Digest == "" {
		t.Errorf("a picture: %+v", o.Body)
	}
	if o := by(t, seen, youtube.MethodThumbnail, dead1); o.Body == nil || o.Body.Extension != "jpg" {
		t.Errorf("the placeholder: %+v", o.Body)
	}
}

func TestAnAnswersFieldsTellAChangedTitle(t *testing.T) {
	s := newStage(alive1)
	s.videos[alive1] = `{"id":"` + alive1 + `","snippet":{"title":"Una reunión","description":"Larga","channelTitle":"Canal","channelId":"UC1",
		"publishedAt":"2019-09-26T01:02:03Z","liveBroadcastContent":"none"},"contentDetails":{"duration":"PT1M3S"},
		"statistics":{"viewCount":"12","likeCount":"3"},"status":{"uploadStatus":"processed","privacyStatus":"unlisted","embeddable":true,"madeForKids":true}}`
	a := adapterOn(t, s, keyed)
	f := by(t, probe(t, a, alive1), youtube.MethodList, alive1).Fields
	if f == nil || f.Title != "Una reunión" || f.Description != "Larga" || f.Channel != "Canal" || f.ChannelID != "UC1" || f.Seconds != 63 ||
		!f.Published.Equal(time.Date(2019, 9, 26, 1, 2, 3, 0, time.UTC)) {
		t.Fatalf("%+v", f)
	}
	for _, word := range []string{"privacyStatus=unlisted", "madeForKids=true", "embeddable=true"} {
		if !slices.Contains(f.Status, word) {
			t.Errorf("%s is not among %v", word, f.Status)
		}
	}
	if said := fmt.Sprintf("%+v", *f); strings.Contains(said, "iew") || strings.Contains(said, "ike") {
		t.Errorf("counts are kept: %s", said)
	}
	if parts := s.asked[0].URL.Query()["part"]; slices.Contains(parts, "statistics") {
		t.Errorf("counts are asked for: %v", parts)
	}
	byOEmbed := by(t, probe(t, adapterOn(t, s, nil), alive1), youtube.MethodOEmbed, alive1).Fields
	if byOEmbed == nil || byOEmbed.Title != "Video "+alive1 || byOEmbed.Channel != "A channel" {
		t.Errorf("by oEmbed: %+v", byOEmbed)
	}
	if o := by(t, probe(t, a, dead1), youtube.MethodList, dead1); o.Fields != nil {
		t.Errorf("of what is not there: %+v", o.Fields)
	}
}

func TestAHostThatRestsIsUnclearAndNotAskedAgain(t *testing.T) {
	s := newStage(alive1, control)
	s.does("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	a := adapterOn(t, s, func(o *youtube.Options) {
		keyed(o)
		o.Transport, o.Now = pace.New(pace.Options{Next: memory{s}, Now: now}), now
	})
	probe(t, a, alive1)
	asked := s.count("/")
	for _, o := range probe(t, a, alive1, dead1) {
		if o.Outcome != archive.Unclear || !strings.Contains(o.Reason, "host rests until 2026-04-14T12:10:00Z: HTTP 429") {
			t.Errorf("%+v", o)
		}
	}
	if s.count("/") != asked {
		t.Errorf("%d requests to a host that rests", s.count("/")-asked)
	}
}
