package webpage_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"videoteca/internal/safehttp"
	"videoteca/internal/webpage"
)

// site answers every path with what a test wrote for it.
type site map[string]func(w http.ResponseWriter, r *http.Request)

func (s site) serve(t *testing.T) (address string, reader webpage.Reader) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := s[r.URL.Path]; ok {
			answer(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	return server.URL, webpage.Reader{Client: safehttp.New(safehttp.Options{Allow: []string{host}})}
}

func says(kind, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write([]byte(body))
	}
}

func TestPagesComeAsUTF8WhateverTheyWereWrittenIn(t *testing.T) {
	address, reader := site{
		"/utf8":   says("text/html; charset=utf-8", "<p>Reunión"),
		"/header": says("text/html; charset=iso-8859-1", "<p>Reuni\xf3n"),
		"/meta":   says("text/html", "<meta charset=windows-1252><p>Reuni\xf3n"),
		"/bom":    says("text/html", "\xff\xfe<\x00p\x00>\x00R\x00e\x00u\x00n\x00i\x00\xf3\x00n\x00"),
		"/xhtml":  says("application/xhtml+xml; charset=utf-8", "<p>Reunión"),
		"/untold": says("", "<!doctype html><meta charset=utf-8><p>Reunión"),
	}.serve(t)
	for _, path := range []string{"/utf8", "/header", "/meta", "/bom", "/xhtml", "/untold"} {
		page, err := reader.Read(t.Context(), address+path)
		if err != nil || !strings.Contains(string(page.HTML), "Reunión") || page.Cut {
			t.Errorf("%s: %q, cut %t, %v", path, page.HTML, page.Cut, err)
		}
	}
}

func TestThePlaceIsWhereRedirectsLead(t *testing.T) {
	address, reader := site{
		"/short":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/2025/story", http.StatusFound) },
		"/2025/story": says("text/html", "<p>x"),
	}.serve(t)
	if page, err := reader.Read(t.Context(), address+"/short"); err != nil || page.Address != address+"/2025/story" {
		t.Errorf("%q, %v", page.Address, err)
	}
}

func TestWhatCannotBeReadSaysWhy(t *testing.T) {
	address, reader := site{
		"/picture": says("image/png", "\x89PNG"),
		"/gone":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
	}.serve(t)
	for what, want := range map[string]error{
		address + "/picture": webpage.ErrNoHTML, address + "/gone": webpage.ErrStatus, address + "/nowhere": webpage.ErrStatus,
		"http://127.0.0.1:1/": webpage.ErrAway, "http://169.254.169.254/latest/": webpage.ErrAway, "http://[::1": webpage.ErrAway, "ftp://example.org/": webpage.ErrAway,
	} {
		if _, err := reader.Read(t.Context(), what); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	if _, err := reader.Read(t.Context(), "http://10.0.0.1/"); !errors.Is(err, safehttp.ErrRefused) {
		t.Errorf("a private address: %v", err)
	}
}

func TestALongPageIsCut(t *testing.T) {
	address, reader := site{"/": says("text/html; charset=utf-8", strings.Repeat("á", 3000))}.serve(t)
	reader.Most = 1001
	page, err := reader.Read(t.Context(), address+"/")
	if err != nil || !page.Cut || !utf8.Valid(page.HTML) || len(page.HTML) < 1000 {
		t.Errorf("%d bytes, cut %t, %v", len(page.HTML), page.Cut, err)
	}
	guarded := webpage.Reader{Client: safehttp.New(safehttp.Options{Allow: []string{strings.TrimPrefix(address, "http://")}, MaxBody: 500})}
	if page, err := guarded.Read(t.Context(), address+"/"); err != nil || !page.Cut {
		t.Errorf("beyond the client's own limit: cut %t, %v", page.Cut, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("text/html; charset=utf-8", "<p>x")
	f.Add("text/html; charset=\xff", "<meta charset=utf-16>")
	f.Add("text/html; charset=hz-gb-2312", "~{\xff")
	f.Fuzz(func(t *testing.T, kind, body string) {
		if strings.ContainsAny(kind, "\r\n") {
			return
		}
		transport := answer{kind, body}
		page, err := webpage.Reader{Client: &http.Client{Transport: transport}}.Read(t.Context(), "http://example.org/")
		if err == nil && !utf8.Valid(page.HTML) {
			t.Fatalf("%q is no UTF-8", page.HTML)
		}
	})
}

// answer is one answer, whatever is asked.
type answer struct{ kind, body string }

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	w.Header()["Content-Type"] = []string{a.kind}
	_, _ = w.WriteString(a.body)
	response := w.Result()
	response.Request = r
	return response, nil
}
