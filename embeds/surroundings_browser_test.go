package embeds_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// moving names what moves or would move by style.
const moving = `[document, ...hosts().map((one) => one.shadowRoot)].flatMap((root) => [
	...root.getAnimations().map((one) => 'an animation of ' + one.effect?.target?.className),
	...[...root.querySelectorAll('*')].flatMap((one) => ['', '::before', '::after'].map((part) => [one, part, getComputedStyle(one, part)]))
		.filter(([, , style]) => !['', 'none'].includes(style.animationName) || /[1-9]/.test(style.transitionDuration) || style.scrollBehavior === 'smooth')
		.map(([one, part]) => one.tagName + '.' + one.className + part),
]).join('; ')`

func TestNothingMovesWhereReadersWantLessMotion(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.hurry()
	if _, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
		t.Fatal(err)
	}
	states := s.states()
	states["silent"], states["refused"] = s.add("youtube:silent", "vimeo:76979871"), s.add("youtube:e153", "vimeo:76979871")
	for name, id := range states {
		for _, address := range []string{s.service.URL + "/e/" + string(id), s.service.URL + "/v/" + string(id), s.write("/still-"+name, s.snippet(embeds.SnippetArticle, id, embeds.Asked{}))} {
			s.do("opening "+address, chromedp.Navigate(address))
			s.settled(0)
			s.until("document.querySelector('main') || hosts().length")
			if got := value[string](s, moving); got != "" {
				t.Errorf("%s at %s: %s", name, address, got)
			}
			if !value[bool](s, "!!"+scope+".querySelector('button.play')") {
				continue
			}
			s.evaluate(scope + ".querySelector('button.play').click()")
			s.until(scope + ".querySelector('" + map[string]string{"silent": ".note:not([hidden])", "refused": "a.play", "failed": ".card"}[name] + "' || 'iframe, video')")
			if got := value[string](s, moving); got != "" {
				t.Errorf("%s at %s, after the click: %s", name, address, got)
			}
		}
	}
	s.evaluate("document.body.style.transition = 'opacity 1s'")
	if value[string](s, moving) == "" {
		t.Error("a transition is not found")
	}
}

func TestInAPageFromRightToLeftTheEmbedReadsAsItsOwnLanguageDoes(t *testing.T) {
	s := newStand(t)
	s.hurry()
	silent := s.add("youtube:silent", "vimeo:76979871")
	v, _ := s.video(string(s.add("youtube:good")))
	v.Title, v.Sources[0].Standing = archive.Text{"ar": "اجتماع في نيويورك"}, gone(archive.Removed)
	v.Caption, v.ContentWarning = archive.Text{"ar": "الفقرة الأولى."}, archive.Text{"ar": "صور قوية."}
	s.set(v)
	around := func(id archive.VideoID) string {
		return `<main dir="rtl" lang="ar" style="width:600px"><p>مقال</p>` + s.snippet(embeds.SnippetArticle, id, embeds.Asked{Language: "es"}) + `</main>`
	}
	direction := func(selector string) string {
		return value[string](s, fmt.Sprintf("getComputedStyle(embed(0, %q)).direction", selector))
	}

	s.visit(around(silent))
	s.press(0)
	s.until("embed(0, '.note:not([hidden])')")
	for _, selector := range []string{".note span", ".note button", ".meta"} {
		if got := direction(selector); got != "ltr" {
			t.Errorf("%s in Spanish runs %s", selector, got)
		}
	}
	if value[bool](s, "embed(0, '.note span').getBoundingClientRect().left > embed(0, '.note button').getBoundingClientRect().left") {
		t.Error("the note reads from its end")
	}
	if value[bool](s, "document.documentElement.scrollWidth > innerWidth || hosts()[0].getBoundingClientRect().width > 601") {
		t.Error("the embed is wider than its column")
	}

	s.visit(around(v.ID))
	s.until("embed(0, '.card')")
	for selector, want := range map[string]string{".card > p:not(.warning)": "ltr", ".card dt": "ltr", ".card .warning span": "rtl"} {
		if got := direction(selector); got != want {
			t.Errorf("%s runs %s, want %s", selector, got, want)
		}
	}
	s.do("opening the embed page", chromedp.Navigate(s.service.URL+"/e/"+string(v.ID)+"?lang=es"))
	if got := value[string](s, "getComputedStyle(document.querySelector('h1')).direction"); got != "rtl" {
		t.Errorf("the Arabic title runs %s", got)
	}
}

func TestAFrameInWhatHasNoWidthIsWholeOnceItOpens(t *testing.T) {
	s := newStand(t)
	for name, id := range map[string]archive.VideoID{"live": s.states()["live"], "removed": s.states()["removed"]} {
		s.visit(listening + `<div id="closed" style="width:0;height:0;overflow:hidden"><iframe style="width:100%;border:0" height="270" src="` + s.service.URL + `/e/` + string(id) + `?lang=es"></iframe></div>`)
		s.until("heard.some(({ data }) => data.sentinel === 'amp')")
		s.evaluate("heard.length = 0; document.getElementById('closed').style = 'width:480px'")
		s.until("heard.some(({ data }) => data.sentinel === 'amp')")
		if got := value[float64](s, "heard.findLast(({ data }) => data.sentinel === 'amp').data.height"); got < 200 || got > 600 {
			t.Errorf("%s: it says that it is %.0f pixels high", name, got)
		}
		if name == "live" {
			s.clickUntil(240, 135, func() bool { return s.count("/embed/good") > 0 })
		}
	}
}
