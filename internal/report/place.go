package report

import (
	"time"

	"videoteca/archive"
)

// place is where a row stands among all rows, as newestLossFirst has them.
type place struct {
	State  archive.State   `json:"s"`
	Since  time.Time       `json:"t"`
	Video  archive.VideoID `json:"v"`
	Source string          `json:"p"`
	ID     string          `json:"i"`
}

// Place is where the row stands among the rows of a report. It goes on naming that place in later
// reports, where the row may have moved.
func (r Row) Place() string {
	return archive.EncodePlace(place{r.State, r.Since.UTC(), r.Video, r.Source.Platform, r.Source.ID})
}

// After is the rows that stand behind a place; all of them for the empty one. What is no place gets an
// *archive.FieldError.
func After(rows []Row, at string) ([]Row, error) {
	if at == "" {
		return rows, nil
	}
	var p place
	err := archive.DecodePlace(at, &p)
	last := Row{State: p.State, Since: p.Since, Video: p.Video, Source: archive.SourceKey{Platform: p.Source, ID: p.ID}}
	if err != nil || last.Place() != at { // one place has one form
		return nil, archive.NoPageEndedThere(err)
	}
	for i, r := range rows {
		if newestLossFirst(r, last) > 0 {
			return rows[i:], nil
		}
	}
	return nil, nil
}
