package embeds_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// scope is where the embed is, in an article or in a page of ours.
const scope = `(hosts()[0] ? hosts()[0].shadowRoot : document)`

func TestTheFocusIsInThePlayerWhicheverWayItCame(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.hurry()
	copied, _ := s.video(string(s.add("youtube:e100")))
	copied.Copies = []archive.Copy{{File: archive.File{Digest: "abc", Extension: "webm", Bytes: 7400}}}
	s.set(copied)
	enter, space := chromedp.KeyEvent("\r"), chromedp.KeyEvent(" ")
	for name, tt := range map[string]struct {
		id     archive.VideoID
		press  []chromedp.Action[chromedp.Void]
		waits  string // for a control, which is then reached with Tab and pressed
		player string
	}{
		"Enter":                     {id: s.add("youtube:good"), press: []chromedp.Action[chromedp.Void]{enter}, player: "iframe[src*='/embed/good']"},
		"the space bar":             {id: s.add("youtube:good"), press: []chromedp.Action[chromedp.Void]{space}, player: "iframe[src*='/embed/good']"},
		"falling over to the next":  {id: s.add("youtube:e100", "youtube:good"), press: []chromedp.Action[chromedp.Void]{enter}, player: "iframe[src*='/embed/good']"},
		"falling over after two":    {id: s.add("youtube:e5", "vimeo:404", "peertube:abc"), press: []chromedp.Action[chromedp.Void]{space}, player: "iframe[src*='/videos/embed/abc']"},
		"falling over to a copy":    {id: copied.ID, press: []chromedp.Action[chromedp.Void]{enter}, player: "video"},
		"the next one, asked for":   {id: s.add("youtube:silent", "youtube:good"), press: []chromedp.Action[chromedp.Void]{enter}, waits: ".note:not([hidden]) button", player: "iframe[src*='/embed/good']"},
		"the way out of a refusal":  {id: s.add("youtube:e153", "youtube:good"), press: []chromedp.Action[chromedp.Void]{enter}, player: "a.play"},
		"the card at the very last": {id: s.add("youtube:e100", "youtube:e101"), press: []chromedp.Action[chromedp.Void]{space}, player: ".card"},
	} {
		for kind, address := range map[string]string{
			"figure": s.write("/focus-"+string(tt.id), s.snippet(embeds.SnippetArticle, tt.id, embeds.Asked{Prefer: embeds.PreferSource})),
			"page":   s.service.URL + "/e/" + string(tt.id),
		} {
			s.do("opening the "+kind, chromedp.Navigate(address))
			s.evaluate(inside)
			s.until(scope + ".querySelector('button.play')")
			s.do("playing by "+name, append([]chromedp.Action[chromedp.Void]{chromedp.KeyEvent("\t")}, tt.press...)...)
			if tt.waits != "" {
				s.until(scope + fmt.Sprintf(".querySelector(%q)", tt.waits))
				s.evaluate(scope + fmt.Sprintf(".querySelector(%q).focus()", tt.waits))
				s.do("pressing it", enter)
			}
			s.until(fmt.Sprintf("%s.querySelector(%q)", scope, tt.player))
			if !value[bool](s, fmt.Sprintf("%[1]s.activeElement === %[1]s.querySelector(%[2]q)", scope, tt.player)) {
				t.Errorf("%s, %s: the focus is on %s", kind, name, value[string](s, scope+".activeElement?.outerHTML || 'nothing'"))
			}
		}
	}
}

// shot is what the screen shows.
func (s *stand) shot() image.Image {
	s.t.Helper()
	data, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		s.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		s.t.Fatal(err)
	}
	return picture
}

// luminance is a pixel's relative luminance as WCAG 2 defines it.
func luminance(m image.Image, x, y int) float64 {
	linear := func(v uint32) float64 {
		c := float64(v) / 0xffff
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	r, g, b, _ := m.At(x, y).RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// contrasting counts the pixels that differ by a contrast of 3 to 1.
func contrasting(a, b image.Image) (n int) {
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			one, other := luminance(a, x, y), luminance(b, x, y)
			if (max(one, other)+0.05)/(min(one, other)+0.05) >= 3 {
				n++
			}
		}
	}
	return n
}

// As WCAG 2.4.13 asks: as many pixels change, by a contrast of 3 to 1, as a line of 2 pixels round the control has.
func TestTheFocusIsSeenOnEveryControlWhateverTheColours(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.hurry()
	states := s.states()
	silent := s.add("youtube:silent", "vimeo:76979871")
	s.do("setting the screen", chromedp.EmulateViewport(480, 600))
	for _, features := range [][]*emulation.MediaFeature{
		{{Name: "prefers-color-scheme", Value: "light"}},
		{{Name: "prefers-color-scheme", Value: "dark"}},
		{{Name: "prefers-color-scheme", Value: "light"}, {Name: "forced-colors", Value: "active"}},
		{{Name: "prefers-color-scheme", Value: "dark"}, {Name: "forced-colors", Value: "active"}},
	} {
		if _, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			id      archive.VideoID
			plays   bool // first
			control string
			poster  string // what is made of it
		}{
			{states["live"], false, "button.play", "brightness(0)"}, {states["live"], false, "button.play", "brightness(100)"},
			{silent, true, ".note:not([hidden]) a", ""}, {silent, true, ".note:not([hidden]) button", ""}, {states["removed"], false, ".card a", ""},
		} {
			for _, address := range []string{s.service.URL + "/e/" + string(tt.id), s.write("/seen-"+string(tt.id), s.snippet(embeds.SnippetArticle, tt.id, embeds.Asked{}))} {
				s.do("opening the page", chromedp.Navigate(address))
				s.settled(strings.Count(address, "/seen-"))
				if tt.plays {
					s.until(scope + ".querySelector('button.play')")
					s.evaluate(scope + ".querySelector('button.play').click()")
				}
				control := fmt.Sprintf("%s.querySelector(%q)", scope, tt.control)
				s.until(control)
				s.do("using the keyboard", chromedp.KeyEvent("\t"))
				s.evaluate(scope + ".activeElement?.blur()")
				s.evaluate("for (const one of " + scope + ".querySelectorAll('.facade img')) one.style.filter = '" + tt.poster + "'")
				before := s.shot()
				s.evaluate(control + ".focus()")
				s.until(control + ".matches(':focus-visible')")
				line := 2 * value[float64](s, "(({ width, height }) => 2 * (width + height))("+control+".getBoundingClientRect())")
				if got := contrasting(before, s.shot()); float64(got) < line {
					t.Errorf("%s on %s of %s with %s: %d pixels show the focus, want %.0f", tt.control, tt.poster, address, *features[len(features)-1], got, line)
				}
			}
		}
	}
}
