package main

import (
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
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/archive/webfile"
	"videoteca/internal/pace"
)

const (
	linkHosts   = 200
	linksAHost  = 50
	filmBytes   = 70_000 // a file shorter than 64 KiB is asked for twice
	indexPath   = "/index.html"
	outOfLinks  = 10 * time.Second
	linksAtOnce = 100
)

// links compares with linkinator on the same 10,000 links, one after the other in one run.
func (b bench) links(ctx context.Context, self, linkinator string) error {
	hosts, err := b.startHosts(ctx, self)
	if err != nil {
		return err
	}
	defer hosts.stop()
	baseline, checked, err := linkinate(ctx, linkinator, hosts.address+indexPath)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "videoteca-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	port := hosts.address[strings.LastIndexByte(hosts.address, ':')+1:]
	if err := fillWith(filepath.Join(folder, "store"), linkHosts*linksAHost, func(n int) archive.Source { return linkSource(n, port) }); err != nil {
		return err
	}
	child := exec.CommandContext(ctx, self, "-role", "audit-links", "-folder", folder)
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return fmt.Errorf("the auditing process: %w", err)
	}
	var r result
	if err := json.Unmarshal(out, &r); err != nil {
		return fmt.Errorf("what the auditing process printed: %w", err)
	}
	fmt.Print(linksReport(r, baseline, checked))
	return nil
}

// linksReport is links a second of both, and the ratio.
func linksReport(r result, baseline time.Duration, checked int) string {
	ours, theirs := float64(r.Sources)/r.Wall.Seconds(), float64(checked)/baseline.Seconds()
	return fmt.Sprintf("linkinator  %d links in %.1f s, %.0f a second\nvideoteca   %d links in %.1f s, %.0f a second, journal, catalog and checkpoint included\nratio       %.2f\n",
		checked, baseline.Seconds(), theirs, r.Sources, r.Wall.Seconds(), ours, ours/theirs)
}

// linkURL is the n-th link: the hosts take turns, as in a library.
func linkURL(n int, port string) string {
	return fmt.Sprintf("http://%s/film%d.mp4", net.JoinHostPort(hostOfLink(n%linkHosts), port), n/linkHosts)
}

// hostOfLink is an address of this machine: 127.0.0.0/8 is all loopback (RFC 6890).
func hostOfLink(n int) string { return fmt.Sprintf("127.0.%d.%d", 1+n/100, 1+n%100) }

func linkSource(n int, port string) archive.Source {
	address := linkURL(n, port)
	return archive.Source{SourceKey: archive.SourceKey{Platform: webfile.Name, ID: address}, URL: address}
}

// serveHosts answers for all hosts on one port, and for the index of all links.
func serveHosts(out io.Writer) error {
	first, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "0.0.0.0:0")
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(first.Addr().String())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "http://127.0.0.1:%s\n", port)
	film := make([]byte, filmBytes)
	copy(film, "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41")
	mux := http.NewServeMux()
	mux.HandleFunc(indexPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for n := range linkHosts * linksAHost {
			fmt.Fprintf(w, "<a href=%q>%d</a>\n", linkURL(n, port), n)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "video/mp4")
		w.Header().Set("Content-Length", fmt.Sprint(filmBytes))
		if r.Method != http.MethodHead {
			_, _ = w.Write(film) // whoever hangs up has seen enough
		}
	})
	return (&http.Server{Handler: mux, ReadHeaderTimeout: outOfLinks}).Serve(first)
}

func (b bench) startHosts(ctx context.Context, self string) (started, error) {
	return startChild(ctx, self, []string{"-role", "hosts"})
}

var errNothingChecked = errors.New("linkinator checked nothing")

// linkinate has linkinator check the links of a page, and returns how long it took.
func linkinate(ctx context.Context, program, page string) (time.Duration, int, error) {
	began := time.Now()
	c := exec.CommandContext(ctx, program, page, "--concurrency", fmt.Sprint(linksAtOnce), "--format", "json")
	out, err := c.Output()
	took := time.Since(began)
	var found struct {
		Links []struct{ State string } `json:"links"`
	}
	if decoding := json.Unmarshal(out, &found); decoding != nil {
		return 0, 0, fmt.Errorf("linkinator: %w", errors.Join(err, decoding))
	}
	checked := 0
	for _, l := range found.Links {
		if l.State == "OK" {
			checked++
		}
	}
	if checked < linkHosts*linksAHost {
		return 0, 0, fmt.Errorf("%w: %d links are OK", errNothingChecked, checked)
	}
	return took, checked, nil
}

// auditLinks audits the links of a folder at linkinator's concurrency, with the limits of each host
// raised to match: the manners stay in the path, and hold nobody up.
func (b bench) auditLinks(ctx context.Context, folder string, out io.Writer) error {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one, by its documentation
	transport.MaxIdleConnsPerHost, transport.MaxIdleConns = linksAtOnce, 0
	client := &http.Client{Transport: pace.New(pace.Options{Next: transport, AtOnce: linksAtOnce, PerSecond: -1}), Timeout: outOfLinks}
	b.AtOnce = linksAtOnce
	return b.auditWith(ctx, folder, webfile.New(webfile.Options{HTTP: client, Pause: -1}), out)
}
