package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
)

func TestPublishedEmbedsWorkFromAPlainFileServerWithTheServiceSwitchedOff(t *testing.T) {
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID) // no service is started at all
	folder := t.TempDir()
	if out := command(t, s.args("publish", "--publish-to", folder)...); !strings.HasPrefix(out, "1 videos: 1 published") {
		t.Fatalf("it printed %s", out)
	}
	if out := command(t, s.args("publish", "--publish-to", folder)...); !strings.HasPrefix(out, "1 videos: 0 published") {
		t.Errorf("the second time it printed %s", out)
	}
	files := httptest.NewServer(http.StripPrefix("/kept/", http.FileServer(http.Dir(folder))))
	defer files.Close()
	at := files.URL + "/kept"

	reader := newBrowser(t)
	reader.do("opening an article with a frame", chromedp.Navigate(articleWith(t, `<iframe src="`+at+`/e/`+v.ID+`.es.html" width="640" height="360" allow="autoplay" allowfullscreen></iframe>`)))
	reader.play()

	// In place, the script reads the record from another origin, which the server has to allow (docs/publish.md).
	readable := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		files.Config.Handler.ServeHTTP(w, r)
	}))
	defer readable.Close()
	at = readable.URL + "/kept"
	article := articleWith(t, `<figure><a href="`+at+`/v/`+v.ID+`.html"><img src="`+at+`/p/`+v.ID+`/640.jpg" alt=""></a></figure><script async src="`+at+`/embed.js"></script>`)
	const host = `[...document.querySelectorAll("div")].find((one) => one.shadowRoot)`
	reader.do("opening an article with a figure", chromedp.Navigate(article),
		poll(host+`?.shadowRoot.querySelector("button.play")`),
		chromedp.Evaluate[chromedp.Void](host+`.shadowRoot.querySelector("button.play").click();undefined`),
		poll(host+`.shadowRoot.querySelector("[role=status]").textContent.includes("ready")`)) // in the language of the file, whatever is asked for

	reader.do("opening the watch page", chromedp.Navigate(at+"/v/"+v.ID+".en.html"), chromedp.WaitVisible(chromedp.CSS("button.play")), chromedp.Click(chromedp.CSS("button.play")),
		poll(`document.querySelector("[role=status]").textContent.includes("ready")`))
}

// poll waits until a condition holds in the page.
func poll(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void]("!!("+condition+")", chromedp.WithPollingTimeout(framePatience))
}

func TestPublishingIntoTheStoreAndItsMistakes(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	command(t, s.args("publish")...)
	out := command(t, s.args("publish", "--json")...)
	if !strings.Contains(out, `"published": 0`) || !strings.Contains(out, `"videos": 1`) {
		t.Errorf("it printed %s", out)
	}
	if got := s.list(t); len(got) != 1 || got[0].ID != v.ID {
		t.Errorf("the store lists %+v", got)
	}
	var errs strings.Builder
	if code := run(t.Context(), s.args("publish", "--publish-to", "ftp://x"), console{in: strings.NewReader(""), out: &errs, err: &errs}); code != exitUsage || !strings.Contains(errs.String(), "--publish-to") {
		t.Errorf("exit code %d: %s", code, &errs)
	}
}
