package embeds_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"videoteca/archive"
	"videoteca/embeds"
)

// patience bounds one wait in the browser on a loaded machine.
const patience = 30 * time.Second

// stand is an installation, an article and the players of platforms, each on an
// origin of its own, with a browser to look at them.
type stand struct {
	t        *testing.T
	ctx      context.Context
	service  *httptest.Server
	article  *httptest.Server
	platform *httptest.Server

	mu      sync.Mutex
	own     []string // origins of the article and of the installation
	videos  map[archive.VideoID]archive.Video
	pages   map[string]string // of the article's server, by path
	headers map[string]string // of the article's server
	asked   []string          // addresses that the browser asked for
	callers int               // connections to the platforms
	reports []string          // bodies of trouble reports
}

// newStand starts it all, Chromium with more flags than it has in every test. Where there is no Chromium the test fails.
func newStand(t *testing.T, more ...chromedp.ExecAllocatorOption) *stand {
	t.Helper()
	s := &stand{t: t, videos: map[archive.VideoID]archive.Video{}, pages: map[string]string{}, headers: map[string]string{}}
	s.service = httptest.NewServer(s.installation(renderer(t)))
	s.article = httptest.NewServer(http.HandlerFunc(s.serveArticle))
	s.platform = httptest.NewUnstartedServer(http.HandlerFunc(servePlayer))
	s.platform.Config.ConnState = s.called
	s.platform.Start()
	for _, server := range []*httptest.Server{s.service, s.article, s.platform} {
		t.Cleanup(server.Close)
	}
	s.own = []string{s.service.URL, s.article.URL}
	s.open(more)
	return s
}

func (s *stand) open(more []chromedp.ExecAllocatorOption) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"))
	ctx, cancel := chromedp.NewExecAllocator(s.t.Context(), append(flags, more...)...)
	s.t.Cleanup(cancel)
	s.ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(s.note))
	s.t.Cleanup(cancel)
	if err := chromedp.Do(s.ctx, chromedp.Navigate("about:blank")); err != nil { // lives as long as this first context
		s.t.Fatalf("starting Chromium (tools/install-deps installs it): %v", err)
	}
	if _, err := chromedp.Call(s.ctx, network.Enable, network.EnableParams{}); err != nil {
		s.t.Fatal(err)
	}
}

// called counts connections, those over which nothing is asked included.
func (s *stand) called(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.callers++
	}
}

func (s *stand) note(event any) {
	if e, ok := event.(*network.EventRequestWillBeSent); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, e.Request.URL)
	}
}

// thirdParties are the origins asked that are neither the article's nor the installation's.
func (s *stand) thirdParties() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]bool{}
	for _, address := range s.asked {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || slices.Contains(s.own, u.Scheme+"://"+u.Host) {
			continue
		}
		found[u.Scheme+"://"+u.Host] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// players are all platforms, with their players on the stand's own server.
func (s *stand) players() map[string]archive.Player {
	at := s.platform.URL
	return map[string]archive.Player{
		"youtube":     {Kind: archive.PlayerYouTube, Label: "YouTube", Origin: at},
		"vimeo":       {Kind: archive.PlayerVimeo, Label: "Vimeo", Origin: at},
		"dailymotion": {Kind: archive.PlayerDailymotion, Label: "Dailymotion", Origin: at},
		"peertube":    {Kind: archive.PlayerPeerTube, Label: "PeerTube", Origin: at},
		"web":         {Kind: archive.PlayerMedia, Label: "web"},
	}
}

func (s *stand) options(asked embeds.Asked) embeds.Options {
	return embeds.Options{Asked: asked, BaseURL: s.service.URL, Now: day(2026, 4, 9), Players: s.players(), HasPoster: true, Reports: true}
}

// add makes a video of sources written as platform:id.
func (s *stand) add(sources ...string) archive.VideoID {
	v := meeting()
	v.ID, v.Sources = archive.NewVideoID(), nil
	for _, key := range sources {
		platform, id, _ := strings.Cut(key, ":")
		of := source(platform, id, live())
		of.URL = s.platform.URL + "/page/" + url.PathEscape(id)
		of.Described = &archive.Description{Fields: archive.Fields{Channel: "Canal de prueba", Seconds: 65}}
		v.Sources = append(v.Sources, of)
	}
	s.set(v)
	return v.ID
}

func (s *stand) set(v archive.Video) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.videos[v.ID] = v
}

func (s *stand) video(id string) (archive.Video, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.videos[archive.VideoID(id)]
	return v, ok
}

// snippet is a form of a video's markup.
func (s *stand) snippet(kind string, id archive.VideoID, asked embeds.Asked) string {
	s.t.Helper()
	v, _ := s.video(string(id))
	return snippets(s.t, v, s.options(asked))[kind].HTML
}

// installation serves what the renderer makes, as web does.
func (s *stand) installation(r *embeds.Renderer) http.Handler {
	mux := http.NewServeMux()
	send := func(w http.ResponseWriter, d embeds.Document, err error) {
		if err != nil {
			s.t.Error(err)
		}
		for name, value := range d.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(d.Status)
		_, _ = w.Write(d.Body)
	}
	page := func(render func(archive.Video, embeds.Options) (embeds.Document, error)) http.HandlerFunc {
		return func(w http.ResponseWriter, q *http.Request) {
			v, ok := s.video(strings.TrimSuffix(q.PathValue("id"), ".json"))
			if !ok {
				d, err := r.NotFound(s.options(embeds.ParseQuery(q.URL.Query())))
				send(w, d, err)
				return
			}
			if strings.HasSuffix(q.PathValue("id"), ".json") {
				render = r.JSON
			}
			d, err := render(v, s.options(embeds.ParseQuery(q.URL.Query())))
			send(w, d, err)
		}
	}
	mux.HandleFunc("GET /e/{id}", func(w http.ResponseWriter, q *http.Request) { page(r.Page)(w, q) })
	mux.HandleFunc("GET /v/{id}", func(w http.ResponseWriter, q *http.Request) { page(r.Watch)(w, q) })
	mux.HandleFunc("GET /unavailable", func(w http.ResponseWriter, q *http.Request) {
		d, err := r.Unavailable(s.options(embeds.ParseQuery(q.URL.Query())))
		send(w, d, err)
	})
	mux.HandleFunc("POST /e/{id}/trouble", s.trouble)
	mux.HandleFunc("GET /p/{id}/{file}", servePicture)
	mux.HandleFunc("GET /m/{id}/{file}", serveMedia)
	mux.HandleFunc("GET /embed.js", func(w http.ResponseWriter, _ *http.Request) {
		d, err := r.Script(s.service.URL)
		send(w, d, err)
	})
	return mux
}

// write puts a page on the article's server and returns its address.
func (s *stand) write(path, body string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = body
	return s.article.URL + path
}

func (s *stand) serveArticle(w http.ResponseWriter, q *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.pages[q.URL.Path]
	if !ok {
		http.NotFound(w, q)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	for name, value := range s.headers {
		w.Header().Set(name, value)
	}
	_, _ = fmt.Fprintf(w, "<!doctype html><html lang=es><meta charset=utf-8><title>Artículo</title><body>%s</body></html>", body)
}

// visit opens a page that somebody else wrote.
func (s *stand) visit(body string) {
	s.t.Helper()
	s.mu.Lock()
	s.asked, s.reports = nil, nil
	s.mu.Unlock()
	s.do("opening the article", chromedp.Navigate(s.write("/"+string(archive.NewVideoID()), body)))
	s.evaluate(inside)
}

// inside gives the page functions that look into the shadow trees of embeds.
const inside = `
window.hosts = () => [...document.querySelectorAll('div')].filter((one) => one.shadowRoot);
window.embed = (n, selector) => { const host = hosts()[n]; return host ? host.shadowRoot.querySelector(selector) : null; };
window.says = (n, selector) => (embed(n, selector) || {}).textContent || '';
`

func (s *stand) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		s.t.Fatalf("%s: %v", what, err)
	}
}

func (s *stand) evaluate(script string) {
	s.t.Helper()
	s.do("evaluating "+script, chromedp.Evaluate[chromedp.Void](script+";undefined"))
}

// value is what a script in the page comes to.
func value[T any](s *stand, script string) T {
	s.t.Helper()
	got, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		s.t.Fatalf("evaluating %s: %v", script, err)
	}
	return got
}

// until waits for a condition in the page.
func (s *stand) until(condition string) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if value[bool](s, "!!("+condition+")") {
			return
		}
	}
	s.t.Fatalf("it never came to %s; the page is\n%s", condition, value[string](s, "document.body.innerHTML + hosts().map((one) => one.shadowRoot.innerHTML).join('\\n')"))
}

// press clicks the button of the nth embed.
func (s *stand) press(n int) {
	s.t.Helper()
	s.until(fmt.Sprintf("embed(%d, 'button.play')", n))
	s.evaluate(fmt.Sprintf("embed(%d, 'button.play').click()", n))
}
