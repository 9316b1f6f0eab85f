package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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

func TestTheMedianIsTheRunInTheMiddle(t *testing.T) {
	runs := []result{{300, 3 * time.Millisecond}, {100, time.Millisecond}, {200, 2 * time.Millisecond}, {900, time.Second}, {150, 5 * time.Millisecond}}
	if m := median(runs); m.perSecond != 200 || m.p99 != 2*time.Millisecond {
		t.Errorf("%+v", m)
	}
	if runs[0].perSecond != 300 {
		t.Error("the runs are in another order afterwards")
	}
	if m := median(runs[:1]); m.perSecond != 300 {
		t.Errorf("of one: %+v", m)
	}
}

func TestTheReportIsOfRatios(t *testing.T) {
	out := printed(t, func() {
		report("gzip", []contender{
			{name: "videoteca", runs: []result{{500, time.Millisecond}}},
			{name: "bare", runs: []result{{1000, 2 * time.Millisecond}}},
		})
	})
	for _, want := range []string{"| gzip | requests/s | p99 |", "| videoteca | 500 | 1ms | 1.00 |", "| bare | 1000 | 2ms | 0.50 |"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

const wrkSays = `cat <<'EOT'
Running 5s test @ http://127.0.0.1:1/
  Latency Distribution
     50%    1.10ms
     99%    9.36ms
  87780 requests in 5.00s, 1.32GB read
Requests/sec:  17556.27
EOT
`

func TestWhatWrkSaysIsRead(t *testing.T) {
	program(t, "wrk", wrkSays)
	r, err := load(t.Context(), "http://127.0.0.1:1/", "gzip", 5)
	if err != nil || r.perSecond != 17556.27 || r.p99 != 9360*time.Microsecond {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestARunThatMeasuredErrorsCountsForNothing(t *testing.T) {
	for name, script := range map[string]string{
		"answers other than 200": wrkSays + "echo '  Non-2xx or 3xx responses: 12'\n",
		"no figures":             "echo unable to connect\n",
		"a failure":              "exit 1\n",
	} {
		program(t, "wrk", script)
		if r, err := load(t.Context(), "http://127.0.0.1:1/", "identity", 1); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// page answers as the service does, compressed where that is asked for.
func page(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("ETag", `"one"`)
		w.Header().Set("Vary", "Accept-Encoding")
		if r.Header.Get("Accept-Encoding") != "gzip" {
			_, _ = io.WriteString(w, "<p>An embed</p>")
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		zip := gzip.NewWriter(w)
		_, _ = io.WriteString(zip, "<p>An embed</p>")
		_ = zip.Close()
	}))
	t.Cleanup(s.Close)
	return s
}

// kept saves a page's two forms and returns the file's name.
func kept(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	for name, accept := range map[string]string{file: "identity", file + ".gz": "gzip"} {
		if err := save(t.Context(), page(t).URL, accept, name); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

func TestAPageIsSavedAsItWasSent(t *testing.T) {
	file := kept(t)
	plain, err := readSaved(file)
	if err != nil || string(plain.body) != "<p>An embed</p>" || plain.header.Get("ETag") != `"one"` || plain.header.Get("Date") != "" {
		t.Errorf("%s %v, %v", plain.body, plain.header, err)
	}
	packed, err := readSaved(file + ".gz")
	if err != nil || packed.header.Get("Content-Encoding") != "gzip" || bytes.Equal(packed.body, plain.body) {
		t.Errorf("%v, %v", packed.header, err)
	}
	if _, err := readSaved(file + ".br"); err == nil {
		t.Error("a form that nobody saved")
	}
	if err := os.WriteFile(file+".json", []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readSaved(file); err == nil {
		t.Error("headers that are damaged")
	}
}

func TestTheBaselineSendsTheSameBytesAndHeaders(t *testing.T) {
	file, address := kept(t), free()
	go func() { _ = serveBare(address, file) }() // it serves until the process ends
	if err := wait(t.Context(), "http://"+address+"/"); err != nil {
		t.Fatal(err)
	}
	for accept, name := range map[string]string{"identity": file, "gzip": file + ".gz"} {
		want, err := readSaved(name)
		if err != nil {
			t.Fatal(err)
		}
		body, header, err := ask(t.Context(), "http://"+address+"/", accept)
		if err != nil || !bytes.Equal(body, want.body) {
			t.Errorf("%s: %q, %v", accept, body, err)
		}
		for field := range want.header {
			if header.Get(field) != want.header.Get(field) {
				t.Errorf("%s: %s is %q, not %q", accept, field, header.Get(field), want.header.Get(field))
			}
		}
	}
	if err := serveBare(address, filepath.Join(t.TempDir(), "nothing")); err == nil {
		t.Error("a file that is not there is served")
	}
}

func TestTheDemosFirstEmbedIsMeasured(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		items := []map[string]string{}
		if asked++; asked > 3 { // the demo needs a moment
			items = append(items, map[string]string{"id": "7k3mzq9x0abd"})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"items": items})
	}))
	defer s.Close()
	got, err := embedPage(t.Context(), s.URL)
	if err != nil || got != s.URL+"/e/7k3mzq9x0abd" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestAnAnswerThatIsNoneIsAnError(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	if _, err := get(t.Context(), s.URL, "identity"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := save(ctx, s.URL, "gzip", filepath.Join(t.TempDir(), "x")); err == nil {
		t.Error("saved after the end")
	}
	if _, _, err := ask(t.Context(), "http://\x00", "identity"); err == nil {
		t.Error("an address that is none")
	}
}

func TestNginxServesTheSavedPageAndItsCompressedForm(t *testing.T) {
	work := t.TempDir()
	program(t, "nginx", "exit 0\n")
	if err := startNginx(t.Context(), work, "127.0.0.1:8099"); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(work, "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"listen 127.0.0.1:8099;", "root " + work, "gzip_static on", "access_log off"} {
		if !strings.Contains(string(config), want) {
			t.Errorf("no %q in\n%s", want, config)
		}
	}
}

func TestAProgramThatIsMissingIsNamedWithItsPackage(t *testing.T) {
	err := launch(t.Context(), filepath.Join(t.TempDir(), "nginx"))
	if err == nil || !strings.Contains(err.Error(), "nginx-light") {
		t.Errorf("got %v", err)
	}
}

func TestAFreeAddressIsOne(t *testing.T) {
	l, err := net.Listen("tcp", free())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhatNobodyServesIsNotWaitedForForEver(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := embedPage(ctx, "http://"+free()); err == nil {
		t.Error("a demo that does not run has an embed")
	}
}

func TestAPageIsAwaitedUntilItIsServed(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	if err := wait(t.Context(), server.URL); err != nil || asked != 3 {
		t.Errorf("after %d questions: %v", asked, err)
	}
}
