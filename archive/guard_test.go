package archive

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestTheGuardIsUpWhereManyTurnAtOnce(t *testing.T) {
	for _, c := range []struct {
		name             string
		sources, turning int
		up               bool
	}{
		{"nothing there", 0, 0, false},
		{"four of four are too few to tell", 4, 4, false},
		{"five of five", 5, 5, true},
		{"five of twenty-five are a fifth, not more", 25, 5, false},
		{"six of twenty-five", 25, 6, true},
		{"many, and no great share", 100_000, 20_000, false},
		{"a great share of many", 100_000, 20_001, true},
	} {
		if got := (Guard{Sources: c.sources, Turning: c.turning}).Up(Thresholds{}); got != c.up {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if !(Guard{Sources: 100, Turning: 2}).Up(Thresholds{GuardShare: 0.01, GuardLeast: 2}) {
		t.Error("its thresholds are not heeded")
	}
}

// living is a standing seen good an hour before noon.
func living() Standing { return Replay(Standing{}, round(-1, answer(api, Playable))) }

// heldThrough applies rounds with the guard up.
func heldThrough(s Standing, rounds ...Round) (Standing, []Verdict) {
	var said []Verdict
	for _, r := range rounds {
		var v Verdict
		s, v = Thresholds{}.Hold(s, r)
		said = append(said, v)
	}
	return s, said
}

func TestAHeldRoundChangesNeitherStateNorWhatReadersGet(t *testing.T) {
	before := living()
	after, said := heldThrough(before, round(0, both(Removed)...))
	if !slices.Equal(said, []Verdict{SaysHeld}) || after.State != Live || after.Outcome != Playable || !after.FirstBad.IsZero() || !after.LastClear.Equal(before.LastClear) {
		t.Errorf("%v: %+v", said, after)
	}
	if len(after.Held) != 1 || !after.Held[0].At.Equal(noon) || after.Held[0].Outcome != Removed || len(after.Held[0].Methods) != 2 {
		t.Errorf("held are %+v", after.Held)
	}
}

func TestHeldRoundsAreReleasedWhereTwoMethodsAgreeTwice(t *testing.T) {
	s, said := heldThrough(living(), round(0, both(Removed)...), round(4.9, both(Removed)...))
	if s.State != Live || !slices.Equal(said, []Verdict{SaysHeld, SaysHeld}) {
		t.Fatalf("too soon: %v, %s", said, s.State)
	}
	s, said = heldThrough(s, round(5, both(Removed)...))
	if s.State != Gone || said[0] != SaysBad || len(s.Held) != 0 {
		t.Fatalf("%v: %+v", said, s)
	}
	if !s.FirstBad.Equal(noon) || !s.LastGood.Equal(noon.Add(-time.Hour)) || !s.Since.Equal(noon.Add(5*time.Hour)) {
		t.Errorf("died between %s and %s, gone since %s", s.LastGood, s.FirstBad, s.Since)
	}
	if n := len(s.Transitions); n < 2 || s.Transitions[n-2].To != Suspect || !s.Transitions[n-2].At.Equal(noon) {
		t.Errorf("the rounds do not count from their own times: %+v", s.Transitions)
	}
}

func TestWhatOneMethodSaysIsHeldForEver(t *testing.T) {
	s := living()
	for hour := range 24 * 400 {
		s, _ = Thresholds{}.Hold(s, round(float64(hour), answer(api, Missing)))
	}
	if s.State != Live || len(s.Held) != maxHeld || !s.Held[0].At.Equal(noon) {
		t.Errorf("%s, held since %+v", s.State, s.Held)
	}
	if s = (Thresholds{}).Release(s); s.State != Gone || len(s.Held) != 0 || !s.FirstBad.Equal(noon) {
		t.Errorf("released by a person: %+v", s)
	}
}

// What is held has its evidence, which none of it may lose to a later round; so what adds nothing is not held.
func TestOnlyRoundsThatWouldCountAreHeld(t *testing.T) {
	for _, c := range []struct {
		name   string
		rounds []Round
		hours  []float64 // of those held
	}{
		{"one method, nearer than rounds count", []Round{round(0, answer(api, Missing)), round(4.9, answer(api, Missing)), round(5, answer(api, Missing))}, []float64{0, 5}},
		{"a second method joins", []Round{round(0, answer(api, Missing)), round(1, both(Missing)...), round(2, both(Missing)...), round(5.5, answer(api, Missing))}, []float64{0, 1}},
	} {
		s, _ := heldThrough(living(), c.rounds...)
		var hours []float64
		for _, h := range s.Held {
			hours = append(hours, h.At.Sub(noon).Hours())
		}
		if !slices.Equal(hours, c.hours) {
			t.Errorf("%s: held are %v", c.name, hours)
		}
	}
}

func TestWhateverIsHeldTwoMethodsThatAgreeTwiceReleaseIt(t *testing.T) {
	s := living()
	for hour := range 100 {
		s, _ = Thresholds{}.Hold(s, round(float64(hour), answer(api, Missing)))
	}
	s, said := heldThrough(s, round(100, both(Missing)...), round(102, answer(api, Missing)), round(104, both(Missing)...), round(105, both(Missing)...))
	if want := []Verdict{SaysHeld, SaysHeld, SaysHeld, SaysBad}; !slices.Equal(said, want) || s.State != Gone || !s.FirstBad.Equal(noon) {
		t.Errorf("%v: %s, first bad %s", said, s.State, s.FirstBad)
	}
}

func TestADeathThatOneMethodFoundIsConfirmedByTwoThatAgreeTwice(t *testing.T) {
	var s Standing
	for _, c := range []struct {
		hour      float64
		said      []Observation
		state     State
		counted   int
		confirmed bool
	}{
		{0, []Observation{answer(api, Missing)}, Suspect, 1, false},
		{12, []Observation{answer(api, Missing)}, Suspect, 2, false},
		{24, []Observation{answer(api, Missing)}, Gone, 3, false},
		{30, []Observation{answer(api, Missing)}, Gone, 3, false}, // nothing that it did not say before
		{36, both(Missing), Gone, 4, false},
		{38, both(Missing), Gone, 4, false}, // too soon
		{41, both(Missing), Gone, 5, true},
		{47, both(Missing), Gone, 5, true},
		{48, both(Playable), Live, 0, false},
	} {
		s, _ = Judge(s, round(c.hour, c.said...))
		if confirmed := (Thresholds{}).Confirmed(s); s.State != c.state || len(s.Counted) != c.counted || confirmed != c.confirmed {
			t.Errorf("after %v hours: %s, %d counted, confirmed: %t", c.hour, s.State, len(s.Counted), confirmed)
		}
	}
}

func TestALivingAnswerEndsTheHolding(t *testing.T) {
	s, _ := heldThrough(living(), round(0, both(Removed)...), round(1, answer(api, Playable)))
	if len(s.Held) != 0 || s.State != Live || !s.LastGood.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v", s)
	}
	if s, said := heldThrough(s, round(2), round(2, both(Removed)...)); !slices.Equal(said, []Verdict{SaysUnclear, Stale}) {
		t.Errorf("%v: %+v", said, s)
	}
}

func TestAfterTheGuardJudgingBeginsAnew(t *testing.T) {
	s, _ := heldThrough(living(), round(0, answer(api, Missing)), round(6, answer(api, Missing)))
	s, _ = Judge(s, round(12, answer(api, Missing)))
	if s.State != Suspect || !s.FirstBad.Equal(noon.Add(12*time.Hour)) || len(s.Counted) != 1 || len(s.Held) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestTheDeadStayDeadUnderTheGuard(t *testing.T) {
	dead := Replay(living(), round(0, both(Removed)...), round(6, both(Removed)...))
	s, said := heldThrough(dead, round(12, both(Removed)...))
	if s.State != Gone || said[0] != SaysBad || len(s.Held) != 0 {
		t.Errorf("%v: %+v", said, s)
	}
}

func TestASuspectsRoundsAreHeldToo(t *testing.T) {
	s, _ := heldThrough(Replay(living(), round(0, answer(api, Missing))), round(6, answer(api, Missing)), round(30, answer(api, Missing)))
	if s.State != Suspect || len(s.Counted) != 1 || len(s.Held) != 2 {
		t.Errorf("%+v", s)
	}
}

func TestWhoTurnsAndWhoStood(t *testing.T) {
	held, _ := heldThrough(living(), round(0, both(Removed)...))
	for _, c := range []struct {
		name          string
		s             Standing
		turns, stands bool
	}{
		{"unchecked", Standing{}, false, true},
		{"live", living(), false, true},
		{"held", held, true, true},
		{"suspect within the day", Replay(living(), round(0, answer(api, Missing))), true, true},
		{"suspect for two days", Replay(Standing{}, round(-48, answer(api, Playable)), round(-40, answer(api, Missing))), false, false},
		{"gone within the day", Replay(living(), round(0, both(Removed)...), round(6, both(Removed)...)), true, true},
		{"dead of old", Replay(Standing{}, round(-100, answer(api, Playable)), round(-90, both(Removed)...), round(-80, both(Removed)...)), false, false},
	} {
		now := noon.Add(12 * time.Hour)
		if got := (Thresholds{}).Turns(c.s, now); got != c.turns {
			t.Errorf("%s: turns %v", c.name, got)
		}
		if got := (Thresholds{}).Stood(c.s, now); got != c.stands {
			t.Errorf("%s: stood %v", c.name, got)
		}
	}
	if (Thresholds{}).WouldTurn(held, round(1, both(Removed)...)) || !(Thresholds{}).WouldTurn(living(), round(1, answer(api, Missing))) || (Thresholds{}).WouldTurn(living(), round(1)) {
		t.Error("a round that turns a source is not known for it")
	}
}

func TestHoldingIsJudgingButForBadRounds(t *testing.T) {
	for seed := range uint64(histories) {
		random := rand.New(rand.NewPCG(seed, 6))
		s := Replay(Standing{}, history(random, random.IntN(12), anyOutcome...)...)
		r := draw(random, 10_000, anyOutcome...)
		judged, verdict := Judge(s, r)
		held, said := Thresholds{}.Hold(s, r)
		switch {
		case verdict == SaysBad || verdict == SaysBadSoon:
			if s.State != Gone && (held.State != s.State || said != SaysHeld) {
				t.Fatalf("seed %d: %s became %s, %q", seed, s.State, held.State, said)
			}
		case verdict != said || judged.State != held.State:
			t.Fatalf("seed %d: %q and %q", seed, verdict, said)
		}
	}
}
