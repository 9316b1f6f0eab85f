package report_test

import (
	"testing"
	"time"

	"videoteca/archive"
)

func TestHistoryTellsEachDaysStates(t *testing.T) {
	r := read(t, library())
	history := r.History(r.Rows, 100)
	today := len(history) - 1
	if today != 90 || !history[today].Date.Equal(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)) || history[0].States[archive.Live] != 1 {
		t.Fatalf("%d days, from %+v", len(history), history[0])
	}
	last, before := history[today].States, history[today-8].States
	if last[archive.Gone] != 4 || last[archive.Suspect] != 2 || before[archive.Gone] != 0 || before[archive.Live] != 12 {
		t.Errorf("today %v, eight days ago %v", last, before)
	}
	if then := history[today-20].States; then[archive.Gone] != 1 {
		t.Errorf("while one was away: %v", then)
	}
}

func TestAHistoryOfNothingIsShort(t *testing.T) {
	r := read(t, shelf{})
	if n := len(r.History(r.Rows, 90)); n != 14 {
		t.Errorf("%d days", n)
	}
}

func TestASourceIsUncheckedFromItsRegistrationToItsFirstMove(t *testing.T) {
	asked, never := of(1, 1, "", archive.Standing{State: archive.Live, Transitions: []archive.Transition{{At: ago(2), To: archive.Live}}}), of(2, 1, "", archive.Standing{})
	asked.Sources[0].Added, never.Sources[0].Added = ago(5), ago(4)
	r := read(t, shelf{videos: []archive.Video{asked, never}})
	history := r.History(r.Rows, 7)                   // fewer than are cut
	for i, want := range []int{0, 1, 2, 2, 1, 1, 1} { // six days ago, five days ago, …
		if got := history[i].States[archive.Unchecked]; got != want {
			t.Errorf("%d days ago %d are unchecked, not %d", 6-i, got, want)
		}
	}
	if got := history[6].States[archive.Live]; got != 1 {
		t.Errorf("today %d are live", got)
	}
}

func TestDaysWhoseMovesAreNotKeptSaySo(t *testing.T) {
	var flapping archive.Standing
	for i := range 32 { // as many as are kept
		flapping.Transitions = append(flapping.Transitions, archive.Transition{At: ago(32 - i), To: archive.Live})
	}
	v := of(1, 1, "", flapping)
	v.Sources[0].Added = ago(300)
	r := read(t, shelf{videos: []archive.Video{v}})
	history := r.History(r.Rows, 40)
	if history[0].Unknown != 1 || len(history[0].States) != 0 || history[39].Unknown != 0 || history[39].States[archive.Live] != 1 {
		t.Errorf("first %+v, last %+v", history[0], history[39])
	}
}
