package oembed_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"videoteca/archive"
	"videoteca/archive/oembed"
)

// captured is a source as a fetch showed it, with the digest that its picture was kept under.
func captured(t *testing.T, a *oembed.Adapter, address, digest string) archive.Shown {
	t.Helper()
	ref := reference(t, a, address)
	return archive.Shown{ID: ref.Key.ID, URL: ref.URL, Pictures: []archive.File{{Label: fetch(t, a, address).Pictures[0].Label, Digest: digest}}}
}

func shownAgain(t *testing.T, a *oembed.Adapter, s archive.Shown) archive.Observation {
	t.Helper()
	seen, err := a.ProbePictures(t.Context(), []archive.Shown{s})
	if err != nil {
		t.Fatal(err)
	}
	return one(t, seen, "oembed.picture")
}

func TestAChangedPictureIsSeen(t *testing.T) {
	for provider, c := range map[string]struct{ address, says string }{
		oembed.Vimeo:    {"https://vimeo.com/1234", "thumbnail"},
		oembed.PeerTube: {"/w/" + short, "preview"},
	} {
		s := newStage()
		base := s.open(t)
		s.pages["https://vimeo.com/1234"] = document(t, map[string]any{"thumbnail_url": base + "/old.jpg"})
		s.api[uuid] = `{"uuid":"` + uuid + `","name":"A meeting","previewPath":"/old.jpg"}`
		if provider == oembed.PeerTube {
			c.address = base + c.address
		}
		a := adapter(t, options(t, provider, base))
		known := captured(t, a, c.address, "")
		known.Pictures[0].Digest = shownAgain(t, a, known).Digest
		if o := shownAgain(t, a, known); o.Shows != c.says || o.Outcome != archive.Unclear || o.Body != nil || o.ShowsAnew(known.Pictures) {
			t.Errorf("%s, as it was: %+v", provider, o)
		}
		s.pages["https://vimeo.com/1234"] = document(t, map[string]any{"thumbnail_url": base + "/new.jpg"})
		s.api[uuid] = `{"uuid":"` + uuid + `","name":"A meeting","previewPath":"/new.jpg"}`
		s.acts["/new.jpg"] = body(string(picture(32, 18)))
		if o := shownAgain(t, a, known); !o.ShowsAnew(known.Pictures) {
			t.Errorf("%s, changed: %+v", provider, o)
		}
		for name, act := range map[string]http.HandlerFunc{"refused": status(http.StatusForbidden), "a page": body("<html>")} {
			s.acts["/new.jpg"] = act
			if o := shownAgain(t, a, known); o.ShowsAnew(known.Pictures) || o.Answers {
				t.Errorf("%s, %s: %+v", provider, name, o)
			}
		}
	}
}

func TestAPictureThatIsNamedNoMoreIsNotAskedFor(t *testing.T) {
	s := newStage()
	base := s.open(t)
	a := adapter(t, options(t, oembed.Vimeo, base))
	s.pages["https://vimeo.com/1234"] = document(t, nil)
	known := archive.Shown{ID: "1234", Pictures: []archive.File{{Label: "thumbnail", Digest: "x"}}}
	for label, observed := range map[string]int{"thumbnail": 1, "preview": 0, "of another adapter": 0} {
		known.Pictures[0].Label = label
		if seen, err := a.ProbePictures(t.Context(), []archive.Shown{known}); err != nil || len(seen) != observed {
			t.Errorf("%s: %+v, %v", label, seen, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.ProbePictures(ctx, []archive.Shown{known}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
