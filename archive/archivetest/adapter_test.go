package archivetest_test

import (
	"net/http"
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

func outcome(t testing.TB, a *youtube.Adapter, method string) archive.Outcome {
	t.Helper()
	seen, err := a.Probe(t.Context(), []string{oneID})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range seen {
		if o.Method == method && o.Source.ID == oneID {
			return o.Outcome
		}
	}
	t.Fatalf("nothing by %s in %+v", method, seen)
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
	} {
		fail(t, s.Platform, c.fault)
		if got := outcome(t, adapter(t, s, c.key), c.method); got != archive.Unclear {
			t.Errorf("%s by %s: %v", c.fault, c.method, got)
		}
	}
}
