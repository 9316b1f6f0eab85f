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
