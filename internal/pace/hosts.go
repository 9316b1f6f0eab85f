package pace

import (
	"container/list"
	"sync"
)

// mostHosts is how many hosts are remembered: some 4 MB.
const mostHosts = 10_000

// hosts remembers hosts, the longest unused of which are forgotten.
type hosts struct {
	o    Options
	most int

	mu    sync.Mutex
	named map[string]*host
	order *list.List // of *host, the newest used first
}

func newHosts(o Options, most int) *hosts {
	return &hosts{o: o, most: most, named: map[string]*host{}, order: list.New()}
}

// take is the host of a name, to be given back.
func (s *hosts) take(name string) *host {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.named[name]
	if h == nil {
		s.forget()
		h = newHost(name, s.o)
		h.at = s.order.PushFront(h)
		s.named[name] = h
	}
	s.order.MoveToFront(h.at)
	h.users++
	return h
}

func (s *hosts) give(h *host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.users--
}

// forget makes room for one. A host in use stays, whose places would otherwise be had twice.
func (s *hosts) forget() {
	for at := s.order.Back(); at != nil && len(s.named) >= s.most; {
		older := at
		at = at.Prev()
		if h, ok := older.Value.(*host); ok && h.users == 0 {
			s.order.Remove(older)
			delete(s.named, h.name)
		}
	}
}
