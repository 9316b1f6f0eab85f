package catalog

import (
	"container/list"
	"sync"

	"videoteca/archive"
)

// lru keeps the items used last, at most size of them. It is safe for concurrent use.
type lru[T any] struct {
	size  int
	mu    sync.Mutex
	order list.List // of *held[T], the one used last in front
	items map[archive.VideoID]*list.Element
	// version is what the items were read at; items of an older one are not kept.
	version uint64
}

type held[T any] struct {
	id   archive.VideoID
	item T
}

// get returns the item if it was added at this version. A later version than
// any before empties the cache.
func (c *lru[T]) get(version uint64, id archive.VideoID) (item T, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version > c.version {
		c.version = version
		c.order.Init()
		clear(c.items)
	}
	element, ok := c.items[id]
	if !ok || version < c.version {
		return item, false
	}
	c.order.MoveToFront(element)
	return element.Value.(*held[T]).item, true
}

// add keeps the item, which was read at version; where something has changed
// since then, it is dropped.
func (c *lru[T]) add(version uint64, id archive.VideoID, item T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version != c.version {
		return
	}
	if element, ok := c.items[id]; ok {
		element.Value.(*held[T]).item = item
		c.order.MoveToFront(element)
		return
	}
	if c.items == nil {
		c.items = map[archive.VideoID]*list.Element{}
	}
	c.items[id] = c.order.PushFront(&held[T]{id: id, item: item})
	if len(c.items) > c.size {
		oldest := c.order.Remove(c.order.Back()).(*held[T])
		delete(c.items, oldest.id)
	}
}
