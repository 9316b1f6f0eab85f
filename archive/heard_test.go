package archive

import (
	"testing"
	"time"
)

func TestWhatWasHeardIsTheNewestOfEach(t *testing.T) {
	r := round(2, answer(api, Playable))
	s, _ := Judge(Standing{}, r)
	good := HeardOf(judged, s, r)
	if good.Outcome != Playable || good.Method != api || !good.LastGood.Equal(r.At) {
		t.Errorf("%+v", good)
	}
	silent := alone(5, answer(api, Missing))
	s, _ = Judge(s, silent)
	unclear := HeardOf(judged, s, silent)
	if unclear.Outcome != Unclear || unclear.Method != api || !unclear.LastClear.Equal(r.At) || !unclear.LastRound.Equal(silent.At) {
		t.Errorf("%+v", unclear)
	}
	for _, merged := range []Heard{good.Merge(unclear), unclear.Merge(good), Heard{Source: judged}.Merge(good).Merge(unclear)} {
		if merged != unclear {
			t.Errorf("%+v", merged)
		}
	}
	bad := round(9, both(Removed)...)
	s, _ = Judge(s, bad)
	if h := HeardOf(judged, s, bad); h.Outcome != Removed || !h.LastGood.Equal(r.At) {
		t.Errorf("%+v", h)
	}
	if h := HeardOf(judged, Standing{}, Round{}); h.Outcome != Unclear {
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
