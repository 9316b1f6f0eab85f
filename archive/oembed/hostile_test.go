package oembed_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/oembed"
)

func contextWithin(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}

// TestAnswersThatTellNothing: none of these is a death, and none leaves anything behind.
func TestAnswersThatTellNothing(t *testing.T) {
	elsewhere := newStage()
	elsewhere.acts["/"] = body(document(t, nil))
	other := elsewhere.open(t)
	for name, c := range map[string]struct {
		does   http.HandlerFunc
		reason string
	}{
		"a body without end": {func(w http.ResponseWriter, _ *http.Request) {
			for range 2 << 10 {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<10)); err != nil {
					return
				}
			}
		}, "too long"},
		"a body that breaks off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"type":"video","title":"A`))
		}, "EOF"},
		"a connection that is cut": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		"a consent page":           {body("<!doctype html><title>Before you continue</title>"), "not an oEmbed document"},
		"a word":                   {body("Forbidden"), "not an oEmbed document"},
		"an error with 200":        {body(`{"error":"not found","status":404}`), "not an oEmbed document"},
		"nested JSON":              {body(strings.Repeat("[", 100_000)), "not an oEmbed document"},
		"XML":                      {body("<oembed><type>video</type></oembed>"), "not an oEmbed document"},
		"nothing":                  {status(204), "HTTP 204"},
		"refused":                  {status(403), "HTTP 403"},
		"not authorised":           {status(401), "HTTP 401"},
		"a redirect elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other+"/", http.StatusFound)
		}, "redirect to " + other[len("http://"):]},
		"a redirect into our network": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		}, "redirect to 169.254.169.254"},
		"a redirect without end": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/oembed?again", http.StatusFound)
		}, "HTTP 302"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			base := s.open(t)
			s.acts["/oembed"] = c.does
			got := fetch(t, adapter(t, options(t, oembed.Dailymotion, base)), "https://dai.ly/x1")
			o := one(t, got.Observations, "oembed.dailymotion")
			if o.Outcome != archive.Unclear || !strings.Contains(o.Reason, c.reason) || o.Answers {
				t.Errorf("observed %+v", o)
			}
			if !got.Empty() || len(got.Raw) != 0 {
				t.Errorf("kept %+v", got)
			}
		})
	}
	if n := len(elsewhere.requests("/")); n != 0 {
		t.Errorf("another host was asked %d times", n)
	}
}

func TestARedirectWithinTheHostIsFollowed(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.acts["/oembed"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/v2?"+r.URL.RawQuery, http.StatusMovedPermanently)
	}
	s.pages["https://vimeo.com/1234"] = document(t, nil)
	if got := fetch(t, adapter(t, options(t, oembed.Vimeo, base)), "https://vimeo.com/1234"); got.Fields.Title != "A meeting" {
		t.Errorf("fetched %+v", got)
	}
}

func TestMarkupInATitleStaysText(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.pages["https://vimeo.com/1234"] = document(t, map[string]any{
		"title": "<script>alert(1)</script>\x00", "author_name": "<b>A</b>", "author_url": "javascript:alert(1)", "html": "<script>alert(2)</script>",
	})
	got := fetch(t, adapter(t, options(t, oembed.Vimeo, base)), "https://vimeo.com/1234").Fields
	if got.Title != "<script>alert(1)</script>" || got.Channel != "<b>A</b>" || got.ChannelURL != "" || got.Description != "" {
		t.Errorf("fields %+v", got)
	}
}

func TestThumbnailsThatAreNotKept(t *testing.T) {
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.Error("a private address was asked")
		_, _ = w.Write(picture(8, 8))
	}))
	t.Cleanup(private.Close)
	var animation bytes.Buffer
	if err := gif.Encode(&animation, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White}), nil); err != nil {
		t.Fatal(err)
	}
	files := map[string]http.HandlerFunc{
		"/bomb.png":  body(string(bomb(t))),
		"/long.png":  body(string(append(picture(8, 8), make([]byte, 6<<20)...))),
		"/page.png":  body("<html>"),
		"/cut.png":   body(string(picture(64, 64)[:100])),
		"/none.png":  status(404),
		"/empty.png": status(200),
		"/anim.png":  body(animation.String()),
		"/away.png":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, private.URL, http.StatusFound) },
	}
	for _, address := range []string{
		"BASE/bomb.png", "BASE/long.png", "BASE/page.png", "BASE/cut.png", "BASE/none.png", "BASE/empty.png", "BASE/anim.png", "BASE/away.png",
		private.URL + "/1.jpg", "http://169.254.169.254/1.jpg", "http://localhost/1.jpg", "file:///etc/passwd", "data:image/png;base64,AA",
		"javascript:alert(1)", "/relative.jpg", "%zz", "http://user:pass@example.org/1.jpg",
	} {
		s := newStage()
		base := s.open(t)
		for path, does := range files {
			s.acts[path] = does
		}
		s.pages["https://vimeo.com/1234"] = document(t, map[string]any{"thumbnail_url": strings.Replace(address, "BASE", base, 1)})
		got := fetch(t, adapter(t, options(t, oembed.Vimeo, base)), "https://vimeo.com/1234")
		if len(got.Pictures) != 0 || got.Fields.Title == "" {
			t.Errorf("%s: %d pictures, fields %+v", address, len(got.Pictures), got.Fields)
		}
	}
}

func TestAThumbnailMayComeFromElsewhere(t *testing.T) {
	s := newStage()
	base := s.open(t)
	s.acts["/start.png"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/end.jpg", http.StatusFound) }
	s.pages["https://vimeo.com/1234"] = document(t, map[string]any{"thumbnail_url": base + "/start.png"})
	if got := fetch(t, adapter(t, options(t, oembed.Vimeo, base)), "https://vimeo.com/1234"); len(got.Pictures) != 1 {
		t.Errorf("%d pictures", len(got.Pictures))
	}
}

// inBubble is an adapter whose stage is asked without a socket, so that a
// bubble's clock runs ahead while it waits.
func inBubble(t *testing.T, provider string, s http.Handler) *oembed.Adapter {
	t.Helper()
	return adapter(t, oembed.Options{
		Provider: provider, Endpoint: "https://example.org/oembed", HTTP: &http.Client{Transport: inProcess{s}}, Control: "",
	})
}

func TestAHostThatNeverAnswersIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inBubble(t, oembed.Vimeo, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		began := time.Now()
		got := fetch(t, a, "https://vimeo.com/1234")
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("waited %v", took)
		}
		if o := one(t, got.Observations, "oembed.vimeo"); o.Outcome != archive.Unclear || o.Reason != "timeout" || o.Status != 0 {
			t.Errorf("observed %+v", o)
		}
	})
}

func TestPassingTroublesAreMetWithPatience(t *testing.T) {
	good := body(`{"type":"video","title":"T"}`)
	for name, c := range map[string]struct {
		status      int
		retryAfter  string
		asked       int
		least, most time.Duration
		good        bool
	}{
		"broken once":                 {503, "", 2, 100 * time.Millisecond, time.Second, true},
		"a rest in seconds":           {429, "5", 2, 5 * time.Second, 6 * time.Second, true},
		"a rest until":                {429, "DATE", 2, 2 * time.Second, 4 * time.Second, true},
		"a rest of an hour":           {429, "3600", 1, 0, time.Second, false},
		"a rest that is no number":    {502, "soon", 2, 100 * time.Millisecond, time.Second, true},
		"a refusal does not pass":     {403, "1", 1, 0, time.Second, false},
		"a bad request does not pass": {400, "", 1, 0, time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				a := inBubble(t, oembed.Vimeo, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if asked++; asked > 1 {
						good(w, r)
						return
					}
					if c.retryAfter == "DATE" {
						c.retryAfter = time.Now().Add(3 * time.Second).UTC().Format(http.TimeFormat)
					}
					w.Header().Set("Retry-After", c.retryAfter)
					w.WriteHeader(c.status)
				}))
				began := time.Now()
				o := one(t, fetch(t, a, "https://vimeo.com/1234").Observations, "oembed.vimeo")
				if took := time.Since(began); took < c.least || took > c.most {
					t.Errorf("took %v", took)
				}
				if asked != c.asked || o.Outcome.Good() != c.good || !c.good && o.Outcome != archive.Unclear {
					t.Errorf("asked %d times, then %+v", asked, o)
				}
			})
		})
	}
}

func TestALastingTroubleIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		a := inBubble(t, oembed.Vimeo, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; w.WriteHeader(500) }))
		o := one(t, fetch(t, a, "https://vimeo.com/1234").Observations, "oembed.vimeo")
		if asked != 3 || o.Outcome != archive.Unclear || o.Reason != "HTTP 500" || o.Status != 500 {
			t.Errorf("asked %d times, then %+v", asked, o)
		}
	})
}
