package embeds_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// oembedHTML is what a consumer of oEmbed pastes.
func (s *stand) oembedHTML(id archive.VideoID) string {
	s.t.Helper()
	v, _ := s.video(string(id))
	d, err := renderer(s.t).OEmbed(v, s.options(embeds.Asked{Language: "es"}), embeds.OEmbedRequest{})
	if err != nil {
		s.t.Fatal(err)
	}
	var answer struct{ HTML string }
	if err := json.Unmarshal(d.Body, &answer); err != nil {
		s.t.Fatal(err)
	}
	return answer.HTML
}

// markdownHTML is a linked picture as every renderer of Markdown makes it.
func markdownHTML(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	text = strings.TrimPrefix(text, "[![")
	alt, rest, _ := strings.Cut(text, "](")
	src, href, _ := strings.Cut(rest, ")](")
	return `<p><a href="` + strings.TrimSuffix(href, ")") + `"><img src="` + src + `" alt="` + alt + `"></a></p>`
}

// inFrame is what the nth frame of the article shows, by the frame's own document: the
// service is of another origin, so it is opened by itself, as the frame's reader sees it.
func (s *stand) inFrame() {
	s.t.Helper()
	address := value[string](s, "document.querySelector('iframe').src")
	s.do("opening what the frame shows", chromedp.Navigate(address))
}

func TestEveryFormInEveryStateGivesReadersSomethingWhole(t *testing.T) {
	s := newStand(t)
	states := s.states()
	for _, state := range []string{"live", "region", "adults", "removed"} {
		id := states[state]
		plays := state == "live" || state == "region"
		form := func(kind string) string { return s.snippet(kind, id, embeds.Asked{Language: "es"}) }
		for kind, body := range map[string]string{"article": form(embeds.SnippetArticle), "wordpress": form(embeds.SnippetWordPress)} {
			s.visit(body)
			s.until("hosts().length === 1")
			if got := value[bool](s, "!!embed(0, 'button.play')"); got != plays {
				t.Errorf("%s, %s: a button to play: %t", kind, state, got)
			}
			s.noStrangers(kind + ", " + state)
			if plays {
				s.press(0)
				s.until("says(0, '[role=status]').endsWith('está listo.')")
				continue
			}
			if got := value[string](s, "says(0, '.card')"); !strings.Contains(got, "YouTube") {
				t.Errorf("%s, %s: the card says %q", kind, state, got)
			}
		}
		for kind, body := range map[string]string{"frame": form(embeds.SnippetFrame), "oembed": s.oembedHTML(id)} {
			s.visit(body)
			s.inFrame()
			s.until("document.querySelector('.card, button.play')")
			s.noStrangers(kind + ", " + state)
			if got := value[bool](s, "!!document.querySelector('button.play')"); got != plays {
				t.Errorf("%s, %s: a button to play: %t", kind, state, got)
			}
			if plays {
				s.evaluate("document.querySelector('button.play').click()")
				s.until("document.querySelector('[role=status]').textContent.endsWith('está listo.')")
			}
		}
		for kind, body := range map[string]string{"static": form(embeds.SnippetStatic), "markdown": markdownHTML(form(embeds.SnippetMarkdown))} {
			s.visit(body)
			s.until("document.querySelector('a img') && document.querySelector('a img').naturalWidth > 0")
			s.noStrangers(kind + ", " + state)
			s.do("following the link", chromedp.Navigate(value[string](s, "document.querySelector('a').href")))
			if got := value[string](s, "document.querySelector('h1').textContent"); got != "Reunión en Nueva York" {
				t.Errorf("%s, %s: the link leads to %q", kind, state, got)
			}
		}
		s.do("opening the oEmbed address", chromedp.Navigate(form(embeds.SnippetOEmbed)))
		if got := value[string](s, "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).name"); got != "Reunión en Nueva York" {
			t.Errorf("%s: the structured data names %q", state, got)
		}
	}
}

// noStrangers asserts that nobody but the article's and the installation's servers was asked.
func (s *stand) noStrangers(what string) {
	s.t.Helper()
	if got := s.thirdParties(); len(got) != 0 {
		s.t.Errorf("%s: before the click the page asked %q", what, got)
	}
}

func TestWithEverythingDownTheFormsWithoutAFrameStayWhole(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	forms := map[string]string{}
	for _, kind := range embeds.SnippetKinds() {
		forms[kind] = s.snippet(kind, id, embeds.Asked{Language: "es"})
	}
	s.service.Close()
	s.platform.Close()
	for kind, body := range map[string]string{
		"article": forms[embeds.SnippetArticle], "wordpress": forms[embeds.SnippetWordPress], "static": forms[embeds.SnippetStatic], "markdown": markdownHTML(forms[embeds.SnippetMarkdown]),
	} {
		s.visit(body)
		if !value[bool](s, "document.querySelector('a[href] img').alt.includes('Reunión en Nueva York')") {
			t.Errorf("%s: the picture says nothing", kind)
		}
	}
}

func TestOnASlowLineTheButtonPlaysOnceItIsThere(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	const bytesPerSecond, latency = 400_000 / 8, 400 // 400 kbit/s, ms
	if _, err := chromedp.Call(s.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: latency, DownloadThroughput: bytesPerSecond, UploadThroughput: bytesPerSecond}},
	}); err != nil {
		t.Fatal(err)
	}
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{Language: "es"}))
	s.press(0)
	s.until("says(0, '[role=status]') === 'El reproductor de YouTube está listo.'")
	// The line was as slow as it is said to be: no answer came sooner than its latency, and no poster faster than it carries.
	s.until("performance.getEntriesByName(embed(0, '.facade img').currentSrc).length")
	for name, took := range map[string]string{"script": "document.querySelector('script[src]').src", "poster": "embed(0, '.facade img').currentSrc"} {
		if ms := value[float64](s, "performance.getEntriesByName("+took+")[0].duration"); ms < latency {
			t.Errorf("the %s took %.0f ms", name, ms)
		}
	}
}

// cutOff names what a reader cannot get at: what an element that hides its overflow holds beyond its edge, what lies
// beyond the screen, and what text on the poster another text covers. Titles and captions may be shortened, as they are
// whole on the page of the video, and so may a warning that stands in the figure's caption too.
const cutOff = `(() => {
	const found = [], shown = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 0 && !one.closest('.unseen');
	for (const root of [document, ...hosts().map((one) => one.shadowRoot)]) {
		for (const one of root.querySelectorAll('h1, p, dt, dd, a:not(.facade), button:not(.play), .warning, .meta, .note span')) {
			if (!shown(one)) continue;
			const box = one.getBoundingClientRect(), around = one.closest('.facade')?.getBoundingClientRect();
			const shortened = getComputedStyle(one).webkitLineClamp !== 'none';
			if (box.right > innerWidth + 1 || box.left < -1 || !shortened && getComputedStyle(one).overflow === 'hidden' && one.scrollWidth > one.clientWidth + 1) found.push('beyond the edge: ' + one.textContent);
			if (document.querySelector('figcaption')?.textContent.includes(one.textContent)) continue;
			if (around && (box.top < around.top - 1 || box.bottom > around.bottom + 1)) found.push('beyond the poster: ' + one.textContent);
		}
		const [warning, title] = ['.facade .warning', '.facade .title'].map((name) => root.querySelector(name)?.getBoundingClientRect());
		if (warning && title && warning.bottom > title.top + 1) found.push('the warning lies on the title');
	}
	if (document.documentElement.scrollWidth > innerWidth + 1) found.push('the page scrolls sideways');
	return found.join('; ');
})()`

func TestWithLettersTwiceAsLargeNothingIsCutOff(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.hurry()
	states := s.states()
	states["silent"], states["refused"] = s.add("youtube:silent", "vimeo:76979871"), s.add("youtube:e153", "vimeo:76979871")
	warned, _ := s.video(string(s.add("youtube:good")))
	warned.ContentWarning = archive.Text{"es": "Imágenes fuertes de violencia que pueden afectar la sensibilidad de quien las ve."}
	s.set(warned)
	states["warned at length"] = warned.ID
	for _, screen := range [][2]int64{{360, 203}, {640, 360}} {
		s.do("setting the screen", chromedp.EmulateViewport(screen[0], screen[1]))
		for name, id := range states {
			for _, address := range []string{
				s.service.URL + "/e/" + string(id) + "?lang=es", s.service.URL + "/v/" + string(id) + "?lang=es",
				s.write("/large-"+string(id), s.snippet(embeds.SnippetArticle, id, embeds.Asked{Language: "es"})),
			} {
				what := fmt.Sprintf("%s at %s, %d wide", name, address, screen[0])
				s.do("opening "+what, chromedp.Navigate(address))
				s.settled(strings.Count(address, "/large-"))
				s.evaluate("document.documentElement.style.fontSize = '200%'")
				if got := value[string](s, cutOff); got != "" {
					t.Errorf("%s: %s", what, got)
				}
				if !value[bool](s, "!!"+scope+".querySelector('button.play')") {
					continue
				}
				s.evaluate(scope + ".querySelector('button.play').click()")
				s.until(scope + ".querySelector('" + map[string]string{"silent": ".note:not([hidden])", "refused": "a.play", "failed": ".card"}[name] + "' || 'iframe, video')")
				if got := value[string](s, cutOff); got != "" {
					t.Errorf("%s, after the click: %s", what, got)
				}
			}
		}
	}
}

func TestAVerticalVideoIsNoHigherThanATelephoneAndAPlayerNoLowerThanItMayBe(t *testing.T) {
	s := newStand(t)
	id := s.add("youtube:good")
	s.do("turning to a telephone", chromedp.EmulateViewport(360, 740))
	s.visit(s.snippet(embeds.SnippetArticle, id, embeds.Asked{Ratio: "9:16", Language: "es"}))
	s.press(0)
	s.until("embed(0, 'iframe')")
	if height := value[float64](s, "embed(0, 'iframe').getBoundingClientRect().height"); height > 740 || height < 200 {
		t.Errorf("the player is %.0f pixels high", height)
	}
	if size := value[string](s, "getComputedStyle(embed(0, '.screen')).aspectRatio"); size != "9 / 16" {
		t.Errorf("its shape is %s", size)
	}
}
