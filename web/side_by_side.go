package web

import (
	"context"
	"errors"
	"time"

	"videoteca/archive"
)

const (
	// beginTime is how long one request goes on beginning things of many: the last registration may take 25 s, and
	// the whole must be answered before readTime and writeTime.
	beginTime = 70 * time.Second
	// manyTime is how long one request may take for many things; what is not done by then is broken off.
	manyTime = beginTime + 25*time.Second
	// registerAtOnce is how many platforms are asked side by side: they count requests.
	registerAtOnce = 4
)

// errLate says that no time was left for one of many things.
var errLate = errors.New("no time was left")

// late is errLate as soon as a request that began its work at begun is to begin nothing more.
func (s *Server) late(begun time.Time) error {
	if s.now().Sub(begun) > beginTime {
		return errLate
	}
	return nil
}

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
		Begin:  func(int) error { return s.late(begun) },
		End:    func(i int, done archive.Registered, err error) { outcomes[i] = outcome{done, err} },
	})
	return outcomes
}
