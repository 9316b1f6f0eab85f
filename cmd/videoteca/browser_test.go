package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// browserPatience bounds one story in the browser on a loaded machine.
const browserPatience = 4 * time.Minute

// browser is a headless Chromium, Debian's. Where there is none the test fails.
type browser struct {
	*testing.T
	ctx context.Context

	mu    sync.Mutex
	hosts map[string]bool // that were asked for anything
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	return newPatientBrowser(t, browserPatience)
}

// newPatientBrowser is for several stories in one browser.
func newPatientBrowser(t *testing.T, patience time.Duration) *browser {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.Flag("disable-features", "SitePerProcess,IsolateOrigins,OriginKeyedProcessesByDefault,StrictOriginIsolation"))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, flags...)
	t.Cleanup(cancel)
	b := &browser{T: t, hosts: map[string]bool{}}
	b.ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(b.note))
	t.Cleanup(cancel)
	b.do("starting Chromium (tools/install-deps installs it)", chromedp.Navigate("about:blank"))
	if _, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// note keeps every host that the page or a frame of it asks.
func (b *browser) note(event any) {
	e, ok := event.(*network.EventRequestWillBeSent)
	if !ok {
		return
	}
	if u, err := url.Parse(e.Request.URL); err == nil && u.Host != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.hosts[u.Host] = true
	}
}

// asked reports whether the host of the address was asked for anything.
func (b *browser) asked(address string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, host, _ := strings.Cut(address, "://")
	return b.hosts[host]
}

func (b *browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// within does something in a frame, or in a frame of a frame. A frame's document
// comes later than its element, so the frame is looked for anew until it works.
func (b *browser) within(what string, frames []string, step func(in chromedp.QueryOption) chromedp.Action[chromedp.Void]) {
	b.Helper()
	var err error
	for deadline := time.Now().Add(framePatience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = b.tryWithin(frames, step); err == nil {
			return
		}
	}
	b.Fatalf("%s in %v: %v", what, frames, err)
}

// framePatience is how long a frame may take on a loaded machine; frameTry how long one look at it may.
const (
	framePatience = time.Minute
	frameTry      = 2 * time.Second
)

func (b *browser) tryWithin(frames []string, step func(in chromedp.QueryOption) chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, frameTry)
	defer cancel()
	var in []chromedp.QueryOption
	for _, selector := range frames {
		nodes, err := chromedp.Run(ctx, chromedp.Nodes(chromedp.CSS(selector), in...))
		if err != nil {
			return err
		}
		in = []chromedp.QueryOption{chromedp.FromNode(nodes[0])}
	}
	return chromedp.Do(ctx, step(in[0]))
}

// textWithin is the text of an element in a frame.
func (b *browser) textWithin(frame, selector string) (text string) {
	b.Helper()
	b.within("reading "+selector, []string{frame}, func(in chromedp.QueryOption) chromedp.Action[chromedp.Void] {
		return chromedp.Func(func(ctx context.Context, t *chromedp.Target) (err error) {
			text, err = chromedp.Text(chromedp.CSS(selector), in)(ctx, t)
			return err
		})
	})
	return text
}

func (b *browser) text(selector string, in ...chromedp.QueryOption) string {
	b.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS(selector), in...))
	if err != nil {
		b.Fatalf("reading %s: %v", selector, err)
	}
	return s
}

func (b *browser) value(selector string) string {
	b.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Value(chromedp.CSS(selector)))
	if err != nil {
		b.Fatalf("reading %s: %v", selector, err)
	}
	return s
}

// articleWith serves a page that somebody else wrote and pasted a snippet into.
func articleWith(t *testing.T, snippet string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><html lang=es><title>Artículo</title><p>Antes.</p>" + snippet + "<p>Después.</p></html>"))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestTheStoryFromTheAddressToTheArticleThatStaysWhole(t *testing.T) {
	t.Run("in a directory", func(t *testing.T) { story(t, newSite(t)) })
	t.Run("in versitygw", func(t *testing.T) {
		s := newSite(t)
		s.onS3(t)
		story(t, s)
	})
}

func story(t *testing.T, s *site) {
	token := web.NewToken()
	service := serve(t, s.args("--token", token)...)
	b := newBrowser(t)

	// An editor signs in with the link, pastes an address and sees what it is.
	b.do("signing in", chromedp.Navigate(service.Link), chromedp.Click(chromedp.CSS("form button")),
		chromedp.WaitVisible(chromedp.CSS(".empty")), chromedp.Navigate(service.URL+"/videos?lang=es"), chromedp.WaitVisible(chromedp.CSS(".empty")))
	b.do("pasting the address", chromedp.SendKeys(chromedp.CSS(".empty input[name=url]"), s.watch(archivetest.NewYorkID)),
		chromedp.Submit(chromedp.CSS(".empty input[name=url]")), chromedp.WaitVisible(chromedp.CSS(".preview img")))
	if got := b.text(".preview h2"); !strings.Contains(got, "Nueva York, 25 de septiembre de 2019") {
		t.Errorf("the preview says %q", got)
	}
	if len(s.list(t)) != 0 {
		t.Error("the preview has registered the video")
	}

	// She confirms it, writes a caption and a date, saves, and copies the snippet.
	b.do("saving", chromedp.SetValue(chromedp.CSS(`[name="title.es"]`), "Una reunión «aparte»"), chromedp.SetValue(chromedp.CSS(`[name="caption.es"]`), "Leyenda"),
		chromedp.SetValue(chromedp.CSS(`[name=eventDate]`), "2019-09-25"), chromedp.Submit(chromedp.CSS(`[name=eventDate]`)), chromedp.WaitVisible(chromedp.CSS(".done")))
	if got := b.text("h1"); got != "Una reunión «aparte»" {
		t.Errorf("the page's title is %q", got)
	}
	snippet := b.value("[data-snippet=frame]")

	// A reader opens the article. Nothing is asked of the platform before the click.
	article := articleWith(t, snippet)
	reader := newBrowser(t)
	reader.do("opening the article", chromedp.Navigate(article))
	reader.within("waiting for the poster", []string{"iframe"}, visible("button.play"))
	if reader.asked(s.platform.URL) {
		t.Error("the platform was asked before the click")
	}
	reader.play()
	if !reader.asked(s.platform.URL) {
		t.Error("the recorder of hosts records nothing")
	}

	// The source is removed, and the page still offers it: the click ends in the card, in place.
	if err := s.platform.SetState(archivetest.NewYorkID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	reader.do("reloading", chromedp.Navigate(article+"/?removed"))
	reader.within("clicking again", []string{"iframe"}, click("button.play"))
	reader.within("waiting for the card", []string{"iframe"}, visible(".card"))
	if got := reader.textWithin("iframe", ".card"); !strings.Contains(got, "Una reunión «aparte»") {
		t.Errorf("the card says %q", got)
	}

	// The newsroom checks, and the embed knows: the card is there at once.
	b.do("opening the video's page", chromedp.Click(chromedp.CSS(`a.button[href^="/videos/"]`)), chromedp.WaitVisible(chromedp.CSS("#sources")))
	b.do("checking", chromedp.Click(chromedp.CSS(`form[action*="/check"] button`)), chromedp.WaitVisible(chromedp.CSS(".state-suspect")))
	reader = newBrowser(t) // another reader, who has nothing of the page before in a cache
	reader.do("opening the article after the check", chromedp.Navigate(article))
	reader.within("waiting for the card", []string{"iframe"}, visible(".card"))
	if got := reader.textWithin("iframe", "body"); !strings.Contains(got, "Casa Presidencial (simulación)") {
		t.Errorf("the card says %q", got)
	}
	reader.within("looking for a button", []string{"iframe"}, func(in chromedp.QueryOption) chromedp.Action[chromedp.Void] {
		return chromedp.WaitNotPresent(chromedp.CSS("button.play"), in)
	})
	if reader.asked(s.platform.URL) {
		t.Error("the platform was asked for the card")
	}

	// With a mirror, the next candidate takes the place of the removed one.
	b.do("adding a mirror", chromedp.SetValue(chromedp.CSS(`.actions input[name=url]`), s.watch(archivetest.OvalOfficeID)),
		chromedp.Submit(chromedp.CSS(`.actions input[name=url]`)), chromedp.WaitVisible(chromedp.CSS(".sources li:nth-child(2)")))
	reader = newBrowser(t)
	reader.do("opening the article once more", chromedp.Navigate(article))
	reader.play()
}

// play clicks the poster and waits until the platform's player plays in its place.
func (b *browser) play() {
	b.Helper()
	b.within("clicking", []string{"iframe"}, click("button.play"))
	b.within("waiting for the player to play", []string{"iframe", ".screen iframe"}, func(in chromedp.QueryOption) chromedp.Action[chromedp.Void] {
		return chromedp.WaitReady(chromedp.CSS(`html[data-state="1"]`), in)
	})
}

func click(selector string) func(chromedp.QueryOption) chromedp.Action[chromedp.Void] {
	return func(in chromedp.QueryOption) chromedp.Action[chromedp.Void] {
		return chromedp.Click(chromedp.CSS(selector), in)
	}
}

func visible(selector string) func(chromedp.QueryOption) chromedp.Action[chromedp.Void] {
	return func(in chromedp.QueryOption) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(chromedp.CSS(selector), in)
	}
}
