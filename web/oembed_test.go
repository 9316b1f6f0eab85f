package web_test

import (
	"context"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

type oembed struct {
	XMLName              xml.Name `json:"-" xml:"oembed"`
	Type, Version, Title string
	HTML                 string `json:"html" xml:"html"`
	Width                int    `json:"width" xml:"width"`
}

func oembedPath(about string, more ...string) string {
	q := url.Values{"url": {about}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/oembed?" + q.Encode()
}

func TestOEmbedAnswersForOurOwnAddresses(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Aliases = []string{"http://old.example.org:8081"} })
	id := string(pictured)
	for about, want := range map[string]int{
		baseURL + "/v/" + id:                       200,
		baseURL + "/e/" + id:                       200,
		baseURL + ":443/v/" + id + "?lang=en#x":    200,
		"http://videos.example.org/v/" + id:        200,
		"http://old.example.org:8081/v/" + id:      200,
		"http://old.example.org/v/" + id:           404,
		"https://elsewhere.example.org/v/" + id:    404,
		"https://videos.example.org@evil.test/v/x": 404,
		"ftp://videos.example.org/v/" + id:         404,
		baseURL + "/p/" + id:                       404,
		baseURL + "/v/" + string(absent):           404,
		baseURL + "/v/" + string(embargoed):        404,
		baseURL + "/v/" + string(withdrawn):        404,
		baseURL + "/v/":                            404,
		"/v/" + id:                                 404,
		"::":                                       404,
		"":                                         400,
	} {
		t.Run(about, func(t *testing.T) {
			r := s.get(t, oembedPath(about))
			if r.StatusCode != want {
				t.Fatalf("got %d, want %d", r.StatusCode, want)
			}
			if want != 200 {
				wantProblem(t, r, want)
				return
			}
			answer := decode[oembed](t, r)
			if answer.Type != "video" || answer.Version != "1.0" || !strings.Contains(answer.HTML, baseURL+"/e/"+id) {
				t.Errorf("got %+v", answer)
			}
		})
	}
}

// A 401 would tell outsiders that there is something to be kept from them.
func TestOEmbedTellsNobodyThatSomethingIsPrivate(t *testing.T) {
	s := newSite(t)
	for _, format := range []string{"", "json", "xml"} {
		unknown := wantProblem(t, s.get(t, oembedPath(baseURL+"/v/"+string(absent), "format", format)), 404)
		for _, id := range []archive.VideoID{embargoed, withdrawn} {
			r := s.get(t, oembedPath(baseURL+"/v/"+string(id), "format", format))
			if problem := wantProblem(t, r, 404); problem.Title != unknown.Title || problem.Detail != unknown.Detail || len(problem.Errors) != 0 || r.Header.Get("WWW-Authenticate") != "" {
				t.Errorf("%s as %q: %+v is not %+v", id, format, problem, unknown)
			}
			wantProblem(t, s.get(t, oembedPath(baseURL+"/v/"+string(id), "format", "yaml")), 501)
		}
	}
	// What a platform keeps private is another matter: our page of it is public, and shows what is preserved.
	s.shelf.videos[pictured] = changed(s.shelf.videos[pictured], func(v *archive.Video) {
		for i := range v.Sources {
			v.Sources[i].Standing = archive.Standing{State: archive.Gone, Outcome: archive.Private}
		}
	})
	if r := s.get(t, oembedPath(baseURL+"/v/"+string(pictured))); r.StatusCode != 200 {
		t.Errorf("of a video that its platform keeps private: %d", r.StatusCode)
	}
}

func TestOEmbedFormats(t *testing.T) {
	s := newSite(t)
	about := baseURL + "/v/" + string(pictured)
	r := s.get(t, oembedPath(about, "format", "xml"))
	var answer oembed
	if err := xml.Unmarshal([]byte(text(t, r)), &answer); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/xml") {
		t.Errorf("%v of %s", err, r.Header.Get("Content-Type"))
	}
	wantProblem(t, s.get(t, oembedPath(about, "format", "yaml")), 501)
	for limit, want := range map[string]int{"320": 320, "0": 640, "-1": 640, "wide": 640, "9999": 640} {
		if got := decode[oembed](t, s.get(t, oembedPath(about, "maxwidth", limit))); got.Width != want {
			t.Errorf("maxwidth=%s is %d wide, want %d", limit, got.Width, want)
		}
	}
}

func TestOEmbedKeepsWhatTheAddressAsksFor(t *testing.T) {
	answer := decode[oembed](t, newSite(t).get(t, oembedPath(baseURL+"/v/"+string(pictured)+"?start=75")))
	if !strings.Contains(answer.HTML, "start=75") {
		t.Errorf("the start is lost: %s", answer.HTML)
	}
}

func TestWatchPagesLeadToOEmbed(t *testing.T) {
	s := newSite(t)
	link := s.get(t, "/v/"+string(pictured)).Header.Get("Link")
	address, _, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	if r := s.get(t, strings.TrimPrefix(address, baseURL)); r.StatusCode != 200 {
		t.Errorf("%s: %d", address, r.StatusCode)
	}
}

func FuzzOEmbed(f *testing.F) {
	s := newSite(f)
	for _, seed := range []string{baseURL + "/v/" + string(pictured), "//videos.example.org/v/x", "https://videos.example.org:99999/v/\x00", "%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, about string) {
		s.log.Reset()
		r := s.get(t, oembedPath(about))
		if r.StatusCode >= 500 {
			t.Errorf("%q: %d", about, r.StatusCode)
		}
		if r.StatusCode == 200 && !strings.Contains(strings.ToLower(about), host) {
			t.Errorf("%q is not ours", about)
		}
	})
}

func TestWordPressGetsALinkBeforeTheFrame(t *testing.T) {
	s := newSite(t)
	for agent, want := range map[string]bool{
		"WordPress/6.1.9; https://news.example.org": true,
		"Mastodon/4.3 (+https://social.example)":    false,
		"NotWordPress/1":                            false,
		"":                                          false,
	} {
		r := s.get(t, oembedPath(baseURL+"/v/"+string(pictured)), header("User-Agent", agent))
		if got := strings.HasPrefix(decode[oembed](t, r).HTML, "<blockquote>"); got != want || !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "User-Agent") {
			t.Errorf("%q gets a quotation: %t; Vary %q", agent, got, r.Header.Values("Vary"))
		}
	}
}

func TestAPlatformsAddressIsAnsweredOnlyWhereThatIsWanted(t *testing.T) {
	const address = "https://toy.example/one"
	known := func(_ context.Context, asked string) (archive.VideoID, error) {
		if asked != address {
			return "", archive.ErrNotFound
		}
		return pictured, nil
	}
	open := newSite(t, func(o *web.Options) { o.OfPlatform = known })
	for asked, want := range map[string]int{address: 200, "https://toy.example/other": 404, "not an address": 404, baseURL + "/v/" + string(pictured): 200} {
		if r := open.get(t, "/oembed?url="+url.QueryEscape(asked)); r.StatusCode != want {
			t.Errorf("%s: status %d, want %d", asked, r.StatusCode, want)
		}
	}
	if r := newSite(t).get(t, "/oembed?url="+url.QueryEscape(address)); r.StatusCode != 404 {
		t.Errorf("where it is not wanted: status %d", r.StatusCode)
	}
}
