package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// screen is what one person looks at.
type screen struct {
	width        int64
	scheme, lang string
}

func (s screen) String() string { return fmt.Sprintf("%d %s %s", s.width, s.scheme, s.lang) }

// screens are all that the newsroom is made for: a phone and a desk, light and dark, both languages.
func screens() (list []screen) {
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			for _, lang := range []string{"en", "es"} {
				list = append(list, screen{width, scheme, lang})
			}
		}
	}
	return list
}

// person is somebody at a screen, with a session of their own in a browser that others use too.
type person struct {
	*browser
	screen

	axe    string            // axe-core, for who looks with it too
	words  map[string]string // the messages of the newsroom in the person's language, by their names
	others []string          // what only the other language says

	mu      sync.Mutex
	console []complaint
}

// complaint is what a page has in its console, and of which address.
type complaint struct{ of, text string }

// sit gives a person a fresh session in the browser.
func (b *browser) sit(t *testing.T, s screen) *person {
	t.Helper()
	p := &person{browser: &browser{T: t, hosts: map[string]bool{}}, screen: s, words: messages(t, s.lang)}
	own := map[string]bool{}
	for _, text := range p.words {
		own[text] = true
	}
	for _, text := range messages(t, map[string]string{"en": "es", "es": "en"}[s.lang]) {
		if len(text) > 3 && !own[text] && !strings.Contains(text, "{{") {
			p.others = append(p.others, text)
		}
	}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.hear))
	t.Cleanup(cancel)
	p.ctx = ctx
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: s.scheme}}
	p.do("sitting down", chromedp.Navigate("about:blank"), chromedp.EmulateViewport(s.width, 800))
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		t.Fatal(err)
	}
	return p
}

// hear keeps what the page complains of in its console.
func (p *person) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.console = append(p.console, complaint{text: fmt.Sprintf("%s at %s:%d", e.ExceptionDetails.Text, e.ExceptionDetails.URL, e.ExceptionDetails.LineNumber+1)})
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			p.console = append(p.console, complaint{e.Entry.URL, e.Entry.Text})
		}
	}
}

// messages are the texts of the newsroom's pages in a language, by their names.
func messages(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "web", "locales", "*"+lang+".toml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	flat := map[string]string{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(data, &tree); err != nil {
			t.Fatal(err)
		}
		flatten(flat, "", tree)
	}
	return flat
}

func flatten(into map[string]string, prefix string, tree map[string]any) {
	for name, value := range tree {
		switch v := value.(type) {
		case string:
			into[prefix+name] = v
		case map[string]any:
			flatten(into, prefix+name+".", v)
		}
	}
}

// says fails where an element does not contain a message in the person's language.
func (p *person) says(selector, message string) {
	p.Helper()
	want, known := p.words[message]
	if !known {
		p.Fatalf("there is no message %s", message)
	}
	p.until(fmt.Sprintf("%s says %q", selector, want), fmt.Sprintf("[...document.querySelectorAll(%q)].some((e) => e.textContent.includes(%q))", selector, want))
}

// flawsJS returns what anybody would complain of who looks at the page.
//
//go:embed testdata/flaws.js
var flawsJS string

// looks fails for what anybody would complain of who looks at the page now.
func (p *person) looks(at string) {
	p.Helper()
	found := p.flaws()
	here := p.evaluate("location.href")
	p.mu.Lock()
	for _, c := range p.console {
		if c.of != here { // of a page itself it is only said that its status is that of an error
			found = append(found, c.text+" "+c.of)
		}
	}
	p.console = nil
	p.mu.Unlock()
	for _, flaw := range found {
		p.Errorf("%s: %s", at, flaw)
	}
	if p.axe != "" {
		p.examine(p.axe, at)
	}
}

func (p *person) flaws() []string {
	p.Helper()
	given, err := json.Marshal(map[string]any{"lang": p.lang, "dark": p.scheme == "dark", "others": p.others})
	if err != nil {
		p.Fatal(err)
	}
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string]("("+flawsJS+")("+string(given)+")"))
	if err != nil {
		p.Fatal(err)
	}
	return found
}

// The eyes of these tests see what is wrong.
func TestWhatIsWrongWithAPageIsSeen(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/" {
			_, _ = w.Write([]byte(`<!doctype html><html lang=en><title>x</title><body style="background:#fff"><main>
				<h1>Sign in</h1><p style="width:2000px">wide</p><select style="width:4rem"><option>a choice that is long</option></select>
				<input style="width:5rem" placeholder="a hint that is long"><button style="width:10px;height:10px;padding:0">x</button>
				<button style="overflow:hidden;white-space:nowrap;width:4rem;height:3rem">a name that is long</button>
				<img src="/none.png" width="50" height="50" alt="Ajustes"><script>
				setTimeout(() => document.querySelector("h1").style.marginTop = "30vh", 100)</script></main></html>`))
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	p := newBrowser(t).sit(t, screen{1280, "dark", "es"})
	p.do("opening it", chromedp.Navigate(server.URL), chromedp.Sleep(time.Second))
	found := strings.Join(p.flaws(), "\n")
	for _, want := range []string{
		"the page is in en", "2008 pixels wide", "ground is 255,255,255", `it says "Sign in"`, `cuts "a choice that is long"`, `cuts "a hint that is long"`, "10 by 10 pixels", "is cut", "is no picture", "its parts moved by",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("nobody sees %q:\n%s", want, found)
		}
	}
	if strings.Contains(found, `named "Ajustes"`) {
		t.Errorf("what is in Spanish is taken for foreign:\n%s", found)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.console) == 0 || !strings.Contains(p.console[0].of, "none.png") {
		t.Errorf("nobody hears that a picture is not there: %v", p.console)
	}
}
