package archive

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// minutes is an answer some minutes after noon.
func minutes(n int, o Observation) Observation {
	o.At = noon.Add(time.Duration(n) * time.Minute)
	return o
}

// about is the same answer about another source.
func about(key SourceKey, o Observation) Observation {
	o.Source = key
	return o
}

// control is the answer to the platform's known-good id.
func control(o Observation) Observation {
	o.Source, o.Control = SourceKey{Platform: "youtube", ID: "control"}, true
	return o
}

func TestARoundIsTheNewestTenMinutes(t *testing.T) {
	r := roundOf(judged, []Observation{
		minutes(0, answer(api, Playable)), minutes(10, answer(oembed, Missing)), minutes(20, answer(api, Missing)), minutes(19, support(Missing)),
	})
	var methods []string
	for _, o := range r.Observations {
		methods = append(methods, o.Method)
	}
	if !r.At.Equal(noon.Add(20*time.Minute)) || !slices.Equal(methods, []string{oembed, api, thumbs}) {
		t.Errorf("the round of %s has %v", r.At, methods)
	}
}

func TestARoundOfNobodyIsStale(t *testing.T) {
	r := roundOf(judged, []Observation{minutes(0, about(other, answer(api, Playable)))})
	if !r.At.IsZero() || len(r.Observations) != 0 || len(r.Witnesses) != 0 {
		t.Errorf("%+v", r)
	}
	if s, verdict := Judge(Standing{}, r); verdict != Stale || !reflect.DeepEqual(s, Standing{}) {
		t.Errorf("it was judged %q: %+v", verdict, s)
	}
	if rounds := Rounds(nil); len(rounds) != 0 {
		t.Errorf("nothing makes %v", rounds)
	}
}

func TestAControlVouchesAndIsNeverJudged(t *testing.T) {
	good, gone := control(answer(api, Playable)), control(answer(api, Missing))
	bad := answer(api, Missing)
	tests := []struct {
		name  string
		given []Observation
		want  State
	}{
		{"a healthy control makes a bad answer clear", []Observation{minutes(0, bad), minutes(1, good)}, Suspect},
		{"a control that is missing too makes it unclear", []Observation{minutes(0, bad), minutes(1, gone)}, Unchecked},
		{"a control that only its owner may see vouches for nothing", []Observation{minutes(0, bad), minutes(1, control(answer(api, Restricted)))}, Unchecked},
		{"without any it is unclear", []Observation{minutes(0, bad)}, Unchecked},
		{"a neighbour does as well as a control", []Observation{minutes(0, bad), minutes(1, about(other, answer(api, Playable)))}, Suspect},
		{"a neighbour's death vouches for nothing", []Observation{minutes(0, bad), minutes(1, about(other, answer(api, Removed)))}, Unchecked},
		{"a control of half an hour ago is too old", []Observation{minutes(30, bad), minutes(0, good)}, Unchecked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rounds := Rounds(tt.given)
			for key := range rounds {
				if key.ID == "control" {
					t.Error("the control has a round")
				}
			}
			if s, _ := Judge(Standing{}, rounds[judged]); s.State != tt.want {
				t.Errorf("the state is %s, want %s", s.State, tt.want)
			}
		})
	}
}

// A whole platform that answers "not there" for a refused key must kill nothing.
func TestAnOutageThatLooksLikeAThousandDeathsIsNone(t *testing.T) {
	var observations []Observation
	sources := make([]SourceKey, 1000)
	for i := range sources {
		sources[i] = SourceKey{Platform: "youtube", ID: string(NewVideoID())}
		observations = append(observations, minutes(0, about(sources[i], answer(api, Missing))))
	}
	rounds := Rounds(append(observations, minutes(0, control(answer(api, Missing)))))
	for _, key := range sources {
		if s, verdict := Judge(Standing{State: Live}, rounds[key]); s.State != Live || verdict != SaysUnclear {
			t.Fatalf("%s is %s: %s", key, s.State, verdict)
		}
	}
}

func TestTheWorstOfTheBadAnswersIsTold(t *testing.T) {
	because := func(o Observation, reason string) Observation {
		o.Reason = reason
		return o
	}
	removed, private, missing := because(answer(api, Removed), "removed by its owner"), because(answer(oembed, Private), "private"), because(answer("a.page", Missing), "404")
	tests := []struct {
		name string
		of   []Observation
		want Observation
	}{
		{"removed before private", []Observation{private, removed}, removed},
		{"private before missing", []Observation{missing, private}, private},
		{"removed before all", []Observation{missing, removed, private}, removed},
		{"an answer before a support", []Observation{because(support(Missing), "no thumbnail"), missing}, missing},
		{"among equals the first method by name", []Observation{because(answer("b", Missing), "b"), because(answer("a", Missing), "a")}, because(answer("a", Missing), "a")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // in either order of delivery
				s := Replay(Standing{}, round(0, tt.of...))
				if s.Outcome != tt.want.Outcome || s.Reason != tt.want.Reason {
					t.Errorf("told is %s, %q", s.Outcome, s.Reason)
				}
				slices.Reverse(tt.of)
			}
		})
	}
}

func TestMethodsAreCountedOnce(t *testing.T) {
	s := Replay(Standing{}, round(0, answer(oembed, Missing), answer(api, Missing), answer(oembed, Private)))
	if len(s.Counted) != 1 || !slices.Equal(s.Counted[0].Methods, []string{oembed, api}) {
		t.Errorf("counted %+v", s.Counted)
	}
}
