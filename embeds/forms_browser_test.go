package embeds_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

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
	began := time.Now()
	s.press(0)
	t.Logf("the button came %s after the article", time.Since(began).Round(time.Millisecond))
	s.until("says(0, '[role=status]') === 'El reproductor de YouTube está listo.'")
}

func TestWithLettersTwiceAsLargeNothingIsCutOff(t *testing.T) {
	s := newStand(t)
	for name, id := range s.states() {
		s.do("opening the page", chromedp.EmulateViewport(640, 360), chromedp.Navigate(s.service.URL+"/e/"+string(id)+"?lang=es"))
		s.evaluate("document.documentElement.style.fontSize = '200%'")
		cut := value[string](s, `[...document.querySelectorAll('h1, p, dt, dd, a, .warning')].filter((one) => {
			const style = getComputedStyle(one), box = one.getBoundingClientRect();
			return !one.matches('.unseen, .facade, .said') && box.width > 0 && style.webkitLineClamp === 'none' && (one.scrollWidth > one.clientWidth + 1 && style.overflow === 'hidden' || box.right > innerWidth + 1);
		}).map((one) => one.textContent.slice(0, 30)).join('; ')`)
		if cut != "" {
			t.Errorf("%s: cut off are %s", name, cut)
		}
		if value[bool](s, "document.documentElement.scrollWidth > innerWidth + 1") {
			t.Errorf("%s: the page scrolls sideways", name)
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
