package storage_test

import (
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// fullStanding is a standing with every field.
func fullStanding(evidence archive.File) archive.Standing {
	count := archive.Count{At: morning(), Methods: []string{"oembed"}}
	return archive.Standing{
		State: archive.Suspect, LastRound: morning(), LastClear: morning(), LastGood: morning(), FirstBad: morning(), Since: morning(), FirstRound: morning(),
		Outcome: archive.Private, Reason: "r", Restrictions: restrictions(), Counted: []archive.Count{count},
		Held: []archive.Hold{{
			Count: count, Outcome: archive.Missing, Reason: "r", Audit: "2025/04/14/01jrst4pe0h7yg5fknab9mvem1", Evidence: []archive.File{evidence}, Skew: 2 * time.Minute,
		}},
		Unheard: true, DisputedSince: morning(),
		Transitions: []archive.Transition{{
			At: morning(), To: archive.Suspect, Reason: "r", Audit: "2025/04/14/01jrst4pe0h7yg5fknab9mvem1", Evidence: []archive.File{evidence}, Skew: 2 * time.Minute,
		}},
	}
}

// coordinated writes what replicas share beside the records.
func coordinated(t *testing.T, s *stage) {
	t.Helper()
	lease := acquired(t, s, "host-a, process 12")
	if err := lease.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	reserved(t, s.Store, 10, 100)
	if err := s.EndQuota(t.Context(), "youtube", day); err != nil {
		t.Fatal(err)
	}
	etag := saved(t, s, "", limits{GoneAfter: 2})
	changed(t, s, etag, limits{GoneAfter: 3}, "ana")
	checkpointed(t, s.Store, morning(), 2)
	evidence := archive.File{Algorithm: "sha256", Digest: strings.Repeat("0f", 32), Extension: "json", Type: "application/json", Bytes: 9, Label: "channels.list"}
	_, err := s.UpdateChannel(t.Context(), presidency(), func(c *archive.Channel) error {
		c.Name, c.URL, c.Standing = "n", "https://example.org", fullStanding(evidence)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// audited writes a journal with a full observation and a bare one.
func audited(t *testing.T, s *stage, id archive.VideoID) {
	t.Helper()
	name := begun(t, s)
	full := archive.Observation{
		Source: youtube("x"), Method: "oembed", Host: "www.youtube.com", At: morning(), Date: morning(), Outcome: archive.Restricted, Reason: "r",
		Restrictions: restrictions(), Sees: []archive.Aspect{archive.AspectRegion}, Supports: true, Answers: true, Status: 401,
		Digest: strings.Repeat("0f", 32), Latency: time.Second, Vantage: "here", Program: "videoteca 1", Control: true, Shows: "high",
		Kept: &archive.File{Algorithm: "sha256", Digest: strings.Repeat("0f", 32), Extension: "json", Type: "application/json", Bytes: 9, Label: "oembed"},
	}
	bare := archive.Observation{Source: youtube("y"), Method: "fetch", At: morning(), Reason: "no answer in time"}
	if err := s.Journal().WritePart(t.Context(), name, 1, []archive.Observation{full, bare}); err != nil {
		t.Fatal(err)
	}
	if err := s.Journal().WritePlan(t.Context(), name, audit.Plan{Scope: "all", Actor: "local", Started: morning(), Leased: true}); err != nil {
		t.Fatal(err)
	}
	moved := audit.Change{Video: id, Source: youtube("x"), From: archive.Live, To: archive.Suspect, Verdict: archive.SaysBad, Reason: "r"}
	summary := audit.Summary{
		Audit: name, Started: morning(), Ended: morning(), Videos: 1, Sources: 2, Observations: 2, Parts: 1, Failed: 1,
		States: map[archive.State]int{archive.Unchecked: 1}, Verdicts: map[archive.Verdict]int{archive.SaysBad: 1},
		Changes: []audit.Change{moved}, Skewed: 1,
		Channels: []audit.Change{{Source: presidency(), From: archive.Suspect, To: archive.Gone, Verdict: archive.SaysBad, Reason: "r"}},
		Guards:   map[string]audit.GuardState{"youtube": {Sources: 9, Turning: 6, Up: true, Raised: true, Ended: true}},
	}
	if err := s.Journal().Finish(t.Context(), name, summary); err != nil {
		t.Fatal(err)
	}
	if err := s.Journal().Finish(t.Context(), begun(t, s), audit.Summary{Audit: name, Started: morning(), Ended: morning()}); err != nil {
		t.Fatal(err) // of an audit that had nothing to ask
	}
}
