package oembed_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/oembed"
	"videoteca/internal/pace"
)

func TestAnAnswerIsKeptWithItsObservation(t *testing.T) {
	for name, c := range map[string]struct {
		does      http.HandlerFunc
		extension string // empty: nothing is kept
	}{
		"a document":      {body(document(t, nil)), "json"},
		"a refusal":       {says(403, `{"error":"no"}`), "json"},
		"a page":          {body("<!doctype html><script>alert(1)</script>"), "bin"},
		"nothing":         {status(404), ""},
		"a long document": {body(document(t, map[string]any{"description": strings.Repeat("x", 300_000)})), ""},
	} {
		s := newStage()
		s.acts["/oembed"] = c.does
		o := one(t, probe(t, adapter(t, options(t, oembed.Dailymotion, s.open(t))), "x1"), "oembed.dailymotion")
		switch {
		case c.extension == "" && o.Body != nil:
			t.Errorf("%s: %d bytes are kept", name, len(o.Body.Data))
		case c.extension != "" && (o.Body == nil || o.Body.Extension != c.extension || o.Body.Label != "oembed.dailymotion"):
			t.Errorf("%s: %+v", name, o.Body)
		}
		if c.extension == "" && name != "nothing" && o.Digest == "" {
			t.Errorf("%s: no digest is left of it", name)
		}
	}
}

func TestFieldsTellAChangedTitle(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.pages["https://www.dailymotion.com/video/x1"] = document(t, map[string]any{"author_name": "Ana", "description": "Words."})
	s.pages["https://www.dailymotion.com/video/x2"] = document(t, map[string]any{"domain_status_code": 403})
	a := adapter(t, options(t, oembed.Dailymotion, base))
	seen := probe(t, a, "x1", "x2", "x3")
	if f := seen[0].Fields; f == nil || f.Title != "A meeting" || f.Channel != "Ana" || f.Description != "Words." {
		t.Errorf("%+v", f)
	}
	if seen[1].Fields == nil || seen[1].Outcome != archive.EmbeddingDisabled || seen[2].Fields != nil {
		t.Errorf("%+v, %+v", seen[1], seen[2])
	}
	s.api[uuid] = peerVideo(uuid, "")
	byAPI := one(t, probe(t, adapter(t, options(t, oembed.PeerTube, base)), uuid), "peertube.api")
	if byAPI.Fields == nil || byAPI.Fields.Title != "A meeting" || byAPI.Fields.Seconds != 62 || byAPI.Body == nil {
		t.Errorf("%+v", byAPI)
	}
}

func TestSourcesAreGroupedByTheHostThatAnswers(t *testing.T) {
	for provider, c := range map[string]struct{ id, host string }{
		oembed.PeerTube: {"tube.example:8443/" + uuid, "tube.example:8443"},
		oembed.Vimeo:    {"1", "vimeo.com"},
		oembed.X:        {"20", "publish.x.com"},
		"ted":           {"https://ted.com/talks/a", "www.ted.com"},
	} {
		a := adapter(t, oembed.Options{Provider: provider, HTTP: &http.Client{Transport: inProcess{newStage()}}})
		if got := a.Group(c.id); got != c.host {
			t.Errorf("%s is on %q, want %q", c.id, got, c.host)
		}
		if got := a.Group("no id/"); got != "" {
			t.Errorf("%s: what is no id is on %q", provider, got)
		}
	}
}

func TestAHostThatRestsIsUnclear(t *testing.T) {
	s := newStage()
	s.acts["/oembed"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	at := time.Date(2026, 6, 4, 12, 0, 0, 0, time.UTC)
	paced := pace.New(pace.Options{Next: inProcess{s}, Now: func() time.Time { return at }})
	a := adapter(t, oembed.Options{Provider: oembed.Dailymotion, Endpoint: "https://example.org/oembed", HTTP: &http.Client{Transport: paced}})
	probe(t, a, "x1")
	for _, o := range probe(t, a, "x1", "x2") {
		if o.Outcome != archive.Unclear || !strings.Contains(o.Reason, "host rests until 2026-06-04T12:10:00Z: HTTP 503") || o.Host != "example.org" {
			t.Errorf("%+v", o)
		}
	}
	if n := len(s.requests("/oembed")); n != 1 {
		t.Errorf("%d requests", n)
	}
}
