package archive

import (
	"reflect"
	"testing"
	"time"
)

// noon is when the judged histories of these tests begin.
var noon = time.Date(2025, 4, 14, 12, 0, 0, 0, time.UTC)

var (
	judged = SourceKey{Platform: "youtube", ID: "judged00000"}
	other  = SourceKey{Platform: "youtube", ID: "other000000"}
)

const (
	api    = "youtube.videos.list"
	oembed = "youtube.oembed"
	thumbs = "youtube.thumbnail"
)

// answer is what a method said of the judged source.
func answer(method string, outcome Outcome) Observation {
	return Observation{Source: judged, Method: method, Host: method + ".example", Outcome: outcome, Sees: sees(method)}
}

func sees(method string) []Aspect {
	if method == api {
		return []Aspect{AspectEmbedding, AspectRegion, AspectAge, AspectScheduled}
	}
	return []Aspect{AspectEmbedding}
}

func limitedTo(method string, aspect Aspect) Observation {
	o := answer(method, Restricted)
	o.Restrictions = []Restriction{{Aspect: aspect}}
	return o
}

func support(outcome Outcome) Observation {
	o := answer(thumbs, outcome)
	o.Supports = true
	return o
}

// round is a round at an hour of the history in which every method works for another source.
func round(hour float64, answers ...Observation) Round {
	r := alone(hour, answers...)
	for _, o := range r.Observations {
		w := o
		w.Source, w.Outcome, w.Answers, w.Supports = other, Playable, true, false
		r.Witnesses = append(r.Witnesses, w)
	}
	return r
}

// alone is a round in which nothing vouches for the methods.
func alone(hour float64, answers ...Observation) Round {
	r := Round{At: noon.Add(time.Duration(hour * float64(time.Hour)))}
	for _, o := range answers {
		o.At = r.At
		r.Observations = append(r.Observations, o)
	}
	return r
}

func both(outcome Outcome) []Observation {
	return []Observation{answer(api, outcome), answer(oembed, outcome)}
}

func TestJudgeMovesAStateByTheTable(t *testing.T) {
	live := round(0, answer(api, Playable))
	tests := []struct {
		name   string
		rounds []Round
		want   State
	}{
		{"nothing was asked", nil, Unchecked},
		{"a good round makes it live", []Round{live}, Live},
		{"a limited round makes it limited", []Round{round(0, answer(oembed, EmbeddingDisabled))}, Limited},
		{"one bad round makes a live one suspect", []Round{live, round(1, both(Missing)...)}, Suspect},
		{"one bad round makes a limited one suspect", []Round{round(0, limitedTo(api, AspectRegion)), round(1, answer(api, Missing))}, Suspect},
		{"one bad round makes an unchecked one suspect", []Round{round(0, answer(oembed, Private))}, Suspect},
		{"two counted rounds of two methods make it gone", []Round{live, round(1, both(Missing)...), round(6, both(Missing)...)}, Gone},
		{"a second round within five hours does not count", []Round{live, round(1, both(Missing)...), round(5.9, both(Missing)...)}, Suspect},
		{"many rounds within five hours are one", []Round{round(0, both(Missing)...), round(1, both(Missing)...), round(2, both(Missing)...), round(3, both(Missing)...), round(4.9, both(Missing)...)}, Suspect},
		{"two rounds of one method are not enough", []Round{live, round(1, answer(api, Missing)), round(30, answer(api, Missing))}, Suspect},
		{"three rounds of one method over a day are", []Round{live, round(1, answer(api, Missing)), round(13, answer(api, Missing)), round(25, answer(api, Missing))}, Gone},
		{"three rounds of one method in less than a day are not", []Round{live, round(1, answer(api, Missing)), round(7, answer(api, Missing)), round(24.9, answer(api, Missing))}, Suspect},
		{"a round of two methods and one of one are not enough", []Round{live, round(1, both(Missing)...), round(7, answer(api, Missing))}, Suspect},
		{"a good round in between starts the count afresh", []Round{round(0, both(Missing)...), round(6, answer(api, Playable)), round(12, both(Missing)...)}, Suspect},
		{"a gone one is revived at once", []Round{round(0, both(Removed)...), round(6, both(Removed)...), round(7, answer(oembed, Playable))}, Live},
		{"a gone one stays gone", []Round{round(0, both(Removed)...), round(6, both(Removed)...), round(12, both(Removed)...)}, Gone},
		{"unclear changes nothing", []Round{live, round(6, answer(api, Unclear)), round(12, answer(oembed, Unclear))}, Live},
		{"a bad answer that nothing vouches for is unclear", []Round{live, alone(1, both(Missing)...), alone(7, both(Missing)...)}, Live},
		{"one method good and one bad is disputed", []Round{live, round(1, answer(api, Missing), answer(oembed, Playable))}, Live},
		{"a dispute does not count towards a death", []Round{live, round(1, both(Missing)...), round(7, answer(api, Missing), answer(oembed, Playable)), round(13, answer(api, Missing))}, Suspect},
		{"a thumbnail alone makes nothing suspect", []Round{live, round(1, support(Missing))}, Live},
		{"a thumbnail supports what oEmbed says", []Round{live, round(1, answer(oembed, Missing), support(Missing)), round(6, answer(oembed, Missing), support(Missing))}, Gone},
		{"a thumbnail never says playable", []Round{round(0, support(Playable))}, Unchecked},
		{"a thumbnail that is missing disputes nothing", []Round{live, round(1, answer(oembed, Playable), support(Missing))}, Live},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Standing
			for _, r := range tt.rounds {
				s, _ = Judge(s, r)
			}
			if s.State != tt.want {
				t.Errorf("state is %s, want %s (counted %v)", s.State, tt.want, s.Counted)
			}
		})
	}
}

func TestJudgeSaysWhatItMadeOfARound(t *testing.T) {
	suspect := Replay(Standing{}, round(0, both(Missing)...))
	tests := []struct {
		name  string
		round Round
		want  Verdict
	}{
		{"older than the last applied", round(-1, answer(api, Playable)), Stale},
		{"the same again", round(0, both(Missing)...), Stale},
		{"no answer", alone(1), SaysUnclear},
		{"unclear", round(1, answer(api, Unclear)), SaysUnclear},
		{"disputed", round(1, answer(api, Private), answer(oembed, EmbeddingDisabled)), SaysDisputed},
		{"alive", round(1, answer(api, Playable)), SaysAlive},
		{"bad, too soon", round(4.99, both(Missing)...), SaysBadSoon},
		{"bad, and it counts", round(5, both(Missing)...), SaysBad},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := suspect
			next, got := Judge(suspect, tt.round)
			if got != tt.want {
				t.Errorf("verdict is %q, want %q", got, tt.want)
			}
			if !reflect.DeepEqual(before, suspect) {
				t.Error("Judge altered its argument")
			}
			if got == Stale && !reflect.DeepEqual(next, suspect) {
				t.Error("a stale round changed the standing")
			}
		})
	}
}

func TestABadAnswerIsVouchedForByTheSameMethodOnTheSameHostAtAboutTheSameTime(t *testing.T) {
	bad := answer(api, Missing)
	bad.At = noon
	witness := Observation{Source: other, Method: api, Host: bad.Host, At: noon, Outcome: Playable}
	tests := []struct {
		name   string
		change func(*Observation)
		want   bool
	}{
		{"as it is", func(*Observation) {}, true},
		{"ten minutes before", func(w *Observation) { w.At = noon.Add(-10 * time.Minute) }, true},
		{"eleven minutes after", func(w *Observation) { w.At = noon.Add(11 * time.Minute) }, false},
		{"another method", func(w *Observation) { w.Method = oembed }, false},
		{"another host", func(w *Observation) { w.Host = "elsewhere.example" }, false},
		{"about the same source", func(w *Observation) { w.Source = judged }, false},
		{"itself only limited", func(w *Observation) { w.Outcome = EmbeddingDisabled }, false},
		{"a picture, which is a thumbnail's good answer", func(w *Observation) { w.Outcome, w.Answers = Unclear, true }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := witness
			tt.change(&w)
			r := Round{At: noon, Observations: []Observation{bad}, Witnesses: []Observation{w}}
			s, _ := Judge(Standing{}, r)
			if got := s.State == Suspect; got != tt.want {
				t.Errorf("believed: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestARestrictionIsLiftedOnlyByAMethodThatSeesIt(t *testing.T) {
	blocked := Replay(Standing{}, round(0, limitedTo(api, AspectRegion)))
	if blocked.State != Limited || blocked.Outcome != Restricted {
		t.Fatalf("a region block makes %s, %s", blocked.State, blocked.Outcome)
	}
	keyless, _ := Judge(blocked, round(1, answer(oembed, Playable)))
	if keyless.State != Limited || keyless.Outcome != Restricted || !keyless.LastGood.Equal(noon.Add(time.Hour)) {
		t.Errorf("oEmbed's 200 made it %s, %s, last good %s", keyless.State, keyless.Outcome, keyless.LastGood)
	}
	keyed, _ := Judge(keyless, round(2, answer(api, Playable)))
	if keyed.State != Live || len(keyed.Restrictions) != 0 {
		t.Errorf("the Data API's answer left it %s with %v", keyed.State, keyed.Restrictions)
	}
	refused := Replay(blocked, round(1, answer(oembed, EmbeddingDisabled)))
	if refused.Outcome != EmbeddingDisabled || len(refused.Restrictions) != 2 {
		t.Errorf("both restrictions should hold, got %s with %v", refused.Outcome, refused.Restrictions)
	}
	if lifted := Replay(refused, round(2, answer(oembed, Playable))); lifted.Outcome != Restricted {
		t.Errorf("oEmbed lifts the embedding refusal alone, got %s with %v", lifted.Outcome, lifted.Restrictions)
	}
}

func TestDeathIsAnInterval(t *testing.T) {
	s := Replay(Standing{}, round(0, answer(api, Playable)), round(20, both(Private)...), round(26, both(Removed)...))
	if s.State != Gone || !s.LastGood.Equal(noon) || !s.FirstBad.Equal(noon.Add(20*time.Hour)) {
		t.Errorf("got %s, last good %s, first bad %s", s.State, s.LastGood, s.FirstBad)
	}
	if s.Outcome != Removed {
		t.Errorf("the newest clear outcome is %s, want removed", s.Outcome)
	}
}

func TestSilenceForAFortnightIsMarkedAndNeverADeath(t *testing.T) {
	s := Replay(Standing{}, round(0, answer(api, Playable)))
	for day := 1; day <= 400; day++ {
		s, _ = Judge(s, alone(float64(24*day), answer(api, Unclear)))
		if want := day >= 14; s.Unheard != want {
			t.Fatalf("day %d: unheard is %v", day, s.Unheard)
		}
	}
	if s.State != Live {
		t.Errorf("400 days of silence made it %s", s.State)
	}
	if heard := Replay(s, round(24*401, answer(api, Playable))); heard.Unheard {
		t.Error("still unheard after a good round")
	}
}

func TestADisputeIsDatedUntilItEnds(t *testing.T) {
	s := Replay(Standing{}, round(1, answer(api, Missing), answer(oembed, Playable)), round(30, answer(api, Missing), answer(oembed, Playable)))
	if !s.DisputedSince.Equal(noon.Add(time.Hour)) {
		t.Errorf("disputed since %s", s.DisputedSince)
	}
	if s = Replay(s, round(31, both(Playable)...)); !s.DisputedSince.IsZero() {
		t.Error("still disputed after both agreed")
	}
}

func TestTheLast32TransitionsAreKept(t *testing.T) {
	var s Standing
	for hour := range 100 {
		outcome := Playable
		if hour%2 == 1 {
			outcome = Missing
		}
		s, _ = Judge(s, round(float64(hour), answer(api, outcome)))
	}
	if len(s.Transitions) != 32 {
		t.Fatalf("%d transitions", len(s.Transitions))
	}
	if last := s.Transitions[31]; last.To != Suspect || !last.At.Equal(noon.Add(99*time.Hour)) {
		t.Errorf("the last is %+v", last)
	}
}

func TestAStandingWithoutItsCountsIsSafe(t *testing.T) {
	s, verdict := Judge(Standing{State: Suspect}, round(0, both(Missing)...))
	if s.State != Suspect || verdict != SaysBad || len(s.Counted) != 1 {
		t.Errorf("got %s, %s, %v", s.State, verdict, s.Counted)
	}
}
