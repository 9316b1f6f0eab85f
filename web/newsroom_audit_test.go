package web_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

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

func withAudit(t *testing.T, change ...func(*web.Options)) *site {
	t.Helper()
	return newSite(t, append([]func(*web.Options){func(o *web.Options) { o.Reports = told{shelf: o.Catalog.(*shelf)} }}, change...)...)
}

func TestTheAuditPageShowsLossesFirst(t *testing.T) {
	s := withAudit(t)
	for lang, wants := range map[string][]string{
		"en": {"Audit", "removed by its owner", "Articles touched", "Last seen good", "readers can watch", "With those ticked"},
		"es": {"Auditoría", "removed by its owner", "Artículos afectados", "Vista disponible por última vez", "los lectores pueden ver", "Con las marcadas"},
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
	links := s.links(t, "/audit?lang=en&state=gone")
	for label, want := range map[string]string{
		"Live": "/audit?lang=en&state=gone&state=live", "Gone": "/audit?lang=en", "Remove the filter State: Gone ×": "/audit?lang=en",
		"toy.example": "/audit?host=toy.example&lang=en&state=gone", "in an article": "/audit?lang=en&mark=in-article&state=gone", "month": "/audit?lang=en&period=month&state=gone",
	} {
		if links[label] != want {
			t.Errorf("%q leads to %s, not %s", label, links[label], want)
		}
	}
	if n := strings.Count(page, `name="source"`); n != 1 {
		t.Errorf("%d sources are gone", n)
	}
	if none := s.open(t, "/audit?lang=en&q=nothing+of+the+kind"); !strings.Contains(none, "No source matches.") {
		t.Error("an empty list says nothing")
	}
	if r := s.get(t, "/audit?state=tired", bearer()); r.StatusCode != 422 {
		t.Errorf("a state that there is not: %d", r.StatusCode)
	}
	if compared := s.open(t, "/audit?lang=en&period=month"); !strings.Contains(compared, "Compared with the time before") {
		t.Error("no comparison")
	}
}

// links are where a page's words lead.
func (s *site) links(t *testing.T, path string) map[string]string {
	t.Helper()
	links := map[string]string{}
	for _, a := range all(parsed(t, s.open(t, path)), func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") != "" }) {
		links[strings.TrimSpace(words(a))] = attr(a, "href")
	}
	return links
}

// A view is narrowed in several ways, and neither searching nor acting on its rows loses them.
func TestAViewIsKeptThroughSearchingAndActing(t *testing.T) {
	s := withAudit(t)
	page := s.open(t, "/audit?lang=en&state=gone&platform=toy&host=toy.example&mark=uncovered&mark=in-article&channel=A+channel&collection=x&q=reunion&period=week")
	form := typed(t, page, "/audit")
	for name, want := range map[string][]string{
		"state": {"gone"}, "platform": {"toy"}, "host": {"toy.example"}, "mark": {"uncovered", "in-article"}, "channel": {"A channel"}, "collection": {"x"}, "q": {"reunion"}, "period": {"week"}, "lang": {"en"},
	} {
		if !slices.Equal(form[name], want) {
			t.Errorf("searching sends %s=%q, not %q", name, form[name], want)
		}
	}
	r := s.submit(t, "/audit?lang=en&platform=toy&period=week&state=gone", url.Values{"source": {string(pictured) + " toy:two"}, "action": {"check"}})
	if to := redirected(t, r); to != "/audit?done=check&lang=en&period=week&platform=toy&state=gone" {
		t.Errorf("acting leads to %s", to)
	}
}

func TestChannelsLeadToTheirSources(t *testing.T) {
	s := withAudit(t)
	if _, err := s.shelf.Update(t.Context(), pictured, archive.Cause{}, func(v *archive.Video) error {
		v.Sources[1].Described.ChannelID = "UC1"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	to := s.links(t, "/audit?lang=en&platform=toy")["A channel"]
	if to != "/audit?channel=A+channel&lang=en&platform=toy" {
		t.Fatalf("the channel leads to %s", to)
	}
	if n := strings.Count(s.open(t, to), `name="source"`); n == 0 || n == strings.Count(s.open(t, "/audit"), `name="source"`) {
		t.Errorf("%d sources there", n)
	}
}

func TestWhatWaitsForAPersonStandsBehindTheNewLosses(t *testing.T) {
	s := withAudit(t)
	if page := s.open(t, "/audit?lang=en"); !strings.Contains(page, "For a person to decide (0)") || !strings.Contains(page, "There is nothing to decide.") {
		t.Error("an empty list says nothing")
	}
	if _, err := s.shelf.Update(t.Context(), pictured, archive.Cause{}, func(v *archive.Video) error {
		v.Sources[0].Standing.Since = now().Add(-time.Hour)
		v.Sources[1].Standing.DisputedSince = now().Add(-4 * 24 * time.Hour)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.shelf.Update(t.Context(), bare, archive.Cause{}, func(v *archive.Video) error {
		v.Sources[0].Standing.Held, v.Sources[0].Standing.Unheard = make([]archive.Hold, 2), true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	page := s.open(t, "/audit?lang=es")
	before := -1
	for _, want := range []string{
		"Recién desaparecidas o en duda (1)", "Para que decida una persona (2)", "En disputa: un método la da por disponible y otro por desaparecida (1)",
		"Sin noticias: ninguna respuesta clara en 14 días (1)", "2 rondas retenidas", `<svg class="chart"`, `name="source"`,
	} {
		at := strings.Index(page, want)
		if at < before {
			t.Errorf("%q stands at %d, behind %d", want, at, before)
		}
		before = at
	}
	if n := strings.Count(s.open(t, "/audit?mark=to-decide"), `name="source"`); n != 2 {
		t.Errorf("the list to act on has %d", n)
	}
}

func TestWhoMayNotActSeesNoFormForIt(t *testing.T) {
	s := everything(t)
	page := text(t, s.get(t, "/audit?lang=en", s.as(t, "viewer")))
	if strings.Contains(page, "With those ticked") || strings.Contains(page, `name="source"`) || strings.Contains(page, "/audit.csv") || !strings.Contains(page, "/audit.atom") {
		t.Error("a viewer is offered what is not theirs")
	}
	if page := text(t, s.get(t, "/audit?lang=en", s.as(t, "archivist"))); !strings.Contains(page, "With those ticked") || !strings.Contains(page, "/audit.csv") {
		t.Error("an archivist is not offered what is theirs")
	}
}

func TestAComparisonIsATableToo(t *testing.T) {
	s := withAudit(t)
	if body := text(t, s.get(t, "/audit.csv?period=month", bearer())); !strings.HasPrefix(body, "by,name,now") {
		t.Errorf("got %s", body)
	}
	if to := s.links(t, "/audit?lang=en&period=month&state=gone")["This comparison as CSV"]; to != "/audit.csv?lang=en&period=month&state=gone" {
		t.Errorf("the page leads to %s", to)
	}
	for path, want := range map[string]int{"/audit.atom?period=month": 422, "/audit.csv?period=decade": 422, "/audit.json?period=week": 200} {
		if r := s.get(t, path, bearer()); r.StatusCode != want {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
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
	both := []string{ticked[0], string(pictured) + " toy:one"} // two sources of one video, which has one notebook
	redirected(t, s.many(t, url.Values{"source": both, "action": {"note"}, "reason": {"Twice."}}))
	if notes := s.shelf.videos[pictured].Notes; strings.Count(notes, "Twice.") != 1 {
		t.Errorf("notes %q", notes)
	}
	redirected(t, s.many(t, url.Values{"source": both[1:], "action": {"check"}}))
	if v := s.shelf.videos[pictured]; v.Sources[1].Standing.State != archive.Live || v.Sources[0].Standing.State != archive.Gone {
		t.Errorf("ticked one, asked %s and %s", v.Sources[0].Standing.State, v.Sources[1].Standing.State)
	}
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

// shops are where embeds were published.
type shops []web.PublishedTarget

func (s shops) Behind(context.Context) ([]web.PublishedTarget, error) {
	if s == nil {
		return nil, archive.ErrUnavailable
	}
	return s, nil
}

func TestPublishedPagesThatCannotBeReachedAreListed(t *testing.T) {
	list := shops{}
	s := newSite(t, func(o *web.Options) { o.Reports, o.Published = told{shelf: o.Catalog.(*shelf)}, &list })
	if page := s.open(t, "/audit?lang=en"); strings.Contains(page, "cannot be reached") {
		t.Error("nothing is behind, and the page says so")
	}
	list = shops{{Address: "/var/www/<embeds>", Since: now().Add(-time.Hour), Checked: now().Add(-48 * time.Hour), Reason: "permission denied"}}
	page := s.open(t, "/audit?lang=es")
	for _, want := range []string{"Páginas publicadas que no están al alcance", "/var/www/&lt;embeds&gt;", "permission denied", "al día por última vez"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	list = nil
	if r := s.get(t, "/audit", bearer()); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("what is published is not known, and the page says %d", r.StatusCode)
	}
}

// surveyor checked the store, or never did.
type surveyor struct{ result *web.VerifyResult }

func (s *surveyor) Verified(context.Context) (*web.VerifyResult, error) { return s.result, nil }

func TestTheCheckOfTheStoreStandsOnThePageFirstWhereItIsDamaged(t *testing.T) {
	checked := &surveyor{}
	s := newSite(t, func(o *web.Options) { o.Reports, o.Verification = told{shelf: o.Catalog.(*shelf)}, checked })
	if page := s.open(t, "/audit?lang=en"); strings.Contains(page, "Check of the store") {
		t.Error("it was never checked, and the page says so")
	}
	checked.result = &web.VerifyResult{At: now(), Objects: 12345}
	page := s.open(t, "/audit?lang=en")
	if at := strings.Index(page, "Whole: 12345 objects"); at < strings.Index(page, `name="source"`) {
		t.Errorf("that all is well stands at %d", at)
	}
	checked.result = &web.VerifyResult{At: now(), Objects: 12345, Faults: 3, Found: []web.VerifyFault{{Kind: "content", Key: "files/<x>", Detail: "rot"}}}
	page = s.open(t, "/audit?lang=es")
	if at := strings.Index(page, "Daños que quedan en el almacén: 3"); at < 0 || at > strings.Index(page, `<svg class="chart"`) || !strings.Contains(page, "files/&lt;x&gt;") || !strings.Contains(page, "y 2 más") {
		t.Errorf("damage stands at %d", at)
	}
}

func TestOneHeldRoundIsNotSaidLikeMany(t *testing.T) {
	s := withAudit(t)
	for n, want := range map[int]map[string][]string{
		1: {"en": {"1 held round<", "One bad round is held", "To act on it"}, "es": {"1 ronda retenida<", "Hay una ronda mala retenida", "Verla y actuar sobre ella"}},
		2: {"en": {"2 held rounds<", "2 bad rounds are held", "To act on it"}, "es": {"2 rondas retenidas<", "Hay 2 rondas malas retenidas", "Verla y actuar sobre ella"}},
	} {
		if _, err := s.shelf.Update(t.Context(), bare, archive.Cause{}, func(v *archive.Video) error {
			v.Sources[0].Standing.Held = make([]archive.Hold, n)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for lang, texts := range want {
			page := s.open(t, "/audit?lang="+lang) + s.open(t, "/videos/"+string(bare)+"/evidence?lang="+lang)
			for _, text := range texts {
				if !strings.Contains(page, text) {
					t.Errorf("%d in %s: no %q", n, lang, text)
				}
			}
		}
	}
	for lang, texts := range map[string][]string{"en": {">1 source<"}, "es": {">1 fuente<"}} {
		page := s.open(t, "/audit?mark=held&lang="+lang)
		for _, text := range texts {
			if !strings.Contains(page, text) {
				t.Errorf("%s: no %q", lang, text)
			}
		}
	}
}
