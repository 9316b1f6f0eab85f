package main

import (
	"fmt"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// How the newsroom's scripts take answers that come late, get lost, or refuse.

// interpose puts a function around every fetch of the page: it gets the real fetch and its arguments.
func (b *browser) interpose(function string) {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](interposing(function)+"; true")); err != nil {
		b.Fatal(err)
	}
}

func interposing(function string) string {
	return "{ const real = window.fetch.bind(window), around = " + function + "; window.fetch = (...given) => around(real, ...given); }"
}

// refusing answers as the door does to somebody who is not let in, and counts how often.
const refusing = `async (real, ...given) => { window.asked = (window.asked ?? 0) + 1; return new Response("<!doctype html><title>x</title>", { status: %d, headers: { "Content-Type": "text/html" } }); }`

// titles are the page's, in the order of the rows.
const titles = `[...document.querySelectorAll("[data-row] h2")].map((e) => e.textContent.trim()).join()`

func TestAnOlderSearchDoesNotOverwriteANewerOne(t *testing.T) {
	_, service, _ := library(t)
	b := signedIn(t, service)
	b.do("opening the library", chromedp.Navigate(service.URL+"/videos?lang=en"), chromedp.WaitVisible(chromedp.CSS("[data-all]")))
	// The head of the older answer comes at once, and its body after the newer one.
	b.interpose(`async (real, address, options) => {
		const answer = await real(address, options);
		if (!String(address).includes("hosp&") && !String(address).endsWith("hosp")) return answer;
		const body = await answer.text();
		return { ok: true, status: 200, text: () => new Promise((resolve) => { window.later = () => { resolve(body); window.came = true; }; }) };
	}`)
	b.do("searching", chromedp.SendKeys(chromedp.CSS("[name=q]"), "hosp"))
	b.until("the older answer is on its way", `window.later`)
	b.until("the newer one is typed", `(() => { const q = document.querySelector("[name=q]"); q.value = "acuerdo"; q.dispatchEvent(new Event("input")); return true })()`)
	b.until("the newer one is answered", titles+` === "Firma del acuerdo"`)
	b.until("the older one comes", `(window.later(), window.came)`)
	b.do("letting it be read", chromedp.Evaluate[chromedp.Void]("new Promise((done) => setTimeout(done, 100)).then(() => undefined)", chromedp.EvalAwaitPromise))
	if !b.holds(titles + ` === "Firma del acuerdo" && location.search.includes("acuerdo")`) {
		t.Errorf("the page shows %s at %s", b.evaluate(titles), b.evaluate("location.search"))
	}
}

func TestWhoIsSignedOutIsToldAndLosesNoTick(t *testing.T) {
	_, service, _ := library(t)
	b := signedIn(t, service)
	for status, want := range map[int]string{401: "You are no longer signed in", 403: "Your account may not do this"} {
		b.do("opening the library", chromedp.Navigate(service.URL+"/home?lang=en"), chromedp.Navigate(service.URL+"/videos?lang=en"), chromedp.WaitVisible(chromedp.CSS("[data-all]")), chromedp.Click(chromedp.CSS("[data-all]")))
		b.interpose(fmt.Sprintf(refusing, status))
		b.do("labelling", chromedp.SetValue(chromedp.CSS(".bulk [name=tags]"), "ONU"), chromedp.Click(chromedp.CSS(".bulk [value=label]")))
		b.until("it is said", `document.querySelector("[data-outcome] .problem")`)
		if said := b.text("[data-outcome]"); !strings.Contains(said, want) || strings.Contains(said, "not reached") {
			t.Errorf("%d: the page says %q", status, said)
		}
		if !b.holds(`window.asked === 1 && document.querySelectorAll("[data-row] input:checked").length === 4`) {
			t.Errorf("%d: it asked on, or the ticks are lost", status)
		}
		if link := b.holds(`document.querySelector('[data-outcome] a[href^="/login"][target=_blank]')`); link != (status == 401) {
			t.Errorf("%d: the page leads to the door: %t", status, link)
		}
	}
}

func TestATaskIsFollowedNoLongerByWhoIsSignedOut(t *testing.T) {
	_, service, _ := library(t)
	b := signedIn(t, service)
	script := interposing(fmt.Sprintf(refusing, 401)) + `
	new MutationObserver((_, seeing) => {
		const heading = document.querySelector("main h1");
		if (!heading) return;
		seeing.disconnect();
		heading.insertAdjacentHTML("afterend", '<div data-task="/audit/tasks/x"><p role="status">1</p><progress max="2" value="1"></progress></div>');
	}).observe(document, { childList: true, subtree: true })`
	if _, err := chromedp.Call(b.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
	b.do("opening the audit", chromedp.Navigate(service.URL+"/audit?lang=es"), chromedp.WaitVisible(chromedp.CSS("[data-task]")))
	b.until("it is said", `document.querySelector("[data-task] [role=status]").textContent.includes("Su sesión terminó")`)
	b.do("waiting for another question", chromedp.Evaluate[chromedp.Void]("new Promise((done) => setTimeout(done, 2200)).then(() => undefined)", chromedp.EvalAwaitPromise))
	if !b.holds(`window.asked === 1`) {
		t.Errorf("it asked %s times", b.evaluate("String(window.asked)"))
	}
}

func TestASourceWhoseAnswerIsLostMovesOnce(t *testing.T) {
	b := ofThreeSources(t)
	b.interpose(`async (real, ...given) => { await real(...given); throw new TypeError("lost"); }`)
	b.until("moving it", `(document.documentElement.dataset.before = 1, document.querySelector('[data-source="maketube:mirror00001"] [data-move=up]').click(), true)`)
	b.until("the page is there anew", `!document.documentElement.dataset.before && document.readyState === "complete" && document.querySelector("[data-sources] li:nth-child(3)")`)
	if !b.holds(`document.querySelectorAll("[data-source]")[1].dataset.source === "maketube:mirror00001"`) {
		t.Errorf("the sources are %s", b.evaluate(`[...document.querySelectorAll("[data-source]")].map((e) => e.dataset.source).join()`))
	}
}

// listing is the page Register with a list of two addresses that are ticked.
func listing(t *testing.T) (*site, *browser) {
	t.Helper()
	s := newSiteAside(t)
	service := serve(t, s.args("--token", web.NewToken())...)
	b := signedIn(t, service)
	b.do("opening the page", chromedp.Navigate(service.URL+"/new?lang=es"), chromedp.WaitVisible(chromedp.CSS("[name=url]")),
		chromedp.SendKeys(chromedp.CSS("[name=url]"), s.watch(archivetest.NewYorkID)+" "+s.watch(archivetest.OvalOfficeID)), chromedp.WaitVisible(chromedp.CSS(".finds li:nth-child(2)")))
	return s, b
}

const registerTicked = "[data-register-many] button.primary"

func TestWhatWasRegisteredBeforeAFailureIsNotLost(t *testing.T) {
	s, b := listing(t)
	b.interpose(`async (real, ...given) => {
		if (window.broken || !String(given[1]?.body).includes("` + archivetest.OvalOfficeID + `")) return real(...given);
		window.broken = true;
		throw new TypeError("Failed to fetch");
	}`)
	b.do("registering", chromedp.Click(chromedp.CSS(registerTicked)), chromedp.WaitVisible(chromedp.CSS("[data-saved] a")))
	if said := b.text(".finds li:nth-child(2) [data-row-problem]"); said != "No se pudo llegar al servidor. Inténtelo de nuevo." {
		t.Errorf("beside the second it says %q", said)
	}
	list := s.list(t)
	if len(list) != 1 {
		t.Fatalf("%d videos are registered", len(list))
	}
	if href := b.evaluate(`document.querySelector("[data-saved] a").getAttribute("href")`); href != "/new?saved="+list[0].ID+"&lang=es" {
		t.Errorf("the snippets of the first are said to be at %s", href)
	}
	b.do("trying the second again", chromedp.Click(chromedp.CSS(registerTicked)), chromedp.WaitVisible(chromedp.CSS(".saved:nth-of-type(2)")))
	if !b.holds(`document.querySelectorAll(".saved").length === 2`) {
		t.Error("the first one's snippet is not there")
	}
}

func TestRegisteringManySaysWhatIsInItsWay(t *testing.T) {
	_, b := listing(t)
	b.do("with no address of an article", chromedp.SetValue(chromedp.CSS("[data-register-many] [name=article]"), "no address"), chromedp.Click(chromedp.CSS(registerTicked)),
		chromedp.WaitVisible(chromedp.CSS("[data-problem]")))
	if said := b.text("[data-problem]"); !strings.Contains(said, "Esta no es una dirección web") || !b.holds(`document.activeElement.matches('[name=article][aria-invalid=true][aria-describedby]')`) {
		t.Errorf("it says %q, not beside the field", said)
	}
	b.until("more than a page holds", `(() => { const f = document.querySelector("[data-register-many]"); f.elements.article.value = ""; f.dataset.most = 1; return true })()`)
	b.do("registering", chromedp.Click(chromedp.CSS(registerTicked)), chromedp.WaitVisible(chromedp.CSS("[data-problem]")))
	if said := b.text("[data-problem]"); !strings.Contains(said, "Como máximo 100 a la vez") {
		t.Errorf("it says %q", said)
	}
	b.until("as many as hold", `(document.querySelector("[data-register-many]").dataset.most = 100, true)`)
	b.interpose(fmt.Sprintf(refusing, 401))
	b.do("registering", chromedp.Click(chromedp.CSS(registerTicked)))
	b.until("who is signed out is told", `document.querySelector("[data-problem] a[href^='/login']")`)
	if !b.holds(`document.querySelectorAll(".finds input:checked").length === 2`) {
		t.Error("the ticks are lost")
	}
}

func TestWhatCouldNotBeFetchedIsSaidBesideWhatWasRegistered(t *testing.T) {
	s, b := listing(t)
	if err := s.platform.SetFault(archivetest.FaultDown); err != nil {
		t.Fatal(err)
	}
	b.do("registering", chromedp.Click(chromedp.CSS(registerTicked)), chromedp.WaitVisible(chromedp.CSS("[data-saved] a")))
	if !b.holds(`[...document.querySelectorAll("[data-row-note]")].every((e) => !e.hidden && e.textContent.trim()) && document.activeElement.matches("[data-saved] a")`) {
		t.Errorf("the page says %q", b.text(".finds"))
	}
}

// What was typed for a video is there again whatever the address went through, and is offered where it is another's.
func TestTypedWordsOutliveChangesOfTheAddress(t *testing.T) {
	s := newSiteAside(t)
	service := serve(t, s.args("--token", web.NewToken())...)
	b := signedIn(t, service)
	look := func(what, address, ready string) {
		b.Helper()
		b.until(what, fmt.Sprintf(`(() => { const f = document.querySelector("[name=url]"); f.value = %q; f.dispatchEvent(new Event("input", { bubbles: true })); return true })()`, address))
		b.until(what, ready)
	}
	first, second := s.watch(archivetest.NewYorkID), s.watch(archivetest.OvalOfficeID)
	b.do("opening the page", chromedp.Navigate(service.URL+"/new?lang=es"), chromedp.WaitVisible(chromedp.CSS("[data-ask] [name=url]")))
	of := func(id string) string {
		return fmt.Sprintf(`document.querySelector('form[data-of$=":%s"]')`, id)
	}
	look("the first", first, of(archivetest.NewYorkID))
	b.do("typing", chromedp.SetValue(chromedp.CSS(`[name="caption.es"]`), "Lo que escribí"), chromedp.SetValue(chromedp.CSS(`[name="title.es"]`), "Mi título"), chromedp.Focus(chromedp.CSS(`[name="caption.es"]`)))
	kept := `document.querySelector('[name="caption.es"]')?.value === "Lo que escribí" && document.querySelector('[name="title.es"]')?.value === "Mi título"`
	look("the same in another form", first+"&t=5", of(archivetest.NewYorkID)+` && document.querySelector('[name=url][value$="t=5"]') && `+kept)
	if !b.holds(`document.activeElement.name === "caption.es"`) {
		t.Error("the focus is lost")
	}
	look("a second one besides", first+" "+second, `document.querySelector(".finds")`)
	look("the first alone again", first, of(archivetest.NewYorkID)+" && "+kept)
	look("nothing", "", `!document.querySelector("#found > *")`)
	look("another one", second, of(archivetest.OvalOfficeID))
	if b.holds(`document.querySelector('[name="caption.es"]').value`) {
		t.Error("what was typed for one video stands in the form of another")
	}
	b.do("taking it over", chromedp.Click(chromedp.CSS(`[data-use="title.es"][data-value="Mi título"]`)))
	if got := b.value(`[name="title.es"]`); got != "Mi título" {
		t.Errorf("the title is %q", got)
	}
}
