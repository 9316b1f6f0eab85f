package embeds_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"videoteca/embeds"
)

// smallControls names the controls in the page and in its embeds that a finger may miss: less than 44 pixels wide or high.
const smallControls = `[document, ...hosts().map((one) => one.shadowRoot)].flatMap((root) => [...root.querySelectorAll('a[href], button, summary, input, select')])
	.filter((one) => one.checkVisibility() && !one.closest('figcaption, h1, .article'))
	.map((one) => [one, one.getBoundingClientRect()])
	.filter(([one, { width, height }]) => width < 44 || height < 44)
	.map(([one, { width, height }]) => one.textContent.trim() + ' ' + width + 'x' + height).join('; ')`

func TestEveryControlIsLargeEnoughForAFinger(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.hurry()
	states := s.states()
	states["silent"], states["refused"] = s.add("youtube:silent", "vimeo:76979871"), s.add("youtube:e153", "vimeo:76979871")
	for _, screen := range [][2]int64{{320, 180}, {640, 360}} {
		s.do("setting the screen", chromedp.EmulateViewport(screen[0], screen[1]))
		for name, id := range states {
			article := s.write("/controls-"+name, s.snippet(embeds.SnippetArticle, id, embeds.Asked{Language: "es"}))
			for _, address := range []string{s.service.URL + "/e/" + string(id) + "?lang=es", s.service.URL + "/v/" + string(id) + "?lang=es", article} {
				what := fmt.Sprintf("%s at %s, %dx%d", name, address, screen[0], screen[1])
				s.do("opening "+what, chromedp.Navigate(address))
				s.settled(map[bool]int{true: 1}[address == article])
				s.wantLargeControls(what)
				if !value[bool](s, "!!(embed(0, 'button.play') || document.querySelector('button.play'))") {
					continue
				}
				s.evaluate("(embed(0, 'button.play') || document.querySelector('button.play')).click()")
				s.until("[document, ...hosts().map((one) => one.shadowRoot)].some((root) => root.querySelector('" + map[string]string{"silent": ".note:not([hidden]) button", "refused": "a.play", "failed": ".card"}[name] + "' || 'iframe, video'))")
				s.wantLargeControls(what + ", after the click")
			}
		}
	}
}

func (s *stand) wantLargeControls(what string) {
	s.t.Helper()
	if got := value[string](s, smallControls); got != "" {
		s.t.Errorf("%s: too small are %s", what, got)
	}
}
