package web_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"videoteca/archive"
	"videoteca/internal/report"
	"videoteca/web"
)

// told reads the report of a shelf.
type told struct {
	shelf *shelf
	err   error
}

func (r told) Report(ctx context.Context, lang string, _ bool) (*report.Report, error) {
	if r.err != nil {
		return nil, r.err
	}
	return report.Read(ctx, onShelf{r.shelf}, lang, now())
}

// onShelf is a shelf as a report reads it.
type onShelf struct{ *shelf }

func (s onShelf) Videos(context.Context) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for _, v := range s.videos {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (s onShelf) Articles(context.Context) iter.Seq2[archive.Article, error] {
	return func(yield func(archive.Article, error) bool) {
		yield(archive.Article{URL: "https://example.org/story", Placements: []archive.Placement{{Video: pictured}}}, nil)
	}
}

func (onShelf) Channels(context.Context) iter.Seq2[archive.Channel, error] {
	return func(func(archive.Channel, error) bool) {}
}

func (onShelf) Heard(context.Context) iter.Seq2[archive.Heard, error] {
	return func(func(archive.Heard, error) bool) {}
}

func withAudit(t *testing.T) *site {
	t.Helper()
	return newSite(t, func(o *web.Options) { o.Reports = told{shelf: o.Catalog.(*shelf)} })
}

func TestTheAuditPageShowsLossesFirst(t *testing.T) {
	s := withAudit(t)
	for lang, wants := range map[string][]string{
		"en": {"Audit", "removed by its owner", "Articles touched", "Last seen good", "readers cannot watch", "With those ticked"},
		"es": {"Auditoría", "removed by its owner", "Artículos afectados", "Última vez vista bien", "los lectores ya no pueden ver", "Con las marcadas"},
	} {
		page := s.open(t, "/audit?lang="+lang)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
		if strings.Contains(page, hostile) || !strings.Contains(page, `<svg class="chart"`) {
			t.Errorf("%s: markup of a platform's, or no chart", lang)
		}
		rows := all(parsed(t, page), func(n *html.Node) bool { return attr(n, "name") == "source" })
		if len(rows) == 0 || attr(rows[0], "value") != string(pictured)+" toy:two" {
			t.Errorf("%s: %d rows, %v first", lang, len(rows), rows)
		}
	}
}

func TestFiltersOfTheAuditAreLinks(t *testing.T) {
	s := withAudit(t)
	page := s.open(t, "/audit?lang=en&state=gone")
	links := map[string]string{}
	for _, a := range all(parsed(t, page), func(n *html.Node) bool { return n.Data == "a" && strings.HasPrefix(attr(n, "href"), "/audit?") }) {
		links[strings.TrimSpace(words(a))] = attr(a, "href")
	}
	if links["suspect"] != "/audit?lang=en&state=gone&state=suspect" && !strings.Contains(links["Suspect"], "state=gone&state=suspect") {
		t.Errorf("%v", links)
	}
	if n := strings.Count(page, `name="source"`); n != 1 {
		t.Errorf("%d sources are gone", n)
	}
	if none := s.open(t, "/audit?lang=en&q=nothing+of+the+kind"); !strings.Contains(none, "No source is so.") {
		t.Error("an empty list says nothing")
	}
	if r := s.get(t, "/audit?state=tired", bearer()); r.StatusCode != 422 {
		t.Errorf("a state that there is not: %d", r.StatusCode)
	}
	if compared := s.open(t, "/audit?lang=en&period=month"); !strings.Contains(compared, "Compared with the time before") {
		t.Error("no comparison")
	}
}

func TestTheAuditInOtherForms(t *testing.T) {
	s := withAudit(t)
	for form, want := range map[string]struct{ kind, text string }{
		"csv":  {"text/csv; charset=utf-8", "video,title,source"},
		"json": {"application/json; charset=utf-8", `"counts"`},
		"atom": {"application/atom+xml; charset=utf-8", "http://www.w3.org/2005/Atom"},
	} {
		r := s.get(t, "/audit."+form+"?state=gone&since=2026-01-01&lang=es", bearer())
		if body := text(t, r); r.StatusCode != 200 || r.Header.Get("Content-Type") != want.kind || !strings.Contains(body, want.text) {
			t.Errorf("%s: %d %s %s", form, r.StatusCode, r.Header.Get("Content-Type"), body)
		}
		if r := s.get(t, "/audit."+form+"?since=never", bearer()); r.StatusCode != 422 {
			t.Errorf("%s of never: %d", form, r.StatusCode)
		}
		if r := s.get(t, "/audit."+form); r.StatusCode == 200 {
			t.Errorf("%s is open to everybody", form)
		}
	}
}

// many sends the form of the audit page.
func (s *site) many(t *testing.T, form url.Values) *http.Response {
	t.Helper()
	return s.submit(t, "/audit?lang=en&state=gone", form)
}

func TestManySourcesAreDecidedAtOnce(t *testing.T) {
	s := withAudit(t)
	ticked := []string{string(pictured) + " toy:two", string(bare) + " toy:bare"}
	r := s.many(t, url.Values{"source": ticked, "action": {"overrule"}, "as": {"ignore"}, "reason": {"It moves house."}})
	if to := redirected(t, r); !strings.Contains(to, "done=overrule") || !strings.Contains(to, "state=gone") {
		t.Errorf("leads to %s", to)
	}
	for _, id := range []archive.VideoID{pictured, bare} {
		if o := s.shelf.videos[id].Sources[0].Overrule; o == nil || o.Reason != "It moves house." {
			t.Errorf("%s: %+v", id, o)
		}
	}
	r = s.many(t, url.Values{"source": ticked[:1], "action": {"note"}, "reason": {"Ask the broadcaster."}})
	redirected(t, r)
	if notes := s.shelf.videos[pictured].Notes; !strings.HasPrefix(notes, "not for readers\n") || !strings.HasSuffix(notes, ": Ask the broadcaster.") {
		t.Errorf("notes %q", notes)
	}
	redirected(t, s.many(t, url.Values{"source": ticked, "action": {"check"}}))
	if page := s.open(t, "/audit?lang=en&done=overrule"); !strings.Contains(page, "Overruled.") {
		t.Error("nobody learns that it is done")
	}
}

func TestABulkActionThatCannotBeDoneSaysWhatFailed(t *testing.T) {
	s := withAudit(t)
	one := string(pictured) + " toy:two"
	for name, form := range map[string]url.Values{
		"nothing ticked": {"action": {"check"}},
		"no reason":      {"source": {one}, "action": {"overrule"}, "as": {"dead"}},
		"no such action": {"source": {one}, "action": {"erase"}, "reason": {"x"}},
		"no such ruling": {"source": {one}, "action": {"overrule"}, "as": {"maybe"}, "reason": {"x"}},
	} {
		if r := s.many(t, form); r.StatusCode != 422 || !strings.Contains(text(t, r), "Tick sources") {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	form := url.Values{"source": {one, string(pictured) + " toy:nowhere"}, "action": {"overrule"}, "as": {"dead"}, "reason": {"I know."}}
	if r := s.many(t, form); r.StatusCode != 422 || !strings.Contains(text(t, r), "toy:nowhere") {
		t.Errorf("one of two: %d", r.StatusCode)
	}
	if s.shelf.videos[pictured].Sources[0].Overrule == nil {
		t.Error("the one that could be decided was not")
	}
	var many []string
	for range 501 {
		many = append(many, one)
	}
	if r := s.many(t, url.Values{"source": many, "action": {"check"}}); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("501 sources: %d", r.StatusCode)
	}
	if r := s.many(t, url.Values{"source": {"nonsense"}, "action": {"check"}}); r.StatusCode < 400 {
		t.Errorf("a source that is none: %d", r.StatusCode)
	}
}

func TestAReportThatCannotBeReadIsAnHonestError(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Reports = told{err: errors.Join(archive.ErrUnavailable)} })
	for _, path := range []string{"/audit", "/audit.csv", "/audit.atom"} {
		if r := s.get(t, path, bearer()); r.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}
