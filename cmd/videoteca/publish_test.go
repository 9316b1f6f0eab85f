package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/storage"
	"videoteca/storage/storagetest"
	"videoteca/web"
)

// published is an installation whose service was never started, with one video and its snippets,
// whose public address is what a plain server of the published files has.
type published struct {
	*site
	video    web.APIVideo
	snippets map[string]string // by kind, in Spanish, which is not the video's own language, and from second 3
	at       string            // the public address, without a slash at its end
	readable atomic.Bool       // whether the server lets articles read the records (docs/publish.md)
}

// publishedBy serves at the installation's public address with a handler, which is asked for once that is known.
func publishedBy(t *testing.T, s *site, handler func() http.Handler) *published {
	t.Helper()
	p := &published{site: s, snippets: map[string]string{}}
	files := handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.readable.Load() {
			w.Header().Set("Access-Control-Allow-Origin", "*")
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.at = server.URL
	p.video = s.add(t, archivetest.NewYorkID)
	s.keepAddress(t, p.at)
	var list web.APISnippetList
	out := command(t, s.args("snippet", "--json", "--form", "all", "--language", "es", "--start", "3", p.video.ID)...)
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, snippet := range list.Items {
		p.snippets[snippet.Kind] = snippet.HTML
	}
	return p
}

// keepAddress keeps a base URL in the store, a loopback one too, which serve would not.
func (s *site) keepAddress(t *testing.T, base string) {
	t.Helper()
	address, err := storage.ParseAddress(s.store)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := storage.Open(address, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := storage.SetBaseURL(t.Context(), opened.Bucket, base, true); err != nil {
		t.Fatal(err)
	}
}

func TestPublishedEmbedsWorkFromAPlainFileServerWithTheServiceSwitchedOff(t *testing.T) {
	folder := t.TempDir()
	p := publishedBy(t, newSiteAside(t), func() http.Handler { return http.FileServer(http.Dir(folder)) })
	out := try(t, "", p.args("publish", "--publish-to", folder)...)
	if !strings.HasPrefix(out.out, "1 video: 1 published") || !strings.Contains(out.errs, "warning: the pages name "+p.at) {
		t.Fatalf("it printed %s%s", out.out, out.errs)
	}
	if out := command(t, p.args("publish", "--publish-to", folder)...); !strings.HasPrefix(out, "1 video: 0 published") {
		t.Errorf("the second time it printed %s", out)
	}
	p.work(t)
}

func TestPublishedEmbedsWorkFromABucketWithTheServiceSwitchedOff(t *testing.T) {
	s := newSite(t)
	server := s.onS3(t)
	name := "embeds-" + strings.ToLower(rand.Text()[:8])
	p := publishedBy(t, s, func() http.Handler { return delivery(t, server, name) })
	command(t, p.args("publish", "--publish-to", "s3://"+name+"?endpoint="+server.Endpoint+"&region=us-east-1")...)
	p.work(t)
}

// delivery is a content delivery network before a bucket: it asks for the object that an address names,
// with a signature of its own, and hands on what comes.
func delivery(t *testing.T, server storagetest.Server, bucket string) http.Handler {
	t.Helper()
	origin, err := storage.NewS3(server.Options(bucket))
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address, err := origin.PresignGet(r.Context(), strings.TrimPrefix(r.URL.Path, "/"), time.Minute)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		at, err := url.Parse(address)
		if err != nil {
			t.Error(err)
			return
		}
		proxy := httputil.ReverseProxy{Rewrite: func(q *httputil.ProxyRequest) { q.Out.URL, q.Out.Host = at, at.Host }}
		proxy.ServeHTTP(w, r)
	})
}

// work tries every form in a browser, as it was pasted.
func (p *published) work(t *testing.T) {
	t.Helper()
	reader := newBrowser(t)
	for _, kind := range []string{"frame", "oembed"} {
		frame := p.snippets[kind]
		if kind == "oembed" {
			frame = `<iframe src="` + strings.Replace(frame, "/v/", "/e/", 1) + `" width="640" height="360" allow="autoplay"></iframe>`
		}
		reader.do("opening an article with a frame", chromedp.Navigate(articleWith(t, frame)))
		reader.within("waiting for the page in Spanish", []string{"iframe"}, visible(`button.play[aria-label^="Reproducir: "]`))
		reader.play()
	}

	const host = `[...document.querySelectorAll("div")].find((one) => one.shadowRoot)`
	p.readable.Store(true)
	for _, kind := range []string{"article", "wordpress", "static", "markdown"} {
		figure := p.snippets[kind]
		if kind == "markdown" {
			figure = `<a href="` + linkIn(t, figure) + `"><img src="` + p.at + "/p/" + p.video.ID + `/640.jpg" alt=""></a>`
		}
		if kind == "static" || kind == "markdown" { // the theme loads the script
			figure += `<script async src="` + p.at + `/embed.js"></script>`
		}
		reader.do("opening an article with a figure", chromedp.Navigate(articleWith(t, figure)),
			poll(host+`?.shadowRoot.querySelector("button.play")`),
			chromedp.Evaluate[chromedp.Void](host+`.shadowRoot.querySelector("button.play").click();undefined`),
			poll(host+`.shadowRoot.querySelector("[role=status]").textContent.includes("listo")`),
			poll(host+`.shadowRoot.querySelector("iframe").src.includes("start=3")`))
	}

	// Where the server does not let articles read, it is a linked picture, and the link works.
	p.readable.Store(false)
	reader.do("following the figure's link", chromedp.Navigate(articleWith(t, p.snippets["static"])),
		chromedp.Click(chromedp.CSS("figure a")), chromedp.WaitVisible(chromedp.CSS(`button.play[aria-label^="Reproducir: "]`)),
		chromedp.Click(chromedp.CSS("button.play")), poll(`document.querySelector("[role=status]").textContent.includes("listo")`))
}

// linkIn is the address to which a picture in Markdown leads.
func linkIn(t *testing.T, markdown string) string {
	t.Helper()
	_, link, found := strings.Cut(strings.SplitN(markdown, "\n", 2)[0], ".jpg)](")
	if !found {
		t.Fatalf("no linked picture in %s", markdown)
	}
	return strings.TrimSuffix(link, ")")
}

// poll waits until a condition holds in the page.
func poll(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void]("!!("+condition+")", chromedp.WithPollingTimeout(framePatience))
}

func TestPublishingIntoTheStoreAndItsMistakes(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	command(t, s.args("publish")...)
	if page, err := os.ReadFile(filepath.Join(s.store, "published", "e", v.ID, "index.html")); err != nil || !strings.Contains(string(page), "<!doctype html>") {
		t.Errorf("at the address stands %.40s (%v)", page, err)
	}
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

func TestTwoAtOnceDoNotPublish(t *testing.T) {
	s := newSite(t)
	s.add(t, archivetest.NewYorkID)
	s.flags = append(s.flags, "--lease-term", "4s")
	address, err := storage.ParseAddress(s.store)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := storage.Open(address, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	store := storage.NewStore(opened.Bucket, storage.StoreOptions{})
	lease, err := store.Leases().Acquire(t.Context(), publishLease, "somebody else", 4*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	_, stop := lease.Keep(t.Context())
	if got := try(t, "", s.args("publish")...); got.code == exitOK || !strings.Contains(got.errs, "somebody else") {
		t.Errorf("while somebody publishes: %+v", got)
	}
	stop() // as one does who is killed: the lease is not given back
	if got := try(t, "", s.args("publish")...); got.code != exitOK {
		t.Errorf("when somebody has stopped: %+v", got)
	}
	if got := try(t, "", s.args("publish")...); got.code != exitOK || !strings.Contains(got.out, "0 published") {
		t.Errorf("the lease was not given back: %+v", got)
	}
}

func TestWhatIsHiddenLeavesNoFolderThatAServerWouldList(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	folder := t.TempDir()
	command(t, s.args("publish", "--publish-to", folder)...)
	record := filepath.Join(s.store, "videos", v.ID[:2], v.ID+".json")
	data, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	fields["visibility"] = map[string]any{"exposure": "embargoed", "until": time.Now().Add(time.Hour)}
	fields["revision"] = fields["revision"].(float64) + 1
	if data, err = json.Marshal(fields); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(record, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := command(t, s.args("publish", "--publish-to", folder)...); !strings.Contains(out, "1 removed") {
		t.Errorf("it printed %s", out)
	}
	for _, prefix := range []string{"e", "v", "p", "m"} {
		if left, err := filepath.Glob(filepath.Join(folder, prefix, "*")); err != nil || len(left) > 0 {
			t.Errorf("left are %q (%v)", left, err)
		}
	}
}

// Another machine, or the same one after its cache was deleted, publishes while a record cannot be read.
func TestPublishingLeavesThePagesOfAVideoThatCannotBeRead(t *testing.T) {
	s := newSite(t)
	damaged, other := s.add(t, archivetest.NewYorkID), s.add(t, archivetest.OvalOfficeID)
	folder := t.TempDir()
	command(t, s.args("publish", "--publish-to", folder)...)
	record := filepath.Join(s.store, "videos", damaged.ID[:2], damaged.ID+".json")
	whole, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(record, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	s.cache = t.TempDir()
	before := publishedPage(t, folder, damaged.ID)
	got := try(t, "", s.args("publish", "--publish-to", folder)...)
	if got.code != exitFailure || !strings.Contains(got.errs, "1 video could not be read") || !strings.Contains(got.out, "0 removed") {
		t.Errorf("it printed %+v", got)
	}
	if page := publishedPage(t, folder, damaged.ID); before == "" || page != before || publishedPage(t, folder, other.ID) == "" {
		t.Errorf("in the article stands %s", page)
	}
	if err := os.Remove(record); err != nil { // by hand, since nothing here does it
		t.Fatal(err)
	}
	if got := try(t, "", s.args("publish", "--publish-to", folder)...); got.code != exitOK || !strings.Contains(got.out, "1 removed") {
		t.Errorf("without the record it printed %+v", got)
	}
}
