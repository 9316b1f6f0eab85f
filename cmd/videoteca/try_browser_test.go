package main

import (
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// hurried makes the wait for a silent player short in every frame.
const hurried = `{ const wait = window.setTimeout; window.setTimeout = (what, ms, ...more) => wait(what, ms === 10000 ? 100 : ms, ...more); }`

// cutChoices names the options of selects that are longer than there is room for, beside the arrow.
const cutChoices = `[...document.querySelectorAll('select')].flatMap((select) => {
	const style = getComputedStyle(select), pen = document.createElement('canvas').getContext('2d'), arrow = 20;
	pen.font = style.font;
	const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
	return [...select.options].map((one) => one.text).filter((text) => pen.measureText(text).width > room);
}).join('; ')`

// path is where the page is that the browser shows.
func (b *browser) path() string {
	b.Helper()
	path, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.pathname"))
	if err != nil {
		b.Fatal(err)
	}
	return path
}

func TestTheTryPageShowsASilentPlayerAWordPressSandboxAndADeadLinkAsReadersMeetThem(t *testing.T) {
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	service := serve(t, s.args("--token", web.NewToken())...)
	b := newBrowser(t)
	if _, err := chromedp.Call(b.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: hurried}); err != nil {
		t.Fatal(err)
	}
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".sign-out")))
	try := service.URL + "/videos/" + v.ID + "/try?lang=es&embed=es"
	frame := func(state string) string { return `iframe[src*="/as/` + state + `"]` }

	for _, width := range []int64{360, 1280} {
		for _, lang := range []string{"en", "es"} {
			b.do("opening the try page", chromedp.EmulateViewport(width, 800), chromedp.Navigate(service.URL+"/videos/"+v.ID+"/try?lang="+lang))
			if cut, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](cutChoices)); err != nil || cut != "" {
				t.Errorf("at %d in %s choices are cut: %s (%v)", width, lang, cut, err)
			}
		}
	}

	b.do("opening the try page", chromedp.EmulateViewport(1280, 12_000), chromedp.Navigate(try)) // so high that no frame waits to be scrolled to
	b.within("playing", []string{frame("silent")}, click("button.play"))
	b.within("waiting for the note", []string{frame("silent")}, visible(".note button"))
	for _, want := range []string{"sigue cargando", "Abrir en", "Probar con"} {
		if got := b.textWithin(frame("silent"), ".note"); !strings.Contains(got, want) {
			t.Errorf("the note has no %q: %s", want, got)
		}
	}
	if b.asked(s.platform.URL) {
		t.Error("the platform was asked for a player that is silent")
	}
	b.within("playing from the next source", []string{frame("silent")}, click(".note button"))
	b.within("waiting for it to play", []string{frame("silent"), ".screen iframe"}, func(in chromedp.QueryOption) chromedp.Action[chromedp.Void] {
		return chromedp.WaitReady(chromedp.CSS(`html[data-state="1"]`), in)
	})

	b.within("following the dead link", []string{frame("servergone")}, click("figcaption a"))
	b.within("reading what is there", []string{frame("servergone")}, visible("strong"))
	if got, host := b.textWithin(frame("servergone"), "body"), strings.TrimPrefix(service.URL, "http://"); !strings.Contains(got, host+" no responde") {
		t.Errorf("the dead link says %q", got)
	}
	if got := b.path(); got != "/videos/"+v.ID+"/try" {
		t.Errorf("the dead link leads to %s", got)
	}

	b.within("following the poster", []string{frame("sandbox"), "iframe"}, click("a.facade"))
	b.do("waiting for the watch page", chromedp.WaitVisible(chromedp.CSS("body.watch h1")))
	if got := b.path(); got != "/v/"+v.ID {
		t.Errorf("the poster in the sandbox leads to %s", got)
	}
}
