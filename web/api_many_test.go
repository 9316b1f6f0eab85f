package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/web"
)

func TestAnAddressIsLookedAtWithoutBeingKept(t *testing.T) {
	s, program := withAll(t)
	p := decode[web.APIPreview](t, s.ask(t, "POST", "/api/v1/preview", `{"url":"https://toy.example/new"}`, program))
	if p.Source != "toy:new" || p.Title != "Toy new" || p.State != "live" || p.Outcome != "playable" || p.Known != "" {
		t.Errorf("got %+v", p)
	}
	if len(s.shelf.videos) != 4 {
		t.Errorf("%d videos", len(s.shelf.videos))
	}
	if p := decode[web.APIPreview](t, s.ask(t, "POST", "/api/v1/preview", `{"url":"https://toy.example/bare"}`, program)); p.Known != string(bare) { // which no search finds: it has no title
		t.Errorf("a known one: %+v", p)
	}
	if p := decode[web.APIPreview](t, s.ask(t, "POST", "/api/v1/preview", `{"url":"https://toy.example/unreachable"}`, program)); p.Outcome != "unclear" || !strings.Contains(p.Reason, "no answer in time") {
		t.Errorf("an unreachable one: %+v", p)
	}
}

func TestStringsThatClaimToBeAddressesAreRead(t *testing.T) {
	s, program := withAll(t)
	for where, send := range map[string]struct{ method, path, body, location string }{
		"register": {"POST", videos, `{"url":%s}`, "body.url"}, "preview": {"POST", "/api/v1/preview", `{"url":%s}`, "body.url"},
		"mirror":  {"POST", videos + "/" + string(pictured) + "/sources", `{"url":%s}`, "body.url"},
		"article": {"POST", videos, `{"url":"https://toy.example/x","article":{"url":%s,"language":"es"}}`, "body.article.url"},
	} {
		for address, says := range map[string]string{
			"": "no address", "/story": "http://", "javascript:alert(1)": "http://", "ftp://toy.example/x": "http://", "https://": "host", "https://ana:secret@toy.example/x": "password", "https://toy.example/a b": "space",
		} {
			value, err := json.Marshal(address)
			if err != nil {
				t.Fatal(err)
			}
			p := wantProblem(t, s.ask(t, send.method, send.path, fmt.Sprintf(send.body, value), program), 422)
			if len(p.Errors) != 1 || p.Errors[0].Location != send.location || !strings.Contains(p.Errors[0].Message, says) {
				t.Errorf("%s, %q: %+v", where, address, p.Errors)
			}
		}
	}
	if len(s.shelf.videos) != 4 || len(s.shelf.placed) != 0 {
		t.Error("something was kept of it")
	}
}

func TestManyAreRegisteredAndEachIsReported(t *testing.T) {
	s, program := withAll(t)
	r := s.ask(t, "POST", videos+"/bulk", `{"items":[{"url":"https://toy.example/a","title":{"es":"A"}},{"url":"https://toy.example/bare"},{"url":"javascript:alert(1)"},
		{"url":"https://elsewhere.example/"},{"url":"https://toy.example/unreachable"},{"url":"https://toy.example/b","eventDate":"2019-13"},{"url":"https://toy.example/c","language":"Spanish!"}]}`, program)
	out := decode[web.APIPage[web.APIRegisteredItem]](t, r)
	var outcomes []string
	for _, item := range out.Items {
		outcomes = append(outcomes, item.Outcome)
	}
	if got := strings.Join(outcomes, " "); r.StatusCode != 200 || got != "new known failed failed new failed failed" {
		t.Fatalf("%d: %s: %+v", r.StatusCode, got, out)
	}
	if out.Items[0].Video.Title != "A" || out.Items[1].Video.ID != string(bare) || len(out.Items[4].Warnings) != 1 {
		t.Errorf("got %+v", out.Items)
	}
	for i, location := range map[int]string{2: "body.items[2].url", 3: "body.items[3].url", 5: "body.items[5].eventDate", 6: "body.items[6].language"} {
		if p := out.Items[i].Problem; p == nil || p.Status != 422 || p.Errors[0].Location != location || out.Items[i].Video != nil {
			t.Errorf("item %d: %+v", i, p)
		}
	}
	for body, location := range map[string]string{`{"items":[]}`: "body.items", `{"items":[{}]}`: "body.items[0].url", `{}`: "body.items"} {
		if p := wantProblem(t, s.ask(t, "POST", videos+"/bulk", body, program), 422); p.Errors[0].Location != location {
			t.Errorf("%s: %+v", body, p)
		}
	}
}

func TestRegistrationsThatCannotBeReachedInTimeAreToBeSentAgain(t *testing.T) {
	var minutes atomic.Int64 // one passes whenever somebody looks at the clock
	s := newSite(t, func(o *web.Options) {
		o.Now = func() time.Time { return now().Add(time.Duration(minutes.Add(1)) * time.Minute) }
	})
	out := decode[web.APIPage[web.APIRegisteredItem]](t, s.call(t, "POST", videos+"/bulk", `{"items":[{"url":"https://toy.example/a"},{"url":"https://toy.example/b"},{"url":"https://toy.example/c"}]}`))
	done, late := 0, 0
	for _, item := range out.Items {
		switch {
		case item.Outcome == "new":
			done++
		case item.Problem != nil && item.Problem.Status == 503:
			late++
		}
	}
	if done != 1 || late != 2 {
		t.Errorf("%d were registered and %d too late: %+v", done, late, out.Items)
	}
}

func TestReportsNameTheStatusOfEachItem(t *testing.T) {
	s, program := withAll(t)
	out := decode[web.APIPage[web.APIBulkItem]](t, s.ask(t, "POST", "/api/v1/bulk", `{"ids":["`+string(bare)+`","`+string(absent)+`"],"action":"check"}`, program))
	if out.Items[0].Status != 0 || out.Items[1].Status != 404 {
		t.Errorf("got %+v", out.Items)
	}
	if p := wantProblem(t, s.ask(t, "POST", "/api/v1/bulk", `{"ids":["`+string(bare)+`","x"],"action":"check"}`, program), 422); p.Errors[0].Location != "body.ids[1]" {
		t.Errorf("got %+v", p)
	}
}

func TestManySourcesAreRuledOver(t *testing.T) {
	s, program := withAll(t)
	const both = `{"id":"` + string(pictured) + `","source":"toy:one"},{"id":"` + string(absent) + `","source":"toy:x"},{"id":"` + string(bare) + `","source":"toy:none"}`
	out := decode[web.APIPage[web.APIAuditItem]](t, s.ask(t, "POST", "/api/v1/audit/bulk", `{"items":[`+both+`],"action":"overrule","as":"dead","reason":"closed"}`, program))
	if out.Items[0].Error != "" || out.Items[1].Status != 404 || out.Items[2].Status != 404 || s.now(pictured).Sources[1].State() != archive.Gone {
		t.Errorf("ruled: %+v", out.Items)
	}
	if out := decode[web.APIPage[web.APIAuditItem]](t, s.ask(t, "POST", "/api/v1/audit/bulk", `{"items":[`+both+`],"action":"overrule","as":"none","reason":"open again"}`, program)); out.Items[0].Error != "" || s.now(pictured).Sources[1].Overrule != nil {
		t.Errorf("taken back: %+v", out.Items)
	}
	if out := decode[web.APIPage[web.APIAuditItem]](t, s.ask(t, "POST", "/api/v1/audit/bulk", `{"items":[`+both+`],"action":"note","reason":"asked the channel"}`, program)); out.Items[0].Error != "" || !strings.Contains(s.now(pictured).Notes, "asked the channel") {
		t.Errorf("noted: %+v", out.Items)
	}
	if out := decode[web.APIPage[web.APIAuditItem]](t, s.ask(t, "POST", "/api/v1/audit/bulk", `{"items":[`+both+`],"action":"check"}`, program)); out.Items[0].Error != "" || out.Items[1].Status != 404 {
		t.Errorf("asked: %+v", out.Items)
	}
	for body, location := range map[string]string{
		`{"items":[` + both + `],"action":"overrule","as":"dead"}`: "body.reason", `{"items":[` + both + `],"action":"overrule","reason":"x"}`: "body.as",
		`{"items":[{"id":"x","source":"toy:one"}],"action":"check"}`: "body.items[0].id", `{"items":[{"id":"` + string(bare) + `","source":"one"}],"action":"check"}`: "body.items[0].source",
	} {
		if p := wantProblem(t, s.ask(t, "POST", "/api/v1/audit/bulk", body, program), 422); p.Errors[0].Location != location {
			t.Errorf("%s: %+v", body, p)
		}
	}
}

func TestManyAreExportedAsOneDocument(t *testing.T) {
	s, program := withAll(t)
	s.tagged(bare, "ONU")
	for query, tt := range map[string]struct {
		body           string
		items, missing int
	}{
		"":         {"", 4, 0},
		"?tag=ONU": {"", 1, 0},
		"?q=x&tag": {`{"ids":["` + string(bare) + `","` + string(absent) + `","` + string(pictured) + `"]}`, 2, 1},
	} {
		r := s.ask(t, "POST", videos+"/export"+query, tt.body, program)
		out := decode[web.APIExport](t, r)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/json" || len(out.Items) != tt.items || len(out.Missing) != tt.missing {
			t.Errorf("%q: %d, %d videos and %d missing", query, r.StatusCode, len(out.Items), len(out.Missing))
		}
	}
	if p := wantProblem(t, s.ask(t, "POST", videos+"/export?state=dead", "", program), 422); p.Errors[0].Location != "query.state" {
		t.Errorf("%+v", p)
	}
	if p := wantProblem(t, s.ask(t, "POST", videos+"/export", `{"ids":["x"]}`, program), 422); p.Errors[0].Location != "body.ids[0]" {
		t.Errorf("%+v", p)
	}
	wantProblem(t, s.ask(t, "POST", videos+"/export", "", s.token(t, people.View)), 403)
	s.shelf.fail(archive.ErrUnavailable)
	wantProblem(t, s.ask(t, "POST", videos+"/export", "", program), 503)
}
