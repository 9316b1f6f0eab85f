package oembed_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/oembed"
)

// provided is what each provider says of a video, and what is kept of it.
type provided struct {
	provider, address string
	page              string // that the endpoint is asked about
	says              map[string]any
	fields            archive.Fields
}

func TestWhatEachProviderTells(t *testing.T) {
	author := map[string]any{"author_name": "Ana", "author_url": "https://example.org/ana"}
	with := func(more map[string]any) map[string]any {
		for k, v := range author {
			more[k] = v
		}
		return more
	}
	for _, c := range []provided{
		{
			"vimeo", "https://player.vimeo.com/video/76979871?h=8272103f6e", "https://vimeo.com/76979871/8272103f6e",
			with(map[string]any{"duration": 62, "upload_date": "2013-10-15 14:08:29", "description": "Words.", "provider_name": "Vimeo"}),
			archive.Fields{Title: "A meeting", Description: "Words.", Channel: "Ana", ChannelURL: "https://example.org/ana", Seconds: 62,
				Published: time.Date(2013, 10, 15, 14, 8, 29, 0, time.UTC), Width: 640, Height: 360},
		},
		{
			"dailymotion", "https://dai.ly/x7tgad0", "https://www.dailymotion.com/video/x7tgad0",
			with(map[string]any{"duration": 90.5}),
			archive.Fields{Title: "A meeting", Channel: "Ana", ChannelURL: "https://example.org/ana", Seconds: 90.5, Width: 640, Height: 360},
		},
		{
			"tiktok", "https://www.tiktok.com/@ana/video/67", "https://www.tiktok.com/@ana/video/67",
			with(map[string]any{"width": "100%", "height": "100%", "duration": 12}),
			archive.Fields{Title: "A meeting", Channel: "Ana", ChannelURL: "https://example.org/ana"},
		},
		{
			"x", "https://twitter.com/ana/status/20", "https://x.com/ana/status/20",
			with(map[string]any{"type": "rich", "title": nil, "width": 550, "height": nil}),
			archive.Fields{Channel: "Ana", ChannelURL: "https://example.org/ana"},
		},
		{
			"ted", "https://www.ted.com/talks/a_talk", "https://ted.com/talks/a_talk",
			map[string]any{"author_url": "javascript:alert(1)", "duration": 1140},
			archive.Fields{Title: "A meeting", Width: 640, Height: 360},
		},
	} {
		t.Run(c.provider, func(t *testing.T) {
			s := newStage()
			base := s.open(t)
			c.says["thumbnail_url"] = base + "/thumb.jpg"
			s.pages[c.page] = document(t, c.says)
			got := fetch(t, adapter(t, options(t, c.provider, base)), c.address)
			if got.Method != "oembed."+c.provider || !equal(got.Fields, c.fields) {
				t.Errorf("by %s\ngot  %+v\nwant %+v", got.Method, got.Fields, c.fields)
			}
			if len(got.Pictures) != 1 || got.Pictures[0].Width != 64 || got.Pictures[0].Height != 36 ||
				got.Pictures[0].Type != "image/jpeg" || got.Pictures[0].Extension != "jpg" || got.Pictures[0].Label != "thumbnail" {
				t.Errorf("pictures %+v", got.Pictures)
			}
			if len(got.Raw) != 1 || got.Raw[0].Label != "oembed" || string(got.Raw[0].Data) != s.pages[c.page] {
				t.Errorf("raw %+v", got.Raw)
			}
		})
	}
}

func equal(a, b archive.Fields) bool {
	if !a.Published.Equal(b.Published) || len(a.Tags) != len(b.Tags) || len(a.Status) != len(b.Status) {
		return false
	}
	for i := range a.Status {
		if a.Status[i] != b.Status[i] {
			return false
		}
	}
	a.Published, a.Tags, a.Status, b.Published, b.Tags, b.Status = time.Time{}, nil, nil, time.Time{}, nil, nil
	return a.Title == b.Title && a.Description == b.Description && a.Channel == b.Channel && a.ChannelURL == b.ChannelURL &&
		a.Seconds == b.Seconds && a.Language == b.Language && a.Width == b.Width && a.Height == b.Height
}

func TestAnObservationHoldsItsEvidence(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.pages["https://vimeo.com/1234"] = document(t, nil)
	o := one(t, fetch(t, adapter(t, options(t, oembed.Vimeo, base)), "https://vimeo.com/1234").Observations, "oembed.vimeo")
	sum := sha256.Sum256([]byte(s.pages["https://vimeo.com/1234"]))
	if o.Source != (archive.SourceKey{Platform: "vimeo", ID: "1234"}) || o.Outcome != archive.Playable || !o.Answers || len(o.Sees) != 0 {
		t.Errorf("observed %+v", o)
	}
	if o.Host != base[len("http://"):] || o.Status != 200 || o.Digest != hex.EncodeToString(sum[:]) || o.Latency <= 0 {
		t.Errorf("evidence %+v", o)
	}
	if o.Date.IsZero() || o.At.Year() != 2026 || o.Vantage != "here" || o.Program != "videoteca test" {
		t.Errorf("times and stamps %+v", o)
	}
}

func TestAnObservationIsDatedByTheCacheThatAnswered(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.acts["https://vimeo.com/1234"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Mon, 14 Apr 2025 12:00:00 GMT")
		w.Header().Set("Age", "172800")
		_, _ = w.Write([]byte(document(t, nil)))
	}
	o := one(t, fetch(t, adapter(t, options(t, oembed.Vimeo, base)), "https://vimeo.com/1234").Observations, "oembed.vimeo")
	if want := time.Date(2025, 4, 16, 12, 0, 0, 0, time.UTC); !o.Date.Equal(want) || o.Outcome != archive.Playable {
		t.Errorf("%s, want %s: %+v", o.Date, want, o)
	}
}

func TestARequestSaysWhoAsksAndForWhat(t *testing.T) {
	for provider, c := range map[string]struct{ address, page, referer, width string }{
		oembed.Vimeo:       {"https://vimeo.com/1234#t=3", "https://vimeo.com/1234", "https://newsroom.example/", "1280"},
		oembed.Dailymotion: {"https://dai.ly/x1", "https://www.dailymotion.com/video/x1", "", ""},
		oembed.PeerTube:    {"/w/" + short, "/videos/watch/" + uuid, "", ""},
	} {
		s := newStage()
		base := s.open(t)
		o := options(t, provider, base)
		o.Site = "https://newsroom.example/"
		if provider == oembed.PeerTube {
			c.address, c.page = base+c.address, base+c.page
		}
		fetch(t, adapter(t, o), c.address)
		r := append(s.requests("/oembed"), s.requests("/services/oembed")...)
		if len(r) != 1 {
			t.Fatalf("%s: %d requests", provider, len(r))
		}
		q := r[0].URL.Query()
		if q.Get("url") != c.page || q.Get("format") != "json" || q.Get("width") != c.width {
			t.Errorf("%s: asked %v", provider, q)
		}
		if r[0].UserAgent() != "Videoteca/test" || r[0].Referer() != c.referer {
			t.Errorf("%s: agent %q, referer %q", provider, r[0].UserAgent(), r[0].Referer())
		}
	}
}

func TestAnEndpointKeepsItsOwnQuery(t *testing.T) {
	s := newStage()
	base := s.open(t)
	o := options(t, "ted", base)
	o.Endpoint += "?key=7"
	fetch(t, adapter(t, o), "https://ted.com/talks/a")
	if q := s.requests("/oembed")[0].URL.Query(); q.Get("key") != "7" || q.Get("url") != "https://ted.com/talks/a" {
		t.Errorf("asked %v", q)
	}
}

func TestAVideoLimitedToSomeSitesIsAliveButNotForEmbeds(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.pages["https://vimeo.com/1234"] = document(t, map[string]any{"domain_status_code": 403})
	got := fetch(t, adapter(t, options(t, oembed.Vimeo, base)), "https://vimeo.com/1234")
	o := one(t, got.Observations, "oembed.vimeo")
	if o.Outcome != archive.EmbeddingDisabled || len(o.Restrictions) != 1 || o.Restrictions[0].Aspect != archive.AspectEmbedding || o.Answers {
		t.Errorf("observed %+v", o)
	}
	if got.Fields.Title != "A meeting" {
		t.Errorf("fields %+v", got.Fields)
	}
}

func TestWhatIsNotThereTellsNothing(t *testing.T) {
	s := newStage()
	base := s.open(t)
	got := fetch(t, adapter(t, options(t, oembed.Dailymotion, base)), "https://dai.ly/x1")
	if !got.Empty() || got.Method != "" || len(got.Raw) != 0 {
		t.Errorf("fetched %+v", got)
	}
	if o := one(t, got.Observations, "oembed.dailymotion"); o.Outcome != archive.Missing || o.Status != 404 {
		t.Errorf("observed %+v", o)
	}
	if got.Reason(archive.SourceKey{Platform: "dailymotion", ID: "x1"}) == "" {
		t.Error("no reason for people")
	}
}

func TestARecordsOwnAddressIsAskedOnlyIfItIsOfTheSource(t *testing.T) {
	for name, c := range map[string]struct {
		url, asked string
		outcome    archive.Outcome
	}{
		"the author's page":    {"https://x.com/ana/status/20", "https://x.com/ana/status/20", archive.Missing},
		"another post's":       {"https://x.com/ana/status/21", "https://x.com/i/status/20", archive.Unclear},
		"the placeholder's":    {"https://x.com/i/status/20", "https://x.com/i/status/20", archive.Unclear},
		"somebody else's":      {"http://169.254.169.254/", "https://x.com/i/status/20", archive.Unclear},
		"none":                 {"", "https://x.com/i/status/20", archive.Unclear},
		"the author's, longer": {"https://twitter.com/ana/status/20/photo/1", "https://x.com/ana/status/20", archive.Missing},
	} {
		s := newStage()
		a := adapter(t, options(t, oembed.X, s.open(t)))
		f, err := a.Fetch(t.Context(), archive.Reference{Key: archive.SourceKey{Platform: "x", ID: "20"}, URL: c.url})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.requests("/oembed")[0].URL.Query().Get("url"); got != c.asked {
			t.Errorf("%s: asked about %s", name, got)
		}
		if o := one(t, f.Observations, "oembed.x"); o.Outcome != c.outcome {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestAnIDThatIsNoneIsNotAsked(t *testing.T) {
	s := newStage()
	base := s.open(t)
	for provider, id := range map[string]string{
		oembed.Vimeo: "76979871/../x", oembed.Dailymotion: "x1?a=b", oembed.TikTok: "a", oembed.X: "", oembed.PeerTube: "tube.example/" + uuid,
		"ted": "https://example.org/talks/1",
	} {
		a := adapter(t, options(t, provider, base))
		f, err := a.Fetch(t.Context(), archive.Reference{Key: archive.SourceKey{Platform: provider, ID: id}})
		if err != nil {
			t.Fatal(err)
		}
		if o := one(t, f.Observations, "oembed."+provider); o.Outcome != archive.Unclear || o.Reason != "not an id of this platform" || o.At.IsZero() {
			t.Errorf("%s: %+v", provider, o)
		}
	}
	if n := len(s.requests("/")); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestABadAnswerBringsTheControl(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.pages["https://www.dailymotion.com/video/x0control"] = document(t, nil)
	o := options(t, oembed.Dailymotion, base)
	o.Control = "x0control"
	a := adapter(t, o)
	got := fetch(t, a, "https://dai.ly/x404404").Observations
	if len(got) != 2 || !got[1].Control || !got[1].Answers || got[1].Source.ID != o.Control || got[1].Host != got[0].Host {
		t.Fatalf("observed %+v", got)
	}
	standing, verdict := archive.Judge(archive.Standing{}, archive.Rounds(got)[got[0].Source])
	if verdict != archive.SaysBad || standing.State != archive.Suspect {
		t.Errorf("judged %s, %s", verdict, standing.State)
	}
	if n := len(fetch(t, a, "https://dai.ly/x0control").Observations); n != 1 {
		t.Errorf("a good answer brought %d observations", n)
	}
}

func TestAnEndOfPatienceIsTheOnlyError(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.acts["/oembed"] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	a := adapter(t, options(t, oembed.Vimeo, base))
	ctx, cancel := contextWithin(t, 50*time.Millisecond)
	defer cancel()
	got, err := a.Fetch(ctx, reference(t, a, "https://vimeo.com/1234"))
	if err == nil {
		t.Error("no error though ctx ended")
	}
	if o := one(t, got.Observations, "oembed.vimeo"); o.Outcome != archive.Unclear || o.Reason != "timeout" {
		t.Errorf("observed %+v", o)
	}
}
