package main

import (
	"fmt"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// An editor registers with the keyboard alone: what she pastes is looked at at once, a second time it
// is recognised, and one key copies the snippet.
func TestRegisteringWithTheKeyboardAlone(t *testing.T) {
	s := newSiteAside(t)
	service := serve(t, s.args("--token", web.NewToken())...)
	b := newBrowser(t)
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".empty")))
	b.do("typing an address", chromedp.Navigate(service.URL+"/new?lang=es"), chromedp.KeyEvent(s.watch(archivetest.NewYorkID)), chromedp.WaitVisible(chromedp.CSS(".preview img")))
	if got := b.text(".preview h2"); !strings.Contains(got, "Nueva York, 25 de septiembre de 2019") {
		t.Errorf("the preview says %q", got)
	}
	if len(s.list(t)) != 0 {
		t.Error("looking has registered the video")
	}
	b.do("taking the day that the source names", chromedp.Focus(chromedp.CSS(`[data-use=eventDate]`)), chromedp.KeyEvent(kb.Enter))
	if got := b.value("[name=eventDate]"); got != "2019-09-25" {
		t.Errorf("the date is %q", got)
	}
	b.do("saving", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("[data-first]")))
	if got := b.text("[data-copied]"); got != "" {
		t.Errorf("it says %q before anything was copied", got)
	}
	b.do("copying with one key", chromedp.KeyEvent(kb.Enter))
	b.until("waiting for the word that it was copied", `document.querySelector("[data-copied]").textContent === "Copiado"`)
	b.do("typing it again, in another form", chromedp.Navigate(service.URL+"/new?lang=es"), chromedp.KeyEvent(s.watch(archivetest.NewYorkID)+"&t=5"), chromedp.WaitVisible(chromedp.CSS("#known")))
	if got := b.text(".preview .done"); !strings.Contains(got, "ya está registrado") {
		t.Errorf("the page says %q", got)
	}
	b.until("emptying the field", `(document.querySelector("[name=url]").value = "", true)`)
	b.do("typing what is no address", chromedp.SendKeys(chromedp.CSS("[name=url]"), "no"), chromedp.WaitNotPresent(chromedp.CSS("#known")))
}

// An article's address lists its videos; those that are ticked are registered, with progress, and the
// page ends with all snippets.
func TestAnArticlesVideosAreRegisteredTogether(t *testing.T) {
	s := newSiteAside(t)
	article := articleWith(t, `<iframe src="`+s.watch(archivetest.NewYorkID)+`" title="Nueva York"></iframe><a href="`+s.watch(archivetest.OvalOfficeID)+`">Despacho Oval</a>`)
	service := serve(t, s.args("--token", web.NewToken(), "--allow-address", strings.TrimPrefix(article, "http://"))...)
	b := newBrowser(t)
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".empty")))
	b.do("typing the article's address", chromedp.Navigate(service.URL+"/new?lang=en"), chromedp.KeyEvent(article), chromedp.WaitVisible(chromedp.CSS(".finds")))
	ticked, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`[...document.querySelectorAll(".finds input")].map((i) => i.checked).join()`))
	if err != nil || ticked != "true,false" {
		t.Errorf("ticked: %q, %v", ticked, err)
	}
	b.do("ticking the second and registering", chromedp.Click(chromedp.CSS(".finds li:nth-child(2) input")), chromedp.Click(chromedp.CSS("[data-register-many] button")),
		chromedp.WaitVisible(chromedp.CSS(".saved:nth-of-type(2)")))
	list := s.list(t)
	if len(list) != 2 {
		t.Fatalf("%d videos are registered", len(list))
	}
	b.do("opening the video's page", chromedp.Navigate(service.URL+"/videos/"+list[0].ID), chromedp.WaitVisible(chromedp.CSS("#articles")))
	if got := b.text(`[aria-labelledby="articles"]`); !strings.Contains(got, "Artículo") && !strings.Contains(got, article) {
		t.Errorf("the article is not noted: %q", got)
	}
}

// Who types faster than the page's scripts come is not left waiting.
func TestWhatIsTypedBeforeTheScriptIsThereIsLookedAtToo(t *testing.T) {
	s := newSiteAside(t)
	service := serve(t, s.args("--token", web.NewToken())...)
	b := signedIn(t, service)
	typed := fmt.Sprintf(`new MutationObserver((_, seeing) => {
		const field = document.querySelector("[data-ask] textarea");
		if (!field) return;
		seeing.disconnect();
		field.value = %q;
	}).observe(document, { childList: true, subtree: true })`, s.watch(archivetest.NewYorkID))
	if _, err := chromedp.Call(b.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: typed}); err != nil {
		t.Fatal(err)
	}
	b.do("opening the page", chromedp.Navigate(service.URL+"/new?lang=en"))
	b.until("it is looked at", `document.querySelector(".preview img")`)
}
