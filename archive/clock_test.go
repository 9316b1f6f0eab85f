package archive

import (
	"reflect"
	"testing"
	"time"
)

const (
	week  = 7 * 24 * time.Hour
	aYear = 365 * 24 * time.Hour
)

func TestWhatWasHeardInTheFutureIsNotKnown(t *testing.T) {
	h := Heard{Source: judged, LastRound: noon.Add(30 * time.Minute), LastClear: noon, LastGood: noon, Outcome: Playable, Method: api}
	if got := h.AsOf(noon); got != h {
		t.Errorf("within the slack: %+v", got)
	}
	h.LastRound, h.Pictured = noon.Add(31*time.Minute), noon.Add(aYear)
	if got, want := h.AsOf(noon), (Heard{Source: judged, LastClear: noon, LastGood: noon}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := h.AsOf(noon.Add(2 * aYear)); got != h {
		t.Errorf("by then it is the past: %+v", got)
	}
}

func TestAStandingOfTheFutureCanBeJudged(t *testing.T) {
	ahead := noon.Add(aYear)
	dead := both(Removed)
	for _, tt := range []struct {
		name  string
		s     Standing
		then  Round
		want  State
		first time.Time // bad
	}{
		{"a living one lives", Replay(Standing{}, round(24*365, answer(api, Playable))), round(1, answer(api, Playable)), Live, time.Time{}},
		{"a living one dies", Replay(Standing{}, round(24*365, answer(api, Playable))), round(1, dead...), Suspect, noon.Add(time.Hour)},
		{"a suspect revives", Replay(Standing{}, round(0, answer(api, Playable)), round(24*365, dead...)), round(1, answer(api, Playable)), Live, time.Time{}},
		{"a suspect stays one", Replay(Standing{}, round(0, answer(api, Playable)), round(24*365, dead...)), round(1, dead...), Suspect, noon.Add(time.Hour)},
		{"a dead one revives", Replay(Standing{}, round(24*365, dead...), round(24*366, dead...)), round(1, answer(api, Playable)), Live, time.Time{}},
	} {
		if _, verdict := Judge(tt.s, tt.then); verdict != Stale {
			t.Errorf("%s: it could be judged before: %q", tt.name, verdict)
		}
		got, verdict := Judge(tt.s.AsOf(tt.then.At), tt.then)
		if verdict == Stale || got.State != tt.want || !got.FirstBad.Equal(tt.first) || !got.LastRound.Equal(tt.then.At) || !got.LastClear.Equal(tt.then.At) {
			t.Errorf("%s: %q, %+v", tt.name, verdict, got)
		}
		if got.Since.After(ahead) || got.FirstRound.After(tt.then.At) || got.LastGood.After(tt.then.At) {
			t.Errorf("%s keeps a time to come: %+v", tt.name, got)
		}
	}
}

func TestASuspectOfTheFutureDiesByRoundsOfThePresent(t *testing.T) {
	s := Replay(Standing{}, round(24*365, both(Removed)...))
	for hour, want := range []State{0: Suspect, 5: Gone} {
		if want == Unchecked {
			continue
		}
		r := round(float64(hour), both(Removed)...)
		if s, _ = Judge(s.AsOf(r.At), r); s.State != want {
			t.Errorf("after %d hours it is %s: %+v", hour, s.State, s)
		}
	}
}

func TestWhatIsHeldOfTheFutureIsHeldNoLonger(t *testing.T) {
	s, _ := Thresholds{}.Hold(Standing{}, round(0, both(Removed)...))
	s, _ = Thresholds{}.Hold(s, alone(24*365))
	s.Held = append(s.Held, Hold{Count: Count{At: noon.Add(aYear)}})
	if got := s.AsOf(noon); len(got.Held) != 1 || !got.Held[0].At.Equal(noon) || len(s.Held) != 2 {
		t.Errorf("held %+v, of %+v", got.Held, s.Held)
	}
}

func TestAStandingOfThePastStaysAsItIs(t *testing.T) {
	s := Replay(Standing{}, round(0, answer(api, Playable)), round(6, both(Removed)...), round(12, both(Removed)...), round(12.5, both(Removed)...))
	if got := s.AsOf(noon.Add(12 * time.Hour)); !reflect.DeepEqual(got, s) {
		t.Errorf("%+v\nof %+v", got, s)
	}
}

// dated is an answer on a source whose host's clock is so far behind ours.
func dated(id string, after, behind time.Duration) Observation {
	o := answer(api, Playable)
	o.Source.ID, o.At = id, noon.Add(after)
	o.Date = o.At.Add(-behind)
	return o
}

func undated(id string, after time.Duration) Observation {
	o := dated(id, after, 0)
	o.Date = time.Time{}
	return o
}

func TestRoundsUnderAClockInDoubtAreTold(t *testing.T) {
	control := dated("control", 0, 0)
	control.Control = true
	for _, tt := range []struct {
		name     string
		answers  []Observation
		misdated bool // the source "one"
	}{
		{"the clocks agree", []Observation{dated("one", 0, 0)}, false},
		{"half an hour apart", []Observation{dated("one", 0, 30*time.Minute)}, false},
		{"ahead by more", []Observation{dated("one", 0, 31*time.Minute)}, true},
		{"behind by more", []Observation{dated("one", 0, -31*time.Minute)}, true},
		{"a year ahead", []Observation{dated("one", 0, aYear), dated("other", 0, aYear)}, true},
		{"nobody else tells a time", []Observation{undated("one", 0)}, false},
		{"one of two methods tells another", []Observation{undated("one", 0), dated("one", time.Second, week)}, true},
		{"and the other agrees with us", []Observation{dated("one", 0, 0), dated("one", time.Second, week)}, false},
		{"another host agrees with us", []Observation{dated("one", 0, week), dated("other", 10*time.Minute, 0)}, false},
		{"the control does", []Observation{dated("one", time.Minute, week), control}, false},
		{"it did eleven minutes before", []Observation{dated("one", 11*time.Minute, week), dated("other", 0, 0)}, true},
		{"it did eleven minutes later", []Observation{dated("one", 0, week), dated("other", 11*time.Minute, 0)}, true},
		{"another that tells no time", []Observation{dated("one", 0, week), undated("other", 0)}, true},
	} {
		got := Misdated(Rounds(tt.answers), tt.answers)
		if key := dated("one", 0, 0).Source; got[key] != tt.misdated {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
