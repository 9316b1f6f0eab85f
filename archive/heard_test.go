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

func unclear(method, reason string) Observation {
	o := answer(method, Unclear)
	o.Reason = reason
	return o
}

// Of a source that nobody could tell anything of, why is all there is to tell.
func TestUntilThereIsAClearRoundTheNewestReasonForNoneIsKept(t *testing.T) {
	refused := answer(api, Missing)
	refused.Reason = "videoNotFound"
	for _, tt := range []struct {
		name   string
		rounds []Round
		want   string
	}{
		{"an unclear round", []Round{alone(0, unclear(api, "time-out"))}, "time-out"},
		{"a newer one", []Round{alone(0, unclear(api, "time-out")), alone(6, unclear(api, "HTTP 503"))}, "HTTP 503"},
		{"a bad answer that nothing vouches for", []Round{alone(0, refused)}, "no witness: videoNotFound"},
		{"the method that says why", []Round{alone(0, unclear(api, ""), unclear(oembed, "HTTP 429"))}, "HTTP 429"},
		{"a thumbnail has the last word", []Round{alone(0, Observation{Method: thumbs, Supports: true, Reason: "no picture"}, unclear(oembed, "HTTP 429"))}, "HTTP 429"},
		{"a clear round ends it", []Round{alone(0, unclear(api, "time-out")), round(6, answer(api, Playable))}, ""},
		{"and nothing unclear replaces what a clear one said", []Round{round(0, Observation{Source: judged, Method: api, Outcome: Removed, Reason: "deleted by its owner"}), alone(6, unclear(api, "time-out"))}, "deleted by its owner"},
	} {
		s := Replay(Standing{}, tt.rounds...)
		if s.Reason != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, s.Reason, tt.want)
		}
		// A record that says as much as the first round hears the others from the journal.
		heard := Replay(Standing{}, tt.rounds[0])
		for _, r := range tt.rounds[1:] {
			if next, _ := Judge(heard, r); next.Same(heard) {
				heard = heard.Hears(HeardIn(judged, r))
			} else {
				heard = next
			}
		}
		if heard.Reason != tt.want {
			t.Errorf("%s, heard: %q, want %q", tt.name, heard.Reason, tt.want)
		}
	}
}

func TestAnotherReasonForNoAnswerWritesNoRecord(t *testing.T) {
	one := Replay(Standing{}, alone(0, unclear(api, "time-out")))
	two, verdict := Judge(one, alone(6, unclear(api, "HTTP 503")))
	if verdict != SaysUnclear || one.Reason == two.Reason || !two.Same(one) {
		t.Errorf("%q and %q", one.Reason, two.Reason)
	}
	gone := Replay(Standing{}, round(0, answer(api, Removed)))
	other := gone
	other.Reason = "something else"
	if other.Same(gone) {
		t.Error("what a clear round said is not written")
	}
	if older := two.Hears(HeardIn(judged, alone(0, unclear(api, "time-out")))); older.Reason != "HTTP 503" {
		t.Errorf("what was heard before is %q", older.Reason)
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
