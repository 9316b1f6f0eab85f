package main

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/audit"
	"videoteca/storage"
)

// audited is what an audit with these flags found.
func (s *site) audited(t *testing.T, flags ...string) audit.Summary {
	t.Helper()
	var summary audit.Summary
	out := command(t, s.args(append([]string{"audit", "--json"}, flags...)...)...)
	if err := json.Unmarshal([]byte(out), &summary); err != nil {
		t.Fatal(err)
	}
	return summary
}

// An audit that finds nothing new writes no record; when it asked stands in the journal.
func TestSinceLooksAtWhatQuietAuditsHaveAsked(t *testing.T) {
	s := newSite(t)
	s.keyed(t, keyedID, keyedTitle, daysOfKeyed)
	if got := s.audited(t, "--since", "7d"); got.Sources != 1 || len(got.Changes) != 0 {
		t.Fatalf("asked a month ago: %+v", got)
	}
	if got := s.audited(t, "--since", "7d"); got.Sources != 0 {
		t.Errorf("asked a moment ago, and asked again: %+v", got)
	}
	s.cache = t.TempDir()
	if got := s.audited(t, "--since", "7d"); got.Sources != 0 {
		t.Errorf("a machine that has to read it in the journal asks again: %+v", got)
	}
	if got := s.audited(t); got.Sources != 1 {
		t.Errorf("an audit of all: %+v", got)
	}
}

// opened is the newsroom of a site, as commands open it.
func (s *site) opened(t *testing.T) *newsroom {
	t.Helper()
	settings := &Settings{Store: s.store, Cache: s.cache, LogLevel: "error", YoutubeLike: []string{s.like()}, YoutubeQuota: 9000, LeaseTerm: time.Minute}
	n, err := openFor(t.Context(), settings, opening{founds: true}, console{in: strings.NewReader(""), out: io.Discard, err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.close)
	if err := n.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheTimeLeftIsThatOfWhatTheAuditAsks(t *testing.T) {
	s := newSiteAside(t)
	for _, id := range append(s.crowd(t, 3), archivetest.NewYorkID) {
		command(t, s.args("add", s.watch(id))...)
	}
	n := s.opened(t)
	all := func(archive.Source) bool { return true }
	for name, c := range map[string]struct {
		command auditCommand
		resume  string
		want    extent
	}{
		"all":                 {auditCommand{}, "", extent{total: 4}},
		"what is due":         {auditCommand{Due: true}, "", extent{}},
		"due, and broken off": {auditCommand{Due: true}, brokenOffAudit(t, n), extent{total: 1, before: 1}},
		"all, and broken off": {auditCommand{}, brokenOffAudit(t, n), extent{total: 4, before: 1}},
	} {
		got, err := n.extent(t.Context(), audit.Request{Videos: c.command.videos(t.Context(), n), Only: all, Resume: c.resume})
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, not %+v (%v)", name, got, c.want, err)
		}
	}
	line := progressLine(audit.Progress{Asked: 60, Changed: 2, Elapsed: 10 * time.Second}, extent{total: 100, before: 40}, 7)
	if want := "60 of 100 sources, 2 a second, 2 changed, 7 units of quota left, 20s left"; line != want {
		t.Errorf("%q, not %q", line, want)
	}
}

// brokenOffAudit is one with a part about a source and a channel, and no summary.
func brokenOffAudit(t *testing.T, n *newsroom) string {
	t.Helper()
	journal := n.store.Journal()
	name, err := journal.Begin(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key := archive.SourceKey{Platform: "maketube", ID: archivetest.NewYorkID}
	err = journal.WritePart(t.Context(), name, 1, []archive.Observation{
		{Source: key, Method: "a", At: time.Now()}, {Source: key, Method: "b", At: time.Now()}, {Source: archive.ChannelKey("maketube", "UC1"), Method: "a", At: time.Now()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// brokenOffSince is an audit of all that began so long ago and has one part and no summary.
func brokenOffSince(t *testing.T, n *newsroom, ago time.Duration) string {
	t.Helper()
	began := time.Now().Add(-ago)
	journal := n.store.Journal()
	name, err := journal.Begin(t.Context(), began)
	if err == nil {
		err = journal.WritePlan(t.Context(), name, audit.Plan{Scope: "all", Started: began, Leased: true})
	}
	if err == nil {
		key := archive.SourceKey{Platform: "maketube", ID: "elsewhere00"}
		err = journal.WritePart(t.Context(), name, 1, []archive.Observation{{Source: key, Method: "a", At: began}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAnAuditThatWasBrokenOffGoesOnOrIsEnded(t *testing.T) {
	for name, c := range map[string]struct {
		ago    time.Duration
		flags  []string
		goesOn bool
	}{
		"of an hour ago":             {time.Hour, nil, true},
		"of yesterday":               {30 * time.Hour, nil, true},
		"of three days ago":          {72 * time.Hour, nil, false},
		"of an hour ago, not wanted": {time.Hour, []string{"--again"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSiteAside(t)
			s.add(t, archivetest.NewYorkID)
			n := s.opened(t)
			broken := brokenOffSince(t, n, c.ago)
			if got := s.audited(t, c.flags...); (got.Audit == broken) != c.goesOn || got.States[archive.Live] != 1 {
				t.Errorf("%s was broken off: %+v", broken, got)
			}
			var ended audit.Summary
			if err := n.store.Journal().ReadSummary(t.Context(), broken, &ended); err != nil || ended.Audit != broken {
				t.Errorf("it is not ended: %+v, %v", ended, err)
			}
			if got := s.audited(t); got.Audit == broken || got.Sources != 1 {
				t.Errorf("the next one: %+v", got)
			}
		})
	}
}

func TestADamagedPartKeepsNoAuditFromGoingOn(t *testing.T) {
	s := newSiteAside(t)
	s.add(t, archivetest.NewYorkID)
	n := s.opened(t)
	broken := brokenOffSince(t, n, time.Hour)
	if _, err := n.store.Bucket().Put(t.Context(), "audits/"+broken+"/0001.jsonl.gz", strings.NewReader("{]"), 2, storage.Condition{}); err != nil {
		t.Fatal(err)
	}
	if got := s.audited(t); got.Audit != broken || got.States[archive.Live] != 1 || got.Parts != 2 {
		t.Errorf("%+v", got)
	}
}

func TestASummarySaysWhatIsInDoubt(t *testing.T) {
	var out strings.Builder
	err := printSummary(&out, audit.Summary{
		Verdicts: map[archive.Verdict]int{archive.SaysHeld: 9, archive.SaysAlive: 1}, Skewed: 1, Failed: 2,
		Guards: map[string]audit.GuardState{"youtube": {Sources: 40, Turning: 12, Up: true}, "vimeo": {Sources: 40, Turning: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"the guard is up on youtube: 12 of 40 sources", "9 rounds are held", "1 answer came with a clock more than 60 s off", "2 records could not be written"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "vimeo") {
		t.Error("a guard that is down is told of")
	}
	if lines := doubts(audit.Summary{}); len(lines) != 0 {
		t.Errorf("nothing is in doubt, and it says %q", lines)
	}
	if one := doubts(audit.Summary{Verdicts: map[archive.Verdict]int{archive.SaysHeld: 1}}); !slices.ContainsFunc(one, func(l string) bool { return strings.HasPrefix(l, "1 round is held") }) {
		t.Errorf("%q", one)
	}
}
