package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"videoteca/web"
)

// pluginCode is the program in the zip that the server offers.
func pluginCode(t *testing.T, s *site) string {
	t.Helper()
	body := text(t, s.get(t, "/wordpress.zip"))
	archive, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open("videoteca/videoteca.php")
	if err != nil {
		t.Fatal(err)
	}
	code, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(code)
}

func TestTheWordPressPluginKnowsTheInstallationAndItsAliases(t *testing.T) {
	alone := pluginCode(t, newSite(t))
	if want := "const ORIGINS = array( '" + baseURL + "' );\n"; !strings.Contains(alone, want) {
		t.Errorf("the plugin does not hold %s", want)
	}
	moved := pluginCode(t, newSite(t, func(o *web.Options) {
		o.Aliases = []string{"http://old.example.org:8080", "https://VIDEOS.example.org/", "https://older.example.org"}
	}))
	if want := "const ORIGINS = array( '" + baseURL + "', 'https://old.example.org:8080', 'https://older.example.org' );\n"; !strings.Contains(moved, want) {
		t.Errorf("after a move the plugin does not hold %s", want)
	}
}

func TestTheWordPressPluginIsDownloadedByWhoeverKnowsTheAddress(t *testing.T) {
	s := newSite(t)
	r := s.get(t, "/wordpress.zip")
	etag := r.Header.Get("ETag")
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/zip" || r.Header.Get("Content-Disposition") != `attachment; filename="videoteca.zip"` || len(etag) < 4 {
		t.Errorf("got %d %v", r.StatusCode, r.Header)
	}
	if r := s.get(t, "/wordpress.zip", header("If-None-Match", etag)); r.StatusCode != 304 || text(t, r) != "" {
		t.Errorf("the same once more: %d", r.StatusCode)
	}
	if r := s.ask(t, "HEAD", "/wordpress.zip", ""); r.StatusCode != 200 || text(t, r) != "" || r.Header.Get("ETag") != etag {
		t.Errorf("HEAD: %d %v", r.StatusCode, r.Header)
	}
	if r := s.get(t, "/wordpress.zip", asHost("evil.example")); r.StatusCode == 200 {
		t.Error("under a name that is not ours it was answered")
	}
	if r := s.ask(t, "POST", "/wordpress.zip", ""); r.StatusCode != 405 {
		t.Errorf("POST: %d", r.StatusCode)
	}
}
