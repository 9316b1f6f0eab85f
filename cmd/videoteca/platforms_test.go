package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/oembed"
	"videoteca/web"
)

// unplugged is a network on which nothing is reached.
type unplugged struct{ asked atomic.Int32 }

var errUnplugged = errors.New("no route to host")

func (u *unplugged) RoundTrip(*http.Request) (*http.Response, error) {
	u.asked.Add(1)
	return nil, errUnplugged
}

// unset takes a variable out of the environment for the rest of the test.
func unset(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // which brings back what was there before
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}

func TestTwoPlatformsOfOneNameAreRefused(t *testing.T) {
	s := newSite(t)
	for name, likes := range map[string][]string{
		"given twice":         {"maketube=http://127.0.0.1:8090", "maketube=http://127.0.0.1:8091"},
		"one of the list":     {"vimeo=http://127.0.0.1:8090"},
		"one known by paths":  {"peertube=http://127.0.0.1:8090"},
		"YouTube itself":      {"youtube=http://127.0.0.1:8090"},
		"the one of files":    {"web=http://127.0.0.1:8090"},
		"among others":        {"one=http://127.0.0.1:8090", "two=http://127.0.0.1:8091", "one=http://127.0.0.1:8092"},
		"a name of one sign":  {"m=http://127.0.0.1:8090"},
		"a name with a colon": {"a:b=http://127.0.0.1:8090"}, // would be read as another source
	} {
		t.Run(name, func(t *testing.T) {
			unset(t, "VIDEOTECA_YOUTUBE_LIKE")
			args := s.args("list")
			for _, like := range likes {
				args = append(args, "--youtube-like", like)
			}
			if got := try(t, "", args...); got.code != exitUsage || !strings.Contains(got.errs, "--youtube-like") || got.out != "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestPlatformsOfDifferentNamesStandBesideEachOther(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 1)
	other := &site{platform: archivetest.Start(t, archivetest.Options{})}
	id := other.playing(t, "playing0000")
	unset(t, "VIDEOTECA_YOUTUBE_LIKE")
	both := []string{"--youtube-like", "maketube=" + s.platform.URL, "--youtube-like", "other-tube=" + other.platform.URL + "#" + archivetest.ControlID}
	out := command(t, s.args(append(both, "add", "--json", s.watch(ids[0]), other.watch(id))...)...)
	var list listOf[web.APIRegistered]
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.Items) != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	if one, two := list.Items[0].Sources[0], list.Items[1].Sources[0]; one.Platform != "maketube" || two.Platform != "other-tube" || two.State != "live" {
		t.Errorf("%+v and %+v", one, two)
	}
	// Records outlive the flags: without its platform a source is still shown, and only not asked.
	if got := try(t, "", s.args("show", list.Items[1].ID)...); got.code != exitOK || !strings.Contains(got.out, "other-tube:"+id) {
		t.Errorf("%+v", got)
	}
	if got := try(t, "", s.args("check", list.Items[1].ID)...); got.code != exitOK || strings.Contains(got.out, "suspect") {
		t.Errorf("a platform that is not named any more: %+v", got)
	}
}

func TestAddressesOfOEmbedPlatformsAreReadWithoutANetwork(t *testing.T) {
	platforms, err := (&Settings{}).platforms(thisBuild(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]archive.SourceKey{
		"https://vimeo.com/76979871":                            {Platform: oembed.Vimeo, ID: "76979871"},
		"https://player.vimeo.com/video/76979871":               {Platform: oembed.Vimeo, ID: "76979871"},
		"https://www.dailymotion.com/video/x7tgad0":             {Platform: oembed.Dailymotion, ID: "x7tgad0"},
		"https://tube.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv":     {Platform: oembed.PeerTube, ID: "tube.example.org/9c9de5e8-0a1e-484a-b099-e80766180a6d"},
		"https://files.example.org/film.mp4":                    {Platform: "web", ID: "https://files.example.org/film.mp4"},
		"https://www.youtube.com/watch?v=jNQXAC9IVRw&t=4":       {Platform: "youtube", ID: "jNQXAC9IVRw"},
		"https://tube.example.org/videos/watch/film.mp4":        {Platform: "web", ID: "https://tube.example.org/videos/watch/film.mp4"},
		"https://www.tiktok.com/@a.b/video/6718335390845095173": {Platform: oembed.TikTok, ID: "6718335390845095173"},
	} {
		if got, err := sourceKey(platforms, address); err != nil || got != want {
			t.Errorf("%s is %v, %v", address, got, err)
		}
	}
	for _, address := range []string{"https://vimeo.com/", "https://vimeo.com/channels/staffpicks", "https://example.org/"} {
		if got, err := sourceKey(platforms, address); !errors.Is(err, errUsage) {
			t.Errorf("%s is %v, %v", address, got, err)
		}
	}
}

func TestAVideoOfAnOEmbedPlatformIsRegisteredThoughItCannotBeReached(t *testing.T) {
	s := newSite(t)
	n := s.newsroomAt(t)
	network := &unplugged{}
	var err error
	if n.platforms, err = oembed.Platforms(oembed.Options{HTTP: &http.Client{Transport: network}, Program: n.build.program()}); err != nil {
		t.Fatal(err)
	}
	n.wire(&Settings{})
	done, err := n.library.Register(t.Context(), archive.Registration{URL: "https://vimeo.com/76979871"})
	if err != nil || !done.New || len(done.Notes) == 0 || network.asked.Load() == 0 {
		t.Fatalf("%+v, %v, asked %d times", done, err, network.asked.Load())
	}
	source := done.Video.Sources[0]
	if source.SourceKey != (archive.SourceKey{Platform: oembed.Vimeo, ID: "76979871"}) || source.URL != "https://vimeo.com/76979871" || source.Standing.State != archive.Unchecked {
		t.Errorf("%+v", source)
	}
	listed := s.list(t)
	if len(listed) != 1 || listed[0].ID != string(done.Video.ID) || listed[0].Title != "https://vimeo.com/76979871" || listed[0].State != "unchecked" {
		t.Errorf("%+v", listed)
	}
	if out := command(t, s.args("snippet", listed[0].ID, "--form", "static")...); !strings.Contains(out, "<figure") || !strings.Contains(out, "/v/"+listed[0].ID) {
		t.Errorf("what is not known yet has a snippet as well: %s", out)
	}
}

// A private address is not asked unless named, and says which flag names it.
func TestAPrivateAddressIsRegisteredAndNotAsked(t *testing.T) {
	s := newSite(t)
	asked := make(chan string, 100)
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		w.Header().Set("Content-Type", "video/mp4")
	}))
	defer inside.Close()
	film := inside.URL + "/film.mp4"
	got := try(t, "", s.args("add", film)...)
	if got.code != exitOK || !strings.Contains(got.out, "added") || !strings.Contains(got.out, "--allow-address") {
		t.Errorf("%+v", got)
	}
	if len(asked) != 0 {
		t.Errorf("it asked for %s", <-asked)
	}
	if listed := s.list(t); len(listed) != 1 || listed[0].State != "unchecked" {
		t.Errorf("%+v", listed)
	}
	if got := try(t, "", s.args("check", "--all", "--allow-address", strings.TrimPrefix(inside.URL, "http://"))...); got.code != exitOK || len(asked) == 0 {
		t.Errorf("named, it is asked %d times: %+v", len(asked), got)
	}
}
