// Command serving compares how many embed pages a second the service sends with a
// bare net/http handler that writes the same bytes, headers included, and with nginx that sends them
// from a file. The three take turns under wrk, so that all of them meet the same
// machine, and the medians are compared: only ratios of one run mean anything.
//
//	go run ./internal/bench/serving
//
// It needs wrk and nginx (Debian's wrk and nginx-light).
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	rounds      = 5
	connections = "32"
	threads     = "2"
)

func main() {
	bare := flag.String("bare", "", "address on which to serve the file named by -file")
	file := flag.String("file", "", "file to serve; with .gz behind its name to who accepts gzip")
	seconds := flag.Int("seconds", 5, "length of one run")
	flag.Parse()
	err := error(nil)
	if *bare != "" {
		err = serveBare(*bare, *file)
	} else {
		err = compare(context.Background(), *seconds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "serving:", err)
		os.Exit(1)
	}
}

// serveBare is the baseline: nothing but net/http and the bytes.
func serveBare(address, file string) error {
	plain, err := readSaved(file)
	if err != nil {
		return err
	}
	packed, err := readSaved(file + ".gz")
	if err != nil {
		return err
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := plain
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			answer = packed
		}
		h := w.Header()
		for name, value := range answer.header {
			h[name] = value
		}
		_, _ = w.Write(answer.body)
	})
	// With the time limits of the service, each of which costs net/http something a request.
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: limit, ReadTimeout: limit, WriteTimeout: limit, IdleTimeout: limit}
	return server.ListenAndServe()
}

// limit is longer than any run.
const limit = 2 * time.Minute

// saved is an answer of the service, to be sent again byte for byte.
type saved struct {
	header http.Header
	body   []byte
}

func readSaved(file string) (saved, error) {
	body, err := os.ReadFile(file)
	if err != nil {
		return saved{}, err
	}
	data, err := os.ReadFile(file + ".json")
	if err != nil {
		return saved{}, err
	}
	s := saved{body: body}
	return s, json.Unmarshal(data, &s.header)
}

// contender is a server in the comparison.
type contender struct {
	name, url string
	runs      []result
}

// result is one run of wrk.
type result struct {
	perSecond float64
	p99       time.Duration
}

func compare(ctx context.Context, seconds int) error {
	work, err := os.MkdirTemp("", "videoteca-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	all, err := start(ctx, work)
	if err != nil {
		return err
	}
	fmt.Printf("wrk, %s connections, median of %d interleaved runs of %d s\n\n", connections, rounds, seconds)
	for _, encoding := range []string{"identity", "gzip"} {
		for i := range all {
			all[i].runs = nil
		}
		for range rounds {
			for i := range all {
				r, err := load(ctx, all[i].url, encoding, seconds)
				if err != nil {
					return err
				}
				all[i].runs = append(all[i].runs, r)
			}
		}
		report(encoding, all)
	}
	return nil
}

func report(encoding string, all []contender) {
	fmt.Printf("| %s | requests/s | p99 | videoteca's share of it |\n| --- | --- | --- | --- |\n", encoding)
	own := median(all[0].runs)
	for _, c := range all {
		m := median(c.runs)
		fmt.Printf("| %s | %.0f | %s | %.2f |\n", c.name, m.perSecond, m.p99, own.perSecond/m.perSecond)
	}
	fmt.Println()
}

func median(runs []result) result {
	sorted := slices.SortedFunc(slices.Values(runs), func(a, b result) int { return int(a.perSecond - b.perSecond) })
	return sorted[len(sorted)/2]
}

// start starts the service with the demo's videos, and then the others with its page.
func start(ctx context.Context, work string) ([]contender, error) {
	binary := filepath.Join(work, "videoteca")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/videoteca").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building: %w\n%s", err, out)
	}
	listen, platform, bare, nginx := free(), free(), free(), free()
	if err := launch(ctx, binary, "serve", "--demo", "--listen", listen, "--demo-platform", platform,
		"--store", filepath.Join(work, "store"), "--cache", filepath.Join(work, "cache"), "--log-level", "warn"); err != nil {
		return nil, err
	}
	page, err := embedPage(ctx, "http://"+listen)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(work, "page.html")
	for name, accept := range map[string]string{file: "identity", file + ".gz": "gzip"} {
		if err := save(ctx, page, accept, name); err != nil {
			return nil, err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if err := launch(ctx, self, "-bare", bare, "-file", file); err != nil {
		return nil, err
	}
	if err := startNginx(ctx, work, nginx); err != nil {
		return nil, err
	}
	all := []contender{{name: "videoteca, /e/{id}", url: page}, {name: "net/http, the same bytes", url: "http://" + bare + "/"}, {name: "nginx, a file", url: "http://" + nginx + "/page.html"}}
	for _, c := range all {
		if err := wait(ctx, c.url); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func startNginx(ctx context.Context, work, address string) error {
	config := fmt.Sprintf(`daemon off; worker_processes 2; pid %[1]s/nginx.pid; error_log %[1]s/error.log;
events { worker_connections 256; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10; gzip_static on;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  types { text/html html; } charset utf-8;
  server { listen %[2]s; root %[1]s; } }
`, work, address)
	path := filepath.Join(work, "nginx.conf")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		return err
	}
	if err := os.Chmod(work, 0o755); err != nil { //nolint:gosec // nginx's workers read the page as another user
		return err
	}
	return launch(ctx, "nginx", "-c", path, "-p", work)
}

// launch starts a program that ends with ctx.
func launch(ctx context.Context, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		return fmt.Errorf("starting %s (Debian's packages wrk and nginx-light are needed): %w", name, err)
	}
	return nil
}

// free is an address of this machine on which nothing listens.
func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // ends at once
	if err != nil {
		return "127.0.0.1:0"
	}
	defer l.Close()
	return l.Addr().String()
}

// embedPage is the address of the demo's first embed.
func embedPage(ctx context.Context, base string) (string, error) {
	if err := wait(ctx, base+"/api/v1/videos"); err != nil {
		return "", err
	}
	id := regexp.MustCompile(`"id":"([0-9a-z]{12})"`)
	for range 100 {
		body, err := get(ctx, base+"/api/v1/videos", "identity")
		if err != nil {
			return "", err
		}
		if m := id.FindSubmatch(body); m != nil {
			return base + "/e/" + string(m[1]), nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "", fmt.Errorf("%s has no videos", base)
}

func save(ctx context.Context, url, accept, name string) error {
	body, header, err := ask(ctx, url, accept)
	if err != nil {
		return err
	}
	header.Del("Date") // net/http writes its own
	data, err := json.Marshal(header)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(name, body, 0o644), os.WriteFile(name+".json", data, 0o600)) //nolint:gosec // nginx's workers read it as another user
}

func get(ctx context.Context, url, accept string) ([]byte, error) {
	body, _, err := ask(ctx, url, accept)
	return body, err
}

func ask(ctx context.Context, url, accept string) ([]byte, http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept-Encoding", accept)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("%s answers %s", url, answer.Status)
	}
	body, err := io.ReadAll(answer.Body)
	return body, answer.Header, err
}

func wait(ctx context.Context, url string) error {
	var err error
	for range 200 {
		if _, err = get(ctx, url, "identity"); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

var (
	perSecond = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	p99       = regexp.MustCompile(`99%\s+([0-9.]+(?:us|ms|s))`)
)

func load(ctx context.Context, url, encoding string, seconds int) (result, error) {
	out, err := exec.CommandContext(ctx, "wrk", "-t", threads, "-c", connections, "-d", strconv.Itoa(seconds)+"s", "--latency", "-H", "Accept-Encoding: "+encoding, url).CombinedOutput()
	if err != nil {
		return result{}, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	rate, late := perSecond.FindSubmatch(out), p99.FindSubmatch(out)
	if rate == nil || late == nil || bytes.Contains(out, []byte("Non-2xx")) {
		return result{}, fmt.Errorf("wrk of %s: %s", url, out)
	}
	n, err := strconv.ParseFloat(string(rate[1]), 64)
	if err != nil {
		return result{}, err
	}
	d, err := time.ParseDuration(string(late[1]))
	return result{n, d}, err
}
