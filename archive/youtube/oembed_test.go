package youtube_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func TestEveryAnswerOfOEmbedHasItsOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		act     http.HandlerFunc
		outcome archive.Outcome
		reason  string
	}{
		"200":           {says(200, `{"type":"video","version":"1.0","title":"A title"}`), archive.Playable, ""},
		"401":           {says(401, "Unauthorized"), archive.EmbeddingDisabled, "embedding disabled"},
		"403":           {says(403, "Forbidden"), archive.Private, "private or removed"},
		"404":           {says(404, "Not Found"), archive.Missing, "not found"},
		"400":           {says(400, "Bad Request"), archive.Unclear, "HTTP 400"},
		"429":           {says(429, ""), archive.Unclear, "HTTP 429"},
		"500":           {says(500, ""), archive.Unclear, "HTTP 500"},
		"200 Forbidden": {says(200, "Forbidden"), archive.Unclear, "unparsable"},
		"200 no title":  {says(200, `{"type":"video"}`), archive.Unclear, "unparsable"},
		"200 no type":   {says(200, `{"title":"A title"}`), archive.Unclear, "unparsable"},
		"200 a page":    {says(200, "<!doctype html><title>Before you continue</title>"), archive.Unclear, "unparsable"},
		"200 nothing":   {says(200, ""), archive.Unclear, "unparsable"},
		"consent": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://consent.example/m?continue=x", http.StatusFound)
		}, archive.Unclear, "redirect to consent.example"},
		"in circles": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }, archive.Unclear, "redirect to video.test"},
		"hangs":      {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, archive.Unclear, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(alive1)
				s.does(onOEmbed, c.act)
				o := by(t, probe(t, adapterOn(t, s, nil), alive1), youtube.MethodOEmbed, alive1)
				if o.Outcome != c.outcome || o.Reason != c.reason || o.Answers != o.Outcome.Good() || o.Supports {
					t.Errorf("%+v", o)
				}
				if sees := len(o.Sees) == 1 && o.Sees[0] == archive.AspectEmbedding; sees != (o.Outcome.Good() || o.Outcome.Limited()) {
					t.Errorf("sees %v", o.Sees)
				}
			})
		})
	}
}

func TestOEmbedIsAskedAboutTheWatchPage(t *testing.T) {
	s := newStage("-a_b-c_d-e_")
	probe(t, adapterOn(t, s, nil), "-a_b-c_d-e_")
	for _, r := range s.asked {
		if r.URL.Path != onOEmbed {
			continue
		}
		if q := r.URL.Query(); q.Get("url") != memoryBase+"/watch?v=-a_b-c_d-e_" || q.Get("format") != "json" {
			t.Errorf("asked %v", q)
		}
	}
	if s.count("/watch") != 0 {
		t.Error("the watch page was asked, which answers 200 for anything")
	}
}
