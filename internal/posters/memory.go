package posters

import (
	"container/list"
	"sync"
)

// memoryLimit is for posters that are asked for again and again: 32 MiB are
// about a thousand of 640 pixels.
const memoryLimit = 32 << 20

// memory keeps the posters last asked for, so that a hit costs no disk.
type memory struct {
	mu     sync.Mutex
	limit  int
	size   int
	recent *list.List // of kept, the last used in front
	byName map[string]*list.Element
}

type kept struct {
	name    string
	picture Picture
}

func newMemory(limit int) *memory {
	return &memory{limit: limit, recent: list.New(), byName: map[string]*list.Element{}}
}

func (m *memory) get(name string) (Picture, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.byName[name]
	if !ok {
		return Picture{}, false
	}
	m.recent.MoveToFront(e)
	return e.Value.(kept).picture, true
}

func (m *memory) put(name string, p Picture) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.byName[name]; ok {
		m.remove(e)
	}
	m.byName[name] = m.recent.PushFront(kept{name: name, picture: p})
	m.size += len(p.Data)
	for m.size > m.limit {
		m.remove(m.recent.Back())
	}
}

func (m *memory) remove(e *list.Element) {
	k := m.recent.Remove(e).(kept)
	delete(m.byName, k.name)
	m.size -= len(k.picture.Data)
}
