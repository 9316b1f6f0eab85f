package archive

import (
	"testing"
	"time"
)

func TestWhatWasHeardIsTheNewestOfEach(t *testing.T) {
	r := round(2, answer(api, Playable))
	good := HeardIn(judged, r)
	if good.Outcome != Playable || good.Method != api || !good.LastGood.Equal(r.At) {
		t.Errorf("%+v", good)
	}
	silent := alone(5, answer(api, Missing))
	unclear := HeardIn(judged, silent)
	if unclear.Outcome != Unclear || unclear.Method != api || !unclear.LastClear.IsZero() || !unclear.LastRound.Equal(silent.At) {
		t.Errorf("%+v", unclear)
	}
	want := unclear
	want.LastClear, want.LastGood = r.At, r.At
	for _, merged := range []Heard{good.Merge(unclear), unclear.Merge(good), Heard{Source: judged}.Merge(good).Merge(unclear)} {
		if merged != want {
			t.Errorf("%+v", merged)
		}
	}
	if h := HeardIn(judged, round(9, both(Removed)...)); h.Outcome != Removed || !h.LastGood.IsZero() || h.LastClear.IsZero() {
		t.Errorf("of a bad round: %+v", h)
	}
	if h := HeardIn(judged, round(9, answer(api, Missing), answer(oembed, Playable))); !h.LastClear.IsZero() || !h.LastGood.IsZero() {
		t.Errorf("of a dispute: %+v", h)
	}
	if h := HeardIn(judged, Round{}); h.Outcome != Unclear || !h.LastRound.IsZero() {
		t.Errorf("of nothing: %+v", h)
	}
}

// A record that nothing changed is not written; what was heard meanwhile makes its death's interval exact.
func TestAStandingHearsWhatItsRecordDoesNotSay(t *testing.T) {
	written := Replay(Standing{}, round(0, answer(api, Playable)))
	heard := Heard{Source: judged, LastRound: noon.Add(48 * time.Hour), LastClear: noon.Add(48 * time.Hour), LastGood: noon.Add(48 * time.Hour)}
	s, verdict := Judge(written.Hears(heard), round(47, both(Removed)...))
	if verdict != Stale {
		t.Errorf("a round of before is %q", verdict)
	}
	if s, _ = Judge(s, round(72, both(Removed)...)); s.State != Suspect || !s.LastGood.Equal(heard.LastGood) {
		t.Errorf("%+v", s)
	}
	if older := written.Hears(Heard{LastRound: noon.Add(-time.Hour)}); !older.LastRound.Equal(written.LastRound) {
		t.Error("what was heard before changes it")
	}
}

func TestClocksFarApartAreFlagged(t *testing.T) {
	for seconds, skewed := range map[int]bool{0: false, 60: false, -60: false, 61: true, -61: true} {
		o := Observation{At: noon, Date: noon.Add(time.Duration(seconds) * time.Second)}
		if o.Skewed() != skewed {
			t.Errorf("%d s apart: %v", seconds, o.Skewed())
		}
	}
	if (Observation{At: noon}).Skewed() {
		t.Error("an answer without a date is flagged")
	}
}
