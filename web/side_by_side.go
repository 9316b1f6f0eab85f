package web

import (
	"sync"
	"time"
)

const (
	// registerTime is how long one request goes on beginning registrations: the last may take 25 s,
	// and the whole must be answered before writeTime.
	registerTime = 70 * time.Second
	// registerAtOnce is how many platforms are asked side by side: they count requests.
	registerAtOnce = 4
)

// sideBySide registers n times, a few at once, and waits for all. Those for which no time is left are
// told so and must not begin.
func (s *Server) sideBySide(n int, register func(i int, late bool)) {
	begun, turns := s.now(), make(chan struct{}, registerAtOnce)
	var working sync.WaitGroup
	for i := range n {
		turns <- struct{}{}
		working.Go(func() {
			defer func() { <-turns }()
			register(i, s.now().Sub(begun) > registerTime)
		})
	}
	working.Wait()
}
