package main

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// startDemo starts "serve --demo" with a store of its own, on free ports.
func startDemo(t *testing.T) *service {
	t.Helper()
	t.Setenv("VIDEOTECA_LOG_LEVEL", "warn")
	return serve(t, "--demo", "--demo-platform", "127.0.0.1:0", "--store", t.TempDir(), "--cache", t.TempDir())
}

// page asks for a page of the demo, which signs in by itself on this machine.
func page(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %d, %v", address, response.StatusCode, err)
	}
	return string(body)
}

// switches are the forms of the story's two videos.
func switches(t *testing.T, story string) []string {
	t.Helper()
	var ids []string
	for _, m := range regexp.MustCompile(`action="/story/([0-9a-z]{12})`).FindAllStringSubmatch(story, -1) {
		ids = append(ids, m[1])
	}
	if len(ids) != 2 {
		t.Fatalf("the story has the switches %v", ids)
	}
	return ids
}

func TestTheDemoTakesASourceDownAndBringsItBack(t *testing.T) {
	s := startDemo(t)
	if s.Link != "" {
		t.Error("the demo asks to sign in")
	}
	spanish, english := page(t, s.URL+"/?lang=es"), page(t, s.URL+"/?lang=en")
	if !strings.Contains(spanish, "Dos reuniones presidenciales") || !strings.Contains(english, "Two presidential meetings") {
		t.Error("the article is not in both languages")
	}
	first := switches(t, spanish)[0]
	for _, tt := range []struct{ state, happened, embed string }{
		{"removed", "was removed", `class="card"`},
		{"playable", "is back", `id="player-data"`},
		{"private", "was made private", `class="card"`},
		{"embedding-off", "no longer lets it be embedded", `class="card"`},
		{"playable", "is back", `id="player-data"`},
	} {
		response, err := http.PostForm(s.URL+"/story/"+first+"?lang=en", url.Values{"state": {tt.state}})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || response.Body.Close() != nil || !strings.Contains(string(body), tt.happened) {
			t.Errorf("%s: the story does not say what happened (%d, %v)", tt.state, response.StatusCode, err)
		}
		if embed := page(t, s.URL+"/e/"+first); !strings.Contains(embed, tt.embed) || tt.embed == `class="card"` && strings.Contains(embed, `id="player-data"`) {
			t.Errorf("%s: the embed has no %s", tt.state, tt.embed)
		}
	}
	if response, err := http.PostForm(s.URL+"/story/"+first, url.Values{"state": {"eaten"}}); err != nil || response.StatusCode != http.StatusUnprocessableEntity || response.Body.Close() != nil {
		t.Errorf("an unknown state: %v, %v", response, err)
	}
}

func TestTheDemosArticleInABrowser(t *testing.T) {
	s := startDemo(t)
	b := newBrowser(t)
	b.do("opening the story", chromedp.Navigate(s.URL+"/?lang=es"), chromedp.WaitVisible(chromedp.CSS(".story aside")))
	b.within("waiting for the poster", []string{"iframe"}, visible("button.play"))
	b.do("removing the first video", chromedp.Click(chromedp.CSS(`.act button[value=removed]`)), chromedp.WaitVisible(chromedp.CSS(".state-suspect")))
	if got := b.text(".happened"); !strings.Contains(got, "El video fue retirado") {
		t.Errorf("the story says %q", got)
	}
	b.within("waiting for the card", []string{"iframe"}, visible(".card"))

	// Of the other meeting the newsroom holds a copy, which plays when its source has gone.
	b.do("removing the second video", chromedp.Click(chromedp.CSS(`.act:nth-of-type(2) button[value=removed]`)), chromedp.WaitVisible(chromedp.CSS(`.act:nth-of-type(2) .state-suspect`)))
	b.within("playing the copy", []string{"iframe[title*=Oval]"}, click("button.play"))
	b.within("waiting for the copy", []string{"iframe[title*=Oval]"}, visible("video"))
	if got := b.textWithin("iframe[title*=Oval]", "[role=status]"); !strings.Contains(got, "copia de la redacción") {
		t.Errorf("it says %q", got)
	}
}

func TestTheDemoIsForThisMachineAlone(t *testing.T) {
	for _, args := range [][]string{
		{"serve", "--demo", "--listen", "0.0.0.0:0"},
		{"serve", "--demo", "--listen", "127.0.0.1:0", "--demo-platform", "0.0.0.0:0"},
	} {
		var errs strings.Builder
		if code := run(t.Context(), append(args, "--store", t.TempDir(), "--cache", t.TempDir()), console{in: strings.NewReader(""), out: &errs, err: &errs}); code != exitUsage || !strings.Contains(errs.String(), "loopback") {
			t.Errorf("%v: exit code %d, %s", args, code, &errs)
		}
	}
}

func TestTheDemoLetsNobodyIntoAStoreThatIsNotItsOwn(t *testing.T) {
	s := newSiteAside(t)
	s.add(t, s.playing(t, "playing0000"))
	service := serve(t, "--demo", "--demo-platform", "127.0.0.1:0", "--store", s.store, "--cache", s.cache)
	if got := status(t, service.URL+"/videos"); got != http.StatusUnauthorized {
		t.Errorf("in somebody's store it answers %d", got)
	}
	service.Stop(t)
	own := []string{"--demo", "--demo-platform", "127.0.0.1:0", "--store", t.TempDir(), "--cache", t.TempDir()}
	for _, when := range []string{"in a store of its own", "in the same after a restart"} {
		service := serve(t, own...)
		if got := status(t, service.URL+"/videos"); got != http.StatusOK {
			t.Errorf("%s it answers %d", when, got)
		}
		service.Stop(t)
	}
}
