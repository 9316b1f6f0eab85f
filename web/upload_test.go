package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/spool"
	"videoteca/web"
)

const (
	mp4File = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41 and a film"
	vttFile = "WEBVTT\n\n00:00.000 --> 00:01.000\nHola\n"
	pngFile = "\x89PNG\r\n\x1a\n and a picture"
)

// receiving is a site that takes files.
func receiving(t *testing.T) (*site, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "incoming")
	incoming, err := spool.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return newSite(t, func(o *web.Options) { o.Spool = incoming }), folder
}

func (s *site) stored(id archive.VideoID) archive.Video {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	return s.shelf.videos[id]
}

func TestTheAPITakesFiles(t *testing.T) {
	s, folder := receiving(t)
	path := videos + "/" + string(pictured)
	for _, tt := range []struct{ method, path, body string }{
		{http.MethodPost, path + "/copies?rights=La+autora+lo+autoriz%C3%B3.", mp4File},
		{http.MethodPut, path + "/captions/es-SV", vttFile},
		{http.MethodPut, path + "/poster", pngFile},
	} {
		r := s.call(t, tt.method, tt.path, tt.body)
		v := decode[web.APIVideo](t, r)
		if r.StatusCode != 200 || v.ID != string(pictured) || r.Header.Get("ETag") == "" {
			t.Errorf("%s: status %d, %+v", tt.path, r.StatusCode, v)
		}
	}
	v := decode[web.APIVideo](t, s.call(t, http.MethodGet, path, ""))
	if len(v.Copies) != 1 || v.Copies[0].Rights != "La autora lo autorizó." || v.Copies[0].Bytes != int64(len(mp4File)) || !strings.HasPrefix(v.Copies[0].URL, baseURL+"/m/"+string(pictured)+"/") {
		t.Errorf("copies %+v", v.Copies)
	}
	if len(v.Captions) != 1 || v.Captions[0].Language != "es-SV" || !v.OwnPoster {
		t.Errorf("captions %+v, own poster %t", v.Captions, v.OwnPoster)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("%d files are left on their way, %v", len(left), err)
	}
}

func TestTheAPIRefusesFilesAndNamesTheCure(t *testing.T) {
	s, _ := receiving(t)
	path := videos + "/" + string(pictured)
	for name, tt := range map[string]struct {
		method, path, body string
		status             int
	}{
		"no rights":         {http.MethodPost, path + "/copies", mp4File, 422},
		"a page":            {http.MethodPost, path + "/copies?rights=x", "<html>", 422},
		"nothing":           {http.MethodPost, path + "/copies?rights=x", "", 422},
		"captions too long": {http.MethodPut, path + "/captions/es", vttFile + strings.Repeat("x", archive.LargestCaptions), 413},
		"no language":       {http.MethodPut, path + "/captions/x", vttFile, 422},
		"an unknown video":  {http.MethodPut, videos + "/" + string(absent) + "/poster", pngFile, 404},
		"no id":             {http.MethodPut, videos + "/x/poster", pngFile, 400},
	} {
		problem := wantProblem(t, s.call(t, tt.method, tt.path, tt.body), tt.status)
		if tt.status != 404 && (len(problem.Errors) != 1 || problem.Errors[0].Message == "") {
			t.Errorf("%s: %+v names no field", name, problem)
		}
	}
	if got := s.stored(pictured); len(got.Copies)+len(got.Captions) != 0 || got.Picture != nil {
		t.Errorf("something was kept: %+v", got)
	}
	wantProblem(t, s.ask(t, http.MethodPut, path+"/poster", pngFile), http.StatusUnauthorized)
	wantProblem(t, newSite(t).call(t, http.MethodPut, path+"/poster", pngFile), http.StatusNotImplemented)
}

// multipartForm is a form as a browser sends it, the file last.
func multipartForm(t *testing.T, fields map[string]string, file string) (body, contentType string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "a.bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(file)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), w.FormDataContentType()
}

func TestTheVideosPageTakesFiles(t *testing.T) {
	s, _ := receiving(t)
	session := cookie(s.signIn(t))
	send := func(kind string, fields map[string]string, file string) *http.Response {
		body, contentType := multipartForm(t, fields, file)
		return s.ask(t, http.MethodPost, picturedPage+"/"+kind+"?lang=es", body, session, header("Content-Type", contentType))
	}
	if r := send("copies", map[string]string{"rights": "Propia."}, mp4File); r.StatusCode != http.StatusSeeOther || !strings.Contains(r.Header.Get("Location"), "done=kept") {
		t.Errorf("a copy: status %d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := send("captions", map[string]string{"language": "es"}, vttFile); r.StatusCode != http.StatusSeeOther {
		t.Errorf("captions: status %d", r.StatusCode)
	}
	for kind, tt := range map[string]struct {
		fields map[string]string
		file   string
		want   string
	}{
		"copies":   {nil, mp4File, "Sin una declaración de derechos"},
		"captions": {map[string]string{"language": "es"}, mp4File, "no comienza con WEBVTT"},
		"poster":   {nil, vttFile, "no es un JPEG, PNG o WebP"},
	} {
		r := send(kind, tt.fields, tt.file)
		if page := text(t, r); r.StatusCode != 422 || !strings.Contains(page, tt.want) {
			t.Errorf("%s: status %d, and the page does not say %q", kind, r.StatusCode, tt.want)
		}
	}
	if r := s.ask(t, http.MethodPost, picturedPage+"/poster", "x", session); r.StatusCode != http.StatusBadRequest {
		t.Errorf("no form: status %d", r.StatusCode)
	}
	if page := text(t, s.get(t, picturedPage+"?lang=es", session)); !strings.Contains(page, "Propia.") || !strings.Contains(page, "data-upload") {
		t.Error("the page does not show what is kept")
	}
}

func TestTheAPIsDescriptionKnowsTheUploads(t *testing.T) {
	s, _ := receiving(t)
	document := text(t, s.get(t, "/api/v1/openapi.json"))
	for _, want := range []string{`"add-copy"`, `"set-captions"`, `"set-poster"`, `"format":"binary"`} {
		if !strings.Contains(document, want) {
			t.Errorf("it has no %s", want)
		}
	}
}
