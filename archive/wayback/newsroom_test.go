package wayback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

// shelf keeps records in memory, as JSON, the way a store does.
type shelf struct {
	mu     sync.Mutex
	videos map[archive.VideoID]string
	causes []archive.Cause // of what was written
	err    error           // of every call; nil: it works
}

func (s *shelf) Update(_ context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return archive.Video{}, s.err
	}
	v, known := s.read(id)
	if !known {
		return archive.Video{}, archive.ErrNotFound
	}
	if err := change(&v); err != nil {
		return archive.Video{}, err
	}
	if s.write(v) {
		s.causes = append(s.causes, cause)
	}
	return v, nil
}

func (s *shelf) read(id archive.VideoID) (archive.Video, bool) {
	var v archive.Video
	record, known := s.videos[id]
	if !known {
		return v, false
	}
	if err := json.Unmarshal([]byte(record), &v); err != nil {
		panic(err) // it was marshalled here
	}
	return v, true
}

// write reports whether the record is another than it was.
func (s *shelf) write(v archive.Video) bool {
	record, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	was := s.videos[v.ID]
	s.videos[v.ID] = string(record)
	return was != string(record)
}

func (s *shelf) all(context.Context) iter.Seq2[archive.Video, error] {
	s.mu.Lock()
	ids := slices.Sorted(maps.Keys(s.videos))
	s.mu.Unlock()
	return func(yield func(archive.Video, error) bool) {
		for _, id := range ids {
			s.mu.Lock()
			v, known := s.read(id)
			s.mu.Unlock()
			if known && !yield(v, nil) {
				return
			}
		}
	}
}

func (s *shelf) written() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.causes)
}

// newsroom is a library of videos v0, v1, … in front of a make-believe archive.
type newsroom struct {
	*testing.T
	archive *archivetest.WebArchive
	shelf   *shelf
	log     *ink
}

func newNewsroom(t *testing.T, videos int) *newsroom {
	n := &newsroom{T: t, archive: newArchive(), shelf: &shelf{videos: map[archive.VideoID]string{}}, log: &ink{}}
	for i := range videos {
		n.add(i)
	}
	return n
}

func idOf(i int) archive.VideoID { return archive.VideoID(fmt.Sprintf("v%d", i)) }

func pageOf(i int) string { return fmt.Sprintf("https://www.youtube.com/watch?v=Video_%05d", i) }

func (n *newsroom) add(i int) archive.Video {
	v := archive.Video{ID: idOf(i), Sources: []archive.Source{{
		SourceKey: archive.SourceKey{Platform: "youtube", ID: fmt.Sprintf("Video_%05d", i)}, URL: pageOf(i),
		Added: time.Now().UTC(), Standing: archive.Standing{State: archive.Live},
	}}}
	n.shelf.mu.Lock()
	defer n.shelf.mu.Unlock()
	n.shelf.write(v)
	return v
}

// change alters a video as an editor or an audit would.
func (n *newsroom) change(i int, change func(*archive.Video)) {
	n.shelf.mu.Lock()
	defer n.shelf.mu.Unlock()
	v, _ := n.shelf.read(idOf(i))
	change(&v)
	n.shelf.write(v)
}

// page is the first source of a video.
func (n *newsroom) page(i int) archive.Source {
	n.shelf.mu.Lock()
	defer n.shelf.mu.Unlock()
	v, known := n.shelf.read(idOf(i))
	if !known {
		n.Fatalf("no video %d", i)
	}
	return v.Sources[0]
}

func (n *newsroom) keeper(otherwise ...func(*KeeperOptions)) *Keeper {
	o := KeeperOptions{Client: clientOf(n.archive.RoundTripper()), Records: n.shelf, Videos: n.shelf.all, Log: n.log.logger()}
	for _, f := range otherwise {
		f(&o)
	}
	return NewKeeper(o)
}

func (n *newsroom) once(k *Keeper) Counts {
	n.Helper()
	counts, err := k.Once(n.Context())
	if err != nil {
		n.Fatal(err)
	}
	return counts
}

// run lets the keeper run until the returned function is called.
func (n *newsroom) run(k *Keeper) (stop func()) {
	ctx, cancel := context.WithCancel(n.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.Run(ctx)
	}()
	return func() { cancel(); <-ended }
}

// keyless leaves the keys out.
func (n *newsroom) keyless(o *KeeperOptions) {
	c := At(base)
	c.Transport = n.archive.RoundTripper()
	o.Client = New(c)
}

// chair is a lease in memory.
type chair struct{ taken bool }

var errTaken = errors.New("another process does it")

func (c *chair) Hold(ctx context.Context, name string) (context.Context, func(), error) {
	if c.taken || name != LeaseName {
		return nil, nil, errTaken
	}
	c.taken = true
	held, stop := context.WithCancel(ctx)
	return held, func() { stop(); c.taken = false }, nil
}
