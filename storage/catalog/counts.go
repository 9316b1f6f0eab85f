package catalog

import (
	"context"
	"fmt"
	"slices"

	"videoteca/archive"
)

// selectCounts reads the whole table: one row for each of five states.
const selectCounts = "SELECT state, videos FROM counts"

// Counts is how many videos the catalog has.
type Counts struct {
	Total  int
	States map[archive.State]int // by the state of each video's best source; all states are present
}

// Counts reads the kept counts; nothing is counted when it is called.
func (c *Catalog) Counts(ctx context.Context) (Counts, error) {
	rows, err := c.reader.QueryContext(ctx, selectCounts)
	if err != nil {
		return Counts{}, fmt.Errorf("counting the catalog: %w", err)
	}
	defer rows.Close()
	counts := Counts{States: map[archive.State]int{}}
	for rows.Next() {
		var name string
		var videos int
		if err := rows.Scan(&name, &videos); err != nil {
			return Counts{}, fmt.Errorf("counting the catalog: %w", err)
		}
		var state archive.State
		_ = state.UnmarshalText([]byte(name)) // never fails: an unknown word is Unchecked
		counts.States[state] += videos
		counts.Total += videos
	}
	if err := rows.Err(); err != nil {
		return Counts{}, fmt.Errorf("counting the catalog: %w", err)
	}
	return counts, nil
}

// bestState is the state of the source that gives most hope of seeing the video.
// A video without sources is unchecked.
func bestState(v archive.Video) archive.State {
	for _, state := range []archive.State{archive.Live, archive.Limited, archive.Unchecked, archive.Suspect} {
		if slices.ContainsFunc(v.Sources, func(s archive.Source) bool { return s.State() == state }) {
			return state
		}
	}
	if len(v.Sources) == 0 {
		return archive.Unchecked
	}
	return archive.Gone
}
