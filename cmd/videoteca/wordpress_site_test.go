package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"videoteca/web"
)

// wordpress is Debian's WordPress on this machine, as tools/wordpress starts it.
type wordpress struct {
	*testing.T
	URL     string
	Version string
	folder  string
	users   map[string]account
}

// account is a user: the password of the login form and that of the REST API.
type account struct{ name, password, application string }

// startWordPress installs one and waits until it answers. It ends with the test.
func startWordPress(t *testing.T) *wordpress {
	t.Helper()
	port := freePort(t)
	w := &wordpress{T: t, URL: "http://localhost:" + port, users: map[string]account{}}
	c := exec.CommandContext(t.Context(), filepath.Join("..", "..", "tools", "wordpress"), port)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) } // so that it clears up
	c.WaitDelay = 20 * time.Second
	errs := &safeBuffer{}
	c.Stderr = errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Cancel()
		_ = c.Wait() // it was stopped
	})
	if !w.read(out) {
		t.Fatalf("WordPress does not start (tools/install-deps installs what it needs):\n%s", errs)
	}
	return w
}

// read takes what tools/wordpress prints, and reports whether it came to the end.
func (w *wordpress) read(out io.Reader) bool {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) == 1 && words[0] == "ready":
			return true
		case len(words) > 1 && words[0] == "folder":
			w.folder = words[1]
		case len(words) > 1 && words[0] == "version":
			w.Version = strings.Join(words[1:], " ")
		case len(words) == 3:
			w.users[words[0]] = account{words[0], words[1], words[2]}
		}
	}
	return false
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// post is an article as WordPress has saved it.
type post struct {
	ID      int    `json:"id"`
	Link    string `json:"link"`
	Content struct {
		Raw string `json:"raw"`
	} `json:"content"`
}

// publish saves an article by the REST API, which asks of a user's role what the editor asks.
func (w *wordpress) publish(as, title, content string) post {
	w.Helper()
	body, err := json.Marshal(map[string]string{"title": title, "content": content, "status": "publish"})
	if err != nil {
		w.Fatal(err)
	}
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.URL+"/?rest_route=/wp/v2/posts", bytes.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	user := w.users[as]
	request.SetBasicAuth(user.name, user.application)
	var saved post
	if err := json.Unmarshal(fetch(w.T, request, http.StatusCreated), &saved); err != nil {
		w.Fatal(err)
	}
	return saved
}

// fetch is the body of an answer, which must have the status.
func fetch(t *testing.T, request *http.Request, status int) []byte {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		t.Fatalf("%s answers %d (%v): %s", request.URL, response.StatusCode, err, body)
	}
	return body
}

// pageSource is the source of an address as a reader gets it.
func pageSource(t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return string(fetch(t, request, http.StatusOK))
}

// php runs code inside WordPress and returns what it prints.
func (w *wordpress) php(code string) string {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 30*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, "php", "-d", "display_errors=stderr", "-r", "require '"+w.folder+"/site/wp-load.php'; "+code)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		w.Fatalf("php: %v\n%s%s", err, out, errs.String())
	}
	return string(out)
}

// allowPort lets WordPress ask any port, and returns the end of that. Without it
// an oEmbed provider must have a usual port, which no server of a test has.
func (w *wordpress) allowPort(port string) (end func()) {
	w.Helper()
	file := filepath.Join(w.folder, "site", "wp-content", "mu-plugins", "ports.php")
	code := "<?php add_filter( 'http_allowed_safe_ports', fn( $p ) => array_merge( $p, array( " + port + " ) ) ); add_filter( 'http_request_host_is_external', '__return_true' );"
	if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
		w.Fatal(err)
	}
	return func() {
		if err := os.Remove(file); err != nil {
			w.Fatal(err)
		}
	}
}

// install takes a plugin as an administrator's upload does, and switches it on.
func (w *wordpress) install(zip []byte) {
	w.Helper()
	file := filepath.Join(w.folder, "videoteca.zip")
	if err := os.WriteFile(file, zip, 0o600); err != nil {
		w.Fatal(err)
	}
	got := w.php(`
		require ABSPATH . 'wp-admin/includes/admin.php';
		require ABSPATH . 'wp-admin/includes/class-wp-upgrader.php';
		$upgrader = new Plugin_Upgrader( new Automatic_Upgrader_Skin() );
		$done = $upgrader->install( '` + file + `' );
		echo true === $done ? '' : 'not installed: ' . print_r( $done, true );
		$active = activate_plugin( $upgrader->plugin_info() );
		echo is_wp_error( $active ) ? $active->get_error_message() : $upgrader->plugin_info();`)
	if got != "videoteca/videoteca.php" {
		w.Fatalf("WordPress says of the plugin: %s", got)
	}
}

// complaints are the lines of WordPress's log that name the plugin.
func (w *wordpress) complaints() []string {
	w.Helper()
	raw, err := os.ReadFile(filepath.Join(w.folder, "debug.log"))
	if err != nil {
		w.Fatal(err) // Debian's PHP always has something to say of this WordPress
	}
	var found []string
	for line := range strings.Lines(string(raw)) {
		if strings.Contains(line, "plugins/videoteca") {
			found = append(found, line)
		}
	}
	return found
}

// snippets are the forms of a video's markup, by kind.
func snippets(t *testing.T, service *service, token, id, query string) map[string]string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, service.URL+"/api/v1/videos/"+id+"/snippets?"+query, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	var list web.APISnippetList
	if err := json.Unmarshal(fetch(t, request, http.StatusOK), &list); err != nil {
		t.Fatal(err)
	}
	byKind := map[string]string{}
	for _, s := range list.Items {
		byKind[s.Kind] = s.HTML
	}
	return byKind
}

func portOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}
