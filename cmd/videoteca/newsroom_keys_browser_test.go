package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/web"
)

// signedIn is a browser of somebody who may do everything.
func signedIn(t *testing.T, service *service) *browser {
	t.Helper()
	b := newBrowser(t)
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".site-header nav")))
	return b
}

// browserOf is a browser of an editor with an account of their own.
func (s *site) browserOf(t *testing.T, service *service, login string) *browser {
	t.Helper()
	const password = "correct horse battery staple"
	if got := try(t, password, s.args("user", "add", login, "--role", "editor", "--password-file", "-")...); got.code != exitOK {
		t.Fatal(got.errs)
	}
	b := newBrowser(t)
	b.do("signing in as "+login, chromedp.Navigate(service.URL+"/login?lang=es"), chromedp.SetValue(chromedp.CSS("[name=login]"), login),
		chromedp.SetValue(chromedp.CSS("[name=password]"), password), chromedp.Submit(chromedp.CSS("[name=password]")), chromedp.WaitVisible(chromedp.CSS(".site-header nav")))
	return b
}

// press presses keys, one after the other. Key and character go as one event, so that a shortcut which takes the
// key keeps its character out of the field that it leads to, as for people.
func (b *browser) press(keys ...string) {
	b.Helper()
	for _, r := range strings.Join(keys, "") {
		down := *kb.Encode(r)[0]
		for _, event := range kb.Encode(r) {
			if event.Type == kb.KeyChar {
				down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, event.Text, event.UnmodifiedText
			}
		}
		up := down
		up.Type, up.Text, up.UnmodifiedText = kb.KeyUp, "", ""
		for _, event := range []input.DispatchKeyEventParams{down, up} {
			if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, event); err != nil {
				b.Fatalf("pressing %q: %v", r, err)
			}
		}
	}
}

// holds reports whether a condition of the page holds now.
func (b *browser) holds(condition string) bool {
	b.Helper()
	ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
	if err != nil {
		b.Fatalf("%s: %v", condition, err)
	}
	return ok
}

// keysReady is the condition that the page's shortcuts work.
const keysReady = `document.querySelector("[data-keys-open]:not([hidden])")`

// focused is the condition that an element with this text has the focus.
func focused(text string) string {
	return fmt.Sprintf("document.activeElement.textContent.includes(%q)", text)
}

// library is a site with the two meetings and three more, and its service.
func library(t *testing.T) (*site, *service, web.APIVideo) {
	t.Helper()
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	for i, title := range []string{"Visita al hospital", "Firma del acuerdo", "Rueda de prensa"} {
		if err := s.platform.Add(archivetest.Video{ID: fmt.Sprintf("further%04d", i), Title: title, Largest: archivetest.Default}); err != nil {
			t.Fatal(err)
		}
		s.add(t, fmt.Sprintf("further%04d", i))
	}
	return s, serve(t, s.args("--token", web.NewToken())...), v
}

func TestTheLibraryIsWorkedWithTheKeyboardAlone(t *testing.T) {
	_, service, _ := library(t)
	b := signedIn(t, service)

	b.until("the keys work", keysReady)

	// The sheet of keys opens with a key and with its button, and closes with Escape.
	b.press("?")
	b.until("the sheet is open", `document.querySelector("#keys").open`)
	b.press("n", kb.Escape)
	b.until("the sheet is closed", `!document.querySelector("#keys").open && location.pathname !== "/new"`)
	b.press("g", "v")
	b.until("the library is there", `location.pathname === "/videos" && document.querySelector("[data-row]") && `+keysReady)

	// Two videos are ticked, from row to row.
	b.press("j")
	b.until("the first has the focus", focused("Rueda de prensa"))
	b.press("x", kb.ArrowDown, "j", "k")
	b.until("the second has the focus", focused("Firma del acuerdo"))
	b.press("x")
	b.until("the number of ticked ones is said", `document.querySelector("[data-picked]").textContent.includes("2")`)

	// Typing a search fires nothing, keeps the focus and says how many there are.
	b.press("/", "h", "o", "s", "p", "?", "g", "h")
	b.until("typing is typing", `document.activeElement.value === "hosp?gh" && !document.querySelector("#keys").open`)
	b.press(kb.Backspace, kb.Backspace, kb.Backspace)
	b.until("the search is answered", `document.querySelectorAll("[data-row]").length === 1 && document.querySelector("[data-count]").textContent.trim().startsWith("1 ")`)
	if !b.holds(`document.activeElement.name === "q" && location.search.includes("q=hosp")`) {
		t.Error("the field of the search has lost the focus")
	}
	b.until("what is ticked and not shown is still counted", `document.querySelector("[data-picked]").textContent.includes("2") && document.querySelectorAll('input[type=hidden][name=video]').length === 2`)
	b.press(kb.Backspace, kb.Backspace, kb.Backspace, kb.Backspace)
	b.until("all are there again, and two are ticked", `document.querySelectorAll("[data-row]").length === 4 && document.querySelectorAll('[data-row] input:checked').length === 2`)

	// Both get a label, and lose it again.
	b.press(kb.Tab)
	b.press("b")
	b.until("the field of labels has the focus", `document.activeElement.name === "tags"`)
	b.press("O", "N", "U", kb.Enter)
	b.until("the labels are there", `document.querySelectorAll(".tag").length === 2 && document.querySelector("[data-outcome] .done button")`)
	if !b.holds(`document.querySelectorAll("[data-row] input:checked").length === 0`) {
		t.Error("what was done is still ticked")
	}
	b.do("undoing", chromedp.Focus(chromedp.CSS("[data-outcome] .done button")), chromedp.KeyEvent(kb.Enter))
	b.until("they are gone", `document.querySelectorAll("[data-row]").length === 4 && document.querySelectorAll(".tag").length === 0 && document.querySelector(".done") && `+keysReady)

	// A row's pages, and the video's.
	b.press("j", "e")
	b.until("the evidence is there", `location.pathname.endsWith("/evidence") && `+keysReady)
	b.press("v")
	b.until("the video is there", `/^\/videos\/[^\/]+$/.test(location.pathname) && document.querySelector("#words") && `+keysReady)
	b.press("w")
	b.until("the words have the focus", `document.activeElement.name === "title.es"`)
}

func TestShortcutsAreSwitchedOffForGood(t *testing.T) {
	_, service, _ := library(t)
	b := signedIn(t, service)
	b.do("opening the library", chromedp.Navigate(service.URL+"/videos?lang=en"), chromedp.WaitVisible(chromedp.CSS("[data-keys-open]")))
	b.do("opening the sheet with its button", chromedp.Focus(chromedp.CSS("[data-keys-open]")), chromedp.KeyEvent(kb.Enter))
	b.until("it is open", `document.querySelector("#keys").open`)
	b.do("switching off", chromedp.Focus(chromedp.CSS("[data-keys-on]")), chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.Escape))
	b.until("it is closed", `!document.querySelector("#keys").open`)
	for range 2 {
		b.press("?", "j", "n")
		b.do("doing what the keys would not overtake", chromedp.Evaluate[chromedp.Void]("new Promise(requestAnimationFrame).then(() => undefined)", chromedp.EvalAwaitPromise))
		if !b.holds(`!document.querySelector("#keys").open && location.pathname === "/videos" && !document.activeElement.closest("[data-row]")`) {
			t.Error("a key still does something")
		}
		b.do("loading anew", chromedp.Navigate(service.URL+"/videos?lang=en"), chromedp.WaitVisible(chromedp.CSS("[data-keys-open]")))
	}
}

func TestOneFailureAmongManyIsNamedByItsTitle(t *testing.T) {
	s, service, v := library(t)
	b := signedIn(t, service)
	b.do("opening the library", chromedp.Navigate(service.URL+"/videos?lang=en"), chromedp.WaitVisible(chromedp.CSS("[data-all]")), chromedp.Click(chromedp.CSS("[data-all]")))
	// Another process erases one of them meanwhile.
	n := s.newsroomAt(t)
	if _, err := n.eraser().Erase(t.Context(), archive.VideoID(v.ID), "a court's order", "", "ana"); err != nil {
		t.Fatal(err)
	}
	b.do("labelling all", chromedp.SetValue(chromedp.CSS(".bulk [name=tags]"), "ONU"), chromedp.Click(chromedp.CSS(".bulk [value=label]")))
	b.until("the failure is named", `document.querySelector("[data-outcome] .problem li")`)
	if said := b.text("[data-outcome]"); strings.Contains(said, v.ID+":") || !strings.Contains(said, "still ticked") {
		t.Errorf("the page says %q", said)
	}
	b.until("the others were done", `document.querySelectorAll(".tag").length === 3`)
}

// ofThreeSources is the page of a video that has two mirrors beside its source.
func ofThreeSources(t *testing.T) *browser {
	t.Helper()
	s, service, v := library(t)
	for i := range 2 {
		id := fmt.Sprintf("mirror0000%d", i)
		if err := s.platform.Add(archivetest.Video{ID: id, Title: "Copia", Largest: archivetest.Default}); err != nil {
			t.Fatal(err)
		}
		command(t, s.args("add", "--to", v.ID, s.watch(id))...)
	}
	b := signedIn(t, service)
	b.do("opening the video", chromedp.Navigate(service.URL+"/videos/"+v.ID+"?lang=en"), chromedp.WaitVisible(chromedp.CSS("[data-sources] li:nth-child(3)")))
	return b
}

func TestSourcesAreMovedWithTheArrows(t *testing.T) {
	b := ofThreeSources(t)
	const third = `[data-source="maketube:mirror00001"]`
	b.do("going to the last source's arrow", chromedp.Focus(chromedp.CSS(third+" [data-move=up]")))
	for place := 2; place >= 1; place-- {
		b.press(kb.ArrowUp)
		b.until("it has moved up", fmt.Sprintf(`document.querySelectorAll("[data-source]")[%d]?.matches('%s')`, place-1, third))
		b.until("the focus went with it, and it is said", fmt.Sprintf(`document.activeElement.closest('%s') && document.querySelector("[data-moved]").textContent === "maketube is now number %d of 3."`, third, place))
	}
	b.press(kb.ArrowUp) // at the top nothing happens
	b.press(kb.ArrowDown)
	b.until("it has moved down", fmt.Sprintf(`document.querySelectorAll("[data-source]")[1].matches('%s')`, third))
	b.do("undoing", chromedp.Click(chromedp.CSS("main > .done button")), chromedp.WaitVisible(chromedp.CSS(".done")))
	b.until("it is first again", fmt.Sprintf(`document.querySelector("[data-source]").matches('%s')`, third))
}

func TestTwoEditorsInTwoBrowsers(t *testing.T) {
	s, service, v := library(t)
	ana, luis := s.browserOf(t, service, "ana"), s.browserOf(t, service, "luis")
	at := service.URL + "/videos/" + v.ID + "?lang=es"
	for _, b := range []*browser{ana, luis} {
		b.do("opening the video", chromedp.Navigate(at), chromedp.WaitVisible(chromedp.CSS(`[name="title.es"]`)))
	}
	ana.do("writing", chromedp.SetValue(chromedp.CSS(`[name="title.es"]`), "El de Ana"), chromedp.SetValue(chromedp.CSS(`[name="eventDate"]`), "2019-09-25"),
		chromedp.Submit(chromedp.CSS(`[name="title.es"]`)), chromedp.WaitVisible(chromedp.CSS(".done")))
	luis.do("writing otherwise", chromedp.SetValue(chromedp.CSS(`[name="title.es"]`), "El de Luis"), chromedp.SetValue(chromedp.CSS(`[name="caption.es"]`), "La leyenda de Luis"),
		chromedp.Submit(chromedp.CSS(`[name="title.es"]`)), chromedp.WaitVisible(chromedp.CSS(".clash")))
	if got := luis.text(".clash q"); got != "El de Ana" {
		t.Errorf("of what Ana saved the page shows %q", got)
	}
	if got := luis.value(`[name="eventDate"]`); got != "2019-09-25" {
		t.Errorf("what Ana alone changed is %q", got)
	}
	luis.do("saving without a choice", chromedp.Click(chromedp.CSS(`[aria-labelledby="words"] button.primary`)))
	luis.until("the browser asks for one", `document.querySelector('[name="pick.title.es"]:invalid')`)
	luis.do("taking Ana's", chromedp.Click(chromedp.CSS(`[name="pick.title.es"][value="theirs"]`)), chromedp.Click(chromedp.CSS(`[aria-labelledby="words"] button.primary`)), chromedp.WaitVisible(chromedp.CSS(".done")))
	for selector, want := range map[string]string{`[name="title.es"]`: "El de Ana", `[name="caption.es"]`: "La leyenda de Luis", `[name="eventDate"]`: "2019-09-25"} {
		if got := luis.value(selector); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
}
