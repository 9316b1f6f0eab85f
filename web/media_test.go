package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/web"
)

const film = "0123456789abcdef"

// copied is a site whose pictured video has a copy and captions.
func copied(t *testing.T, change ...func(*web.Options)) (s *site, copyPath, captionsPath string) {
	t.Helper()
	s = newSite(t, change...)
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	v := s.shelf.videos[pictured]
	held := archive.File{Digest: strings.Repeat("a", 64), Extension: "mp4", Type: "video/mp4", Bytes: int64(len(film))}
	track := archive.File{Digest: strings.Repeat("b", 64), Extension: "vtt", Type: "text/vtt", Bytes: 6}
	v.Copies = []archive.Copy{{File: held}}
	v.Captions = []archive.Caption{{Language: "es", File: track}}
	v.Revision++
	s.shelf.videos[pictured] = v
	s.shelf.kept[string(pictured)+"/"+held.Name()] = []byte(film)
	s.shelf.kept[string(pictured)+"/"+track.Name()] = []byte("WEBVTT")
	return s, "/m/" + string(pictured) + "/" + held.Name(), "/m/" + string(pictured) + "/" + track.Name()
}

func TestACopyIsServedWithRangesAndCannotBeAPage(t *testing.T) {
	s, path, _ := copied(t)
	for name, tt := range map[string]struct {
		asked  string
		status int
		want   string
	}{
		"whole":        {"", 200, film},
		"a part":       {"bytes=4-7", 206, "4567"},
		"the end":      {"bytes=-2", 206, "ef"},
		"from a point": {"bytes=14-", 206, "ef"},
		"past the end": {"bytes=100-", 416, ""},
	} {
		r := s.get(t, path, header("Range", tt.asked))
		if r.StatusCode != tt.status || (tt.want != "" && text(t, r) != tt.want) {
			t.Errorf("%s: status %d", name, r.StatusCode)
		}
	}
	r := s.get(t, path)
	for name, want := range map[string]string{
		"Content-Type": "video/mp4", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if r := s.get(t, path, header("If-None-Match", r.Header.Get("ETag"))); r.StatusCode != http.StatusNotModified {
		t.Errorf("asked again it answers %d", r.StatusCode)
	}
	if r := s.ask(t, http.MethodHead, path, ""); r.StatusCode != 200 || r.ContentLength != int64(len(film)) {
		t.Errorf("HEAD: status %d, %d bytes", r.StatusCode, r.ContentLength)
	}
}

// slowMedia gives its files byte by byte, as long as anybody waits for them.
type slowMedia struct {
	*shelf
	took time.Duration // of each byte
}

func (m slowMedia) Open(ctx context.Context, id archive.VideoID, f archive.File, offset int64) (io.ReadCloser, error) {
	body, err := m.shelf.Open(ctx, id, f, offset)
	return &slowBody{ctx, body, m.took}, err
}

type slowBody struct {
	ctx context.Context
	io.ReadCloser
	took time.Duration
}

func (b *slowBody) Read(p []byte) (int, error) {
	select {
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	case <-time.After(b.took):
		return b.ReadCloser.Read(p[:min(1, len(p))])
	}
}

func TestAFilmOutlivesTheServersLimits(t *testing.T) {
	const limit = 500 * time.Millisecond
	s, path, _ := copied(t, func(o *web.Options) { o.Media = slowMedia{o.Catalog.(*shelf), 2 * limit / time.Duration(len(film))} })
	answer, err := s.limited(t, limit, http.MethodGet, path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != film {
		t.Errorf("%q, %v", body, err)
	}
}

// limited asks a server that has so much time for reading a request, and for answering it.
func (s *site) limited(t *testing.T, limit time.Duration, method, path string) (*http.Response, error) {
	t.Helper()
	server := httptest.NewUnstartedServer(s.Handler())
	server.Config.ReadTimeout, server.Config.WriteTimeout = limit, limit
	server.Start()
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	bearer()(r)
	return server.Client().Do(r)
}

func TestAFileIsOpenedWhereItIsReadOnly(t *testing.T) {
	s, path, _ := copied(t)
	s.get(t, path, header("Range", "bytes=10-12"))
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	if len(s.shelf.opened) != 2 || s.shelf.opened[1] != 10 {
		t.Errorf("opened at %v", s.shelf.opened)
	}
}

func TestCaptionsMayBeReadByArticles(t *testing.T) {
	s, _, path := copied(t)
	s.shelf.elsewhere = "https://bucket.example/signed"
	r := s.get(t, path)
	if r.StatusCode != 200 || r.Header.Get("Access-Control-Allow-Origin") != "*" || r.Header.Get("Content-Type") != "text/vtt" || text(t, r) != "WEBVTT" {
		t.Errorf("status %d, headers %v", r.StatusCode, r.Header)
	}
}

func TestACopyMayBeFetchedFromTheStoreItself(t *testing.T) {
	s, path, _ := copied(t)
	s.shelf.elsewhere = "https://bucket.example/signed"
	r := s.get(t, path)
	if r.StatusCode != http.StatusFound || r.Header.Get("Location") != s.shelf.elsewhere || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, headers %v", r.StatusCode, r.Header)
	}
}

func TestFilesThatReadersDoNotGet(t *testing.T) {
	s, path, _ := copied(t)
	for _, p := range []string{
		"/m/" + string(pictured) + "/" + strings.Repeat("c", 64) + ".mp4", "/m/" + string(absent) + "/x.mp4", "/m/x/x.mp4",
		"/m/" + string(pictured) + "/" + strings.Repeat("ab", 32) + ".jpg", // a file of the video, but neither copy nor captions
	} {
		if r := s.get(t, p); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", p, r.StatusCode)
		}
	}
	s.shelf.mu.Lock()
	v := s.shelf.videos[pictured]
	v.Visibility.Exposure = archive.Withdrawn
	s.shelf.videos[pictured] = v
	s.shelf.mu.Unlock()
	if r := s.get(t, path); r.StatusCode != http.StatusNotFound {
		t.Errorf("of a withdrawn video: status %d", r.StatusCode)
	}
}

func TestAFileThatTheStoreCannotGiveIsNoEmptyFilm(t *testing.T) {
	s, path, _ := copied(t)
	s.shelf.mu.Lock()
	clear(s.shelf.kept)
	s.shelf.mu.Unlock()
	if r := s.get(t, path); r.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", r.StatusCode)
	}
}

func TestACopyIsServedAsLongAsItsRightsLast(t *testing.T) {
	for name, tt := range map[string]struct {
		left    time.Duration // 0: without end
		status  int
		caching string
	}{
		"without end":     {0, 200, "public, max-age=600"},
		"for long":        {time.Hour, 200, "public, max-age=600"},
		"for two minutes": {2 * time.Minute, 200, "public, max-age=120"},
		"since just now":  {-1, 404, "no-store"},
	} {
		s, path, captions := copied(t)
		s.shelf.mu.Lock()
		v := s.shelf.videos[pictured]
		if tt.left != 0 {
			v.Copies[0].Rights.Expires = now().Add(tt.left)
		}
		s.shelf.videos[pictured] = v
		s.shelf.mu.Unlock()
		for _, elsewhere := range []string{"", "https://bucket.example/signed"} {
			s.shelf.elsewhere = elsewhere
			r := s.get(t, path)
			if want := tt.status; r.StatusCode != want && (elsewhere == "" || want == 404 || r.StatusCode != http.StatusFound) {
				t.Errorf("%s: status %d, sent to %q", name, r.StatusCode, elsewhere)
			}
			if got := r.Header.Get("Cache-Control"); elsewhere == "" && got != tt.caching {
				t.Errorf("%s: Cache-Control is %q", name, got)
			}
		}
		if r := s.get(t, captions); r.StatusCode != 200 {
			t.Errorf("%s: the captions answer %d", name, r.StatusCode)
		}
	}
}
