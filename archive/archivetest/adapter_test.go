package archivetest_test

import (
	"net/http"
	"slices"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
)

// adapter is the real one, pointed at the platform.
func adapter(t testing.TB, s *archivetest.Server, apiKey string) *youtube.Adapter {
	t.Helper()
	o := youtube.At("maketube", "MakeTube", s.URL, archivetest.ControlID)
	transport := &http.Transport{DisableKeepAlives: true}
	o.Key, o.Transport = apiKey, transport
	t.Cleanup(transport.CloseIdleConnections)
	a, err := youtube.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// outcome is what one of the methods says of the one video.
func outcome(t testing.TB, a *youtube.Adapter, methods ...string) archive.Outcome {
	t.Helper()
	seen, err := a.Probe(t.Context(), []string{oneID})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range seen {
		if slices.Contains(methods, o.Method) && o.Source.ID == oneID {
			return o.Outcome
		}
	}
	t.Fatalf("nothing by %s in %+v", methods, seen)
	return archive.Unclear
}

// TestTheRealAdapterTellsTheStatesApart holds that what the platform answers is
// what the adapter knows from the real one.
func TestTheRealAdapterTellsTheStatesApart(t *testing.T) {
	s := archivetest.Start(t, archivetest.Options{Now: nil}, one())
	keyed, keyless := adapter(t, s, "k"), adapter(t, s, "")
	for _, c := range []struct {
		state    archivetest.State
		byAPI    archive.Outcome
		byOEmbed archive.Outcome
	}{
		{archivetest.Playable, archive.Playable, archive.Playable},
		{archivetest.Unlisted, archive.Playable, archive.Playable},
		{archivetest.Private, archive.Missing, archive.Private},
		{archivetest.Removed, archive.Missing, archive.Missing},
		{archivetest.EmbeddingOff, archive.EmbeddingDisabled, archive.EmbeddingDisabled},
		{archivetest.RegionBlocked, archive.Restricted, archive.Playable},
		{archivetest.RegionBlockedEverywhere, archive.Restricted, archive.Playable},
		{archivetest.AgeRestricted, archive.Restricted, archive.Playable},
		{archivetest.Scheduled, archive.Restricted, archive.Playable},
		{archivetest.Processing, archive.Restricted, archive.Playable},
		{archivetest.Rejected, archive.Removed, archive.Missing},
	} {
		set(t, s.Platform, oneID, c.state)
		if got := outcome(t, keyed, youtube.MethodList); got != c.byAPI {
			t.Errorf("%s by the API: %v, want %v", c.state, got, c.byAPI)
		}
		if got := outcome(t, keyless, youtube.MethodOEmbed); got != c.byOEmbed {
			t.Errorf("%s by oEmbed: %v, want %v", c.state, got, c.byOEmbed)
		}
	}
}

func TestTheRealAdapterTakesNoFaultForADeath(t *testing.T) {
	s := archivetest.Start(t, archivetest.Options{}, one())
	for _, c := range []struct {
		fault  archivetest.Fault
		key    string
		method string
	}{
		{archivetest.FaultQuota, "k", youtube.MethodList},
		{archivetest.FaultKeyRefused, "k", youtube.MethodList},
		{archivetest.FaultGarbage, "k", youtube.MethodList},
		{archivetest.FaultGarbage, "", youtube.MethodOEmbed},
		{archivetest.FaultConsent, "", youtube.MethodOEmbed},
		{archivetest.FaultAddressBlock, "", youtube.MethodThumbnail},
	} {
		fail(t, s.Platform, c.fault)
		if got := outcome(t, adapter(t, s, c.key), c.method); got != archive.Unclear {
			t.Errorf("%s by %s: %v", c.fault, c.method, got)
		}
	}
}

// TestTheRealAdapterTellsOpenChannelsFromClosed: with the control's channel, which it learns from the control.
func TestTheRealAdapterTellsOpenChannelsFromClosed(t *testing.T) {
	s := archivetest.Start(t, archivetest.Options{}, one(), archivetest.Video{ID: otherID, ChannelID: "UCother"})
	if err := s.SetChannelClosed("UCother", true); err != nil {
		t.Fatal(err)
	}
	for _, apiKey := range []string{"k", ""} {
		a := adapter(t, s, apiKey)
		outcome(t, a, youtube.MethodOEmbed, youtube.MethodList)
		seen, err := a.ProbeChannels(t.Context(), []string{"UCone", "UCother"})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range seen {
			want := archive.Playable
			if o.Source == archive.ChannelKey("maketube", "UCother") {
				want = archive.Missing
			}
			if o.Outcome != want {
				t.Errorf("key %q: %+v", apiKey, o)
			}
		}
		if verdict := judged(seen, archive.ChannelKey("maketube", "UCother")); verdict != archive.SaysBad {
			t.Errorf("key %q: %s", apiKey, verdict)
		}
	}
	fail(t, s.Platform, archivetest.FaultAddressBlock)
	seen, err := adapter(t, s, "").ProbeChannels(t.Context(), []string{"UCone", "UCother"})
	if verdict := judged(seen, archive.ChannelKey("maketube", "UCother")); err != nil || verdict != archive.SaysUnclear {
		t.Errorf("%s, %v", verdict, err)
	}
}

func judged(seen []archive.Observation, key archive.SourceKey) archive.Verdict {
	_, verdict := archive.Judge(archive.Standing{}, archive.Rounds(seen)[key])
	return verdict
}
