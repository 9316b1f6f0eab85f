package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/web"
)

// audits is a checker that notes what each audit was about.
type audits struct {
	*shelf
	parts    [][]string
	err      error
	deadline time.Duration // that the last one had
}

func (a *audits) note(ctx context.Context, about []string) error {
	a.parts = append(a.parts, about)
	if at, ok := ctx.Deadline(); ok {
		a.deadline = time.Until(at)
	}
	return a.err
}

// Check implements web.Checker.
func (a *audits) Check(ctx context.Context, ids []archive.VideoID, _ string) error {
	var about []string
	for _, id := range ids {
		about = append(about, string(id))
	}
	return a.note(ctx, about)
}

// CheckSources implements web.Checker.
func (a *audits) CheckSources(ctx context.Context, sources []web.SourceOf, _ string) error {
	var about []string
	for _, one := range sources {
		about = append(about, string(one.Video)+" "+one.Key.String())
	}
	return a.note(ctx, about)
}

// crowd is a site with so many videos more, and the audits that are asked for.
func crowd(t *testing.T, n int, change ...func(*web.Options)) (s *site, ids []string, asked *audits) {
	t.Helper()
	s = newSite(t, append([]func(*web.Options){func(o *web.Options) {
		asked = &audits{shelf: o.Catalog.(*shelf)}
		o.Checker, o.Reports = asked, told{shelf: o.Catalog.(*shelf)}
	}}, change...)...)
	for i := range n {
		v := bareVideo()
		v.ID, v.Revision = archive.VideoID(fmt.Sprintf("0000000000%02d", i)), 1
		s.shelf.videos[v.ID] = v
		ids = append(ids, string(v.ID))
	}
	return s, ids, asked
}

// bulkOf is the body that asks for one thing to be done to many videos.
func bulkOf(t *testing.T, action string, ids []string) string {
	t.Helper()
	data, err := json.Marshal(web.APIBulk{IDs: ids, Action: action, AddTags: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// auditOf is the body that asks for one thing to be done to the only source of each of many videos.
func auditOf(t *testing.T, action string, ids []string) string {
	t.Helper()
	body := web.APIAuditBulk{Action: action, Reason: "asked the channel"}
	for _, id := range ids {
		body.Items = append(body.Items, web.APIAuditTarget{ID: id, Source: "toy:bare"})
	}
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// manyReport is what became of each item.
type manyReport = web.APIPage[struct {
	Status int
	Error  string
}]

// statuses are those of a report's items that were not done, and how many were.
func statuses(r manyReport) (failed map[int]int, done int) {
	failed = map[int]int{}
	for _, item := range r.Items {
		if item.Status == 0 {
			done++
		} else {
			failed[item.Status]++
		}
	}
	return failed, done
}

func TestManyAreAskedInFewAudits(t *testing.T) {
	s, ids, asked := crowd(t, 60)
	ids = slices.Insert(ids, 30, string(absent), ids[29]) // one that is not there, and one twice
	for path, body := range map[string]string{"/api/v1/bulk": bulkOf(t, "check", ids), "/api/v1/audit/bulk": auditOf(t, "check", ids)} {
		asked.parts = nil
		out := decode[manyReport](t, s.call(t, "POST", path, body))
		if failed, done := statuses(out); done != 61 || failed[404] != 1 || out.Items[30].Status != 404 {
			t.Errorf("%s: %d were asked, and %v not", path, done, failed)
		}
		if len(asked.parts) != 3 || len(asked.parts[0]) != 25 || len(asked.parts[1]) != 23 || len(asked.parts[2]) != 12 {
			t.Errorf("%s: %d audits, of %q", path, len(asked.parts), asked.parts)
		}
		if asked.deadline <= 0 || asked.deadline > 100*time.Second {
			t.Errorf("%s: an audit may take %s, longer than the server lets a request work", path, asked.deadline)
		}
	}
}

func TestAnAuditThatFailsIsTheFailureOfAllThatItWasAbout(t *testing.T) {
	for want, err := range map[int]error{503: context.DeadlineExceeded, 500: errDisk} {
		s, ids, asked := crowd(t, 2)
		asked.err = fmt.Errorf("asking: %w", err)
		out := decode[manyReport](t, s.call(t, "POST", "/api/v1/bulk", bulkOf(t, "check", append(ids, string(absent)))))
		if failed, done := statuses(out); done != 0 || failed[want] != 2 || failed[404] != 1 {
			t.Errorf("%v: %d were asked, and %v not", err, done, failed)
		}
		if says := out.Items[0].Error; strings.Contains(says, "send it again") != (want == 503) || strings.Contains(says, "secret") {
			t.Errorf("%v: it says %q", err, says)
		}
	}
}

func TestASourceThatIsNotTheVideosIsNotSaidToBeAsked(t *testing.T) {
	s, _, asked := crowd(t, 0)
	out := decode[manyReport](t, s.call(t, "POST", "/api/v1/audit/bulk", `{"items":[{"id":"`+string(bare)+`","source":"toy:none"},{"id":"`+string(bare)+`","source":"toy:bare"}],"action":"check"}`))
	if out.Items[0].Error == "" || out.Items[1].Error != "" || len(asked.parts) != 1 || len(asked.parts[0]) != 1 {
		t.Errorf("%+v, after audits of %q", out.Items, asked.parts)
	}
}

func TestWhatIsNotReachedInTimeIsToBeSentAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		path string
		body func(*testing.T, string, []string) string
		do   string
		done int
	}{
		"asking videos":    {"/api/v1/bulk", bulkOf, "check", 25},
		"labelling":        {"/api/v1/bulk", bulkOf, "label", 1},
		"asking sources":   {"/api/v1/audit/bulk", auditOf, "check", 25},
		"noting at videos": {"/api/v1/audit/bulk", auditOf, "note", 1},
	} {
		var minutes atomic.Int64 // one passes whenever somebody looks at the clock
		s, ids, _ := crowd(t, 60, func(o *web.Options) {
			o.Now = func() time.Time { return now().Add(time.Duration(minutes.Add(1)) * time.Minute) }
		})
		out := decode[manyReport](t, s.call(t, "POST", tt.path, tt.body(t, tt.do, ids)))
		failed, done := statuses(out)
		if done != tt.done || failed[503] != 60-tt.done || out.Items[0].Status != 0 {
			t.Errorf("%s: %d were done, and %v not", name, done, failed)
		}
		if says := out.Items[59].Error; !strings.Contains(says, "send it again") {
			t.Errorf("%s: of the rest it says %q", name, says)
		}
	}
}

func TestThePageToldOfManyAlsoEndsInTime(t *testing.T) {
	var minutes atomic.Int64 // one passes whenever somebody looks at the clock
	s, ids, _ := crowd(t, 3, func(o *web.Options) {
		o.Now = func() time.Time { return now().Add(time.Duration(minutes.Add(1)) * time.Minute) }
	})
	r := s.submit(t, "/videos/bulk?lang=es", map[string][]string{"video": ids, "action": {"label"}, "tags": {"x"}}, header("Accept", "application/json"))
	got := decode[manyAnswer](t, r)
	if len(got.Items) != 3 || got.Items[0].Error != "" || !strings.Contains(got.Items[2].Error, "Envíelo de nuevo") {
		t.Errorf("%+v", got)
	}
}

func TestAVideoGetsANoteOnceHoweverManyOfItsSourcesAreNamed(t *testing.T) {
	s, program := withAll(t)
	out := decode[manyReport](t, s.ask(t, "POST", "/api/v1/audit/bulk", `{"items":[{"id":"`+string(pictured)+`","source":"toy:one"},{"id":"`+string(pictured)+`","source":"toy:two"},{"id":"`+string(bare)+`","source":"toy:bare"}],"action":"note","reason":"asked the channel"}`, program))
	if failed, done := statuses(out); done != 3 {
		t.Errorf("noted %d, and %v not", done, failed)
	}
	for _, id := range []archive.VideoID{pictured, bare} {
		if n := strings.Count(s.now(id).Notes, "asked the channel"); n != 1 {
			t.Errorf("%s has the note %d times: %q", id, n, s.now(id).Notes)
		}
	}
}
