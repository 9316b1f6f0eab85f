package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"
)

var pictures = flag.String("wordpress-pictures", "", "folder to which the pictures of docs/wordpress.md are written")

// shadow is what an article's first embed holds, as JavaScript.
const shadow = "[...document.querySelectorAll('figure div, .entry-content div')].find((one) => one.shadowRoot)?.shadowRoot"

// open shows a reader an article, who has asked nobody for anything yet.
func (p *press) open(address string) {
	p.Helper()
	p.reader.mu.Lock()
	clear(p.reader.hosts)
	p.reader.mu.Unlock()
	p.reader.do("opening "+address, chromedp.Navigate(address))
}

// playsInPlace opens an article whose figure embed.js knows, and clicks.
func (p *press) playsInPlace(address string) {
	p.Helper()
	p.open(address)
	p.reader.until("scrolling to the figure", "document.querySelector('figure a[href] img, figure div')?.scrollIntoView({block: 'center'}), "+shadow+"?.querySelector('button.play') != null")
	p.unasked()
	p.reader.do("clicking", chromedp.Click(chromedp.JSPath(shadow+".querySelector('button.play')")))
	for deadline := time.Now().Add(framePatience); !p.plays(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.Fatal("the player does not play")
		}
	}
}

// plays looks at the player anew each time: a frame's document comes later than its element.
func (p *press) plays() bool {
	ctx, cancel := context.WithTimeout(p.reader.ctx, frameTry)
	defer cancel()
	nodes, err := chromedp.Run(ctx, chromedp.Nodes(chromedp.JSPath(shadow+".querySelector('.screen iframe')")))
	return err == nil && chromedp.Do(ctx, chromedp.WaitReady(chromedp.CSS(`html[data-state="1"]`), chromedp.FromNode(nodes[0]))) == nil
}

// playsInFrame opens an article that holds the embed page in a frame, and clicks.
func (p *press) playsInFrame(address string) {
	p.Helper()
	p.open(address)
	p.reader.within("waiting for the poster", []string{"iframe"}, visible("button.play"))
	p.unasked()
	p.reader.play()
}

// unasked holds that the platform knows nothing of this reader.
func (p *press) unasked() {
	p.Helper()
	if p.reader.asked(p.platform.URL) {
		p.Error("the platform was asked before the click")
	}
}

// until waits for a condition in the page.
func (b *browser) until(what, condition string) {
	b.Helper()
	for deadline := time.Now().Add(framePatience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if met, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+condition+")")); err == nil && met {
			return
		}
	}
	html, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("(document.querySelector('main') ?? document.body).innerHTML"))
	b.Fatalf("%s: it never came to %s in\n%s", what, condition, html)
}

func (b *browser) signIn(w *wordpress, as string) {
	b.Helper()
	user := w.users[as]
	b.do("signing in to WordPress", chromedp.Navigate(w.URL+"/wp-login.php"), chromedp.WaitVisible(chromedp.CSS("#user_login")),
		chromedp.SetValue(chromedp.CSS("#user_login"), user.name), chromedp.SetValue(chromedp.CSS("#user_pass"), user.password),
		chromedp.Click(chromedp.CSS("#wp-submit")), chromedp.WaitReady(chromedp.CSS("#wpadminbar")))
}

// pictureScale makes a picture of a page of 1280 pixels 832 wide, which the manual shows whole.
const pictureScale = 0.65

// picture writes what the browser shows of an element, where the pictures of the manual are wanted.
func (b *browser) picture(name, of string) {
	b.Helper()
	if *pictures == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.ScreenshotScale(chromedp.CSS(of), pictureScale))
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name), png, 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}
