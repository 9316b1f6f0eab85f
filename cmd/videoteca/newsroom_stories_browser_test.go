package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

const storyPassword = "correct horse battery staple"

// office is an installation whose pages people work with.
type office struct {
	*site
	*service
}

// The main story of every page, told at each screen by a person with a video of their own. What is on the
// screen at each turn of a story is looked at as people would, and at two screens with axe-core too; at the
// other two of them TestAxeFindsNothingOnThePagesOfTheNewsroom does that.
func TestTheMainStoryOfEveryPageOnEveryScreen(t *testing.T) {
	n := office{site: newSiteAside(t)}
	n.platform.Many(2 * len(screens()))
	if got := try(t, storyPassword, n.args("user", "add", "ana", "--role", "admin", "--password-file", "-")...); got.code != exitOK {
		t.Fatal(got.errs)
	}
	n.service = serve(t, n.args("--token", web.NewToken())...)
	b := newPatientBrowser(t, time.Duration(len(screens()))*browserPatience)
	for i, s := range screens() {
		t.Run(s.String(), func(t *testing.T) {
			p := b.sit(t, s)
			if (s == screen{360, "light", "es"}) || (s == screen{1280, "dark", "en"}) {
				p.axe = axe(t)
			}
			w := work{office: n, person: p, id: archivetest.ManyID(2 * i), mirror: archivetest.ManyID(2*i + 1), title: fmt.Sprintf("Simulation %d", 2*i)}
			w.signIn()
			w.register()
			w.find()
			w.edit()
			w.try()
			w.takeDown()
			w.audit()
			w.remember()
			w.invite()
			w.makeToken()
			w.tune()
			w.readAboutTheAPI()
			w.signOut()
		})
	}
}

// work is what one person does with one video.
type work struct {
	office
	*person

	id, mirror, title string // on the platform
	video             string // the address of the video's page, without the language
}

// open opens a page by its address.
func (w *work) open(path, ready string) {
	w.Helper()
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	w.do("opening "+path, chromedp.Navigate(w.URL+path+sign+"lang="+w.lang), chromedp.WaitVisible(chromedp.CSS(ready)))
}

// follow clicks a link of the page's head.
func (w *work) follow(path, ready string) {
	w.Helper()
	w.click("following the link to "+path, fmt.Sprintf(".site-header nav a[href^='%s?']", path), ready)
}

// fill writes into fields, each named by a selector before what is written.
func (w *work) fill(values ...string) {
	w.Helper()
	for i := 0; i < len(values); i += 2 {
		w.run("writing", fmt.Sprintf(`const e = document.querySelector(%q); e.value = %q; for (const of of ["input", "change"]) e.dispatchEvent(new Event(of, { bubbles: true }));`, values[i], values[i+1]))
	}
}

// run does something in the page.
func (w *work) run(what, script string) {
	w.Helper()
	if _, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool]("(() => { "+script+" return true })()")); err != nil {
		w.Fatalf("%s: %s: %v", what, script, err)
	}
}

// send submits the form of a field with its own button and waits until what the next page has is there.
func (w *work) send(what, field, ready string) {
	w.Helper()
	w.leave(what, fmt.Sprintf(`const f = document.querySelector(%q).form; f.requestSubmit(f.querySelector("button:not([type=button])"));`, field), ready)
}

// click clicks a button or link and waits until what the next page has is there.
func (w *work) click(what, button, ready string) {
	w.Helper()
	w.leave(what, fmt.Sprintf(`document.querySelector(%q).click();`, button), ready)
}

// leave does what leads to another page.
func (w *work) leave(what, script, ready string) {
	w.Helper()
	w.run(what, `document.documentElement.dataset.before = 1; `+script)
	w.until(what, fmt.Sprintf(`!document.documentElement.dataset.before && document.readyState === "complete" && document.querySelector(%q)`, ready))
}

// tap clicks what leads to no other page.
func (w *work) tap(what, button string) {
	w.Helper()
	w.run(what, fmt.Sprintf(`document.querySelector(%q).click();`, button))
}

func (w *work) signIn() {
	w.open("/login", "[name=login]")
	w.says("h1", "login.title")
	w.looks("the door")
	w.fill("[name=login]", "ana", "[name=password]", "not that")
	w.send("a wrong password", "[name=password]", ".problem")
	w.says(".problem", "login.wrong")
	w.looks("the door, closed")
	w.fill("[name=login]", "ana", "[name=password]", storyPassword)
	w.send("signing in", "[name=password]", ".sign-out")
	w.looks("the first page")
}

// register takes the address of a video to a snippet in the clipboard.
func (w *work) register() {
	w.follow("/new", "[name=url]")
	w.looks("registering")
	w.do("pasting the address", chromedp.SendKeys(chromedp.CSS("[name=url]"), w.watch(w.id)), chromedp.WaitVisible(chromedp.CSS(".preview img")))
	w.looks("the preview")
	w.fill(fmt.Sprintf("[name='caption.%s']", w.lang), "A caption, Ñandú", "[name=eventDate]", "2019-09-25")
	w.send("saving", "[name=eventDate]", "[data-first]:not([hidden])")
	w.says(".done", "new.saved")
	w.do("copying", chromedp.Click(chromedp.CSS("[data-first]"))) // the clipboard is for a person's own click alone
	w.says("[data-copied]", "video.copied")
	w.looks("registered")
}

// find looks for the video in the library, in both views, and labels it.
func (w *work) find() {
	w.follow("/videos", "[data-row]")
	w.looks("the library")
	w.do("searching", chromedp.SendKeys(chromedp.CSS("[name=q]"), w.id))
	w.until("it is found", `document.querySelectorAll("[data-row]").length === 1 && location.search.includes("q=")`)
	w.tap("ticking it", "[data-row] input")
	w.fill("[name=tags]", "ONU")
	w.tap("labelling", "[name=action][value=label]")
	w.until("it has its label", `document.querySelector(".tag") && document.querySelector("[data-outcome] .done button")`)
	w.looks("the library, labelled")
	w.tap("undoing", "[data-outcome] .done button")
	w.until("the label is gone", `document.querySelector("main > .done") && !document.querySelector(".tag")`)
	w.open("/videos?view=table", "table")
	w.looks("the library as a table")
	w.open("/videos?q=zzzz", ".empty")
	w.looks("the library, with nothing found")
	w.open("/videos?q="+w.id, "[data-row]")
	w.click("opening it", "[data-open]", "#words")
	w.video = w.evaluate("location.pathname")
}

// edit writes a title, adds a mirror and puts it first.
func (w *work) edit() {
	w.looks("the video")
	w.fill(fmt.Sprintf("[name='title.%s']", w.lang), "«"+w.title+"»")
	w.send("saving", fmt.Sprintf("[name='title.%s']", w.lang), ".done")
	if got := w.text("h1"); got != "«"+w.title+"»" {
		w.Errorf("the title is %q", got)
	}
	w.fill("[name=eventDate]", "yesterday")
	w.send("saving", "[name=eventDate]", "[name=eventDate][aria-invalid]")
	w.looks("the video, with what cannot be saved")
	w.open(w.video, "#words")
	w.fill(".actions [name=url]", w.watch(w.mirror))
	w.send("adding it", ".actions [name=url]", ".sources li:nth-child(2)")
	w.tap("putting it first", ".sources li:nth-child(2) [data-move=up]")
	w.until("it is first", fmt.Sprintf(`document.querySelector(".sources li").dataset.source.endsWith(%q)`, w.mirror))
	w.looks("the video with two sources")
}

// try asks for the snippets of a dark player.
func (w *work) try() {
	w.open(w.video+"/try", "[data-try]")
	w.fill("[name=theme]", "dark") // what is chosen is shown at once
	w.until("the snippets are for a dark player", `document.readyState === "complete" && document.querySelector("[data-snippet=frame]").value.includes("theme=dark")`)
	w.looks("trying")
}

// takeDown withdraws the video, shows it again, and looks at what an erasure would take.
func (w *work) takeDown() {
	w.open(w.video+"/takedown", "#withdraw")
	w.looks("taking down")
	w.fill(fmt.Sprintf("[name='explanation.%s']", w.lang), "Por ahora no.")
	w.send("withdrawing", fmt.Sprintf("[name='explanation.%s']", w.lang), ".done")
	w.says(".state", "exposure.withdrawn")
	w.looks("withdrawn")
	w.click("showing it again", ".done button, form[action*='/publish'] button", ".state-live")
	w.says(".state", "exposure.public")
	w.open(w.video+"/takedown?preview=erase", "[name=basis]")
	w.looks("what an erasure would take")
}

// audit finds that the video is lost, on which evidence, and lets a person decide otherwise.
func (w *work) audit() {
	if err := w.platform.SetState(w.id, archivetest.Removed); err != nil {
		w.Fatal(err)
	}
	w.open(w.video, "#words")
	w.click("checking", "form[action*='/check'] button", ".done")
	w.until("it is suspect", `document.querySelector(".sources .state-suspect")`)
	w.looks("the video, one of its sources suspect")
	w.follow("/home", "#lost")
	w.looks("what awaits her")
	w.follow("/audit", "#new")
	w.looks("the audit")
	w.open("/audit?state=suspect", "[name=source]")
	w.tap("ticking", fmt.Sprintf("[name=source][value$=%q]", ":"+w.id))
	w.fill("[name=action]", "overrule", "[name=as]", "alive", "[name=reason]", "Seen by us")
	w.send("ruling", "[name=reason]", ".done, .task")
	w.until("it is done", `document.querySelector(".done, .task progress[value='1']")`)
	w.looks("the audit after a ruling")
	w.open(w.video+"/evidence", "#source-maketube\\:"+w.id)
	w.says(".warning", "evidence.ruled.alive")
	w.looks("the evidence")

	// It comes back, and stands no longer among those of which too many are lost at once.
	if err := w.platform.SetState(w.id, archivetest.Playable); err != nil {
		w.Fatal(err)
	}
	w.open(w.video, "#words")
	w.click("checking again", "form[action*='/check'] button", ".done")
	w.until("it is live", `!document.querySelector(".sources .state-suspect")`)
}

// remember reads what was done.
func (w *work) remember() {
	w.open(w.video+"/activity", ".activity")
	w.says(".activity", "activity.verb.withdraw")
	w.do("opening what changed", chromedp.Click(chromedp.CSS(".activity details summary")))
	w.looks("the activity")
}

// invite gives a person an account, and takes it away.
func (w *work) invite() {
	login := fmt.Sprintf("luis%s%s%d", w.lang, w.scheme, w.width)
	w.follow("/people", "[name=login]")
	w.looks("people")
	w.fill("#add ~ form [name=login], [action^='/people?'] [name=login]", login)
	w.send("inviting", "[action^='/people?'] [name=login]", ".done textarea")
	if link := w.value(".done textarea"); !strings.HasPrefix(link, w.URL) {
		w.Errorf("the link is %q", link)
	}
	w.looks("people, with one more")
	w.click("disabling", fmt.Sprintf("form[action^='/people/%s/disable'] button", login), ".done")
	w.says(".people .state-gone", "people.disabled")
}

// makeToken makes a token that is shown once, and revokes it.
func (w *work) makeToken() {
	w.follow("/account", "[name=name]")
	w.looks("the account")
	name := "[action^='/account/tokens'] [name=name]"
	w.fill(name, "Importer "+w.String())
	w.send("making it", name, ".done textarea")
	w.looks("the account, with a token")
	w.open("/account", "form[action*='/revoke']")
	w.click("revoking it", "form[action*='/revoke'] button", ".done")
	w.says("main", "account.noTokens")
}

// tune changes how often suspects are asked, and takes it back.
func (w *work) tune() {
	field := `[type=text][name=suspect]`
	w.follow("/settings", field)
	w.looks("the settings")
	w.fill(field, "often")
	w.send("saving", field, "#suspect-problem")
	w.looks("the settings, with what cannot be saved")
	w.fill(field, "3h")
	w.send("saving", field, ".done button")
	w.looks("the settings, saved")
	w.click("undoing", ".done button", ".done")
	if got := w.value(field); got != "" {
		w.Errorf("undone, the field says %q", got)
	}
}

func (w *work) readAboutTheAPI() {
	w.click("following the link", ".site-footer a", ".operation")
	w.says("h1", "apidoc.title")
	w.looks("the page on the API")
}

func (w *work) signOut() {
	w.click("signing out", ".sign-out button", "h1")
	w.open("/videos", "[name=login]")
	w.says("h1", "login.title")
}
