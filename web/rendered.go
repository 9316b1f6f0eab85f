package web

import (
	"container/list"
	"sync"

	"videoteca/archive"
	"videoteca/embeds"
)

// renderedLimit is how many bytes of rendered pages are kept: about a thousand
// videos in two forms.
const renderedLimit = 32 << 20 // 32 MiB

// variant is all that a document depends on beside the record and the installation.
type variant struct {
	kind  string
	id    archive.VideoID
	asked embeds.Asked
	lang  string // that it speaks; a reader's where none is asked for
}

// rendered keeps the documents asked for last. One made of another revision is
// made again. It is safe for concurrent use.
type rendered struct {
	limit int // bytes

	mu    sync.Mutex
	bytes int
	order *list.List // of *renderedEntry, the last used first
	items map[variant]*list.Element
}

type renderedEntry struct {
	of       variant
	revision int64
	document embeds.Document
}

// entryOverhead is what an entry takes beside its body, in bytes: headers, key, list.
const entryOverhead = 2 << 10

func (e *renderedEntry) size() int { return len(e.document.Body) + entryOverhead }

func newRendered(limit int) *rendered {
	return &rendered{limit: limit, order: list.New(), items: map[variant]*list.Element{}}
}

// document returns what was rendered of this revision, or renders it. An embargo
// ends without a new revision, so what depends on one is not kept.
func (r *rendered) document(kind, lang string, v archive.Video, o embeds.Options, render func() (embeds.Document, error)) (embeds.Document, error) {
	key := variant{kind: kind, id: v.ID, asked: o.Asked, lang: lang}
	if d, ok := r.get(key, v.Revision); ok {
		return d, nil
	}
	d, err := render()
	if err == nil && v.Visibility.Exposure != archive.Embargoed {
		r.put(&renderedEntry{of: key, revision: v.Revision, document: d})
	}
	return d, err
}

func (r *rendered) get(key variant, revision int64) (embeds.Document, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.items[key]
	if !ok {
		return embeds.Document{}, false
	}
	entry := at.Value.(*renderedEntry)
	if entry.revision != revision {
		return embeds.Document{}, false
	}
	r.order.MoveToFront(at)
	return entry.document, true
}

func (r *rendered) put(entry *renderedEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, ok := r.items[entry.of]; ok {
		r.remove(at)
	}
	r.items[entry.of] = r.order.PushFront(entry)
	r.bytes += entry.size()
	for r.bytes > r.limit {
		r.remove(r.order.Back())
	}
}

func (r *rendered) remove(at *list.Element) {
	entry := r.order.Remove(at).(*renderedEntry)
	delete(r.items, entry.of)
	r.bytes -= entry.size()
}
