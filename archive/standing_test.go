package archive

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func at(hour float64) time.Time { return noon.Add(time.Duration(hour * float64(time.Hour))) }

func TestAStandingTellsALifeInOrder(t *testing.T) {
	private := answer(oembed, Private)
	private.Reason = "private"
	s := Replay(Standing{},
		round(0, answer(api, Playable)), round(6, answer(api, EmbeddingDisabled)), round(12, private, answer(api, Missing)),
		round(18, private, answer(api, Missing)), round(24, answer(api, Playable)))
	want := []Transition{
		{At: at(0), From: Unchecked, To: Live},
		{At: at(6), From: Live, To: Limited},
		{At: at(12), From: Limited, To: Suspect, Reason: "private"},
		{At: at(18), From: Suspect, To: Gone, Reason: "private"},
		{At: at(24), From: Gone, To: Live},
	}
	if !reflect.DeepEqual(s.Transitions, want) {
		t.Errorf("the life is\n%+v, want\n%+v", s.Transitions, want)
	}
	if !s.Since.Equal(at(24)) || !s.FirstRound.Equal(noon) {
		t.Errorf("live since %s, first asked %s", s.Since, s.FirstRound)
	}
}

func TestEveryRoundLeavesItsMarks(t *testing.T) {
	s := Replay(Standing{}, round(0, answer(api, Playable)), round(6, both(Missing)...), alone(12, answer(api, Unclear)))
	for name, pair := range map[string][2]time.Time{
		"the last round":       {s.LastRound, at(12)},
		"the last clear one":   {s.LastClear, at(6)},
		"last good":            {s.LastGood, at(0)},
		"first bad":            {s.FirstBad, at(6)},
		"in its state since":   {s.Since, at(6)},
		"counted towards Gone": {s.Counted[0].At, at(6)},
	} {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("%s: %s, want %s", name, pair[0], pair[1])
		}
	}
}

func TestSilenceCountsFromTheFirstRoundWhereNothingWasEverHeard(t *testing.T) {
	s := Replay(Standing{}, alone(0, answer(api, Unclear)))
	for _, step := range []struct {
		day     float64
		unheard bool
	}{{13.9, false}, {14, true}, {15, true}} {
		if s, _ = Judge(s, alone(24*step.day, answer(api, Unclear))); s.Unheard != step.unheard || s.State != Unchecked {
			t.Errorf("day %v: unheard %v, %s", step.day, s.Unheard, s.State)
		}
	}
	if s = Replay(s, round(24*16, both(Removed)...)); s.Unheard || s.State != Suspect {
		t.Errorf("bad news is news: unheard %v, %s", s.Unheard, s.State)
	}
}

func TestAStandingComesBackFromItsRecord(t *testing.T) {
	disputed := round(60, answer(api, Missing), answer(oembed, Playable))
	want := Replay(Standing{}, round(0, limitedTo(api, AspectAge)), round(6, both(Missing)...), alone(24*20, answer(api, Unclear)), disputed)
	want = Replay(want, round(24*21, answer(api, Missing), answer(oembed, Playable)))
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Standing
	if err := json.Unmarshal(raw, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s\ncame back as %+v, %v", raw, got, err)
	}
	if next, verdict := Judge(got, round(24*22, both(Missing)...)); verdict != SaysBad || next.State != Gone {
		t.Errorf("judged on, it is %s: %s", next.State, verdict)
	}
}

func TestAStandingOfNothingIsShort(t *testing.T) {
	raw, err := json.Marshal(Standing{})
	if want := `{"state":"unchecked","outcome":"unclear"}`; err != nil || string(raw) != want {
		t.Errorf("%s, want %s (%v)", raw, want, err)
	}
	var got Standing
	if err := json.Unmarshal([]byte(`{"state":"zombie","outcome":"vaporised"}`), &got); err != nil || !reflect.DeepEqual(got, Standing{}) {
		t.Errorf("a later version's words make %+v, %v", got, err)
	}
}

func TestJudgingDoesNotShareMemory(t *testing.T) {
	suspect := Replay(Standing{}, round(0, both(Missing)...))
	one, _ := Judge(suspect, round(6, answer(api, Missing)))
	two, _ := Judge(suspect, round(7, answer(oembed, Missing)))
	if !one.Counted[1].At.Equal(at(6)) || !two.Counted[1].At.Equal(at(7)) || len(suspect.Counted) != 1 {
		t.Errorf("counted %+v, %+v, and before %+v", one.Counted, two.Counted, suspect.Counted)
	}
}
