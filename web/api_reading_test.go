package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/web"
)

// kept is the n-th id under which events and captures of these tests are kept.
func kept(n int) string { return fmt.Sprintf("%026d", n) }

// told is a server whose pictured video has a history.
func withHistory(t *testing.T) (*staffed, with) {
	t.Helper()
	s := newStaffed(t, func(o *web.Options) {
		shelf := o.Catalog.(*shelf)
		o.Reports, o.Captures, o.Merger = told{shelf: shelf}, seen{}, shelf
		o.Retention = purges{losses: []archive.Loss{{Video: bare, At: now(), Title: "A title", Language: "en", Poster: true}}}
		var captures seen
		for n := range 5 {
			captures = append(captures, archive.Capture{
				ID: kept(n), Video: pictured, At: now().Add(time.Duration(n) * time.Hour), Source: archive.SourceKey{Platform: "toy", ID: "one"}, URL: "https://toy.example/one", Method: "toy.api",
				Fields: archive.Fields{Title: fmt.Sprint("Title ", n), Status: []string{"privacyStatus=public"}}, Thumbnails: []archive.File{{Digest: strings.Repeat("ab", 32), Extension: "jpg", Type: "image/jpeg", Width: 640, Height: 360}}, Raw: []archive.File{answered},
			})
		}
		o.Captures = captures
		shelf.videos[pictured] = changed(shelf.videos[pictured], func(v *archive.Video) {
			v.Sources[0].Standing = archive.Standing{
				State: archive.Suspect, Outcome: archive.Removed, LastGood: lastGood, FirstBad: firstBad, Since: firstBad, Reason: "removed by its owner",
				Counted:      []archive.Count{{At: firstBad, Methods: []string{"toy.api"}}},
				Held:         []archive.Hold{{Count: archive.Count{At: firstBad}, Outcome: archive.Removed}},
				Restrictions: []archive.Restriction{{Aspect: archive.AspectRegion, Blocked: []string{"DE"}}},
				Transitions:  []archive.Transition{{At: lastGood, To: archive.Live}, {At: firstBad, From: archive.Live, To: archive.Suspect, Evidence: []archive.File{answered}}},
			}
			v.Sources[1].Overrule = &archive.Overrule{As: archive.RulesDead, Reason: "I looked", By: "ana", At: now()}
			v.Sources[1].Archived = &archive.Memento{URL: "https://web.example/1", At: now()}
		})
		for n := range 3 {
			shelf.placed = append(shelf.placed, archive.Article{URL: fmt.Sprintf("https://example.org/%d", n), Language: "es", Placements: []archive.Placement{{Video: pictured, Added: now()}}})
		}
	})
	for n := range 5 {
		s.attic.events = append(s.attic.events, archive.Event{
			ID: kept(n), Video: pictured, At: now(), Actor: "ana", Verb: "describe", Revision: int64(n + 1),
			Before: map[string]any{"title": map[string]any{"es": "Antes"}}, After: map[string]any{"title": map[string]any{"es": "Después"}, "notes": "x"},
		})
	}
	return s, s.token(t, people.Permissions()...)
}

func TestListsComeInPagesAndRefuseAPlaceThatNoPageGave(t *testing.T) {
	s, program := withHistory(t)
	const video = videos + "/" + string(pictured)
	for path, want := range map[string]int{video + "/captures": 5, video + "/activity": 5, "/api/v1/articles": 3, videos: 4, "/api/v1/audit": 5} {
		items, next, pages := 0, "", 0
		for ; pages < 9; pages++ {
			page := decode[web.APIPage[any]](t, s.ask(t, "GET", path+"?limit=2&after="+next, "", program))
			if items += len(page.Items); len(page.Items) > 2 {
				t.Errorf("%s: a page of %d", path, len(page.Items))
			}
			if next = page.Next; next == "" {
				break
			}
		}
		if items != want || pages != (want-1)/2 {
			t.Errorf("%s: %d items on %d pages", path, items, pages+1)
		}
		if p := wantProblem(t, s.ask(t, "GET", path+"?after=garbage", "", program), 422); p.Errors[0].Location != "query.after" {
			t.Errorf("%s: %+v", path, p)
		}
		if p := wantProblem(t, s.ask(t, "GET", path+"?limit=501", "", program), 422); p.Errors[0].Location != "query.limit" {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func TestEvidenceThroughTheAPI(t *testing.T) {
	s, program := withHistory(t)
	items := decode[web.APIPage[web.APIEvidence]](t, s.ask(t, "GET", videos+"/"+string(pictured)+"/evidence", "", program)).Items
	lost, ruled := items[0], items[1]
	if lost.Source != "toy:two" || lost.State != "suspect" || lost.Outcome != "removed" || !lost.LastGood.Equal(lastGood) || !lost.FirstBad.Equal(firstBad) || lost.Restrictions[0].Blocked[0] != "DE" || len(lost.Held) != 1 || len(lost.Counted) != 1 {
		t.Errorf("lost: %+v", lost)
	}
	if len(lost.Transitions) != 2 || lost.Transitions[0].To != "suspect" || lost.Transitions[1].From != "unchecked" {
		t.Errorf("its moves, the newest first: %+v", lost.Transitions)
	}
	if file := lost.Transitions[0].Evidence[0]; file.URL != baseURL+"/videos/"+string(pictured)+"/evidence/"+answered.Name() || file.Label != "youtube.videos.list" {
		t.Errorf("its evidence: %+v", file)
	}
	s.shelf.kept[string(pictured)+"/"+answered.Name()] = []byte(`{"items":[]}`)
	if r := s.ask(t, "GET", "/videos/"+string(pictured)+"/evidence/"+answered.Name(), "", program); r.StatusCode != 200 || text(t, r) != `{"items":[]}` {
		t.Errorf("fetched: %d", r.StatusCode)
	}
	if ruled.State != "gone" || ruled.Computed != "live" || ruled.Overrule.By != "ana" || ruled.Archived.URL != "https://web.example/1" {
		t.Errorf("ruled over: %+v", ruled)
	}
}

func TestCapturesAndActivityGoOnFromWhatAProgramHas(t *testing.T) {
	s, program := withHistory(t)
	const video = videos + "/" + string(pictured)
	captures := decode[web.APIPage[web.APICapture]](t, s.ask(t, "GET", video+"/captures?after="+kept(3), "", program))
	if len(captures.Items) != 1 || captures.Items[0].ID != kept(4) || captures.Items[0].Title != "Title 4" || captures.Next != "" || len(captures.Items[0].Thumbnails) != 1 {
		t.Errorf("captures: %+v", captures)
	}
	events := decode[web.APIPage[web.APIEvent]](t, s.ask(t, "GET", video+"/activity?after="+kept(3), "", program))
	if len(events.Items) != 1 || events.Items[0].Actor != "ana" || events.Items[0].Revision != 5 {
		t.Fatalf("events: %+v", events)
	}
	changes := events.Items[0].Changes
	if len(changes) != 2 || changes[0].Field != "notes" || changes[0].Before != nil || changes[0].After != "x" || fmt.Sprint(changes[1].Before) != "map[es:Antes]" {
		t.Errorf("changes: %+v", changes)
	}
	wantProblem(t, s.ask(t, "GET", videos+"/"+string(absent)+"/captures", "", program), 404)
}

func TestArticlesThroughTheAPI(t *testing.T) {
	s, program := withHistory(t)
	all := decode[web.APIPage[web.APIEmbedding]](t, s.ask(t, "GET", "/api/v1/articles", "", program)).Items
	if len(all) != 3 || all[0].URL != "https://example.org/0" || all[0].Language != "es" || all[0].Videos[0].ID != string(pictured) || !all[0].Videos[0].Added.Equal(now()) {
		t.Errorf("all: %+v", all)
	}
	if of := decode[web.APIPage[web.APIEmbedding]](t, s.ask(t, "GET", videos+"/"+string(bare)+"/articles", "", program)); of.Items == nil || len(of.Items) != 0 {
		t.Errorf("of a video that none embeds: %+v", of)
	}
	if of := decode[web.APIPage[web.APIEmbedding]](t, s.ask(t, "GET", videos+"/"+string(pictured)+"/articles", "", program)); len(of.Items) != 3 {
		t.Errorf("of one: %+v", of)
	}
	if one := decode[web.APIPage[web.APIEmbedding]](t, s.ask(t, "GET", "/api/v1/articles?url=https://example.org/1", "", program)); len(one.Items) != 1 {
		t.Errorf("by its address: %+v", one)
	}
	if p := wantProblem(t, s.ask(t, "GET", "/api/v1/articles?url=/1", "", program), 422); p.Errors[0].Location != "query.url" {
		t.Errorf("%+v", p)
	}
}

func TestTheAuditThroughTheAPI(t *testing.T) {
	s, program := withHistory(t)
	audit := decode[web.APIAudit](t, s.ask(t, "GET", "/api/v1/audit?state=suspect&state=gone&language=es", "", program))
	if len(audit.Items) != 2 || audit.Items[0].Source != "toy:two" || audit.Items[0].State != "suspect" || audit.Items[1].Overruled != "I looked" || audit.Counts.Sources["gone"] != 1 || audit.Counts.Videos != 1 || !audit.At.Equal(now()) {
		t.Errorf("rows: %+v", audit)
	}
	if audit.Items[0].Title != "Reunión" || audit.Items[0].Articles[0] != "https://example.org/story" {
		t.Errorf("a row: %+v", audit.Items[0])
	}
	days := decode[web.APIPage[web.APIAuditDay]](t, s.ask(t, "GET", "/api/v1/audit/history?platform=toy&days=60", "", program)).Items
	if last := days[len(days)-1]; last.Date != "2026-04-09" || last.States["suspect"] != 1 {
		t.Errorf("the last of %d days: %+v", len(days), last)
	}
	moves := decode[web.APIPage[web.APIAuditChange]](t, s.ask(t, "GET", "/api/v1/audit/changes?since=2026-03-01", "", program)).Items
	if len(moves) != 2 || moves[0].To != "suspect" || moves[0].From != "live" || moves[0].Video != string(pictured) {
		t.Errorf("moves: %+v", moves)
	}
	first := decode[web.APIPage[web.APIAuditChange]](t, s.ask(t, "GET", "/api/v1/audit/changes?since=2026-03-01&limit=1", "", program))
	second := decode[web.APIPage[web.APIAuditChange]](t, s.ask(t, "GET", "/api/v1/audit/changes?since=2026-03-01&limit=1&after="+first.Next, "", program))
	if len(first.Items) != 1 || first.Items[0] != moves[0] || len(second.Items) != 1 || second.Items[0] != moves[1] || second.Next != "" {
		t.Errorf("moves page by page: %+v, then %+v", first, second)
	}
	for _, path := range []string{"/api/v1/audit/changes?after=x", "/api/v1/retention?after=x"} {
		if p := wantProblem(t, s.ask(t, "GET", path, "", program), 422); p.Errors[0].Location != "query.after" {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if none := decode[web.APIPage[web.APIAuditChange]](t, s.ask(t, "GET", "/api/v1/audit/changes", "", program)); len(none.Items) != 0 {
		t.Errorf("of the last 30 days: %+v", none)
	}
	for query, location := range map[string]string{"state=dead": "query.state", "mark=odd": "query.mark", "year=soon": "query.year", "since=yesterday": "query.since", "language=x": "query.language"} {
		for _, path := range []string{"/api/v1/audit", "/api/v1/audit/history", "/api/v1/audit/changes"} {
			if p := wantProblem(t, s.ask(t, "GET", path+"?"+query, "", program), 422); p.Errors[0].Location != location {
				t.Errorf("%s?%s: %+v", path, query, p)
			}
		}
	}
	losses := decode[web.APIPage[web.APILoss]](t, s.ask(t, "GET", "/api/v1/retention", "", program)).Items
	if len(losses) != 1 || losses[0].Video != string(bare) || losses[0].Title != "A title" || !losses[0].Poster {
		t.Errorf("losses: %+v", losses)
	}
}

func TestFacetsThroughTheAPI(t *testing.T) {
	s, program := withAll(t)
	s.tagged(pictured, "ONU", "Nueva York")
	s.tagged(bare, "ONU")
	tags := decode[web.APIPage[web.APIFacet]](t, s.ask(t, "GET", "/api/v1/facets/tag?limit=1", "", program)).Items
	if len(tags) != 1 || tags[0].Label != "ONU" || tags[0].Videos != 2 {
		t.Errorf("got %+v", tags)
	}
	if p := wantProblem(t, s.ask(t, "GET", "/api/v1/facets/colour", "", program), 422); p.Errors[0].Location != "path.kind" {
		t.Errorf("got %+v", p)
	}
}

// objectOf is an object that erasing would delete.
func objectOf() archive.Belonging {
	return archive.Belonging{Key: "files/7k/a.jpg", Bytes: 100, File: strings.Repeat("ab", 32)}
}
