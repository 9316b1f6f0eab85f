package web_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/web"
)

// twoPages is a catalog whose list has two pages.
type twoPages struct {
	*shelf
	broken bool // the second cannot be read
}

func (c twoPages) List(_ context.Context, q archive.Query) (archive.Page, error) {
	if q.After == "" {
		return archive.Page{Videos: []archive.Video{picturedVideo()}, Next: "second"}, nil
	}
	if c.broken {
		return archive.Page{}, archive.ErrUnavailable
	}
	return archive.Page{Videos: []archive.Video{bareVideo()}}, nil
}

// exports are the ways to export what the library has.
func exports() map[string]string {
	return map[string]string{"JSON": videos + "/export", "CSV": "/videos/export"}
}

func exporting(t *testing.T, path string, broken bool) (body, log string, aborted any) {
	t.Helper()
	s := newSite(t, func(o *web.Options) { o.Catalog = twoPages{o.Catalog.(*shelf), broken} })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(""))
	r.Host = host
	bearer()(r)
	w := httptest.NewRecorder()
	defer func() { body, log, aborted = w.Body.String(), s.log.String(), recover() }()
	s.Handler().ServeHTTP(w, r)
	return "", "", nil
}

func TestAnExportGoesThroughAllPages(t *testing.T) {
	body, _, aborted := exporting(t, exports()["JSON"], false)
	var out web.APIExport
	if err := json.Unmarshal([]byte(body), &out); err != nil || aborted != nil {
		t.Fatalf("%v, %v in %s", err, aborted, body)
	}
	if len(out.Items) != 2 || out.Items[0].ID != string(pictured) || out.Items[1].ID != string(bare) {
		t.Errorf("got %+v", out.Items)
	}
	body, _, aborted = exporting(t, exports()["CSV"], false)
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || aborted != nil || len(rows) != 3 || rows[1][0] != string(pictured) || rows[2][0] != string(bare) {
		t.Errorf("%v, %v in %s", err, aborted, body)
	}
}

func TestAnExportThatIsBrokenOffDoesNotLookWhole(t *testing.T) {
	for form, path := range exports() {
		body, log, aborted := exporting(t, path, true)
		err, _ := aborted.(error)
		if !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("%s: the connection is not cut: %v", form, aborted)
		}
		if json.Valid([]byte(body)) || strings.Contains(body, "<html") {
			t.Errorf("%s: what was sent is %s", form, body)
		}
		if !strings.Contains(log, "an export was broken off") || strings.Contains(log, "panic") || !strings.Contains(log, "msg=request") {
			t.Errorf("%s: the log has %s", form, log)
		}
	}
}

func TestAnExportThatCannotBeginIsAnErrorLikeAnyOther(t *testing.T) {
	s := newSite(t)
	for name, tt := range map[string]struct {
		form   url.Values
		down   error
		status int
	}{
		"a store that is down":  {nil, archive.ErrUnavailable, 503},
		"a video that is none":  {url.Values{"video": {string(bare), string(absent)}}, nil, 404},
		"what is no video's id": {url.Values{"video": {"x"}}, nil, 400},
	} {
		s.shelf.fail(tt.down)
		r := s.submit(t, "/videos/export?lang=en", tt.form)
		if kind := r.Header.Get("Content-Type"); r.StatusCode != tt.status || !strings.HasPrefix(kind, "text/html") || r.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s: %d, %s", name, r.StatusCode, kind)
		}
	}
}

// slowPages is a catalog with pages that take their time.
type slowPages struct {
	*shelf
	pages int
	took  time.Duration // of each
}

func (c slowPages) List(ctx context.Context, q archive.Query) (archive.Page, error) {
	select {
	case <-ctx.Done():
		return archive.Page{}, ctx.Err()
	case <-time.After(c.took):
	}
	page := archive.Page{Videos: []archive.Video{bareVideo()}}
	if n, _ := strconv.Atoi(q.After); n+1 < c.pages {
		page.Next = strconv.Itoa(n + 1)
	}
	return page, nil
}

func TestALongExportOutlivesTheServersLimits(t *testing.T) {
	const limit = 500 * time.Millisecond
	s := newSite(t, func(o *web.Options) { o.Catalog = slowPages{o.Catalog.(*shelf), 4, limit / 2} })
	for form, path := range exports() {
		answer, err := s.limited(t, limit, http.MethodPost, path)
		if err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if n := strings.Count(string(body), "/v/"+string(bare)); err != nil || n != 4 {
			t.Errorf("%s: %d of 4 videos, %v", form, n, err)
		}
	}
}

func TestTheAPIOffersWhatTheServerHas(t *testing.T) {
	bareAPI := text(t, newSite(t).get(t, openAPI))
	s, _ := withAll(t)
	wholeAPI := text(t, s.get(t, openAPI))
	for _, id := range []string{"merge-video", "undo-change", "overrule-host", "erase-video", "preview-erasure", "list-captures", "list-activity", "list-audit", "list-audit-history", "list-audit-changes", "audit-bulk", "list-losses"} {
		if quoted := fmt.Sprintf("%q", id); strings.Contains(bareAPI, quoted) || !strings.Contains(wholeAPI, quoted) {
			t.Errorf("%s is offered where it is not, or not where it is", id)
		}
	}
}
