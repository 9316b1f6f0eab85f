package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"videoteca/archive/archivetest"
)

// recipe is the nginx configuration of docs/publish.md for a folder, on a port of this machine.
func recipe(t *testing.T, folder, listen string) string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/publish.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```nginx\n(.*?)```").FindSubmatch(doc)
	if block == nil {
		t.Fatal("docs/publish.md has no configuration of nginx")
	}
	text := string(block[1])
	for documented, here := range map[string]string{"listen 80;": "listen " + listen + ";", "root /var/www/embeds;": "root " + folder + ";"} {
		if strings.Count(text, documented) != 1 {
			t.Fatalf("the documented configuration has no single %q", documented)
		}
		text = strings.Replace(text, documented, here, 1)
	}
	return text
}

// startNginx serves a folder with the documented configuration, as an ordinary user. Where there is
// no nginx the test fails: a recipe that was not tried must not look like one that works.
func startNginx(t *testing.T, folder string) (address string) {
	t.Helper()
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin")
	binary, err := exec.LookPath("nginx")
	if err != nil {
		t.Fatalf("nginx is needed (tools/install-deps installs it): %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	config := fmt.Sprintf("daemon off; worker_processes 1; pid %[1]s/pid; error_log stderr;\nevents {}\nhttp {\ninclude /etc/nginx/mime.types; default_type application/octet-stream; access_log off;\n"+
		"client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;\n%[2]s}\n", work, recipe(t, folder, listen))
	file := filepath.Join(work, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(binary, "-e", "stderr", "-p", work, "-c", file)
	var said safeBuffer
	server.Stderr = &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Wait() // how it ended, says nothing
	}()
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt) // it ends its workers; it may be gone already
		<-ended
	})
	for deadline := time.Now().Add(framePatience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", listen); err == nil {
			_ = c.Close() // nothing was sent
			return "http://" + listen
		}
		select {
		case <-ended:
			t.Fatalf("nginx ended: %s", said.String())
		default:
		}
	}
	t.Fatalf("nginx does not listen:\n%s", said.String())
	return ""
}

func TestTheDocumentedNginxServesWhatTheServiceWould(t *testing.T) {
	s := newSite(t)
	v := s.add(t, archivetest.NewYorkID)
	s.keeping(t, "copy", v.ID, fileOf(t, "film.mp4", mp4Head+"0123456789"), "--rights", permission)
	s.keeping(t, "captions", v.ID, "es="+fileOf(t, "es.vtt", "WEBVTT\n"))
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil { // nginx's workers are somebody else where the tests run as root
		t.Fatal(err)
	}
	for above := filepath.Dir(folder); above != os.TempDir() && above != "/"; above = filepath.Dir(above) {
		if err := os.Chmod(above, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command(t, s.args("publish", "--publish-to", folder)...)
	at := startNginx(t, folder)
	media := func(extension string) string {
		found, err := filepath.Glob(filepath.Join(folder, "m", v.ID, "*."+extension))
		if err != nil || len(found) != 1 {
			t.Fatalf("published are %q (%v)", found, err)
		}
		return "/m/" + v.ID + "/" + filepath.Base(found[0])
	}
	const html, json, script = "text/html", "application/json", "application/javascript"
	for _, tt := range []struct {
		path   string
		status int
		kind   string
		open   bool   // whether other origins may read it
		part   string // of the body
	}{
		{"/e/" + v.ID, 200, html, false, `<html lang="en"`},
		{"/e/" + v.ID + "?lang=es&start=3", 200, html, false, `<html lang="es"`},
		{"/e/" + v.ID + "?start=3&lang=ES-sv", 200, html, false, `<html lang="es"`},
		{"/e/" + v.ID + "?lang=espera", 200, html, false, `<html lang="en"`},
		{"/e/" + v.ID + "?lang=ja", 200, html, false, `<html lang="en"`},
		{"/e/" + v.ID + "?lang=../../manifest", 200, html, false, `<html lang="en"`},
		{"/v/" + v.ID + "?lang=es", 200, html, false, `<html lang="es"`},
		{"/v/" + v.ID + ".es.html", 200, html, false, `<html lang="es"`},
		{"/e/" + v.ID + ".json", 200, json, true, `"lang": "en"`},
		{"/e/" + v.ID + ".json?lang=es", 200, json, true, `"lang": "es"`},
		{"/e/" + v.ID + ".es.json", 200, json, true, `"lang": "es"`},
		{"/p/" + v.ID + "/640.jpg", 200, "image/jpeg", false, ""},
		{media("mp4"), 200, "video/mp4", false, mp4Head},
		{media("vtt"), 200, "text/vtt", true, "WEBVTT"},
		{"/embed.js", 200, script, true, "videotecaEmbeds"},
		{"/asked.js", 200, script, true, "export"},
		{"/e/000000000000", 404, html, false, ""},
		{"/e/000000000000?lang=es", 404, html, false, ""},
		{"/manifest.json", 404, html, false, ""},
		{"/e/", 403, html, false, ""}, // no lists
	} {
		r, err := http.DefaultTransport.RoundTrip(request(t, at+tt.path)) // which follows no redirect
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close() // it was read
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		if r.StatusCode != tt.status || kind != tt.kind || (r.Header.Get("Access-Control-Allow-Origin") == "*") != tt.open || !strings.Contains(string(body), tt.part) {
			t.Errorf("%s: %d, %s, %v: %.80s", tt.path, r.StatusCode, kind, r.Header, body)
		}
	}
	part := request(t, at+media("mp4"))
	part.Header.Set("Range", "bytes=-4")
	r, err := http.DefaultTransport.RoundTrip(part)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || r.StatusCode != http.StatusPartialContent || string(body) != "6789" {
		t.Errorf("a part: %d, %q (%v)", r.StatusCode, body, err)
	}
}

func request(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
