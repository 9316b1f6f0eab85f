package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

func wantLogged(t *testing.T, s *site, what string) {
	t.Helper()
	if !strings.Contains(s.log.String(), what) {
		t.Errorf("the log lacks %q:\n%s", what, s.log)
	}
}

func TestInternalErrorsStayInTheLogUnderAnID(t *testing.T) {
	s := newSite(t)
	s.shelf.fail(errDisk)
	for _, path := range []string{"/e/" + string(pictured), "/v/" + string(pictured), "/e/" + string(pictured) + ".json", "/api/v1/videos/" + string(pictured), "/api/v1/videos", "/p/" + string(pictured) + "/640.jpg", "/oembed?url=" + baseURL + "/v/" + string(pictured)} {
		t.Run(path, func(t *testing.T) {
			r := s.get(t, path, bearer())
			body, id := text(t, r), r.Header.Get("X-Request-Id")
			if r.StatusCode != 500 || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("got %d, cached as %q", r.StatusCode, r.Header.Get("Cache-Control"))
			}
			if strings.Contains(body, "secret-bucket") || strings.Contains(body, "input/output") {
				t.Errorf("people see internals: %s", body)
			}
			if !strings.Contains(s.log.String(), "secret-bucket") || len(id) < 10 {
				t.Errorf("request %q is not in the log", id)
			}
			wantLogged(t, s, "request="+id)
			if r.Header.Get("Content-Type") == "application/problem+json" && !strings.Contains(body, id) {
				t.Errorf("the problem does not name %s: %s", id, body)
			}
		})
	}
}

func TestQueriesAreNotLogged(t *testing.T) {
	s := newSite(t)
	s.get(t, "/login?token=s3cret")
	wantLogged(t, s, "path=/login")
	if strings.Contains(s.log.String(), "s3cret") {
		t.Errorf("the log holds a token:\n%s", s.log)
	}
}

func TestReadersDoNotFillAnOrdinaryLog(t *testing.T) {
	s := newSite(t)
	s.get(t, "/e/"+string(pictured))
	wantLogged(t, s, "level=DEBUG msg=request")
	s.get(t, "/api/v1/videos")
	wantLogged(t, s, "level=INFO msg=request")
}

// explosive panics where a bug would.
type explosive struct{ *shelf }

func (explosive) Video(context.Context, archive.VideoID) (archive.Video, error) {
	panic("secret state of the program")
}

func TestAPanicIsAnAnswerLikeAnyOther(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Catalog = explosive{newShelf()} })
	for _, path := range []string{"/e/" + string(pictured), "/api/v1/videos/" + string(pictured), "/p/" + string(pictured) + "/320.jpg"} {
		r := s.get(t, path, bearer())
		if body := text(t, r); r.StatusCode != 500 || strings.Contains(body, "secret state") {
			t.Errorf("%s: %d %s", path, r.StatusCode, body)
		}
	}
	wantLogged(t, s, "secret state of the program")
	wantLogged(t, s, "handle_test.go")
}

// failing fails in a way of its own.
type failing struct {
	*shelf
	err error
}

func (f failing) Video(context.Context, archive.VideoID) (archive.Video, error) {
	return archive.Video{}, fmt.Errorf("reading: %w", f.err)
}

func TestErrorsHaveStatuses(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want int
	}{
		"not found":      {archive.ErrNotFound, 404},
		"not recognised": {archive.ErrNotRecognised, 422},
		"not a video":    {archive.ErrNotAVideo, 422},
		"a field":        {&archive.FieldError{Field: "title", Problem: "too long", Cure: "shorten it"}, 422},
		"owned":          {&archive.OwnedError{Source: archive.SourceKey{Platform: "toy", ID: "one"}, Owner: pictured}, 409},
		"conflict":       {archive.ErrConflict, 409},
		"exists":         {archive.ErrExists, 409},
		"unavailable":    {archive.ErrUnavailable, 503},
		"too late":       {context.DeadlineExceeded, 503},
		"anything else":  {errDisk, 500},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(o *web.Options) { o.Catalog = failing{newShelf(), tt.err} })
			r := s.get(t, "/api/v1/videos/"+string(pictured), bearer())
			if got := r.Header.Get("Retry-After"); (got != "") != (tt.want == 503) {
				t.Errorf("Retry-After is %q", got)
			}
			wantProblem(t, r, tt.want)
			if r := s.get(t, "/v/"+string(pictured)); r.StatusCode != tt.want {
				t.Errorf("as a page: %d", r.StatusCode)
			}
		})
	}
}

func TestErrorPagesSpeakTheReadersLanguage(t *testing.T) {
	s := newSite(t)
	for accept, want := range map[string]string{"es-SV,es;q=0.9": "Aquí no hay nada", "de": "Nothing here", "": "Nothing here"} {
		r := s.get(t, "/nowhere", header("Accept-Language", accept))
		if body := text(t, r); r.StatusCode != 404 || !strings.Contains(body, want) {
			t.Errorf("%q: %d %s", accept, r.StatusCode, body)
		}
	}
}

func TestBodiesAreLimited(t *testing.T) {
	s := newSite(t)
	long := `{"url":"https://toy.example/` + strings.Repeat("x", 3<<20) + `"}`
	if r := s.ask(t, "POST", "/api/v1/videos", long, bearer()); r.StatusCode != 413 {
		t.Errorf("the API answered %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", "/login", "token="+strings.Repeat("x", 3<<20)); r.StatusCode != 413 {
		t.Errorf("the form answered %d", r.StatusCode)
	}
}
