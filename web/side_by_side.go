package web

import (
	"context"
	"errors"
	"time"

	"videoteca/archive"
)

const (
	// registerTime is how long one request goes on beginning registrations: the last may take 25 s,
	// and the whole must be answered before writeTime.
	registerTime = 70 * time.Second
	// registerAtOnce is how many platforms are asked side by side: they count requests.
	registerAtOnce = 4
)

// errLate says that no time was left to begin.
var errLate = errors.New("no time was left")

// outcome is what became of one of many registrations.
type outcome struct {
	done archive.Registered
	err  error // errLate for those that are to be sent again
}

// sideBySide registers a list, a few at once, and waits for all; outcomes are in the order of the list.
func (s *Server) sideBySide(ctx context.Context, list []archive.Registration) []outcome {
	begun, outcomes := s.now(), make([]outcome, len(list))
	s.library.RegisterMany(ctx, list, archive.Many{
		AtOnce: registerAtOnce,
		Begin: func(int) error {
			if s.now().Sub(begun) > registerTime {
				return errLate
			}
			return nil
		},
		End: func(i int, done archive.Registered, err error) { outcomes[i] = outcome{done, err} },
	})
	return outcomes
}
