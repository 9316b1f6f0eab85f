package verify_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/storagetest"
	"videoteca/storage/verify"
)

// watched is a Bucket that notes the keys read, and in which tests make reading fail.
type watched struct {
	storage.Bucket
	mu   sync.Mutex
	read []string
	get  func(key string) error // may fail a Get
	down bool
}

func (b *watched) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	b.mu.Lock()
	b.read = append(b.read, key)
	down, get := b.down, b.get
	b.mu.Unlock()
	if down {
		return nil, storage.Object{}, errCut
	}
	if get != nil {
		if err := get(key); err != nil {
			return nil, storage.Object{}, err
		}
	}
	return b.Bucket.Get(ctx, key, r)
}

func (b *watched) Stat(ctx context.Context, key string) (storage.Object, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return storage.Object{}, errCut
	}
	return b.Bucket.Stat(ctx, key)
}

func (b *watched) List(ctx context.Context, prefix, after string) iter.Seq2[storage.Object, error] {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return func(yield func(storage.Object, error) bool) { yield(storage.Object{}, errCut) }
	}
	return b.Bucket.List(ctx, prefix, after)
}

// times is how often a key was read.
func (b *watched) times(key string) int {
	n := 0
	for _, k := range b.read {
		if k == key {
			n++
		}
	}
	return n
}

func TestAPassThatWasStoppedGoesOn(t *testing.T) {
	l := newLibrary(t)
	l.remove(t, l.of(t, "files")[0])
	cursor := filepath.Join(t.TempDir(), "cache", "verify.json")
	b := &watched{Bucket: directory(t, l.folder)}
	ctx, stop := context.WithCancel(t.Context())
	b.get = func(key string) error {
		if strings.HasPrefix(key, "audits/") {
			stop()
			return ctx.Err()
		}
		return nil
	}
	o := verify.Options{Bucket: b, Cursor: cursor, Now: later, Workers: 1}
	summary, err := verify.Run(ctx, o, nil, nil)
	if !errors.Is(err, context.Canceled) || summary.Complete || summary.Faults != 1 || summary.Objects == 0 {
		t.Fatalf("%+v, %v", summary, err)
	}
	b.get, b.read = nil, nil
	found, again := l.verified(t, o)
	if !again.Complete || !again.Resumed || again.Faults != 1 || len(found) != 0 {
		t.Errorf("%+v, %+v", again, found)
	}
	for _, v := range l.videos {
		if n := b.times(l.of(t, "captures")[0]); n != 0 {
			t.Errorf("video %s was checked again", v.ID)
		}
	}
	alone, _ := l.verified(t, verify.Options{})
	_, whole := l.verified(t, verify.Options{})
	if len(alone) != 1 || again.Objects != whole.Objects || again.Bytes != whole.Bytes {
		t.Errorf("in two runs %+v, in one %+v", again, whole)
	}
}

func TestAPassInManyRunsMeetsEverythingOnce(t *testing.T) {
	l := newLibrary(t)
	for i := range 3 {
		l.register(t, "further"+string(rune('a'+i)))
	}
	_, whole := l.verified(t, verify.Options{})
	cursor := filepath.Join(t.TempDir(), "verify.json")
	now := later()
	runs := 0
	for ; runs < 200; runs++ {
		var ticks atomic.Int64
		summary, err := verify.Run(t.Context(), verify.Options{
			Bucket: directory(t, l.folder), Cursor: cursor, Workers: 1, For: 5 * time.Second,
			Now: func() time.Time { return now.Add(time.Duration(ticks.Add(1)) * time.Second) }, // a clock by which each unit takes a while
		}, nil, nil)
		must(t, err)
		if summary.Complete {
			if summary.Objects != whole.Objects || summary.Bytes != whole.Bytes || summary.Faults+summary.Notes != 0 {
				t.Errorf("%+v, in one run %+v", summary, whole)
			}
			break
		}
	}
	if runs < 5 || runs == 200 {
		t.Errorf("it took %d runs", runs)
	}
}

func TestAWholePassIsNotMadeAgainTooSoon(t *testing.T) {
	l := newLibrary(t)
	o := verify.Options{Cursor: filepath.Join(t.TempDir(), "verify.json"), MaxAge: 24 * time.Hour}
	l.remove(t, l.of(t, "files")[0])
	_, first := l.verified(t, o)
	b := &watched{Bucket: directory(t, l.folder)}
	o.Bucket = b
	found, summary := l.verified(t, o)
	if !summary.Recent || !summary.Damaged() || len(b.read) > 0 || len(found) > 0 || summary.Objects != first.Objects {
		t.Errorf("%+v after reading %v", summary, b.read)
	}
	o.Restart = true
	if _, summary := l.verified(t, o); summary.Recent || summary.Resumed || summary.Objects != first.Objects {
		t.Errorf("begun anew: %+v", summary)
	}
	o.Restart, o.Now = false, func() time.Time { return later().Add(25 * time.Hour) }
	if _, summary := l.verified(t, o); summary.Recent {
		t.Errorf("a day later: %+v", summary)
	}
}

func TestACursorTellsWhetherItsPassIsUnderWay(t *testing.T) {
	l := newLibrary(t)
	o := verify.Options{Cursor: filepath.Join(t.TempDir(), "verify.json"), For: time.Nanosecond}
	if _, underWay := verify.UnderWay(o.Cursor); underWay {
		t.Error("without a file there is a pass")
	}
	_, begun := l.verified(t, o)
	if started, underWay := verify.UnderWay(o.Cursor); !underWay || !started.Equal(begun.Started) {
		t.Errorf("begun at %s, and it tells %s, %v", begun.Started, started, underWay)
	}
	o.For = 0
	_, done := l.verified(t, o)
	if started, underWay := verify.UnderWay(o.Cursor); underWay || !started.Equal(done.Started) {
		t.Errorf("ended, and it tells %s, %v", started, underWay)
	}
}

func TestACursorThatCannotBeReadBeginsAnew(t *testing.T) {
	l := newLibrary(t)
	for _, content := range []string{"", "{", `{"version":9,"stage":"checks/"}`, `{"version":1,"stage":"elsewhere/","after":"x"}`} {
		name := filepath.Join(t.TempDir(), "verify.json")
		must(t, os.WriteFile(name, []byte(content), 0o600))
		_, whole := l.verified(t, verify.Options{})
		if _, summary := l.verified(t, verify.Options{Cursor: name}); !summary.Complete || summary.Objects != whole.Objects {
			t.Errorf("%q: %+v", content, summary)
		}
	}
	blocked := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(blocked, []byte("x"), 0o600))
	if _, err := verify.Run(t.Context(), verify.Options{Bucket: directory(t, l.folder), Cursor: filepath.Join(blocked, "verify.json")}, nil, nil); err == nil {
		t.Error("a cursor that cannot be kept is no error")
	}
}

func TestAnObjectThatCannotBeReadIsAFaultAndAStoreThatCannotIsAnError(t *testing.T) {
	l := newLibrary(t)
	for _, folder := range []string{"files", "captures", "events", "videos"} {
		bad := l.of(t, folder)[0]
		b := &watched{Bucket: directory(t, l.folder), get: func(key string) error {
			if key == bad {
				return errors.New("input/output error")
			}
			return nil
		}}
		found, _ := l.verified(t, verify.Options{Bucket: b})
		if len(found) != 1 || found[0].Kind != verify.Unreadable || found[0].Key != bad {
			t.Errorf("%s: %+v", bad, found)
		}
	}
	b := &watched{Bucket: directory(t, l.folder), down: true}
	for _, only := range []archive.VideoID{"", l.videos[0].ID} {
		if _, err := verify.Run(t.Context(), verify.Options{Bucket: b, Only: only}, nil, nil); !errors.Is(err, archive.ErrUnavailable) {
			t.Errorf("%v", err)
		}
	}
}

func TestOneVideoAlone(t *testing.T) {
	l := newLibrary(t)
	l.remove(t, l.of(t, "files")[0])
	l.write(t, storage.Keys{}.Part(l.audit, 1), "plain")
	if found, summary := l.verified(t, verify.Options{Only: l.videos[0].ID}); len(found) != 1 || found[0].Kind != verify.Missing || !summary.Complete {
		t.Errorf("%+v", found)
	}
	if found, _ := l.verified(t, verify.Options{Only: l.videos[1].ID}); len(found) > 0 {
		t.Errorf("%+v", found)
	}
	if _, err := verify.Run(t.Context(), verify.Options{Bucket: directory(t, l.folder), Only: archive.NewVideoID()}, nil, nil); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestProgressTellsWhatIsLeft(t *testing.T) {
	l := newLibrary(t)
	var newest verify.Progress
	calls := 0
	summary, err := verify.Run(t.Context(), verify.Options{
		Bucket: directory(t, l.folder), Now: later, Workers: 1,
		Measure: func(context.Context) (int64, int64, error) { return 1000, 1 << 20, nil },
	}, nil, func(p verify.Progress) { newest = p; calls++ })
	must(t, err)
	if calls < 10 || newest.Objects != summary.Objects || newest.Bytes != summary.Bytes || newest.TotalObjects != 1000 {
		t.Errorf("%d calls, %+v", calls, newest)
	}
	p := verify.Progress{Objects: 100, TotalObjects: 300, Bytes: 1000, TotalBytes: 11000, Elapsed: 10 * time.Second}
	if objects, bytes := p.Rate(); objects != 10 || bytes != 100 {
		t.Errorf("%v objects and %v bytes a second", objects, bytes)
	}
	if left := p.Left(); left != 100*time.Second { // 20 s by objects, 100 by bytes
		t.Errorf("%s left", left)
	}
	if left := (verify.Progress{Objects: 5, Elapsed: time.Second}).Left(); left != 0 {
		t.Errorf("%s left of an unknown number", left)
	}
}

func TestAStoreAtWorkIsNotCalledDamaged(t *testing.T) {
	l := newLibrary(t)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	store := storage.NewStore(l.store.Bucket(), storage.StoreOptions{}) // by the real clock
	for _, v := range l.videos {
		writers.Go(func() {
			for ctx.Err() == nil {
				f, err := store.SaveFile(ctx, v.ID, archive.File{Extension: "jpg", Type: "image/jpeg"}, []byte(time.Now().String()))
				if err == nil {
					_, err = store.Update(ctx, v.ID, archive.Cause{Actor: "local", Verb: "poster"}, func(v *archive.Video) error { v.Picture = &f; return nil })
				}
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for range 4 {
		if found, _ := l.verified(t, verify.Options{Now: time.Now}); len(found) > 0 {
			t.Errorf("%+v", found)
		}
	}
	stop()
	writers.Wait()
}

func TestARealS3StoreIsCheckedAndRepaired(t *testing.T) {
	l := newLibrary(t)
	bucket := storagetest.StartVersityGW(t).Bucket(t)
	for key, content := range l.objects(t) {
		_, err := bucket.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), storage.IfAbsent())
		must(t, err)
	}
	if found, summary := l.verified(t, verify.Options{Bucket: bucket}); len(found) > 0 || !summary.Complete {
		t.Fatalf("%+v", found)
	}
	_, err := bucket.Put(t.Context(), l.of(t, "files")[0], strings.NewReader("rot"), 3, storage.Condition{})
	must(t, err)
	must(t, bucket.Delete(t.Context(), l.of(t, "events")[1]))
	must(t, bucket.Delete(t.Context(), storage.Keys{}.Part(l.audit, 1)))
	if found, _ := l.verified(t, verify.Options{Bucket: bucket}); len(found) != 3 {
		t.Fatalf("%+v", found)
	}
	if found, summary := l.verified(t, verify.Options{Bucket: bucket, From: directory(t, l.folder)}); len(found) != 3 || summary.Repaired != 3 {
		t.Fatalf("%+v", found)
	}
	if found, _ := l.verified(t, verify.Options{Bucket: bucket}); len(found) > 0 {
		t.Errorf("afterwards %+v", found)
	}
}
