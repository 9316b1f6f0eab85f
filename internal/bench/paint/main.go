// Command paint compares, in Chromium, what a page costs before the click: the time
// to the first paint, and the requests and bytes, of an article with our snippet as a
// figure and as a frame, with lite-youtube-embed from npm, and with a plain player
// frame of the make-believe platform. The four take turns; only ratios of one run
// mean anything.
//
//	go run ./internal/bench/paint
//
// It needs Chromium and npm.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

const (
	rounds = 9
	// liteVersion is the package that is compared with.
	liteVersion = "lite-youtube-embed@0.3.4"
)

func main() {
	if err := compare(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "paint:", err)
		os.Exit(1)
	}
}

// page is one way of embedding.
type page struct {
	name, body string
	paints     []float64 // ms
	requests   int
	bytes      int64
}

func compare(ctx context.Context) error {
	work, err := os.MkdirTemp("", "videoteca-paint")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	service, platform, err := start(ctx, work)
	if err != nil {
		return err
	}
	lite, err := lite(ctx, work)
	if err != nil {
		return err
	}
	pages, err := ways(ctx, service, platform, lite)
	if err != nil {
		return err
	}
	base, err := articles(pages, lite)
	if err != nil {
		return err
	}
	for range rounds {
		for i := range pages {
			if err := measure(ctx, fmt.Sprintf("%s/%d", base, i), &pages[i]); err != nil {
				return err
			}
		}
	}
	report(pages)
	fmt.Printf("\nPublished files of %s, gzip: script %d bytes, style %d bytes\n", liteVersion, packed(lite["lite-yt-embed.js"]), packed(lite["lite-yt-embed.css"]))
	return nil
}

func report(pages []page) {
	fmt.Printf("| page, median of %d | first paint | of the plain frame's | requests before the click | bytes over the wire |\n| --- | --- | --- | --- | --- |\n", rounds)
	plain := median(pages[len(pages)-1].paints)
	for _, p := range pages {
		fmt.Printf("| %s | %.0f ms | %.2f | %d | %d |\n", p.name, median(p.paints), median(p.paints)/plain, p.requests, p.bytes)
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func packed(body []byte) int {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return 0
	}
	_, _ = w.Write(body) // into memory
	_ = w.Close()
	return out.Len()
}

// start starts the demo.
func start(ctx context.Context, work string) (service, platform string, err error) {
	binary := filepath.Join(work, "videoteca")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/videoteca").CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("building: %w\n%s", err, out)
	}
	at, on := free(), free()
	c := exec.CommandContext(ctx, binary, "serve", "--demo", "--listen", at, "--demo-platform", on, "--store", filepath.Join(work, "store"), "--cache", filepath.Join(work, "cache"), "--log-level", "warn")
	c.Stderr = os.Stderr
	return "http://" + at, "http://" + on, c.Start()
}

func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // ends at once
	if err != nil {
		return "127.0.0.1:0"
	}
	defer l.Close()
	return l.Addr().String()
}

// lite are the published files of lite-youtube-embed.
func lite(ctx context.Context, work string) (map[string][]byte, error) {
	c := exec.CommandContext(ctx, "npm", "pack", "--silent", liteVersion)
	c.Dir = work
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", liteVersion, err)
	}
	f, err := os.Open(filepath.Join(work, strings.TrimSpace(string(out))))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for archive := tar.NewReader(zip); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if data, err := io.ReadAll(archive); err == nil {
			files[filepath.Base(h.Name)] = data
		}
	}
}

// ways are the four ways of embedding the demo's first video.
func ways(ctx context.Context, service, platform string, _ map[string][]byte) ([]page, error) {
	var list struct{ Items []struct{ ID string } }
	for range 100 {
		if err := get(ctx, service+"/api/v1/videos", &list); err == nil && len(list.Items) > 1 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if len(list.Items) == 0 {
		return nil, errors.New("the demo has no videos")
	}
	var snippets struct{ Items []struct{ Kind, HTML string } }
	if err := get(ctx, service+"/api/v1/videos/"+list.Items[0].ID+"/snippets", &snippets); err != nil {
		return nil, err
	}
	forms := map[string]string{}
	for _, s := range snippets.Items {
		forms[s.Kind] = s.HTML
	}
	return []page{
		{name: "videoteca, figure", body: forms["article"]},
		{name: "videoteca, frame", body: forms["frame"]},
		{name: liteVersion, body: `<link rel="stylesheet" href="/lite-yt-embed.css"><script src="/lite-yt-embed.js"></script><lite-youtube videoid="simOO2025_1" style="background-image:url('` + platform + `/vi/simOO2025_1/hqdefault.jpg')"></lite-youtube>`},
		{name: "a plain player frame", body: `<iframe width="640" height="360" src="` + platform + `/embed/simOO2025_1" referrerpolicy="strict-origin-when-cross-origin"></iframe>`},
	}, nil
}

func get(ctx context.Context, url string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(into)
}

// articles serves the pages, and the files of lite-youtube-embed, as a newsroom would.
func articles(pages []page, files map[string][]byte) (string, error) {
	mux := http.NewServeMux()
	for i, p := range pages {
		mux.HandleFunc(fmt.Sprintf("GET /%d", i), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<!doctype html><title>Article</title><p>Before.</p>"+p.body+"<p>After.</p>")
		})
	}
	for name, kind := range map[string]string{"lite-yt-embed.js": "text/javascript", "lite-yt-embed.css": "text/css"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Encoding", "gzip")
			zip := gzip.NewWriter(w)
			_, _ = zip.Write(files[name])
			_ = zip.Close()
		})
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // for as long as the program runs
	if err != nil {
		return "", err
	}
	go func() { _ = http.Serve(l, mux) }() //nolint:gosec // for as long as the program runs
	return "http://" + l.Addr().String(), nil
}

// settled is how long a page may go on loading after it was painted.
const settled = 1500 * time.Millisecond

// measure opens the page in a browser of its own, with nothing in its cache.
func measure(ctx context.Context, url string, p *page) error {
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(ctx, flags...)
	defer cancel()
	var mu sync.Mutex
	requests, bytes := 0, int64(0)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if strings.HasPrefix(e.Request.URL, "http") {
				requests++
			}
		case *network.EventLoadingFinished:
			bytes += int64(e.EncodedDataLength)
		}
	}))
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		return fmt.Errorf("starting Chromium: %w", err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(url), chromedp.Sleep(settled)); err != nil {
		return err
	}
	paint, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`performance.getEntriesByName("first-paint")[0].startTime`))
	if err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	p.paints, p.requests, p.bytes = append(p.paints, paint), requests, bytes
	return nil
}
