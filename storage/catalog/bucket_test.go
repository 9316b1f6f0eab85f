package catalog

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"videoteca/archive"
)

// bucket is a store in memory. As an archive.Store it keeps records only.
type bucket struct {
	archive.Store // what no test calls

	mu         sync.Mutex
	records    map[archive.VideoID]Entry
	unreadable map[archive.VideoID]bool
	down       bool
	listing    int           // records listed before the listing breaks off; 0: all
	hold       chan struct{} // reads wait until it is closed, or their context ends
	onRead     func()
	reads      map[archive.VideoID]int
}

var errDown = errors.New("connection refused")

func newBucket(entries ...Entry) *bucket {
	b := &bucket{records: map[archive.VideoID]Entry{}, unreadable: map[archive.VideoID]bool{}, reads: map[archive.VideoID]int{}}
	b.write(entries...)
	return b
}

// bucketOf has the videos 1 to n.
func bucketOf(n int) *bucket {
	b := newBucket()
	for i := range n {
		b.write(entry(i+1, 1))
	}
	return b
}

func (b *bucket) write(entries ...Entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range entries {
		b.records[e.Video.ID] = e
	}
}

func (b *bucket) Videos(context.Context) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		b.mu.Lock()
		ids := slices.Sorted(maps.Keys(b.records))
		b.mu.Unlock()
		for i, id := range ids {
			if b.listing > 0 && i == b.listing {
				yield(Listed{}, errDown)
				return
			}
			b.mu.Lock()
			l := Listed{ID: id, ETag: b.records[id].ETag}
			b.mu.Unlock()
			if !yield(l, nil) {
				return
			}
		}
	}
}

func (b *bucket) Read(ctx context.Context, id archive.VideoID) (archive.Video, string, error) {
	b.mu.Lock()
	b.reads[id]++
	hold, onRead := b.hold, b.onRead
	b.mu.Unlock()
	if onRead != nil {
		onRead()
	}
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return archive.Video{}, "", ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down || b.unreadable[id] {
		return archive.Video{}, "", fmt.Errorf("reading %s: %w", id, errDown)
	}
	e, ok := b.records[id]
	if !ok {
		return archive.Video{}, "", fmt.Errorf("reading %s: %w", id, archive.ErrNotFound)
	}
	return e.Video, e.ETag, nil
}

// asked is how many reads there were.
func (b *bucket) asked() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := 0
	for _, n := range b.reads {
		sum += n
	}
	return sum
}

func (b *bucket) setDown(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

func (b *bucket) Create(_ context.Context, v archive.Video, _ archive.Cause) (archive.Video, error) {
	if b.down {
		return archive.Video{}, archive.ErrUnavailable
	}
	v.Revision = 1
	b.write(Entry{Video: v, ETag: "created"})
	return v, nil
}

func (b *bucket) Update(_ context.Context, id archive.VideoID, _ archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	e, ok := b.records[id]
	if !ok {
		return archive.Video{}, archive.ErrNotFound
	}
	if err := change(&e.Video); err != nil {
		return archive.Video{}, err
	}
	e.Video.Revision++
	b.write(Entry{Video: e.Video, ETag: "updated"})
	return e.Video, nil
}

func (b *bucket) Place(context.Context, archive.Article, archive.VideoID) error {
	if b.down {
		return archive.ErrUnavailable
	}
	return nil
}
