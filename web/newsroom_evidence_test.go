package web_test

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/web"
)

const evidencePage = picturedPage + "/evidence"

// seen are captures in memory.
type seen []archive.Capture

func (s seen) Captures(_ context.Context, _ archive.VideoID) iter.Seq2[archive.Capture, error] {
	return func(yield func(archive.Capture, error) bool) {
		for _, c := range s {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (s seen) CapturesAfter(ctx context.Context, id archive.VideoID, after string) iter.Seq2[archive.Capture, error] {
	return func(yield func(archive.Capture, error) bool) {
		for c, err := range s.Captures(ctx, id) {
			if (after == "" || c.ID > after) && !yield(c, err) {
				return
			}
		}
	}
}

var (
	lastGood = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	firstBad = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	answered = archive.File{Digest: strings.Repeat("cd", 32), Extension: "json", Type: "application/json", Label: "youtube.videos.list"}

	heldAnswer = archive.File{Digest: strings.Repeat("ef", 32), Extension: "json", Type: "application/json", Label: "toy.held"}
)

// withEvidence is a site whose pictured video lost its first source, on evidence.
func withEvidence(t *testing.T) *site {
	t.Helper()
	frame := func(digest string) []archive.File {
		return []archive.File{{Digest: strings.Repeat(digest, 32), Extension: "jpg", Type: "image/jpeg", Width: 640, Height: 360}}
	}
	key := archive.SourceKey{Platform: "toy", ID: "two"}
	captures := seen{
		{At: lastGood, Source: key, Method: "toy.api", Fields: archive.Fields{Title: "First title", Description: "One"}, Thumbnails: frame("11"), Raw: []archive.File{answered}},
		{At: firstBad, Source: key, Method: "toy.api", Fields: archive.Fields{Title: "Second title " + hostile, Description: "One"}, Thumbnails: frame("22")},
		{At: firstBad.Add(time.Hour), Source: key, Method: "toy.api", Fields: archive.Fields{Title: "Second title " + hostile, Description: "One"}, Thumbnails: frame("22")},
	}
	s := newSite(t, func(o *web.Options) { o.Captures = captures })
	s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) {
		v.Sources[0].Standing = archive.Standing{
			State: archive.Suspect, Outcome: archive.Removed, LastGood: lastGood, FirstBad: firstBad, Reason: "removed by its owner",
			Held: []archive.Hold{{
				Count: archive.Count{At: firstBad, Methods: []string{"toy.api"}}, Outcome: archive.Removed, Audit: "2026/03/02/02", Evidence: []archive.File{heldAnswer},
			}},
			Restrictions: []archive.Restriction{{Aspect: archive.AspectRegion, Blocked: []string{"DE", "AT"}}},
			Transitions:  []archive.Transition{{At: lastGood, To: archive.Live}, {At: firstBad, From: archive.Live, To: archive.Suspect, Audit: "2026/03/02/01", Evidence: []archive.File{answered}, Skew: 95 * time.Second}},
		}
	})
	s.shelf.kept[string(pictured)+"/"+answered.Name()] = []byte(`{"items":[]}`)
	s.shelf.kept[string(pictured)+"/"+heldAnswer.Name()] = []byte(`{"held":[]}`)
	return s
}

func TestEvidenceSaysSinceWhenHowAndOnWhat(t *testing.T) {
	s := withEvidence(t)
	for lang, wants := range map[string][]string{
		"en": {"Lost between", "Answer of youtube.videos.list", "Restricted by region:", "not in", "DE, AT", "One bad round is held", "2026/03/02/01", "95 seconds apart", "Answer of toy.held", "2026/03/02/02", "First title", "Changed since the capture before"},
		"es": {"Desapareció entre", "Respuesta de youtube.videos.list", "Restringida por región:", "no en", "Cambios desde la captura anterior", "Hay una ronda mala retenida", "diferían en 95 segundos"},
	} {
		page := s.open(t, evidencePage+"?lang="+lang)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
		for _, moment := range []string{`datetime="2026-03-01T08:00:00Z"`, `datetime="2026-03-02T09:00:00Z"`} {
			if !strings.Contains(page, moment) {
				t.Errorf("%s: no %s", lang, moment)
			}
		}
		if strings.Contains(page, hostile) {
			t.Errorf("%s: what a platform wrote is markup", lang)
		}
	}
}

func TestASourceThatNobodyCouldTellAnythingOfSaysWhy(t *testing.T) {
	s := newSite(t)
	for lang, want := range map[string]string{"en": "It was never asked.", "es": "Nunca se ha consultado."} {
		if page := s.open(t, evidencePage+"?lang="+lang); !strings.Contains(page, want) {
			t.Errorf("%s: a source that was not asked lacks %q", lang, want)
		}
	}
	s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) {
		for i := range v.Sources {
			v.Sources[i].Standing = archive.Standing{FirstRound: lastGood, LastRound: firstBad, Reason: "HTTP 503 <b>"}
		}
	})
	for lang, want := range map[string]string{"en": "no answer was clear so far", "es": "ninguna respuesta ha sido clara"} {
		page := s.open(t, evidencePage+"?lang="+lang)
		for _, part := range []string{want, `datetime="2026-03-02T09:00:00Z"`, "(HTTP 503 &lt;b&gt;)"} {
			if !strings.Contains(page, part) {
				t.Errorf("%s: no %q", lang, part)
			}
		}
		if strings.Contains(page, "never asked") || strings.Contains(page, "Nunca se ha") {
			t.Errorf("%s: it is said not to have been asked", lang)
		}
	}
	for _, address := range []string{"/videos?lang=en", "/videos/" + string(pictured) + "?lang=en"} {
		if page := s.open(t, address); !strings.Contains(page, "(HTTP 503 &lt;b&gt;)") {
			t.Errorf("%s does not say why", address)
		}
	}
}

func TestCapturesStandSideBySide(t *testing.T) {
	page := withEvidence(t).open(t, evidencePage+"?lang=en")
	if n := strings.Count(page, `<article class="capture">`); n != 3 {
		t.Errorf("%d captures", n)
	}
	if !strings.Contains(page, "As before.") || strings.Count(page, "<figure>") != 3 || strings.Count(page, `<div class="two"><figure>`) != 1 || !strings.Contains(page, "/evidence/"+strings.Repeat("22", 32)+".jpg") {
		t.Error("what changed is not shown beside what was")
	}
	if !strings.Contains(page, "<del>First title</del>") || !strings.Contains(page, "<ins>") {
		t.Error("what is new in a text is not marked")
	}
	if strings.Contains(page, "<th scope=\"row\">Description") {
		t.Error("a description that stayed is listed")
	}
}

func TestAnAnswerIsShownAndNeverRun(t *testing.T) {
	s := withEvidence(t)
	r := s.ask(t, "GET", evidencePage+"/"+answered.Name(), "", bearer())
	if body := text(t, r); r.StatusCode != 200 || body != `{"items":[]}` {
		t.Errorf("%d %s", r.StatusCode, body)
	}
	if kind := r.Header.Get("Content-Type"); kind != "text/plain; charset=utf-8" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%q, %v", kind, r.Header)
	}
	for _, name := range []string{strings.Repeat("ee", 32) + ".json", "nothing", strings.Repeat("ab", 32) + "."} {
		if r := s.ask(t, "GET", evidencePage+"/"+name, "", bearer()); r.StatusCode != 404 {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	if got := s.open(t, evidencePage+"/"+heldAnswer.Name()); got != `{"held":[]}` {
		t.Errorf("the answer that is held says %q", got)
	}
	if r := s.ask(t, "GET", evidencePage+"/"+answered.Name(), ""); r.StatusCode == 200 {
		t.Error("outsiders read evidence")
	}
}

func TestAPersonDecidesOtherwise(t *testing.T) {
	s := withEvidence(t)
	form := url.Values{"source": {"toy:two"}, "as": {"alive"}, "reason": {"I see it."}}
	r := s.submit(t, picturedPage+"/overrule?lang=en", form)
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", r.StatusCode, text(t, r))
	}
	page := s.open(t, evidencePage+"?lang=en&done=ruled")
	if !strings.Contains(page, "Overruled: it is alive.") || !strings.Contains(page, "I see it.") || !strings.Contains(page, "The computed state goes on underneath.") {
		t.Error("the ruling is not shown")
	}
	form.Set("as", "")
	if r := s.submit(t, picturedPage+"/overrule", form); !strings.Contains(r.Header.Get("Location"), "done=unruled") {
		t.Errorf("%d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if s.shelf.videos[pictured].Sources[0].Overrule != nil {
		t.Error("the ruling was not taken back")
	}
}

func TestADecisionNeedsAReasonAndASource(t *testing.T) {
	s := withEvidence(t)
	for path, wrong := range map[string]url.Values{
		"/overrule": {"source": {"toy:two"}, "as": {"alive"}, "reason": {" "}},
		"/release":  {"source": {"toy:two"}, "reason": {""}},
	} {
		r := s.submit(t, picturedPage+path+"?lang=es", wrong)
		if page := text(t, r); r.StatusCode != 422 || !strings.Contains(page, "Diga en una frase cómo lo sabe") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	elsewhere := url.Values{"source": {"toy:nowhere"}, "as": {"dead"}, "reason": {"I know."}}
	if r := s.submit(t, picturedPage+"/overrule", elsewhere); r.StatusCode != 404 {
		t.Errorf("another's source: %d", r.StatusCode)
	}
}

// decisions are the forms of a page, by "release toy:two".
func decisions(t *testing.T, page string) map[string]*html.Node {
	t.Helper()
	found := map[string]*html.Node{}
	for _, f := range all(parsed(t, page), tag("form")) {
		bare, _, _ := strings.Cut(attr(f, "action"), "?")
		for _, source := range all(f, func(n *html.Node) bool { return attr(n, "name") == "source" }) {
			found[path.Base(bare)+" "+attr(source, "value")] = f
		}
	}
	return found
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func TestARefusedDecisionStandsInItsOwnFormAsItWasSent(t *testing.T) {
	s := withEvidence(t)
	s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) { v.Sources[1].Standing.Held = []archive.Hold{{}} })
	for name, tt := range map[string]struct {
		form    string
		sent    url.Values
		field   string // that is wrong
		problem string
	}{
		"a ruling without a reason":  {"overrule", url.Values{"as": {"ignore"}, "reason": {" "}}, "reason", "Diga en una frase cómo lo sabe"},
		"a ruling that is none":      {"overrule", url.Values{"as": {"perhaps"}, "reason": {"Lo vi."}}, "as", "Elija disponible, desaparecida"},
		"a release without a reason": {"release", url.Values{"reason": {""}}, "reason", "Diga en una frase cómo lo sabe"},
	} {
		tt.sent.Set("source", "toy:one")
		page := text(t, s.submit(t, picturedPage+"/"+tt.form+"?lang=es", tt.sent))
		for key, f := range decisions(t, page) {
			mine := key == tt.form+" toy:one"
			problems := all(f, class("problem"))
			if mine != (len(problems) == 1) {
				t.Errorf("%s: %d problems stand in %s", name, len(problems), key)
			}
			if open := has(f.Parent, "open"); open != strings.HasSuffix(key, " toy:one") {
				t.Errorf("%s: what %s stands in is open: %t", name, key, open)
			}
			for _, field := range all(f, func(n *html.Node) bool { return n.Data == "textarea" || n.Data == "select" }) {
				wrong := mine && attr(field, "name") == tt.field
				if got := attr(field, "aria-invalid") == "true"; got != wrong {
					t.Errorf("%s: the %s of %s is said to be wrong: %t", name, attr(field, "name"), key, got)
				}
				if wrong && (attr(field, "aria-describedby") != attr(problems[0], "id") || !strings.Contains(words(problems[0]), tt.problem)) {
					t.Errorf("%s: the field is described by %q, and %q says %q", name, attr(field, "aria-describedby"), attr(problems[0], "id"), words(problems[0]))
				}
				if want := tt.sent.Get("reason"); field.Data == "textarea" && mine && words(field) != strings.TrimSpace(want) {
					t.Errorf("%s: the reason is %q", name, words(field))
				} else if field.Data == "textarea" && !mine && words(field) != "" {
					t.Errorf("%s: the reason stands in %s too", name, key)
				}
			}
			for _, option := range all(f, func(n *html.Node) bool { return n.Data == "option" && attr(n, "value") == "ignore" }) {
				if chosen := has(option, "selected"); chosen != (mine && tt.sent.Get("as") == "ignore") {
					t.Errorf("%s: in %s the choice is kept: %t", name, key, chosen)
				}
			}
		}
		for _, n := range all(all(parsed(t, page), tag("main"))[0], class("problem")) {
			if n.Parent.Data == "main" {
				t.Errorf("%s: the page's head says %q", name, words(n))
			}
		}
	}
}

func TestAPersonReleasesWhatTheGuardHolds(t *testing.T) {
	s := withEvidence(t)
	form := url.Values{"source": {"toy:two"}, "reason": {"The channel said so."}}
	if r := s.submit(t, picturedPage+"/release", form); !strings.Contains(r.Header.Get("Location"), "done=released") {
		t.Errorf("%d %s", r.StatusCode, text(t, r))
	}
	if held := s.shelf.videos[pictured].Sources[0].Standing.Held; len(held) != 0 {
		t.Errorf("%+v", held)
	}
}

func TestTheAPIDecidesToo(t *testing.T) {
	s := withEvidence(t)
	path := videos + "/" + string(pictured)
	r := s.call(t, "POST", path+"/overrule", `{"source":"toy:two","as":"alive","reason":"I see it."}`)
	if v := decode[web.APIVideo](t, r); r.StatusCode != 200 || v.Sources[0].State != "live" {
		t.Errorf("%d %+v", r.StatusCode, v.Sources)
	}
	if r := s.call(t, "POST", path+"/overrule", `{"source":"toy:two","as":"none","reason":"I was wrong."}`); r.StatusCode != 200 {
		t.Errorf("taking it back: %d", r.StatusCode)
	}
	if r := s.call(t, "POST", path+"/release", `{"source":"toy:two","reason":"It is true."}`); r.StatusCode != 200 {
		t.Errorf("releasing: %d %s", r.StatusCode, text(t, r))
	}
	for body, status := range map[string]int{
		`{"source":"toy:two","as":"perhaps","reason":"I think so."}`: 422,
		`{"source":"toy:two","as":"alive","reason":" "}`:             422,
		`{"source":"toy:nine","as":"alive","reason":"I know."}`:      422,
		`{"source":"","as":"alive","reason":"I know."}`:              422,
	} {
		if r := s.call(t, "POST", path+"/overrule", body); r.StatusCode != status {
			t.Errorf("%s: %d %s", body, r.StatusCode, text(t, r))
		}
	}
}
