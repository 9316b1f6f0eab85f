package oembed

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"videoteca/archive"
)

func TestWhatIsAnOEmbedDocument(t *testing.T) {
	for body, is := range map[string]bool{
		`{"type":"video","version":"1.0","title":"T","html":"<iframe>"}`: true,
		`{"type":"video","title":"T"}`:                                   true,
		`{"type":"rich","html":"<blockquote>"}`:                          true,
		`{"type":"link","author_name":"A"}`:                              true,
		`{"version":1.0,"html":"<iframe>"}`:                              true,
		`{"type":"video","title":null,"html":"x","width":"100%"}`:        true,
		`{"type":"video","version":"1.0"}`:                               false,
		`{"version":"1.0","title":"T"}`:                                  false,
		`{"type":"error","title":"Not found"}`:                           false,
		`{"error":"Not found"}`:                                          false,
		`{"type":"video","title":"T"`:                                    false,
		`{"type":["video"],"title":"T"}`:                                 false,
		`[{"type":"video","title":"T"}]`:                                 false,
		`null`:                                                           false,
		`"video"`:                                                        false,
		`Forbidden`:                                                      false,
		``:                                                               false,
		`<html><title>Before you continue</title></html>`:                false,
		`<?xml version="1.0"?><oembed><type>video</type></oembed>`:       false,
	} {
		if _, ok := parseDocument([]byte(body)); ok != is {
			t.Errorf("%s: %v", body, ok)
		}
	}
}

func TestFieldsOfADocument(t *testing.T) {
	const body = `{"type":"video","version":"1.0","title":" <b>Bold</b> & \"q\"\u0007 ","html":"x","author_name":"Ana","author_url":"https://example.org/ana",
		"width":"1280","height":720,"duration":62.5,"description":"One\nTwo","upload_date":"2013-10-15 14:08:29"}`
	d, ok := parseDocument([]byte(body))
	if !ok {
		t.Fatal("not a document")
	}
	got := d.fields(traits{told: true})
	if got.Title != `<b>Bold</b> & "q"` || got.Channel != "Ana" || got.ChannelURL != "https://example.org/ana" {
		t.Errorf("texts %+v", got)
	}
	if got.Width != 1280 || got.Height != 720 || got.Seconds != 62.5 || got.Description != "One\nTwo" {
		t.Errorf("sizes %+v", got)
	}
	if want := time.Date(2013, 10, 15, 14, 8, 29, 0, time.UTC); !got.Published.Equal(want) {
		t.Errorf("published %v", got.Published)
	}
	if plain := d.fields(traits{}); plain.Seconds != 0 || plain.Description != "" || !plain.Published.IsZero() {
		t.Errorf("of a provider that does not document them: %+v", plain)
	}
	d.Type = "rich"
	if post := d.fields(traits{}); post.Width != 0 || post.Height != 0 {
		t.Errorf("the box of a post is no picture: %+v", post)
	}
}

func TestValuesThatMakeNoSenseAreNotTold(t *testing.T) {
	for _, body := range []string{
		`"width":-5,"height":1e12`, `"width":"100%","height":null`, `"width":"NaN","height":"Infinity"`, `"width":{},"height":[]`,
		`"duration":-1`, `"duration":"long"`, `"duration":1e9`, `"upload_date":"yesterday"`, `"upload_date":7`,
		`"author_url":"javascript:alert(1)"`, `"author_url":"//example.org"`, `"author_url":"data:text/html,x"`, `"author_url":"http://"`,
		`"author_url":"https://u:p@example.org/"`, `"author_url":"https://example.org/` + strings.Repeat("a", 3000) + `"`, `"author_url":"%zz"`,
	} {
		d, ok := parseDocument([]byte(`{"type":"video","title":"T",` + body + `}`))
		if got := d.fields(traits{told: true}); !ok || got.Title != "T" {
			t.Errorf("%s lost the title: %+v", body, got)
		} else if got.Title = ""; !got.IsZero() || got.ChannelURL != "" || got.Width != 0 || got.Height != 0 {
			t.Errorf("%s: %+v", body, got)
		}
	}
}

func TestLongTextsAreCut(t *testing.T) {
	got := plain(text(strings.Repeat("ñ", 700)), longestTitle)
	if n := utf8.RuneCountInString(got); n != longestTitle || !strings.HasSuffix(got, "ñ…") {
		t.Errorf("%d characters, ending %q", n, got[len(got)-8:])
	}
	if got := plain("\x00a\u009db\u202ec\xff", 10); got != "ab\u202ec" {
		t.Errorf("got %q", got)
	}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	const good = `{"type":"video","title":"T"}`
	for name, c := range map[string]struct {
		got     answer
		outcome archive.Outcome
		reason  string
		answers bool
	}{
		"a document":          {answer{status: 200, body: []byte(good)}, archive.Playable, "", true},
		"limited to sites":    {answer{status: 200, body: []byte(`{"type":"video","html":"x","domain_status_code":403}`)}, archive.EmbeddingDisabled, "some sites", false},
		"a consent page":      {answer{status: 200, body: []byte("<html>")}, archive.Unclear, "not an oEmbed document", false},
		"nothing":             {answer{status: 200}, archive.Unclear, "not an oEmbed document", false},
		"created":             {answer{status: 201, body: []byte(good)}, archive.Unclear, "HTTP 201", false},
		"not found":           {answer{status: 404, body: []byte(good)}, archive.Missing, "404", false},
		"gone":                {answer{status: 410}, archive.Missing, "410", false},
		"private":             {answer{status: 401}, archive.Unclear, "private", false},
		"refused":             {answer{status: 403}, archive.Unclear, "limited to some sites, or we are refused", false},
		"a bad request":       {answer{status: 400}, archive.Unclear, "HTTP 400", false},
		"no such format":      {answer{status: 501}, archive.Unclear, "HTTP 501", false},
		"too many":            {answer{status: 429}, archive.Unclear, "HTTP 429", false},
		"broken":              {answer{status: 503}, archive.Unclear, "HTTP 503", false},
		"elsewhere":           {answer{status: 302, header: map[string][]string{"Location": {"https://consent.example/x"}}}, archive.Unclear, "redirect to consent.example", false},
		"for legal reasons":   {answer{status: 451}, archive.Unclear, "HTTP 451", false},
		"no answer":           {answer{fault: "timeout"}, archive.Unclear, "timeout", false},
		"a body that breaks":  {answer{status: 200, fault: "unexpected EOF"}, archive.Unclear, "unexpected EOF", false},
		"a 404 that breaks":   {answer{status: 404, fault: "unexpected EOF"}, archive.Unclear, "unexpected EOF", false},
		"a 404 with redirect": {answer{status: 404, header: map[string][]string{"Location": {"/x"}}}, archive.Missing, "404", false},
	} {
		_, v := judge(c.got)
		if v.outcome != c.outcome || !strings.Contains(v.reason, c.reason) || v.answers != c.answers || len(v.sees) != 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// FuzzAPI: whatever an instance says, a video is the one asked for, and its
// picture is on the instance.
func FuzzAPI(f *testing.F) {
	const id = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
	f.Add([]byte(`{"uuid":"` + id + `","name":"T","state":{"id":4,"label":"L"},"previewPath":"/p.jpg","tags":["a",1],"files":[{"width":1,"height":2}]}`))
	f.Add([]byte(`{"uuid":"` + id + `","name":"T","aspectRatio":1e-300,"files":[{"resolution":{"id":1080}}],"previewPath":"//x/p.jpg"}`))
	f.Add([]byte(`{"uuid":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		said, v := judgeAPI(answer{status: 200, body: body}, id)
		if v.outcome.Bad() || v.outcome.Clear() != strings.EqualFold(string(said.UUID), id) {
			t.Fatalf("%+v of %+v", v, said)
		}
		got := said.fields()
		if got.Width < 0 || got.Height < 0 || (got.Width == 0) != (got.Height == 0) || got.Seconds < 0 || len(got.Tags) > mostTags {
			t.Fatalf("fields %+v", got)
		}
		if p := (apiAnswer{base: "https://tube.example", said: said}).preview(); p != "" && hostOf(p) != "tube.example" {
			t.Fatalf("picture at %q", p)
		}
	})
}

// FuzzDocument: whatever comes, what is kept is text, and links are http(s).
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"type":"video","version":"1.0","title":"T","author_url":"https://a.b/c","width":"1e3","duration":3}`))
	f.Add([]byte(`{"type":"rich","html":1,"title":"\ud800\u0000","width":1e309}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		d, _ := parseDocument(body)
		got := d.fields(traits{told: true})
		if !utf8.ValidString(got.Title) || strings.ContainsRune(got.Title, 0) || utf8.RuneCountInString(got.Title) > longestTitle {
			t.Fatalf("title %q", got.Title)
		}
		if u := got.ChannelURL; u != "" && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
			t.Fatalf("link %q", u)
		}
		if got.Width < 0 || got.Height < 0 || got.Seconds < 0 || math.IsNaN(got.Seconds) || got.Seconds > mostSeconds {
			t.Fatalf("sizes %+v", got)
		}
	})
}
