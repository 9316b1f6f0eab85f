package embeds_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"videoteca/embeds"
)

// newTelephone is a stand whose browser has a touch screen and, as browsers of readers do, plays what can be heard
// only after a gesture.
func newTelephone(t *testing.T) *stand {
	t.Helper()
	s := newStand(t, chromedp.Flag("autoplay-policy", "document-user-activation-required"))
	s.do("turning to a telephone", chromedp.EmulateViewport(360, 740))
	if _, err := chromedp.Call(s.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	return s
}

// tap touches the screen once.
func (s *stand) tap(x, y float64) {
	s.t.Helper()
	for _, event := range []input.DispatchTouchEventParams{
		{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}},
		{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}},
	} {
		if _, err := chromedp.Call(s.ctx, input.DispatchTouchEvent, event); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestOneTapPlaysWithItsSound(t *testing.T) {
	s := newTelephone(t)
	id := s.add("youtube:sound")
	figure, frame := s.snippet(embeds.SnippetArticle, id, embeds.Asked{}), s.snippet(embeds.SnippetFrame, id, embeds.Asked{})

	// Without a gesture it is refused, so that playing means something.
	s.visit(figure)
	s.press(0)
	s.waitFor("/refused/sound")

	s.visit(figure)
	s.until("embed(0, 'button.play')")
	s.tap(value[float64](s, "embed(0, '.play').getBoundingClientRect().left + 40"), value[float64](s, "embed(0, '.play').getBoundingClientRect().top + 40"))
	s.waitFor("/playing/sound")

	s.visit(listening + frame)
	s.until("heard.some(({ data }) => data.sentinel === 'amp')") // its script has run
	s.tap(100, 100)
	s.waitFor("/playing/sound")

	s.visit(s.snippet(embeds.SnippetArticle, s.add("web:"+s.platform.URL+"/sound.wav"), embeds.Asked{}))
	s.until("embed(0, 'button.play')")
	s.tap(100, 100)
	s.until("embed(0, 'video') && embed(0, 'video').currentTime > 0 && !embed(0, 'video').muted")
	if got := s.count("/refused/"); got != 0 {
		t.Errorf("the browser refused %d times", got)
	}
}
