package report

import (
	"time"

	"videoteca/archive"
)

// movesKept is how many transitions a standing keeps; see archive.Standing.
const movesKept = 32

// Day is how many sources were in each state at the end of a day, as the answers told it: a
// person's ruling has no history there.
type Day struct {
	Date    time.Time
	States  map[archive.State]int
	Unknown int // sources whose moves up to that day are not kept any more
}

// quietDays is how many days a history has at least, also where nothing was known before.
const quietDays = 14

// History is the last days up to the report, the oldest first, as the transitions tell it, without
// those before any source was kept. Of a source that moved more than 32 times the oldest moves are
// not known.
func (r *Report) History(rows []Row, days int) []Day {
	last := r.At.Truncate(24 * time.Hour)
	history := make([]Day, days)
	for i := range history {
		history[i] = Day{Date: last.AddDate(0, 0, i+1-days), States: map[archive.State]int{}}
	}
	for i := range rows {
		rows[i].recall(history)
	}
	for len(history) > quietDays && len(history[0].States) == 0 && history[0].Unknown == 0 {
		history = history[1:]
	}
	return history
}

// recall adds the source to the days on which it was kept.
func (r *Row) recall(history []Day) {
	move := 0
	for i := range history {
		end := history[i].Date.AddDate(0, 0, 1)
		for move < len(r.Moves) && r.Moves[move].At.Before(end) {
			move++
		}
		switch state, known := r.after(move, end); {
		case known:
			history[i].States[state]++
		case len(r.Moves) >= movesKept:
			history[i].Unknown++
		}
	}
}

// after is the state once so many moves were made, at the time; not known before the first one
// that is kept, nor before the source was.
func (r *Row) after(moves int, at time.Time) (archive.State, bool) {
	if moves > 0 {
		return r.Moves[moves-1].To, true
	}
	return archive.Unchecked, len(r.Moves) < movesKept && !r.Added.IsZero() && r.Added.Before(at)
}

// stateAt is the computed state at a time, and whether it is known.
func (r *Row) stateAt(at time.Time) (archive.State, bool) {
	moves := 0
	for moves < len(r.Moves) && r.Moves[moves].At.Before(at) {
		moves++
	}
	return r.after(moves, at)
}
