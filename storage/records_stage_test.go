package storage_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// morning is when the stores of these tests wake up.
func morning() time.Time { return time.Date(2025, 4, 14, 9, 30, 0, 0, time.UTC) }

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// stage is a store in a folder, with everything between the two that goes wrong.
type stage struct {
	*storage.Store
	folder string
	bucket *troubled
	clock  *clock
}

func newStage(t *testing.T) *stage {
	t.Helper()
	return stageIn(t, t.TempDir())
}

// stageIn is another process on the store in the folder.
func stageIn(t *testing.T, folder string) *stage {
	t.Helper()
	directory, err := storage.OpenDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = directory.Close() }) // the folder goes next
	s := &stage{folder: folder, bucket: &troubled{Bucket: directory}, clock: &clock{at: morning()}}
	s.Store = storage.NewStore(s.bucket, storage.StoreOptions{Now: s.clock.now})
	return s
}

// errCut is a connection that broke: no answer of the store.
var errCut = errors.New("connection reset by peer")

// troubled is a Bucket that notes the keys put, and in which tests make calls fail.
type troubled struct {
	storage.Bucket
	mu     sync.Mutex
	puts   []string
	down   bool                                        // nothing can be asked
	get    func(key string) error                      // may fail a Get
	remove func(key string) error                      // may fail a Delete
	before func(ctx context.Context, key string) error // may fail a Put before it happens
	after  func(ctx context.Context, key string) error // may lose the reply of a Put that happened
}

func (b *troubled) set(change func(*troubled)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(b)
}

func (b *troubled) state() (down bool, before, after func(context.Context, string) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.down, b.before, b.after
}

func (b *troubled) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	if down, _, _ := b.state(); down {
		return nil, storage.Object{}, errCut
	}
	if err := b.hooked(key, func(b *troubled) func(string) error { return b.get }); err != nil {
		return nil, storage.Object{}, err
	}
	return b.Bucket.Get(ctx, key, r)
}

func (b *troubled) Delete(ctx context.Context, key string) error {
	if err := b.hooked(key, func(b *troubled) func(string) error { return b.remove }); err != nil {
		return err
	}
	return b.Bucket.Delete(ctx, key)
}

// hooked calls a hook, if there is one.
func (b *troubled) hooked(key string, which func(*troubled) func(string) error) error {
	var hook func(string) error
	b.set(func(b *troubled) { hook = which(b) })
	if hook == nil {
		return nil
	}
	return hook(key)
}

func (b *troubled) Stat(ctx context.Context, key string) (storage.Object, error) {
	if down, _, _ := b.state(); down {
		return storage.Object{}, errCut
	}
	return b.Bucket.Stat(ctx, key)
}

func (b *troubled) List(ctx context.Context, prefix, startAfter string) iter.Seq2[storage.Object, error] {
	if down, _, _ := b.state(); down {
		return func(yield func(storage.Object, error) bool) { yield(storage.Object{}, errCut) }
	}
	return b.Bucket.List(ctx, prefix, startAfter)
}

func (b *troubled) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	down, before, after := b.state()
	if down {
		return storage.Object{}, errCut
	}
	if before != nil {
		if err := before(ctx, key); err != nil {
			return storage.Object{}, err
		}
	}
	object, err := b.Bucket.Put(ctx, key, body, size, cond)
	if err != nil {
		return object, err
	}
	b.set(func(b *troubled) { b.puts = append(b.puts, key) })
	if after != nil {
		if err := after(ctx, key); err != nil {
			return storage.Object{}, err
		}
	}
	return object, nil
}

// written is the first segments of the keys put since the last call.
func (b *troubled) written() []string {
	var folders []string
	b.set(func(b *troubled) {
		for _, key := range b.puts {
			folder, _, _ := strings.Cut(key, "/")
			folders = append(folders, folder)
		}
		b.puts = nil
	})
	return folders
}

// once makes a hook that fails for the first key under prefix.
func once(prefix string, err error) func(context.Context, string) error {
	var first sync.Once
	return func(_ context.Context, key string) (failed error) {
		if strings.HasPrefix(key, prefix) {
			first.Do(func() { failed = err })
		}
		return failed
	}
}

// meeting is a video of the kind that newsrooms register.
func meeting(id archive.VideoID) archive.Video {
	return archive.Video{
		ID: id, Created: morning(), DefaultLanguage: "es",
		Title:   archive.Text{"es": "Reunión en Nueva York", "en": "Meeting in New York"},
		Sources: []archive.Source{{SourceKey: youtube("dQw4w9WgXcQ"), URL: "https://www.youtube.com/watch?v=dQw4w9WgXcQ", Added: morning()}},
	}
}

func youtube(id string) archive.SourceKey { return archive.SourceKey{Platform: "youtube", ID: id} }

func editor(verb string) archive.Cause { return archive.Cause{Actor: "local", Verb: verb} }

// registered creates a video.
func (s *stage) registered(t *testing.T) archive.Video {
	t.Helper()
	v, err := s.Create(t.Context(), meeting(archive.NewVideoID()), editor("register"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// noted sets the notes of a video, or fails the test.
func (s *stage) noted(t *testing.T, id archive.VideoID, notes string) archive.Video {
	t.Helper()
	v, err := s.Update(t.Context(), id, editor("describe"), note(notes))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func note(text string) func(*archive.Video) error {
	return func(v *archive.Video) error { v.Notes = text; return nil }
}

// read is an object's bytes, as somebody with ls and cat sees them.
func (s *stage) read(t *testing.T, key string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.folder, filepath.FromSlash(key)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// edit replaces text in an object, as somebody with an editor does.
func (s *stage) edit(t *testing.T, key, from, to string) {
	t.Helper()
	old := s.read(t, key)
	if !strings.Contains(old, from) {
		t.Fatalf("%s has no %s:\n%s", key, from, old)
	}
	s.overwrite(t, key, strings.Replace(old, from, to, 1))
}

func (s *stage) overwrite(t *testing.T, key, content string) {
	t.Helper()
	if _, err := s.bucket.Bucket.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), storage.Condition{}); err != nil {
		t.Fatal(err)
	}
}

// keys lists the objects under a prefix.
func (s *stage) keys(t *testing.T, prefix string) []string {
	t.Helper()
	var keys []string
	for object, err := range s.bucket.Bucket.List(t.Context(), prefix, "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, object.Key)
	}
	return keys
}

func recordKey(id archive.VideoID) string {
	return "videos/" + string(id[:2]) + "/" + string(id) + ".json"
}

// all collects what a listing yields, or fails the test.
func all[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for item, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, item)
	}
	return list
}
