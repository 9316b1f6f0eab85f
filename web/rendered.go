package web

import (
	"container/list"
	"net/http"
	"sync"
	"time"

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

// edition is a state of a record as readers see it: its revision, and the days that
// stand in its pages. A source is heard far more often than its record is written, so
// those days move on without a revision.
type edition struct {
	revision int64
	days     int64 // the sum over the sources; each of them only grows
}

const daySeconds = 24 * 60 * 60

func editionOf(v archive.Video) edition {
	e := edition{revision: v.Revision}
	for i := range v.Sources {
		s := &v.Sources[i].Standing
		e.days += s.LastClear.Unix()/daySeconds + s.LastGood.Unix()/daySeconds
	}
	return e
}

// rendered keeps the documents asked for last. One made of another edition, or for
// a time that is over, is made again. It is safe for concurrent use.
type rendered struct {
	limit int // bytes

	mu    sync.Mutex
	bytes int
	order *list.List // of *renderedEntry, the last used first
	items map[variant]*list.Element
}

type renderedEntry struct {
	of      variant
	edition edition
	until   time.Time // when it will not be right any more; zero: as long as the edition stands
	answer  *answer
}

func (e *renderedEntry) right(edition edition, now time.Time) bool {
	return e.edition == edition && (e.until.IsZero() || now.Before(e.until))
}

// entryOverhead is what an entry takes beside its bodies, in bytes: headers, key, list.
const entryOverhead = 2 << 10

func (e *renderedEntry) size() int { return e.answer.size() + entryOverhead }

func newRendered(limit int) *rendered {
	return &rendered{limit: limit, order: list.New(), items: map[variant]*list.Element{}}
}

// document returns what was rendered of this edition, or renders it.
func (r *rendered) document(kind, lang string, v archive.Video, o embeds.Options, more http.Header, render func() (embeds.Document, error)) (*answer, error) {
	key, of := variant{kind: kind, id: v.ID, asked: o.Asked, lang: lang}, editionOf(v)
	if a, ok := r.get(key, of, o.Now); ok {
		return a, nil
	}
	d, err := render()
	if err != nil {
		return nil, err
	}
	a, err := newAnswer(d, more)
	if err == nil {
		r.put(&renderedEntry{of: key, edition: of, until: changes(v, o.Now), answer: a})
	}
	return a, err
}

// changes is when what readers get of a video changes next by time alone: an embargo
// ends, or the rights of a copy. Zero: not at all.
func changes(v archive.Video, now time.Time) time.Time {
	var next time.Time
	soonest := func(at time.Time) {
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if v.Visibility.Exposure == archive.Embargoed {
		soonest(v.Visibility.Until)
	}
	for i := range v.Copies {
		soonest(v.Copies[i].Rights.Expires)
	}
	return next
}

func (r *rendered) get(key variant, of edition, now time.Time) (*answer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.items[key]
	if !ok {
		return nil, false
	}
	entry := at.Value.(*renderedEntry)
	if !entry.right(of, now) {
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
