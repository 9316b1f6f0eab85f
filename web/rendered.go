package web

import (
	"container/list"
	"net/http"
	"slices"
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
	answer   *answer
}

// entryOverhead is what an entry takes beside its bodies, in bytes: headers, key, list.
const entryOverhead = 2 << 10

func (e *renderedEntry) size() int { return e.answer.size() + entryOverhead }

func newRendered(limit int) *rendered {
	return &rendered{limit: limit, order: list.New(), items: map[variant]*list.Element{}}
}

// document returns what was rendered of this revision, or renders it. An embargo
// ends without a new revision, so what depends on one is not kept, as is a copy
// whose rights end.
func (r *rendered) document(kind, lang string, v archive.Video, o embeds.Options, more http.Header, render func() (embeds.Document, error)) (*answer, error) {
	key := variant{kind: kind, id: v.ID, asked: o.Asked, lang: lang}
	if a, ok := r.get(key, v.Revision); ok {
		return a, nil
	}
	d, err := render()
	if err != nil {
		return nil, err
	}
	a, err := newAnswer(d, more)
	if err == nil && !timed(v) {
		r.put(&renderedEntry{of: key, revision: v.Revision, answer: a})
	}
	return a, err
}

// timed reports whether what readers get of a video changes with time alone.
func timed(v archive.Video) bool {
	return v.Visibility.Exposure == archive.Embargoed ||
		slices.ContainsFunc(v.Copies, func(c archive.Copy) bool { return !c.Rights.Expires.IsZero() })
}

func (r *rendered) get(key variant, revision int64) (*answer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.items[key]
	if !ok {
		return nil, false
	}
	entry := at.Value.(*renderedEntry)
	if entry.revision != revision {
		return nil, false
	}
	r.order.MoveToFront(at)
	return entry.answer, true
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
