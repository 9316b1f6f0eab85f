package embeds_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// listening is a page that keeps what frames tell it.
const listening = `<script>
window.heard = [];
window.addEventListener('message', (e) => heard.push({ data: e.data, origin: e.origin }));
window.errors = [];
</script>`

func TestAFrameTellsThePageAroundItsHeightInThreeProtocols(t *testing.T) {
	s := newStand(t)
	live := s.add("youtube:good")
	dead := s.add("youtube:good")
	v, _ := s.video(string(dead))
	v.Sources[0].Standing = gone(archive.Removed)
	s.set(v)
	for name, id := range map[string]archive.VideoID{"live": live, "card": dead} {
		s.visit(listening + `<iframe width="640" height="360" src="` + s.service.URL + `/e/` + string(id) + `?lang=es#?secret=abcDEF1234"></iframe>`)
		s.until("heard.length >= 3")
		for protocol, condition := range map[string]string{
			"WordPress": "heard.some(({ data }) => data.message === 'height' && data.secret === 'abcDEF1234' && data.value >= 200 && data.value < 1000)",
			"AMP":       "heard.some(({ data }) => data.sentinel === 'amp' && data.type === 'embed-size' && data.height >= 200)",
			"Embedly":   "heard.some(({ data }) => typeof data === 'string' && JSON.parse(data).context === 'iframe.resize' && JSON.parse(data).height >= 200 && JSON.parse(data).src.includes('/e/'))",
		} {
			if !value[bool](s, condition) {
				t.Errorf("%s: no message of %s among %s", name, protocol, value[string](s, "JSON.stringify(heard)"))
			}
		}
	}
	s.visit(listening + `<iframe src="` + s.service.URL + `/e/` + string(live) + `#?secret=%22%3Cscript"></iframe>`)
	s.until("heard.length >= 2")
	if value[bool](s, "heard.some(({ data }) => data.secret)") {
		t.Error("a secret of other characters is handed back")
	}
}

func TestInASandboxWithoutAnOriginThePosterIsALinkThroughThePageAround(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	s.visit(listening + `<iframe id="f" width="640" height="360" sandbox="allow-scripts" src="` + s.service.URL + `/e/` + string(id) + `?lang=es#?secret=abcDEF1234"></iframe>`)
	s.until("heard.some(({ data }) => data.message === 'height')")
	s.clickUntil(330, 100, func() bool { return value[bool](s, "heard.some(({ data }) => data.message === 'link')") })
	want := fmt.Sprintf(`{"message":"link","value":"%s/v/%s?lang=es","secret":"abcDEF1234"}`, s.service.URL, id)
	if got := value[string](s, "JSON.stringify(heard.find(({ data }) => data.message === 'link').data)"); got != want {
		t.Errorf("it says %s, want %s", got, want)
	}
	if s.count("/embed/good") != 0 {
		t.Error("a player was loaded where none can work")
	}
}

// oddMessages are what strangers and broken players may send, from a seed.
func oddMessages(n int) string {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same every time
	words := []string{"event", "onError", "info", "message", "height", "link", "ready", "secret", "method", "peertube::ready", "params", "sentinel", "amp", "data", "value", "100", "__proto__"}
	var odd func(depth int) any
	odd = func(depth int) any {
		switch r.IntN(8) {
		case 0:
			return nil
		case 1:
			return r.IntN(200) - 50
		case 2:
			return r.IntN(2) == 0
		case 3, 4:
			return words[r.IntN(len(words))]
		case 5:
			if depth == 0 {
				return ""
			}
			return []any{odd(depth - 1), odd(depth - 1)}
		}
		if depth == 0 {
			return map[string]any{}
		}
		return map[string]any{words[r.IntN(len(words))]: odd(depth - 1), words[r.IntN(len(words))]: odd(depth - 1)}
	}
	messages := make([]any, n)
	for i := range messages {
		messages[i] = odd(3)
		if text, err := json.Marshal(messages[i]); err == nil && r.IntN(2) == 0 {
			messages[i] = string(text[:r.IntN(len(text)+1)])
		}
	}
	data, _ := json.Marshal(messages) // of plain values
	return string(data)
}

func TestOddMessagesFromAnybodyChangeNothing(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:silent", "youtube:good")
	const count = 2000
	s.visit(listening + s.snippet(embeds.SnippetArticle, id, embeds.Asked{}) + `<iframe id="f" width="640" height="360" src="` + s.service.URL + `/e/` + string(id) + `#?secret=secret"></iframe>`)
	s.evaluate(`window.onerror = (text) => { errors.push(text); }; window.onunhandledrejection = (e) => { errors.push(String(e.reason)); }`)
	s.press(0)
	s.until("embed(0, 'iframe')")
	s.evaluate(`
		for (const odd of ` + oddMessages(count) + `) {
			document.getElementById('f').contentWindow.postMessage(odd, '*');
			window.postMessage(odd, '*');
			window.dispatchEvent(new MessageEvent('message', { data: odd, origin: 'https://stranger.example', source: embed(0, 'iframe').contentWindow }));
		}`)
	s.until(fmt.Sprintf("heard.length >= %d", count))
	if got := value[string](s, "errors.join('; ')"); got != "" {
		t.Errorf("the script stumbled: %s", got)
	}
	if !value[bool](s, "embed(0, 'iframe').src.includes('/embed/silent') && !embed(0, '.card')") || s.count("/embed/good") != 0 {
		t.Error("a stranger moved the player on")
	}
	// What the player itself says counts, garbage around it or not.
	s.evaluate(`
		const player = embed(0, 'iframe');
		for (const odd of [null, 1, '{', '[]', {}, { event: 7 }, '{"event":"infoDelivery"}', '{"event":"onError","info":100}']) {
			window.dispatchEvent(new MessageEvent('message', { data: odd, origin: new URL(player.src).origin, source: player.contentWindow }));
		}`)
	s.until("embed(0, 'iframe').src.includes('/embed/good')")
	if got := value[string](s, "errors.join('; ')"); got != "" {
		t.Errorf("the script stumbled over its player: %s", got)
	}
}

func TestOfTwoFramesOnePlaysAndTheOtherPauses(t *testing.T) {
	s := newStand(t)
	frame := func(key string) string {
		return `<div style="width:400px;height:225px">` + s.snippet(embeds.SnippetFrame, s.add(key), embeds.Asked{}) + `</div>`
	}
	s.visit(frame("youtube:good1") + frame("youtube:good2"))
	s.clickUntil(200, 110, func() bool { return s.count("/embed/good1") > 0 })
	s.clickUntil(200, 340, func() bool { return s.count("/embed/good2") > 0 })
	s.waitFor("/paused/good1")
}

// clickUntil clicks at a point, again where a frame there had not come yet.
func (s *stand) clickUntil(x, y float64, done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(300 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("clicking at %.0f, %.0f does nothing", x, y)
		}
		s.do("clicking", chromedp.MouseClickXY(x, y))
	}
}

// waitFor waits until the browser has asked for an address with this part.
func (s *stand) waitFor(part string) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); s.count(part) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("nobody asked for %s, but for %s", part, strings.Join(s.asked, "\n"))
		}
	}
}

func TestInPrintThePictureStandsAndTheButtonDoesNot(t *testing.T) {
	s := newStand(t)
	s.do("opening the page", chromedp.Navigate(s.service.URL+"/e/"+string(s.add("youtube:good"))))
	s.evaluate(`window.shown = (selector) => { const one = document.querySelector(selector); return !!one && getComputedStyle(one).display !== 'none'; }; document.querySelector('button.play').click()`)
	s.until("document.querySelector('iframe')")
	s.printing(true)
	if !value[bool](s, "shown('.facade img') && !shown('button.play') && !shown('.screen')") {
		t.Error("in print the player stands in the place of the picture")
	}
	s.printing(false)
	if !value[bool](s, "shown('.screen')") {
		t.Error("on the screen the player is gone")
	}
}
