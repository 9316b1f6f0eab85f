package archive

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// outcomes is every outcome there is.
func outcomes() []Outcome {
	return []Outcome{Unclear, Playable, EmbeddingDisabled, Restricted, Private, Removed, Missing}
}

func TestAnOutcomeIsOfOneKind(t *testing.T) {
	for _, o := range outcomes() {
		kinds := 0
		for _, is := range []bool{o.Good(), o.Limited(), o.Bad(), !o.Clear()} {
			if is {
				kinds++
			}
		}
		if kinds != 1 {
			t.Errorf("%q is of %d kinds", o, kinds)
		}
	}
	if later := Outcome("vaporised"); later.Clear() || later.Bad() {
		t.Error("a later version's word says something to this one")
	}
}

func TestAnObservationComesBackFromTheJournal(t *testing.T) {
	want := Observation{
		Source: judged, Method: api, Host: "api.example", At: noon, Date: noon.Add(-time.Second), Outcome: Restricted, Reason: "blocked",
		Restrictions: []Restriction{{Aspect: AspectRegion, Blocked: []string{"DE"}}, {Aspect: AspectScheduled, From: noon}},
		Sees:         []Aspect{AspectRegion}, Supports: true, Answers: true, Status: 200, Digest: "ab", Latency: 120 * time.Millisecond,
		Vantage: "SV", Program: "videoteca test", Control: true, Shows: "high",
		Kept: &File{Algorithm: "sha256", Digest: "ab", Extension: "json", Type: "application/json", Bytes: 2, Label: api},
	}
	for i := range reflect.TypeFor[Observation]().NumField() {
		if reflect.TypeFor[Observation]().Field(i).Tag.Get("json") == "-" {
			continue
		}
		if reflect.ValueOf(want).Field(i).IsZero() {
			t.Fatalf("the example has no %s", reflect.TypeFor[Observation]().Field(i).Name)
		}
	}
	line, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Observation
	if err := json.Unmarshal(line, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s came back as %+v, %v", line, got, err)
	}
}

func TestAJournalIsReadable(t *testing.T) {
	line, err := json.Marshal(Observation{Source: judged, Method: oembed, Host: "www.example", At: noon, Reason: "HTTP 503", Status: 503})
	if want := `{"source":{"platform":"youtube","id":"judged00000"},"method":"youtube.oembed","host":"www.example","at":"2025-04-14T12:00:00Z","outcome":"unclear","reason":"HTTP 503","status":503}`; err != nil || string(line) != want {
		t.Errorf("got  %s\nwant %s (%v)", line, want, err)
	}
}

func TestALimitedAnswerNamesARestriction(t *testing.T) {
	tests := []struct {
		name  string
		given Observation
		want  []Aspect
	}{
		{"nothing of a good one", answer(api, Playable), nil},
		{"embedding of one refused", answer(oembed, EmbeddingDisabled), []Aspect{AspectEmbedding}},
		{"embedding once", Observation{Outcome: EmbeddingDisabled, Restrictions: []Restriction{{Aspect: AspectEmbedding}}}, []Aspect{AspectEmbedding}},
		{"embedding beside what it named", Observation{Outcome: EmbeddingDisabled, Restrictions: []Restriction{{Aspect: AspectAge}}}, []Aspect{AspectAge, AspectEmbedding}},
		{"a region where it named none", answer(api, Restricted), []Aspect{AspectRegion}},
		{"what it named", limitedTo(api, AspectMembers), []Aspect{AspectMembers}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(tt.given.Restrictions)
			var got []Aspect
			for _, r := range tt.given.restrictions() {
				got = append(got, r.Aspect)
			}
			if !reflect.DeepEqual(got, tt.want) || len(tt.given.Restrictions) != before {
				t.Errorf("it names %v, want %v", got, tt.want)
			}
		})
	}
}
