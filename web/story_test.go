package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/web"
)

// stage is a make-believe platform that plays two videos of the shelf.
type stage struct {
	*shelf
	states map[archive.VideoID]string
	broken error // what every call fails with
}

// staged puts the demo's article on a site.
func staged(o *web.Options) {
	o.Stage = &stage{shelf: o.Catalog.(*shelf), states: map[archive.VideoID]string{pictured: "playable", bare: "private"}}
}

func (s *stage) Acts(context.Context) ([]web.Act, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	return []web.Act{{Video: pictured, State: s.states[pictured]}, {Video: bare, State: s.states[bare]}}, nil
}

func (s *stage) Set(ctx context.Context, id archive.VideoID, state string) error {
	if _, ok := s.states[id]; !ok {
		return fmt.Errorf("video %s is not on the stage: %w", id, archive.ErrNotFound)
	}
	s.states[id] = state
	_, err := s.Update(ctx, id, archive.Cause{}, func(v *archive.Video) error {
		for i := range v.Sources {
			v.Sources[i].Standing.State = archive.Live
			if state != "playable" {
				v.Sources[i].Standing.State = archive.Suspect
			}
		}
		return nil
	})
	return err
}

func (s *stage) Control() string { return "http://stage.localhost:9/_control" }

func TestTheStoryIsThereInTheDemoAlone(t *testing.T) {
	s := newSite(t)
	if r := s.get(t, "/story/article", bearer()); r.StatusCode != http.StatusNotFound {
		t.Errorf("a newsroom has the demo's article: %d", r.StatusCode)
	}
	if r := s.submit(t, "/story/"+string(pictured), url.Values{"state": {"removed"}}); r.StatusCode != http.StatusNotFound {
		t.Errorf("a newsroom has the demo's switches: %d", r.StatusCode)
	}
}

func TestTheStoryIsForTheNewsroom(t *testing.T) {
	s := newSite(t, staged)
	for _, path := range []string{"/", "/story/article"} {
		if r := s.get(t, path); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("a stranger gets %d at %s", r.StatusCode, path)
		}
	}
	if r := s.ask(t, http.MethodPost, "/story/"+string(pictured), "state=removed"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger switches: %d", r.StatusCode)
	}
	r := s.ask(t, http.MethodPost, "/story/"+string(pictured), "state=removed", cookie(s.signIn(t)), header("Origin", "https://evil.example"))
	if r.StatusCode != http.StatusForbidden || s.shelf.videos[pictured].Revision != 1 {
		t.Errorf("another site switches: %d", r.StatusCode)
	}
}

func TestTheStoryTellsOfBothMeetingsInBothLanguages(t *testing.T) {
	s := newSite(t, staged)
	for lang, want := range map[string][]string{
		"es": {"25 de septiembre de 2019", "14 de abril de 2025", "Despacho Oval", "Naciones Unidas", "simulación"},
		"en": {"25 September 2019", "14 April 2025", "Oval Office", "United Nations", "simulation"},
	} {
		for _, path := range []string{"/", "/story/article"} {
			page := s.open(t, path+"?lang="+lang)
			article := words(all(parsed(t, page), tag("article"))[0])
			for _, w := range want {
				if !strings.Contains(article, w) {
					t.Errorf("%s in %s lacks %q", path, lang, w)
				}
			}
			if strings.ContainsAny(article, `"“”«»`) {
				t.Errorf("%s in %s quotes somebody, which a made-up article must not: %s", path, lang, article)
			}
			if missing := regexpID.FindString(words(parsed(t, page))); missing != "" {
				t.Errorf("%s in %s shows the id of a text: %s", path, lang, missing)
			}
		}
	}
}

func TestTheStoryEmbedsTheVideosInTheReadersLanguage(t *testing.T) {
	s := newSite(t, staged)
	for _, path := range []string{"/?lang=es", "/story/article?lang=es"} {
		frames := all(parsed(t, s.open(t, path)), tag("iframe"))
		if len(frames) != 2 {
			t.Fatalf("%s has %d frames", path, len(frames))
		}
		for i, id := range []archive.VideoID{pictured, bare} {
			if !framed(frames[i], id, "es") {
				t.Errorf("%s frames %s", path, attr(frames[i], "src"))
			}
			if r := s.get(t, attr(frames[i], "src")); r.StatusCode != http.StatusOK {
				t.Errorf("what is framed answers %d", r.StatusCode)
			}
		}
	}
}

func TestTheStoryShowsHostileTitlesAsText(t *testing.T) {
	s := newSite(t, staged)
	for _, path := range []string{"/?lang=en", "/story/article?lang=en"} {
		root := parsed(t, s.open(t, path))
		if title := attr(all(root, tag("iframe"))[0], "title"); title != "Meeting "+hostile {
			t.Errorf("%s: the frame's title is %q", path, title)
		}
		for _, n := range all(root, func(n *html.Node) bool {
			ours := strings.HasPrefix(attr(n, "src"), "/assets/") && n.FirstChild == nil
			return n.Data == "b" || n.Data == "script" && !ours || attr(n, "style") != ""
		}) {
			t.Errorf("%s holds <%s> with %v", path, n.Data, n.Attr)
		}
	}
}

func TestTheArticleAloneHasNoSwitches(t *testing.T) {
	page := newSite(t, staged).open(t, "/story/article")
	if len(all(parsed(t, page), tag("form"))) != 0 || strings.Contains(page, "_control") {
		t.Error("readers would see the demo's switches")
	}
}

// pressed are the switches that are on, one a video.
func pressed(t testing.TB, page string) string {
	t.Helper()
	var on []string
	for _, b := range all(parsed(t, page), func(n *html.Node) bool { return attr(n, "aria-pressed") == "true" }) {
		on = append(on, attr(b, "value"))
	}
	return strings.Join(on, " ")
}

func TestTheStoryOffersEverySwitchAndTheWaysOn(t *testing.T) {
	page := newSite(t, staged).open(t, "/?lang=en")
	var offered []string
	for _, b := range all(parsed(t, page), func(n *html.Node) bool { return n.Data == "button" && attr(n, "name") == "state" }) {
		offered = append(offered, attr(b, "value"))
	}
	once := []string{"playable", "removed", "private", "embedding-off"}
	if !slices.Equal(offered, append(slices.Clone(once), once...)) {
		t.Errorf("switches: %v", offered)
	}
	if got := pressed(t, page); got != "playable private" {
		t.Errorf("pressed: %s", got)
	}
	for _, href := range []string{"http://stage.localhost:9/_control", "/new?lang=en", "/story/article?lang=en", picturedPage + "?lang=en"} {
		if len(all(parsed(t, page), func(n *html.Node) bool { return attr(n, "href") == href })) == 0 {
			t.Errorf("no link to %s", href)
		}
	}
}

func TestASwitchChangesTheSourceAndSaysWhatHappened(t *testing.T) {
	s := newSite(t, staged)
	for _, tt := range []struct{ state, said, known string }{
		{"removed", "El video fue retirado", "En duda"}, {"private", "pasó a ser privado", "En duda"},
		{"embedding-off", "ya no permite incrustarlo", "En duda"}, {"playable", "El video volvió", "Disponible"},
	} {
		t.Run(tt.state, func(t *testing.T) {
			to := redirected(t, s.submit(t, "/story/"+string(pictured)+"?lang=es", url.Values{"state": {tt.state}}))
			if to != "/?happened="+tt.state+"&lang=es#video-"+string(pictured) {
				t.Errorf("to %s", to)
			}
			path, _, _ := strings.Cut(to, "#") // which browsers keep to themselves
			page := s.open(t, path)
			if happened := words(all(parsed(t, page), class("happened"))[0]); !strings.Contains(happened, tt.said) {
				t.Errorf("the page says %q", happened)
			}
			if act := words(all(parsed(t, page), class("act"))[0]); !strings.Contains(act, tt.known) {
				t.Errorf("the act's state: %s", act)
			}
			if got := pressed(t, page); got != tt.state+" private" {
				t.Errorf("pressed: %s", got)
			}
		})
	}
}

func TestAfterASwitchNoCacheCanShowTheFrameOfBefore(t *testing.T) {
	s := newSite(t, staged)
	src := func() string { return attr(all(parsed(t, s.open(t, "/")), tag("iframe"))[0], "src") }
	before := src()
	redirected(t, s.submit(t, "/story/"+string(pictured), url.Values{"state": {"removed"}}))
	if after := src(); after == before {
		t.Errorf("the frame stays at %s, which browsers may keep for a minute", after)
	}
}

func TestTheSwitchsAnswerLeadsToItsVideo(t *testing.T) {
	page := newSite(t, staged).open(t, "/")
	if len(all(parsed(t, page), func(n *html.Node) bool { return attr(n, "id") == "video-"+string(pictured) })) != 1 {
		t.Error("a redirect leads to a part of the page that is not there")
	}
}

func TestSwitchesThatAreNoneAreRefused(t *testing.T) {
	s := newSite(t, staged)
	for _, tt := range []struct {
		id    archive.VideoID
		state string
		want  int
	}{
		{pictured, "exploded", 422}, {pictured, "", 422}, {absent, "removed", 404}, {"short", "removed", 404}, {withdrawn, "removed", 404},
	} {
		if r := s.submit(t, "/story/"+string(tt.id), url.Values{"state": {tt.state}}); r.StatusCode != tt.want {
			t.Errorf("%s to %q: %d, want %d", tt.id, tt.state, r.StatusCode, tt.want)
		}
	}
	if page := s.open(t, "/?happened=%3Cb%3Eexploded"); strings.Contains(page, "exploded") {
		t.Error("an address puts words on the page")
	}
}

func TestTheStoryThatCannotBeToldIsAnError(t *testing.T) {
	s := newSite(t, staged, func(o *web.Options) { o.Stage.(*stage).broken = errors.New("/var/lib/secret: no") })
	for _, path := range []string{"/", "/story/article"} {
		r := s.get(t, path, bearer())
		if body := text(t, r); r.StatusCode != 500 || strings.Contains(body, "secret") {
			t.Errorf("%s: %d: %s", path, r.StatusCode, body)
		}
	}
	s = newSite(t, staged)
	delete(s.shelf.videos, bare)
	if r := s.get(t, "/", bearer()); r.StatusCode != http.StatusNotFound {
		t.Errorf("a video that is missing: %d", r.StatusCode)
	}
}
