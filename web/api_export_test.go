package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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

func exporting(t *testing.T, broken bool) (body string, aborted any) {
	t.Helper()
	s := newSite(t, func(o *web.Options) { o.Catalog = twoPages{o.Catalog.(*shelf), broken} })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, videos+"/export", strings.NewReader(""))
	r.Host = host
	bearer()(r)
	w := httptest.NewRecorder()
	defer func() { body, aborted = w.Body.String(), recover() }()
	s.Handler().ServeHTTP(w, r)
	return "", nil
}

func TestAnExportGoesThroughAllPages(t *testing.T) {
	body, aborted := exporting(t, false)
	var out web.APIExport
	if err := json.Unmarshal([]byte(body), &out); err != nil || aborted != nil {
		t.Fatalf("%v, %v in %s", err, aborted, body)
	}
	if len(out.Items) != 2 || out.Items[0].ID != string(pictured) || out.Items[1].ID != string(bare) {
		t.Errorf("got %+v", out.Items)
	}
}

func TestAnExportThatIsBrokenOffDoesNotLookWhole(t *testing.T) {
	body, aborted := exporting(t, true)
	err, _ := aborted.(error)
	if !errors.Is(err, http.ErrAbortHandler) {
		t.Errorf("the connection is not cut: %v", aborted)
	}
	if json.Valid([]byte(body)) || !strings.Contains(body, string(pictured)) {
		t.Errorf("what was sent is %s", body)
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
