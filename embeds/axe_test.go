package embeds_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// axe is axe-core, which finds much of what keeps people out of a page.
func axe(t *testing.T) string {
	t.Helper()
	file := os.Getenv("VIDEOTECA_AXE")
	if file == "" {
		cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
		if err != nil {
			t.Fatal(err)
		}
		file = filepath.Join(strings.TrimSpace(string(cache)), "videoteca-tools", "axe-4.14.1.min.js")
	}
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; fetch it with tools/fetch-axe %s", err, file)
	}
	return string(script)
}

// violation is what axe-core reports.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML string }
}

// examine runs axe-core in the page as it stands, and nothing is to be found.
func (s *stand) examine(script, what string) {
	s.t.Helper()
	for _, v := range s.violations(script, what) {
		s.t.Errorf("%s: %s (%s): %s: %s", what, v.ID, v.Impact, v.Help, v.Nodes[0].HTML)
	}
}

func (s *stand) violations(script, what string) []violation {
	s.t.Helper()
	s.evaluate(script)
	found, err := chromedp.Run(s.ctx, chromedp.Evaluate[string](`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		s.t.Fatalf("%s: %v", what, err)
	}
	var violations []violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		s.t.Fatal(err)
	}
	return violations
}

// So that finding nothing means something.
func TestAxeFindsWhatIsWrong(t *testing.T) {
	script := axe(t)
	s := newStand(t)
	s.visit(`<main><h1>x</h1><div id="host"></div></main>`)
	s.evaluate(`document.getElementById('host').attachShadow({ mode: 'open' }).innerHTML = '<img src="x.png"><button></button>'`)
	found := map[string]bool{}
	for _, v := range s.violations(script, "a page with mistakes in its shadow") {
		found[v.ID] = true
	}
	if !found["image-alt"] || !found["button-name"] {
		t.Errorf("it found %v", found)
	}
}

// look sets what the reader's screen is like.
func (s *stand) look(width int64, scheme string) {
	s.t.Helper()
	if _, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}); err != nil {
		s.t.Fatal(err)
	}
	s.do("setting the screen", chromedp.EmulateViewport(width, 800))
}

// states are videos in every state that readers can meet.
func (s *stand) states() map[string]archive.VideoID {
	with := func(change func(*archive.Video)) archive.VideoID {
		id := s.add("youtube:good")
		v, _ := s.video(string(id))
		change(&v)
		s.set(v)
		return id
	}
	return map[string]archive.VideoID{
		"live":   s.add("youtube:good", "vimeo:76979871"),
		"failed": s.add("youtube:e100"),
		"region": with(func(v *archive.Video) {
			v.Sources[0].Standing = limited(archive.Restriction{Aspect: archive.AspectRegion, Blocked: []string{"US"}})
		}),
		"adults": with(func(v *archive.Video) {
			v.Sources[0].Standing = limited(archive.Restriction{Aspect: archive.AspectAge})
		}),
		"removed": with(func(v *archive.Video) { v.Sources[0].Standing = gone(archive.Removed) }),
		"warned":  with(func(v *archive.Video) { v.ContentWarning = archive.Text{"es": "Imágenes fuertes."} }),
		"copy": with(func(v *archive.Video) {
			v.Sources[0].Standing = gone(archive.Removed)
			v.Copies = []archive.Copy{{File: archive.File{Digest: "abc", Extension: "webm", Bytes: 7400}}}
			v.Captions = []archive.Caption{{Language: "es", File: archive.File{Digest: "def", Extension: "vtt"}}}
		}),
		"withdrawn": with(func(v *archive.Video) {
			v.Visibility.Exposure, v.Explanation = archive.Withdrawn, archive.Text{"es": "Se retiró a petición."}
		}),
	}
}

func TestAxeFindsNothingOnEmbedAndWatchPagesInAnyState(t *testing.T) {
	script := axe(t)
	s := newStand(t)
	for name, id := range s.states() {
		for _, path := range []string{"/e/", "/v/"} {
			for i, screen := range []struct {
				width  int64
				scheme string
				lang   string
			}{{360, "light", "es"}, {1280, "dark", "en"}, {1280, "light", "es"}, {360, "dark", "en"}} {
				what := fmt.Sprintf("%s%s at %d, %s, %s", path, name, screen.width, screen.scheme, screen.lang)
				s.look(screen.width, screen.scheme)
				s.do("opening "+what, chromedp.Navigate(s.service.URL+path+string(id)+"?lang="+screen.lang))
				if i > 0 && name != "live" && name != "failed" { // the states differ in words alone
					s.examine(script, what)
					break
				}
				s.examine(script, what)
				if value[bool](s, "!!document.querySelector('button.play')") {
					s.evaluate("document.querySelector('button.play').click()")
					s.until("document.querySelector('iframe, video, .card')")
					s.examine(script, what+", after the click")
				}
			}
		}
	}
}

func TestAxeFindsNothingOnNoticesAndInArticles(t *testing.T) {
	script := axe(t)
	s := newStand(t)
	for name, path := range map[string]string{"not found": "/v/" + string(archive.NewVideoID()), "unavailable": "/unavailable"} {
		s.do("opening "+name, chromedp.Navigate(s.service.URL+path+"?lang=es"))
		s.examine(script, name)
	}
	for name, id := range s.states() {
		s.visit("<main><h1>Artículo</h1>" + s.snippet(embeds.SnippetArticle, id, embeds.Asked{Language: "es"}) + "</main>")
		s.until("hosts().length === 1")
		s.examine(script, "an article with "+name)
		if value[bool](s, "!!embed(0, 'button.play')") {
			s.press(0)
			s.until("embed(0, 'iframe, video, .card')")
			s.examine(script, "an article with "+name+", after the click")
		}
	}
}

// printing shows the page as it would be printed.
func (s *stand) printing(on bool) {
	s.t.Helper()
	media := ""
	if on {
		media = "print"
	}
	if _, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media}); err != nil {
		s.t.Fatal(err)
	}
}

// hurried makes the wait for a silent player short in every page from now on.
const hurried = `{ const wait = window.setTimeout; window.setTimeout = (what, ms, ...more) => wait(what, ms === 10000 ? 100 : ms, ...more); }`

func (s *stand) hurry() {
	s.t.Helper()
	if _, err := chromedp.Call(s.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: hurried}); err != nil {
		s.t.Fatal(err)
	}
}

func TestAxeFindsNothingWhenAPlayerIsSilentOrRefusesThePage(t *testing.T) {
	t.Parallel()
	script := axe(t)
	s := newStand(t)
	s.hurry()
	for key, shown := range map[string]string{"youtube:silent": ".note:not([hidden]) button", "youtube:e153": "a.play"} {
		id := s.add(key, "vimeo:76979871")
		for _, screen := range []struct {
			width        int64
			scheme, lang string
		}{{360, "light", "es"}, {360, "dark", "en"}, {1280, "dark", "es"}, {1280, "light", "en"}} {
			s.look(screen.width, screen.scheme)
			for _, path := range []string{"/e/", "/v/"} {
				what := fmt.Sprintf("%s%s at %d, %s, %s", path, key, screen.width, screen.scheme, screen.lang)
				s.do("opening "+what, chromedp.Navigate(s.service.URL+path+string(id)+"?lang="+screen.lang))
				s.evaluate("document.querySelector('button.play').click()")
				s.untilOwn(fmt.Sprintf("document.querySelector(%q)", shown))
				s.examine(script, what)
			}
		}
		s.visit("<main><h1>Artículo</h1>" + s.snippet(embeds.SnippetArticle, id, embeds.Asked{}) + "</main>")
		s.press(0)
		s.until(fmt.Sprintf("embed(0, %q)", shown))
		s.examine(script, "an article with "+key)
	}
}
