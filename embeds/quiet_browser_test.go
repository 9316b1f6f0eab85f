package embeds_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// connections are those that the platforms have got.
func (s *stand) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.callers
}

// settled waits until the page with all its frames is loaded and its figures have become embeds.
func (s *stand) settled(figures int) {
	s.t.Helper()
	s.evaluate(inside)
	s.until("document.readyState === 'complete' && [...document.images].every((one) => one.complete)")
	if figures > 0 {
		s.until("hosts().length === 1")
	}
}

// cookies are those of every host that the browser holds.
func (s *stand) cookies() []*network.Cookie {
	s.t.Helper()
	held, err := chromedp.Call(s.ctx, storage.GetCookies, storage.GetCookiesParams{})
	if err != nil {
		s.t.Fatal(err)
	}
	return held.Cookies
}

// leftNothing asserts that the browser has neither asked nor kept anything that a reader did not ask for.
func (s *stand) leftNothing(what string) {
	s.t.Helper()
	s.noStrangers(what)
	if got := s.connections(); got != 0 {
		s.t.Errorf("%s: before the click there were %d connections to platforms", what, got)
	}
	for _, one := range s.cookies() {
		s.t.Errorf("%s: the cookie %s of %s was set", what, one.Name, one.Domain)
	}
	if value[bool](s, "self.origin !== 'null' && localStorage.length + sessionStorage.length > 0") {
		s.t.Errorf("%s: the browser's storage is used", what)
	}
}

func TestBeforeTheClickNoStateOfAnEmbedConnectsToAnybodyElseOrSetsACookie(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	states := s.states()
	states["unknown"] = archive.NewVideoID()
	for name, id := range states {
		pages := map[string]string{"/e/": s.service.URL + "/e/" + string(id), "/v/": s.service.URL + "/v/" + string(id)}
		if v, ok := s.video(string(id)); ok {
			files := s.folder(v)
			pages["a published embed"], pages["a published watch page"] = files.URL+"/e/"+string(id), files.URL+"/v/"+string(id)
			pages["an article with published files"] = s.write("/files-"+name, figureOf(files.URL, id)+`<script async src="`+files.URL+`/embed.js"></script>`)
			pages["an article with the figure"] = s.write("/figure-"+name, s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))
			pages["an article with the frame"] = s.write("/frame-"+name, s.snippet(embeds.SnippetFrame, id, embeds.Asked{}))
		}
		for kind, address := range pages {
			s.do("opening "+kind, chromedp.Navigate(address))
			s.settled(map[string]int{"an article with published files": 1, "an article with the figure": 1}[kind])
			s.leftNothing(kind + ", " + name)
		}
	}
	s.do("opening the page of a service without its store", chromedp.Navigate(s.service.URL+"/unavailable"))
	s.leftNothing("unavailable")

	// So that having recorded nothing means something.
	s.visit(s.snippet(embeds.SnippetArticle, states["live"], embeds.Asked{}))
	s.press(0)
	s.until("says(0, '[role=status]').endsWith('está listo.')")
	if s.connections() == 0 || len(s.thirdParties()) == 0 {
		t.Error("after the click no connection is recorded")
	}
	s.evaluate("document.cookie = 'seen=1'")
	if len(s.cookies()) != 1 {
		t.Error("a cookie that is set is not found")
	}
}

// figureOf is the figure of a video whose files are at base.
func figureOf(base string, id archive.VideoID) string {
	return `<figure><a href="` + base + `/v/` + string(id) + `"><img src="` + base + `/p/` + string(id) + `/640.jpg" alt="x"></a></figure>`
}
