package youtube_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func TestAThumbnailSupportsADeathAndNeverSaysPlayable(t *testing.T) {
	for name, c := range map[string]struct {
		act               http.HandlerFunc
		outcome           archive.Outcome
		reason            string
		supports, answers bool
	}{
		"404 and placeholder": {says(404, string(drawn(120, 90))), archive.Missing, "no thumbnail", true, false},
		"404":                 {says(404, ""), archive.Missing, "no thumbnail", true, false},
		"200 and placeholder": {says(200, string(drawn(120, 90))), archive.Missing, "thumbnail-placeholder", true, false},
		"a picture":           {says(200, string(drawn(480, 360))), archive.Unclear, "thumbnail-present", false, true},
		"no picture":          {says(200, "<html>"), archive.Unclear, "unparsable", false, false},
		"403":                 {says(403, ""), archive.Unclear, "HTTP 403", false, false},
		"429":                 {says(429, ""), archive.Unclear, "HTTP 429", false, false},
		"503":                 {says(503, ""), archive.Unclear, "HTTP 503", false, false},
		"too long":            {says(200, string(make([]byte, 5<<20+1))), archive.Unclear, "the answer is too long: over 5242880 bytes", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(alive1)
				s.does(onThumbnail, c.act)
				o := by(t, probe(t, adapterOn(t, s, nil), alive1), youtube.MethodThumbnail, alive1)
				if o.Outcome != c.outcome || o.Reason != c.reason || o.Supports != c.supports || o.Answers != c.answers || len(o.Sees) != 0 {
					t.Errorf("%+v", o)
				}
			})
		})
	}
}

func TestThePlaceholderIsNotKeptAsAPicture(t *testing.T) {
	s := newStage()
	s.does(onThumbnail, says(200, string(drawn(120, 90))))
	if f := fetch(t, adapterOn(t, s, nil), dead1); len(f.Pictures) != 0 || !f.Empty() {
		t.Errorf("kept %+v", f.Pictures)
	}
}
