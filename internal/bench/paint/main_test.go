package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program puts a program of this name first in PATH.
func program(t *testing.T, name, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// printed is what a function writes to standard output.
func printed(t *testing.T, f func()) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = write
	defer func() { os.Stdout = stdout }()
	f()
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(read)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestTheReportIsOfRatiosToThePlainFrame(t *testing.T) {
	out := printed(t, func() {
		report([]page{
			{name: "videoteca, figure", paints: []float64{120, 100, 80}, requests: 5, bytes: 92340},
			{name: "a plain player frame", paints: []float64{200, 300, 100}, requests: 3, bytes: 25183},
		})
	})
	for _, want := range []string{"| videoteca, figure | 100 ms | 0.50 | 5 | 92340 |", "| a plain player frame | 200 ms | 1.00 | 3 | 25183 |"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestTheMedianLeavesTheValuesInTheirOrder(t *testing.T) {
	values := []float64{5, 1, 9, 3, 7}
	if m := median(values); m != 5 || values[1] != 1 || values[4] != 7 {
		t.Errorf("%v of %v", m, values)
	}
}

func TestPackedIsTheSizeOverTheWire(t *testing.T) {
	if n := packed(bytes.Repeat([]byte("the same again "), 1000)); n == 0 || n > 300 {
		t.Errorf("%d bytes", n)
	}
	if n := packed(nil); n == 0 || n > 40 {
		t.Errorf("of nothing: %d bytes", n)
	}
}

// published is a package as npm packs it.
func published(t *testing.T, files map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "package.tgz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zip := gzip.NewWriter(f)
	archive := tar.NewWriter(zip)
	for name, content := range files {
		if err := archive.WriteHeader(&tar.Header{Name: "package/src/" + name, Size: int64(len(content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(archive, content); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []io.Closer{archive, zip, f} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestThePublishedFilesAreTakenFromThePackage(t *testing.T) {
	tgz := published(t, map[string]string{"lite-yt-embed.js": "class {}", "lite-yt-embed.css": "lite-youtube {}"})
	program(t, "npm", "cp "+tgz+" lite.tgz && echo lite.tgz\n")
	files, err := lite(t.Context(), t.TempDir())
	if err != nil || string(files["lite-yt-embed.js"]) != "class {}" || len(files) != 2 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestAPackageThatCannotBeReadIsAnError(t *testing.T) {
	for name, script := range map[string]string{
		"npm fails":    "exit 1\n",
		"no file":      "echo nothing.tgz\n",
		"no gzip":      "echo text > x.tgz; echo x.tgz\n",
		"a broken tar": "echo text | gzip > x.tgz; echo x.tgz\n",
	} {
		program(t, "npm", script)
		if files, err := lite(t.Context(), t.TempDir()); err == nil {
			t.Errorf("%s: %v", name, files)
		}
	}
}

// demo answers as the service's API does.
func demo(t *testing.T, videos ...string) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/videos", func(w http.ResponseWriter, _ *http.Request) {
		items := []map[string]string{}
		for _, id := range videos {
			items = append(items, map[string]string{"id": id})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"items": items})
	})
	mux.HandleFunc("GET /api/v1/videos/{id}/snippets", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		_ = json.NewEncoder(w).Encode(map[string]any{"items": []map[string]string{
			{"kind": "article", "html": "<figure>" + id + "</figure>"}, {"kind": "frame", "html": "<iframe>" + id + "</iframe>"},
		}})
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestFourWaysOfEmbeddingAreCompared(t *testing.T) {
	pages, err := ways(t.Context(), demo(t, "7k3mzq9x0abd", "0000000000zz").URL, "http://platform.example", nil)
	if err != nil || len(pages) != 4 {
		t.Fatalf("%v, %v", pages, err)
	}
	for i, want := range []string{"<figure>7k3mzq9x0abd", "<iframe>7k3mzq9x0abd", "<lite-youtube videoid=", `src="http://platform.example/embed/`} {
		if !strings.Contains(pages[i].body, want) {
			t.Errorf("%s: %s", pages[i].name, pages[i].body)
		}
	}
}

func TestTheArticlesAreServedWithTheirFiles(t *testing.T) {
	files := map[string][]byte{"lite-yt-embed.js": []byte("class {}"), "lite-yt-embed.css": []byte("lite-youtube {}")}
	base, err := articles([]page{{body: "<figure>one</figure>"}, {body: "<iframe></iframe>"}}, files)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/0": "<figure>one</figure>", "/1": "<iframe></iframe>", "/lite-yt-embed.js": "class {}", "/lite-yt-embed.css": "lite-youtube {}"} {
		answer, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if closing := answer.Body.Close(); err != nil || closing != nil || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s, %v, %v", path, body, err, closing)
		}
	}
}

func TestWhatDoesNotAnswerIsAnError(t *testing.T) {
	var into map[string]any
	for name, address := range map[string]string{"nobody listens": "http://" + free(), "no address": "http://\x00"} {
		if err := get(t.Context(), address, &into); err == nil {
			t.Errorf("%s: %v", name, into)
		}
	}
	l, err := net.Listen("tcp", free())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// One page in a real browser: what the figures of the comparison are made of.
func TestAPageIsMeasuredInABrowserOfItsOwn(t *testing.T) {
	base, err := articles([]page{{body: `<h1>Painted</h1><link rel="stylesheet" href="/lite-yt-embed.css">`}}, map[string][]byte{"lite-yt-embed.css": []byte("h1 { color: red }")})
	if err != nil {
		t.Fatal(err)
	}
	var p page
	for range 2 {
		if err := measure(t.Context(), base+"/0", &p); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.paints) != 2 || p.paints[0] <= 0 || p.requests < 2 || p.requests > 3 { // a browser may ask for an icon
		t.Errorf("%+v", p)
	}
	if p.bytes < 100 || p.bytes > 5000 {
		t.Errorf("%d bytes over the wire", p.bytes)
	}
	if err := measure(t.Context(), "http://"+free()+"/", &page{}); err == nil {
		t.Error("a page that nobody serves was measured")
	}
}

func TestAVideoWithoutSnippetsIsNotCompared(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/videos" {
			_, _ = io.WriteString(w, `{"items":[{"id":"a"},{"id":"b"}]}`) // whoever hangs up has seen enough
		}
	}))
	defer service.Close()
	if pages, err := ways(t.Context(), service.URL, "http://platform.example", nil); err == nil {
		t.Errorf("%v", pages)
	}
}
