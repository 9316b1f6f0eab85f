package oembed_test

import (
	"net/http"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/oembed"
)

const privacy = "<h1>Sorry</h1><p>Because of its privacy settings, this video cannot be played here.</p>"

func playerPage(id string) string {
	return `<!doctype html><script>window.playerConfig = {"video":{"id":` + id + `,"title":"A meeting","owner":{"name":"Ana"}},"view":1}; more()</script>`
}

// vimeoStage is a provider whose player lies on the same host; the control plays.
func vimeoStage(t *testing.T) (*stage, *oembed.Adapter) {
	t.Helper()
	s := newStage()
	o := options(t, oembed.Vimeo, s.open(t))
	o.Origin, o.Control = strings.TrimSuffix(o.Endpoint, "/oembed"), control
	s.pages["https://vimeo.com/"+control] = document(t, nil)
	s.acts["/video/"+control] = body(playerPage(control))
	return s, adapter(t, o)
}

func probe(t *testing.T, a *oembed.Adapter, ids ...string) []archive.Observation {
	t.Helper()
	seen, err := a.Probe(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func judged(seen []archive.Observation, id string) (archive.Standing, archive.Verdict) {
	return archive.Judge(archive.Standing{}, archive.Rounds(seen)[archive.SourceKey{Platform: "vimeo", ID: id}])
}

func TestVimeosPlayerIsAskedWhereOEmbedDidNotSeeTheVideo(t *testing.T) {
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		outcome archive.Outcome
		verdict archive.Verdict
	}{
		"there":                      {body(playerPage("1")), archive.Playable, archive.SaysAlive},
		"for other sites":            {says(403, privacy), archive.EmbeddingDisabled, archive.SaysAlive},
		"not there":                  {status(404), archive.Missing, archive.SaysBad},
		"gone":                       {status(410), archive.Missing, archive.SaysBad},
		"a wall":                     {says(403, "Forbidden"), archive.Unclear, archive.SaysUnclear},
		"too many":                   {status(429), archive.Unclear, archive.SaysUnclear},
		"another video":              {body(playerPage("2")), archive.Unclear, archive.SaysUnclear},
		"a page without settings":    {body("<html>"), archive.Unclear, archive.SaysUnclear},
		"settings that are cut":      {body(`<script>config = {"video":{"id":1`), archive.Unclear, archive.SaysUnclear},
		"a captcha on another host":  {redirect("https://captcha.example/"), archive.Unclear, archive.SaysUnclear},
		"a consent page of its host": {redirect("/consent"), archive.Unclear, archive.SaysUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			s, a := vimeoStage(t)
			s.acts["/video/1"], s.acts["/consent"] = c.answer, body("<html>Before you continue</html>")
			seen := probe(t, a, "1")
			if o := one(t, seen, "vimeo.player"); o.Outcome != c.outcome || o.Supports || o.Answers != c.outcome.Good() || o.Body == nil && c.outcome.Limited() {
				t.Errorf("%+v", o)
			}
			if o := one(t, seen, "oembed.vimeo"); o.Outcome != archive.Missing || !o.Supports {
				t.Errorf("oEmbed's 404 is more than a support: %+v", o)
			}
			if _, verdict := judged(seen, "1"); verdict != c.verdict {
				t.Errorf("judged %s", verdict)
			}
		})
	}
}

func TestADeadVideoOfVimeosIsSaidSoByTwoMethods(t *testing.T) {
	_, a := vimeoStage(t)
	seen := probe(t, a, "1")
	standing, _ := judged(seen, "1")
	if len(seen) != 4 || standing.State != archive.Suspect || len(standing.Counted[0].Methods) != 2 {
		t.Errorf("%+v of %+v", standing, seen)
	}
	for _, o := range seen[2:] {
		if !o.Control || !o.Answers || o.Source.ID != control {
			t.Errorf("control %+v", o)
		}
	}
}

func TestALivingVideoOfVimeosIsAskedOnce(t *testing.T) {
	s, a := vimeoStage(t)
	if seen := probe(t, a, control); len(seen) != 1 || len(s.requests("/video/")) != 0 {
		t.Errorf("%+v", seen)
	}
	if got := fetch(t, a, "https://vimeo.com/"+control); len(got.Observations) != 1 || len(s.requests("/video/")) != 0 {
		t.Errorf("%+v", got.Observations)
	}
}

func TestTheHashOfAnUnlistedVideoGoesAlong(t *testing.T) {
	s, a := vimeoStage(t)
	s.acts["/video/5"] = body(playerPage("5"))
	got := fetch(t, a, "https://vimeo.com/5/8272103f6e")
	if o := one(t, got.Observations, "vimeo.player"); o.Outcome != archive.Playable || o.Fields.Title != "A meeting" || o.Fields.Channel != "Ana" {
		t.Errorf("%+v", o)
	}
	if r := s.requests("/video/5"); len(r) != 1 || r[0].URL.RawQuery != "h=8272103f6e" {
		t.Errorf("%d requests", len(r))
	}
}

func TestOtherProvidersHaveNoSuchPlayer(t *testing.T) {
	s := newStage()
	o := options(t, oembed.Dailymotion, s.open(t))
	if seen := probe(t, adapter(t, o), "x1"); len(seen) != 1 || seen[0].Supports {
		t.Errorf("%+v", seen)
	}
}

func says(code int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(text))
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}
