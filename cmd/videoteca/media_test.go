package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

// mp4Head is a file type box, by which a file is known to be an mp4.
const mp4Head = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41"

const permission = "La autora lo autorizó el 3 de mayo de 2026."

// fileOf writes a file of the test's.
func fileOf(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// longFilm is an mp4 of so many bytes, all but the first of which take no room on the disk.
func longFilm(t *testing.T, size int64) string {
	t.Helper()
	path := fileOf(t, "film.mp4", mp4Head)
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	return path
}

// keeping runs a command that keeps a file and returns the video as it is then.
func (s *site) keeping(t *testing.T, args ...string) web.APIVideo {
	t.Helper()
	var v web.APIVideo
	out := command(t, s.args(append(args, "--json")...)...)
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return v
}

func TestALongCopyIsKeptWithProgress(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	const size = progressStep + progressStep/4
	got := try(t, "", s.args("copy", v.ID, longFilm(t, size), "--rights", permission, "--json")...)
	// It is read twice: for its digest, and to be kept.
	if want := "64 of 160 MiB read\n128 of 160 MiB read\n"; got.code != exitOK || got.errs != want {
		t.Fatalf("exit code %d: %s", got.code, got.errs)
	}
	var after web.APIVideo
	if err := json.Unmarshal([]byte(got.out), &after); err != nil || len(after.Copies) != 1 {
		t.Fatalf("%v: %s", err, got.out)
	}
	c := after.Copies[0]
	if c.Bytes != size || c.Type != "video/mp4" || c.Rights != permission || after.Revision != v.Revision+1 {
		t.Errorf("%+v, revision %d", c, after.Revision)
	}
	kept, err := os.Stat(filepath.Join(s.store, "files", v.ID[:2], v.ID, c.Digest+".mp4"))
	if err != nil || kept.Size() != size {
		t.Errorf("the store has %v, %v", kept, err)
	}
}

// The lines of progress are for people who wait; a short file is through before they read one.
func TestAShortFileIsKeptWithoutProgress(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	film := fileOf(t, "film.mp4", mp4Head+" and a film")
	got := try(t, "", s.args("copy", v.ID, film, "--rights", permission)...)
	if got.code != exitOK || got.errs != "" {
		t.Errorf("exit code %d, %q", got.code, got.errs)
	}
	sum := sha256.Sum256([]byte(mp4Head + " and a film"))
	for _, want := range []string{"FILE            SIZE", "copy video/mp4", permission, hex.EncodeToString(sum[:])[:15]} {
		if !strings.Contains(got.out, want) {
			t.Errorf("it does not print %q:\n%s", want, got.out)
		}
	}
	again := s.keeping(t, "copy", v.ID, film, "--rights", "https://creativecommons.org/licenses/by/4.0/")
	if len(again.Copies) != 1 || again.Copies[0].Rights != "https://creativecommons.org/licenses/by/4.0/" {
		t.Errorf("the same film under another right: %+v", again.Copies)
	}
}

func TestCaptionsAreKeptByLanguage(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	es, en := fileOf(t, "es.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHola\n"), fileOf(t, "en.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
	command(t, s.args("captions", v.ID, "es="+es, "en="+en)...)
	command(t, s.args("captions", v.ID, "es="+en)...) // takes the place of the first
	var after web.APIVideo
	if err := json.Unmarshal([]byte(command(t, s.args("show", "--json", v.ID)...)), &after); err != nil {
		t.Fatal(err)
	}
	if len(after.Captions) != 2 || after.Captions[0].Language != "es" || after.Captions[1].Language != "en" || after.Captions[0].URL != after.Captions[1].URL {
		t.Errorf("%+v", after.Captions)
	}
	for _, named := range []string{es, "=" + es, "es=", "español!=" + es, "es=" + es + ".none"} {
		if got := try(t, "", s.args("captions", v.ID, named)...); got.code != exitUsage || got.out != "" {
			t.Errorf("%s: %+v", named, got)
		}
	}
	// Of several, those before the mistake are kept.
	if got := try(t, "", s.args("captions", v.ID, "de="+es, "fr")...); got.code != exitUsage || !strings.Contains(got.errs, `"fr"`) {
		t.Errorf("one without a file: %+v", got)
	}
}

func TestAPictureOfTheNewsroomsOwnIsThePoster(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	service := serve(t, s.args()...)
	_, before := ask(t, http.MethodGet, service.URL+"/p/"+v.ID+"/320.jpg", "", nil)
	service.Stop(t)

	var drawn bytes.Buffer
	if err := jpeg.Encode(&drawn, image.NewGray(image.Rect(0, 0, 640, 360)), nil); err != nil {
		t.Fatal(err)
	}
	picture := fileOf(t, "poster.jpg", drawn.String())
	if after := s.keeping(t, "poster", v.ID, picture); !after.OwnPoster || v.OwnPoster {
		t.Errorf("%+v", after)
	}
	service = serve(t, s.args()...)
	if status, after := ask(t, http.MethodGet, service.URL+"/p/"+v.ID+"/320.jpg", "", nil); status != http.StatusOK || after == before {
		t.Errorf("status %d, and the poster changed: %v", status, after != before)
	}
	if out := command(t, s.args("show", v.ID)...); !strings.Contains(out, "poster image/jpeg") {
		t.Errorf("it shows\n%s", out)
	}
	spoilt := fileOf(t, "spoilt.jpg", drawn.String()[:200])
	if got := try(t, "", s.args("poster", v.ID, spoilt)...); got.code != exitUsage || !strings.Contains(got.errs, "the picture cannot be read") {
		t.Errorf("half a picture: %+v", got)
	}
}

func TestAFileThatCannotBeKeptNamesItselfAndItsReason(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.crowd(t, 1)[0])
	film := fileOf(t, "film.mp4", mp4Head+" and a film")
	folder := t.TempDir()
	for name, tt := range map[string]struct {
		args []string
		code int
		says string
	}{
		"a file that is not there":  {[]string{"copy", v.ID, film + ".none", "--rights", "x"}, exitUsage, "film.mp4.none"},
		"a folder":                  {[]string{"copy", v.ID, folder, "--rights", "x"}, exitUsage, folder},
		"captions that are none":    {[]string{"captions", v.ID, "es=" + folder}, exitUsage, folder},
		"an empty file":             {[]string{"copy", v.ID, fileOf(t, "empty.mp4", ""), "--rights", "x"}, exitUsage, "it is empty"},
		"a name that is no content": {[]string{"copy", v.ID, fileOf(t, "page.mp4", "<html>"), "--rights", "x"}, exitUsage, "page.mp4"},
		"a film for a poster":       {[]string{"poster", v.ID, film}, exitUsage, "send one of jpg, png, webp"},
		"more than is kept":         {[]string{"copy", v.ID, longFilm(t, archive.LargestCopy+1), "--rights", "x"}, exitUsage, fmt.Sprintf("send at most %d", int64(archive.LargestCopy))},
		"what is no id":             {[]string{"copy", "nope", film, "--rights", "x"}, exitUsage, "not a video id"},
		"a video that is not there": {[]string{"copy", string(archive.NewVideoID()), film, "--rights", "x"}, exitMissing, "not found"},
	} {
		if got := try(t, "", s.args(tt.args...)...); got.code != tt.code || !strings.Contains(got.errs, tt.says) || got.out != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if after := s.list(t)[0]; after.Revision != v.Revision || after.Copies != nil || after.OwnPoster {
		t.Errorf("a refused file changed the record: %+v", after)
	}
}

// withFilm registers a video with a copy and captions of the newsroom's own.
func (s *site) withFilm(t *testing.T) (v web.APIVideo, content string) {
	t.Helper()
	v = s.add(t, s.playing(t, "playing0000"))
	content = mp4Head + strings.Repeat(" and a film", 100)
	s.keeping(t, "copy", v.ID, fileOf(t, "film.mp4", content), "--rights", permission)
	return s.keeping(t, "captions", v.ID, "es="+fileOf(t, "es.vtt", "WEBVTT\n")), content
}

// inService is a public address as the service listens to it.
func inService(t *testing.T, service *service, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return service.URL + u.RequestURI()
}

// part asks for a part of a file, follows nothing, and has no credentials.
func part(t *testing.T, method, address, asked string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if asked != "" {
		r.Header.Set("Range", asked)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer, body.String()
}

func TestBrowsersFetchCopiesFromTheBucketItself(t *testing.T) {
	s := newSite(t)
	server := s.onS3(t)
	v, content := s.withFilm(t)
	service := serve(t, s.args("--media", "redirect")...)

	answer, _ := part(t, http.MethodGet, inService(t, service, v.Copies[0].URL), "bytes=4-11")
	address := answer.Header.Get("Location")
	if answer.StatusCode != http.StatusFound || !strings.HasPrefix(address, server.Endpoint+"/") || answer.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d to %q, %v", answer.StatusCode, address, answer.Header)
	}
	if strings.Contains(address, server.SecretKey) {
		t.Error("the address gives the secret away")
	}
	some, got := part(t, http.MethodGet, address, "bytes=4-11")
	if some.StatusCode != http.StatusPartialContent || got != "ftypisom" || some.Header.Get("Content-Type") != "video/mp4" {
		t.Errorf("%d, %q, %v", some.StatusCode, got, some.Header)
	}
	if whole, got := part(t, http.MethodGet, address, ""); whole.StatusCode != http.StatusOK || got != content {
		t.Errorf("the whole: %d, %d bytes", whole.StatusCode, len(got))
	}
	bare, _, _ := strings.Cut(address, "?")
	if refused, _ := part(t, http.MethodGet, bare, ""); refused.StatusCode != http.StatusForbidden {
		t.Errorf("without the signature the bucket answers %d", refused.StatusCode)
	}
	if refused, _ := part(t, http.MethodGet, strings.Replace(address, v.Copies[0].Digest, strings.Repeat("0", 64), 1), ""); refused.StatusCode != http.StatusForbidden {
		t.Errorf("the signature opens another file too: %d", refused.StatusCode)
	}
	// A track of another origin is not taken by players, so captions come from here.
	if track, got := part(t, http.MethodGet, inService(t, service, v.Captions[0].URL), ""); track.StatusCode != http.StatusOK || got != "WEBVTT\n" || track.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("captions: %d, %q", track.StatusCode, got)
	}
}

func TestCopiesAreServedFromHereUnlessToldOtherwise(t *testing.T) {
	s := newSite(t)
	v, content := s.withFilm(t)
	service := serve(t, s.args()...)
	address := inService(t, service, v.Copies[0].URL)
	for asked, want := range map[string]struct {
		status int
		body   string
	}{
		"": {http.StatusOK, content}, "bytes=4-11": {http.StatusPartialContent, "ftypisom"},
		"bytes=-4": {http.StatusPartialContent, "film"}, "bytes=999999-": {http.StatusRequestedRangeNotSatisfiable, ""},
	} {
		answer, got := part(t, http.MethodGet, address, asked)
		if answer.StatusCode != want.status || want.body != "" && got != want.body {
			t.Errorf("%q: %d, %d bytes", asked, answer.StatusCode, len(got))
		}
	}
	if answer, got := part(t, http.MethodHead, address, ""); answer.ContentLength != int64(len(content)) || got != "" || answer.Header.Get("ETag") != `"`+v.Copies[0].Digest+`"` {
		t.Errorf("HEAD: %v", answer.Header)
	}
	for _, path := range []string{"/m/" + v.ID + "/" + strings.Repeat("0", 64) + ".mp4", "/m/" + string(archive.NewVideoID()) + "/" + v.Copies[0].Digest + ".mp4", "/m/" + v.ID + "/../../videoteca.json"} {
		if answer, _ := part(t, http.MethodGet, service.URL+path, ""); !slices.Contains([]int{http.StatusNotFound, http.StatusBadRequest}, answer.StatusCode) {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}
