package archive

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// histories is how many random histories each property is tried on.
const histories = 500

// draw makes a random round at the hour from answers of the given outcomes.
func draw(random *rand.Rand, hour float64, outcomes ...Outcome) Round {
	var answers []Observation
	for _, method := range []string{api, oembed} {
		if random.IntN(3) > 0 {
			o := answer(method, outcomes[random.IntN(len(outcomes))])
			o.Reason = []string{"", "time-out", "HTTP 429"}[random.IntN(3)]
			answers = append(answers, o)
		}
	}
	if random.IntN(2) == 0 {
		answers = append(answers, support([]Outcome{Missing, Unclear}[random.IntN(2)]))
	}
	if random.IntN(4) == 0 {
		return alone(hour, answers...)
	}
	return round(hour, answers...)
}

func history(random *rand.Rand, length int, outcomes ...Outcome) []Round {
	var rounds []Round
	hour := 0.0
	for range length {
		hour += 0.1 + random.Float64()*12
		rounds = append(rounds, draw(random, hour, outcomes...))
	}
	return rounds
}

var anyOutcome = []Outcome{Playable, EmbeddingDisabled, Restricted, Private, Removed, Missing, Unclear}

func TestNoSequenceOfUnclearChangesAState(t *testing.T) {
	for seed := range uint64(histories) {
		random := rand.New(rand.NewPCG(seed, 1))
		before := Replay(Standing{}, history(random, random.IntN(12), anyOutcome...)...)
		after := before
		hour := 1000.0
		for range 20 {
			hour += random.Float64() * 100
			r := draw(random, hour, Unclear)
			if random.IntN(2) == 0 { // bad answers that nothing vouches for
				r = alone(hour, both(Missing)...)
			}
			after, _ = Judge(after, r)
		}
		if after.State != before.State || after.Outcome != before.Outcome || len(after.Transitions) != len(before.Transitions) {
			t.Fatalf("seed %d: %s became %s", seed, before.State, after.State)
		}
	}
}

func TestTheOrderOfDeliveryDoesNotMatter(t *testing.T) {
	for seed := range uint64(histories) {
		random := rand.New(rand.NewPCG(seed, 2))
		rounds := history(random, 1+random.IntN(12), anyOutcome...)
		want := Replay(Standing{}, rounds...)
		for i := range rounds {
			random.Shuffle(len(rounds[i].Observations), func(a, b int) {
				o := rounds[i].Observations
				o[a], o[b] = o[b], o[a]
			})
		}
		random.Shuffle(len(rounds), func(a, b int) { rounds[a], rounds[b] = rounds[b], rounds[a] })
		if got := Replay(Standing{}, append(rounds, rounds...)...); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: got %+v\nwant %+v", seed, got, want)
		}
	}
}

func TestWhatComesLateOrTwiceChangesNothing(t *testing.T) {
	for seed := range uint64(histories) {
		random := rand.New(rand.NewPCG(seed, 3))
		rounds := history(random, 1+random.IntN(12), anyOutcome...)
		var s Standing
		for i, r := range rounds {
			s, _ = Judge(s, r)
			late, verdict := Judge(s, rounds[random.IntN(i+1)])
			if verdict != Stale || !reflect.DeepEqual(late, s) {
				t.Fatalf("seed %d: a late round changed %+v into %+v", seed, s, late)
			}
		}
	}
}

func TestNoNumberOfChecksWithinFiveHoursMakesGone(t *testing.T) {
	for seed := range uint64(histories) {
		random := rand.New(rand.NewPCG(seed, 4))
		var hours []float64
		for range 1 + random.IntN(200) {
			hours = append(hours, random.Float64()*4.999)
		}
		slices.Sort(hours)
		s := Replay(Standing{}, round(-1000, answer(api, Playable)))
		for _, hour := range hours {
			s, _ = Judge(s, draw(random, hour, Missing, Removed, Private, Unclear))
		}
		if s.State == Gone {
			t.Fatalf("seed %d: gone after %d checks within five hours", seed, len(hours))
		}
	}
}

func TestAGoodRoundAlwaysRevives(t *testing.T) {
	for seed := range uint64(histories) {
		random := rand.New(rand.NewPCG(seed, 5))
		s := Replay(Standing{}, history(random, random.IntN(20), anyOutcome...)...)
		s, _ = Judge(s, round(10_000, answer(api, Playable)))
		if s.State != Live || !s.FirstBad.IsZero() || len(s.Counted) != 0 {
			t.Fatalf("seed %d: %+v", seed, s)
		}
	}
}
