package embeds_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"videoteca/embeds"
)

// plugin is what a WordPress gets from an installation, by name in the zip.
func plugin(t *testing.T, bases ...string) map[string]string {
	t.Helper()
	d, err := renderer(t).WordPressPlugin(bases...)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(d.Body), int64(len(d.Body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func TestTheWordPressPluginIsOneFolderThatKnowsItsHost(t *testing.T) {
	files := plugin(t, baseURL, "http://old.example.org:8080/")
	var all strings.Builder
	for _, name := range []string{"videoteca/readme.txt", "videoteca/videoteca.php"} {
		all.WriteString("==> " + name + " <==\n" + files[name])
		if strings.Contains(files[name], "{origin}") || strings.Contains(files[name], "'ORIGINS'") {
			t.Errorf("%s still has gaps to be filled", name)
		}
	}
	if len(files) != 2 {
		t.Errorf("the zip holds %d files", len(files))
	}
	golden(t, "wordpress-plugin.txt", []byte(all.String()))
}

func TestTheWordPressPluginIsSentAsADownload(t *testing.T) {
	d, err := renderer(t).WordPressPlugin(baseURL)
	if err != nil {
		t.Fatal(err)
	}
	if d.Status != 200 || d.Header["Content-Type"] != "application/zip" || d.Header["Content-Disposition"] != `attachment; filename="videoteca.zip"` {
		t.Errorf("got %d %v", d.Status, d.Header)
	}
}

func TestTheWordPressPluginIsTheSameOnEveryReplica(t *testing.T) {
	var bodies [2][]byte
	for i := range bodies {
		d, err := renderer(t).WordPressPlugin(baseURL)
		if err != nil {
			t.Fatal(err)
		}
		bodies[i] = d.Body
	}
	if !bytes.Equal(bodies[0], bodies[1]) {
		t.Error("two zips of the same installation differ")
	}
}

func TestHostsAsTheyStandInTheWordPressPlugin(t *testing.T) {
	for base, want := range map[string]string{
		"https://videos.example.org":      "array( 'https://videos.example.org' )",
		"https://videos.example.org/":     "array( 'https://videos.example.org' )",
		"https://videos.example.org:8443": "array( 'https://videos.example.org:8443' )",
		"http://127.0.0.1:8080":           "array( 'http://127.0.0.1:8080' )",
		"http://[::1]:8080":               "array( 'http://[::1]:8080' )",
		"https://vídeos.example.org":      "array( 'https://vídeos.example.org' )",
	} {
		if got := plugin(t, base)["videoteca/videoteca.php"]; !strings.Contains(got, "const ORIGINS = "+want+";\n") {
			t.Errorf("%s does not stand as %s", base, want)
		}
	}
}

func TestWhatIsNoOriginDoesNotBecomePartOfAProgram(t *testing.T) {
	for _, base := range []string{
		"", "videos.example.org", "//videos.example.org", "ftp://videos.example.org", "javascript:alert(1)",
		"https://", "https://videos.example.org/path", "https://videos.example.org?q", "https://videos.example.org#f", "https://user@videos.example.org",
		"https://a');phpinfo();//", "https://a'", `https://a\`, "https://a*/phpinfo();/*", "https://a?>b", "https://a b", "https://a\nb", "https://a$b", "https://{origin}", "https://a:99999999",
		"HTTPS://videos.example.org/../x",
	} {
		if d, err := renderer(t).WordPressPlugin(baseURL, base); err == nil {
			t.Errorf("%q was taken: %d bytes", base, len(d.Body))
		}
	}
	if _, err := renderer(t).WordPressPlugin(); err == nil {
		t.Error("a plugin of no installation was written")
	}
}

// FuzzWordPressPlugin holds that whatever is taken as a base URL stands as one
// plain string between two quotes.
func FuzzWordPressPlugin(f *testing.F) {
	for _, base := range []string{baseURL, "http://[::1]:8080", "https://a'.example", `https://a\.example`, "https://a*/"} {
		f.Add(base)
	}
	r, err := embeds.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, base string) {
		if _, err := r.WordPressPlugin(base); err == nil && strings.ContainsAny(strings.TrimSuffix(base, "/"), "'\"\\$*?<>(){} \n\r\t;#@") {
			t.Errorf("%q was taken", base)
		}
	})
}
