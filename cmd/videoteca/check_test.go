package main

import (
	"encoding/json"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/audit"
)

// checked runs a check and returns its summary.
func (s *site) checked(t *testing.T, args ...string) audit.Summary {
	t.Helper()
	var summary audit.Summary
	out := command(t, s.args(append([]string{"check", "--json"}, args...)...)...)
	if err := json.Unmarshal([]byte(out), &summary); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return summary
}

func TestALossIsReportedInFullBeforeItFails(t *testing.T) {
	s := newSite(t)
	gone, stays := s.add(t, s.playing(t, "playing0000")), s.add(t, s.playing(t, "playing0001"))
	if err := s.platform.SetState("playing0000", archivetest.Private); err != nil {
		t.Fatal(err)
	}
	got := try(t, "", s.args("check", "--all", "--fail-on-loss", "--json")...)
	var summary audit.Summary
	if err := json.Unmarshal([]byte(got.out), &summary); err != nil || got.code != exitLoss {
		t.Fatalf("exit code %d, %v: %s", got.code, err, got.out)
	}
	if summary.Videos != 2 || summary.States[archive.Suspect] != 1 || summary.States[archive.Live] != 1 || summary.Failed != 0 {
		t.Errorf("%+v", summary)
	}
	if len(summary.Changes) != 1 || summary.Changes[0].Video != archive.VideoID(gone.ID) || summary.Changes[0].From != archive.Live || summary.Changes[0].To != archive.Suspect || summary.Changes[0].Reason == "" {
		t.Errorf("%+v", summary.Changes)
	}
	// What is lost already is a loss the next time too, although nothing changes.
	if got := try(t, "", s.args("check", "--fail-on-loss", gone.ID)...); got.code != exitLoss || strings.Contains(got.out, "FROM") {
		t.Errorf("%+v", got)
	}
	if got := try(t, "", s.args("check", "--fail-on-loss", stays.ID)...); got.code != exitOK {
		t.Errorf("the other one: %+v", got)
	}
	if got := try(t, "", s.args("check", "--all")...); got.code != exitOK {
		t.Errorf("without the flag: %+v", got)
	}
}

func TestAnOutageIsNoLoss(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	for _, fault := range []archivetest.Fault{archivetest.FaultDown, archivetest.FaultGarbage, archivetest.FaultConsent} {
		if err := s.platform.SetFault(fault); err != nil {
			t.Fatal(err)
		}
		got := try(t, "", s.args("check", "--fail-on-loss", "--all")...)
		if got.code != exitOK || !strings.Contains(got.out, "live") || strings.Contains(got.out, "suspect") {
			t.Errorf("%s: %+v", fault, got)
		}
	}
	if listed := s.list(t); listed[0].ID != v.ID || listed[0].State != "live" {
		t.Errorf("%+v", listed)
	}
}

func TestACheckOfNamedVideosAsksNoOther(t *testing.T) {
	s := newSite(t)
	ids := s.crowd(t, 3)
	var videos []string
	for _, id := range ids {
		videos = append(videos, s.add(t, id).ID)
	}
	if summary := s.checked(t, videos[0], strings.ToUpper(videos[2])); summary.Videos != 2 || summary.Sources != 2 {
		t.Errorf("%+v", summary)
	}
	nobody := string(archive.NewVideoID())
	for name, args := range map[string][]string{"the last is not there": {videos[0], nobody}, "the first is not there": {nobody, videos[0]}} {
		s.platform.ResetCounts()
		got := try(t, "", s.args(append([]string{"check"}, args...)...)...)
		if got.code != exitMissing || !strings.Contains(got.errs, nobody) || s.platform.Calls(archivetest.CallOEmbed) != 0 {
			t.Errorf("%s: %+v, the platform is asked %d times", name, got, s.platform.Calls(archivetest.CallOEmbed))
		}
	}
}

func TestARevivalIsAChange(t *testing.T) {
	s := newSite(t)
	v := s.add(t, s.playing(t, "playing0000"))
	for _, step := range []struct {
		upstream archivetest.State
		from, to archive.State
	}{
		{archivetest.Removed, archive.Live, archive.Suspect},
		{archivetest.Playable, archive.Suspect, archive.Live},
		{archivetest.EmbeddingOff, archive.Live, archive.Limited},
	} {
		if err := s.platform.SetState("playing0000", step.upstream); err != nil {
			t.Fatal(err)
		}
		summary := s.checked(t, v.ID)
		if len(summary.Changes) != 1 || summary.Changes[0].From != step.from || summary.Changes[0].To != step.to {
			t.Errorf("%s: %+v", step.upstream, summary.Changes)
		}
		if again := s.checked(t, v.ID); len(again.Changes) != 0 {
			t.Errorf("%s, a second time: %+v", step.upstream, again.Changes)
		}
	}
}

func TestThePrintedSummaryNamesStatesInTheirOrder(t *testing.T) {
	var out strings.Builder
	err := printSummary(&out, audit.Summary{
		Audit: "a", Videos: 9, Sources: 10, Observations: 21, Parts: 1,
		States: map[archive.State]int{archive.Gone: 1, archive.Live: 4, archive.Suspect: 2, archive.Unchecked: 3},
		Changes: []audit.Change{{
			Video: "7k3mzq9x0abd", Source: archive.SourceKey{Platform: "maketube", ID: "x"}, From: archive.Suspect, To: archive.Gone,
			Reason: "\x1b[31m" + strings.Repeat("very ", 30) + "gone",
		}},
	})
	want := "audit a: 9 videos, 10 sources, 21 answers in 1 part, 0s\n" +
		"live       4\nunchecked  3\nsuspect    2\ngone       1\n\n" +
		"VIDEO         SOURCE      FROM     TO    WHY\n" +
		"7k3mzq9x0abd  maketube:x  suspect  gone   [31m" + strings.Repeat("very ", 10) + "very…\n"
	if err != nil || out.String() != want {
		t.Errorf("%v:\n%s\nwant\n%s", err, &out, want)
	}
}
