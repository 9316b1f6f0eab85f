package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// axe is axe-core, which finds much of what keeps people out of a page.
func axe(t *testing.T) string {
	t.Helper()
	file := os.Getenv("VIDEOTECA_AXE")
	if file == "" {
		cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
		if err != nil {
			t.Fatal(err)
		}
		file = filepath.Join(strings.TrimSpace(string(cache)), "videoteca-tools", "axe-4.14.1.min.js")
	}
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; fetch it with tools/fetch-axe %s", err, file)
	}
	return string(script)
}

// examine runs axe-core in the page, of which frames are left to the tests of embeds, and looks whether
// the page is wider than the screen.
func (b *browser) examine(script, what string) {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script+"; true")); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
	var violations []struct {
		ID, Help string
		Nodes    []struct{ HTML string }
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.Fatal(err)
	}
	for _, v := range violations {
		b.Errorf("%s: %s: %s: %s", what, v.ID, v.Help, v.Nodes[0].HTML)
	}
	if wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`)); err != nil || wide {
		b.Errorf("%s is wider than the screen (%v)", what, err)
	}
}

// Every page of the newsroom, in both languages and themes, on a phone and on a desk.
func TestAxeFindsNothingOnThePagesOfTheNewsroom(t *testing.T) {
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	other := s.add(t, archivetest.OvalOfficeID)
	command(t, s.args("user", "add", "ana", "--role", "admin")...)
	service := serve(t, s.args("--token", web.NewToken())...)
	script := axe(t)
	b := newBrowser(t)
	b.do("opening the door", chromedp.Navigate(service.URL+"/login?lang=es"))
	b.examine(script, "the page of signing in")
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".sign-out")))
	video := "/videos/" + v.ID
	for _, screen := range []struct {
		width        int64
		scheme, lang string
	}{{360, "dark", "es"}, {1280, "light", "en"}} {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: screen.scheme}}
		if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
			t.Fatal(err)
		}
		b.do("setting the screen", chromedp.EmulateViewport(screen.width, 800))
		for _, path := range []string{
			"/home", "/videos", "/videos?view=table&state=live", "/videos?q=nothing", "/new", "/new?url=" + s.watch(archivetest.NewYorkID), video, video + "/evidence",
			video + "?merge=" + other.ID, video + "?merge=nothing", video + "/activity", video + "/takedown?preview=erase", video + "/try", "/audit", "/people", "/settings", "/settings?preview=1&keep=days&days=soon", "/account", "/api/v1/docs", "/nowhere",
		} {
			sign := "?"
			if strings.Contains(path, "?") {
				sign = "&"
			}
			what := fmt.Sprintf("%s at %d, %s, %s", path, screen.width, screen.scheme, screen.lang)
			b.do(what, chromedp.Navigate(service.URL+path+sign+"lang="+screen.lang))
			b.examine(script, what)
		}
		older := fmt.Sprintf("a page of taking down older than what holds, at %d, %s, %s", screen.width, screen.scheme, screen.lang)
		b.do(older, chromedp.Navigate(service.URL+video+"/takedown?lang="+screen.lang))
		if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`{
			const form = document.querySelector("form[action*='/withdraw']"), fields = form.elements;
			[fields.seen.value, fields["base.explanation.es"].value, fields["explanation.es"].value] = ["0", "Antes", "Por ahora no."];
			form.requestSubmit();
		}; true`)); err != nil {
			t.Fatal(err)
		}
		b.do(older, chromedp.WaitVisible(chromedp.CSS(".clash")))
		b.examine(script, older)
	}
}
