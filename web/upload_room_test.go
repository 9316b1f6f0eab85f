package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"videoteca/internal/spool"
	"videoteca/web"
)

// counted is a body that counts what is read of it.
type counted struct {
	io.Reader
	read int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += n
	return n, err
}

func (*counted) Close() error { return nil }

func body(c *counted, size int64) with {
	return func(r *http.Request) { r.Body, r.ContentLength = c, size }
}

func TestCaptionsInNoLanguageAreRefusedBeforeTheirBytesAreTaken(t *testing.T) {
	s, folder := receiving(t)
	track := vttFile + strings.Repeat("x", 1<<20)
	for _, language := range []string{"x", "espa%C3%B1ol", "es_SV"} {
		sent := &counted{Reader: strings.NewReader(track)}
		problem := wantProblem(t, s.ask(t, http.MethodPut, videos+"/"+string(pictured)+"/captions/"+language, "", bearer(), body(sent, int64(len(track)))), http.StatusUnprocessableEntity)
		if len(problem.Errors) != 1 || problem.Errors[0].Location != "path.language" || sent.read != 0 {
			t.Errorf("%q: %+v after %d bytes", language, problem.Errors, sent.read)
		}
	}
	session := cookie(s.signIn(t))
	const ahead = 64 << 10 // bytes: what reading the fields before the file takes along
	for _, language := range []string{"", "español!"} {
		form, contentType := multipartForm(t, map[string]string{"language": language}, track)
		sent := &counted{Reader: strings.NewReader(form)}
		r := s.ask(t, http.MethodPost, picturedPage+"/captions?lang=es", "", session, header("Content-Type", contentType), body(sent, int64(len(form))))
		if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Eso no es una etiqueta de idioma") || sent.read > ahead {
			t.Errorf("the page, with %q: %d after %d bytes", language, r.StatusCode, sent.read)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("%d files are on the disk, %v", len(left), err)
	}
}

func TestACopyWithoutRightsIsRefusedBeforeItsBytesAreTaken(t *testing.T) {
	s, folder := receiving(t)
	const megabytes = 8 << 20
	film := mp4File + strings.Repeat("x", megabytes)
	path := videos + "/" + string(pictured) + "/copies"
	for _, rights := range []string{"", "?rights=", "?rights=%20%0A"} {
		sent := &counted{Reader: strings.NewReader(film)}
		problem := wantProblem(t, s.ask(t, http.MethodPost, path+rights, "", bearer(), header("Content-Type", "application/octet-stream"), body(sent, int64(len(film)))), http.StatusUnprocessableEntity)
		if len(problem.Errors) != 1 || !strings.HasSuffix(problem.Errors[0].Location, "rights") || sent.read != 0 {
			t.Errorf("%q: %+v after %d bytes", rights, problem.Errors, sent.read)
		}
	}

	session := cookie(s.signIn(t))
	const ahead = 64 << 10 // bytes: what reading the fields before the file takes along
	for _, rights := range []string{"", " \n"} {
		form, contentType := multipartForm(t, map[string]string{"rights": rights}, film)
		sent := &counted{Reader: strings.NewReader(form)}
		r := s.ask(t, http.MethodPost, picturedPage+"/copies?lang=es", "", session, header("Content-Type", contentType), body(sent, int64(len(form))))
		if page := text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Sin una declaración de derechos") || sent.read > ahead {
			t.Errorf("the page: %d after %d bytes", r.StatusCode, sent.read)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("%d files are on the disk, %v", len(left), err)
	}
}

// smallDisk is a tmpfs of a mebibyte, which only root may mount. Where it cannot be mounted the test fails.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Fatalf("mounting a tmpfs (run the tests as root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// crowded is a site whose disk for uploads is small and may be filled to the last byte.
func crowded(t *testing.T) (s *site, folder string) {
	t.Helper()
	folder = filepath.Join(smallDisk(t), "incoming")
	incoming, err := spool.OpenWith(folder, spool.Options{Reserve: 1})
	if err != nil {
		t.Fatal(err)
	}
	return newSite(t, func(o *web.Options) { o.Spool = incoming }), folder
}

func TestADiskThatFillsWhileAFileComesLeavesNothingAndTakesTheNext(t *testing.T) {
	s, folder := crowded(t)
	path := videos + "/" + string(pictured) + "/copies?rights=Propia."
	sent := &counted{Reader: io.MultiReader(strings.NewReader(mp4File), bytes.NewReader(make([]byte, 2<<20)))}
	unannounced := body(sent, -1) // so that only writing shows that there is no room
	wantProblem(t, s.ask(t, http.MethodPost, path, "", bearer(), header("Content-Type", "application/octet-stream"), unannounced), http.StatusInsufficientStorage)
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 || sent.read < 1<<20 {
		t.Errorf("%d files are left after %d bytes, %v", len(left), sent.read, err)
	}
	session := cookie(s.signIn(t))
	form, contentType := multipartForm(t, map[string]string{"rights": "Propia."}, mp4File+strings.Repeat("x", 2<<20))
	r := s.ask(t, http.MethodPost, picturedPage+"/copies?lang=es", form, session, header("Content-Type", contentType))
	if page := text(t, r); r.StatusCode != http.StatusInsufficientStorage || !strings.Contains(page, "no tiene espacio para esto") {
		t.Errorf("the page: %d %s", r.StatusCode, page)
	}
	if v := s.stored(pictured); len(v.Copies) != 0 {
		t.Errorf("kept are %+v", v.Copies)
	}
	if r := s.call(t, http.MethodPost, path, mp4File); r.StatusCode != http.StatusOK {
		t.Errorf("the next: %d", r.StatusCode)
	}
}

func TestADiskThatFillsBetweenPiecesKeepsWhatHasComeAndGoesOn(t *testing.T) {
	s, folder := crowded(t)
	film := mp4File + strings.Repeat("x", 600<<10)
	at := s.begin(t, len(film), ofCopy(), bearer())
	s.piece(t, at, 0, film[:1<<10], bearer())
	other := filepath.Join(filepath.Dir(folder), "other")
	if err := os.WriteFile(other, make([]byte, 700<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, s.piece(t, at, 1<<10, film[1<<10:], bearer()), http.StatusInsufficientStorage)
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	var come int
	if _, err := fmt.Sscan(s.come(t, at, bearer()), &come); err != nil || come < 1<<10 || come >= len(film) {
		t.Fatalf("%d bytes have come, %v", come, err)
	}
	s.piece(t, at, come, film[come:], bearer())
	named := fmt.Sprintf(`{"upload":%q,"rights":"Propia."}`, strings.TrimPrefix(at, uploads+"/"))
	if r := s.call(t, http.MethodPost, videos+"/"+string(pictured)+"/copies", named); r.StatusCode != http.StatusOK {
		t.Errorf("keeping it: %d %s", r.StatusCode, text(t, r))
	}
	if v := s.stored(pictured); len(v.Copies) != 1 || v.Copies[0].File.Bytes != int64(len(film)) {
		t.Errorf("kept are %+v", v.Copies)
	}
}

func TestAFullStoreIsNoRoomAndTheUploadStays(t *testing.T) {
	s, _ := receiving(t)
	at := s.begin(t, len(mp4File), ofCopy(), bearer())
	s.piece(t, at, 0, mp4File, bearer())
	named := fmt.Sprintf(`{"upload":%q,"rights":"Propia."}`, strings.TrimPrefix(at, uploads+"/"))
	keep := videos + "/" + string(pictured) + "/copies"
	s.shelf.full(true)
	wantProblem(t, s.call(t, http.MethodPost, keep, named), http.StatusInsufficientStorage)
	wantProblem(t, s.call(t, http.MethodPost, keep+"?rights=Propia.", mp4File), http.StatusInsufficientStorage)
	s.shelf.full(false)
	if r := s.call(t, http.MethodPost, keep, named); r.StatusCode != http.StatusOK {
		t.Errorf("once there is room: %d", r.StatusCode)
	}
	if v := s.stored(pictured); len(v.Copies) != 1 {
		t.Errorf("kept are %+v", v.Copies)
	}
}
