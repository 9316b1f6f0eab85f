package youtube_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

// shownBefore is a source as it was captured.
func shownBefore(id, label, digest string) archive.Shown {
	return archive.Shown{
		ID: id, At: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC),
		Pictures: []archive.File{{Label: "default", Digest: "another"}, {Label: label, Digest: digest}},
	}
}

func pictures(t *testing.T, a *youtube.Adapter, shown ...archive.Shown) []archive.Observation {
	t.Helper()
	seen, err := a.ProbePictures(t.Context(), shown)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestAPictureIsAskedForOnConditionThatItChanged(t *testing.T) {
	s := newStage(alive1)
	a := adapterOn(t, s, nil)
	kept := fetch(t, a, alive1).Pictures
	var digest string
	for _, o := range pictures(t, a, shownBefore(alive1, "high", "an older one")) {
		digest = o.Digest
		if o.Shows != "high" || o.Outcome != archive.Unclear || !o.ShowsAnew([]archive.File{{Label: "high", Digest: "an older one"}}) {
			t.Errorf("changed: %+v", o)
		}
		if o.ShowsAnew([]archive.File{{Label: "high", Digest: o.Digest}}) || o.ShowsAnew([]archive.File{{Label: "medium", Digest: "x"}}) {
			t.Errorf("the same, or one of which nothing is kept: %+v", o)
		}
	}
	if digest == "" || len(kept) == 0 {
		t.Errorf("digest %q, %d pictures kept", digest, len(kept))
	}
	s.does(onThumbnail, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-Modified-Since") != "Mon, 01 Jun 2026 12:00:00 GMT" {
			t.Errorf("asked with %v", r.Header)
		}
		w.WriteHeader(http.StatusNotModified)
	})
	for _, o := range pictures(t, a, shownBefore(alive1, "high", "an older one")) {
		if o.Status != http.StatusNotModified || o.Outcome != archive.Unclear || o.ShowsAnew([]archive.File{{Label: "high", Digest: "an older one"}}) {
			t.Errorf("as it was: %+v", o)
		}
	}
}

func TestWhatIsNoPictureIsNoNewPicture(t *testing.T) {
	kept := []archive.File{{Label: "high", Digest: "an older one"}}
	for name, act := range map[string]http.HandlerFunc{
		"refused":         says(http.StatusForbidden, "Forbidden"),
		"a consent page":  says(http.StatusOK, "<html>"),
		"the placeholder": says(http.StatusNotFound, string(drawn(120, 90))),
		"with status 200": says(http.StatusOK, string(drawn(120, 90))),
	} {
		s := newStage(alive1)
		s.does(onThumbnail, act)
		for _, o := range pictures(t, adapterOn(t, s, nil), shownBefore(alive1, "high", "an older one")) {
			if o.ShowsAnew(kept) || o.Shows != "high" {
				t.Errorf("%s: %+v", name, o)
			}
		}
	}
}

func TestASourceWithoutThatPictureIsNotAsked(t *testing.T) {
	s := newStage(alive1)
	if seen := pictures(t, adapterOn(t, s, nil), shownBefore(alive1, "medium", "x")); len(seen) != 0 || len(s.asked) != 0 {
		t.Errorf("%+v, after %d requests", seen, len(s.asked))
	}
}

func TestAskingForPicturesEndsWithItsContext(t *testing.T) {
	s := newStage(alive1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := adapterOn(t, s, nil).ProbePictures(ctx, []archive.Shown{shownBefore(alive1, "high", "x")}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
