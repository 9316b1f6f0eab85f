package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/storagetest"
)

const checkpointKey = "checks/2025-04-14.jsonl.gz"

// heard is n sources and when they were heard, in order.
func heard(n int) iter.Seq2[archive.Heard, error] {
	return func(yield func(archive.Heard, error) bool) {
		for i := range n {
			h := archive.Heard{
				Source: youtube(fmt.Sprintf("id%07d", i)), LastRound: morning(), LastClear: morning(), LastGood: morning().Add(-time.Hour), Pictured: morning().Add(-time.Minute),
				Outcome: archive.Missing, Method: "oembed", Reason: "not <found>",
			}
			if !yield(h, nil) {
				return
			}
		}
	}
}

func failingAfter(n int, failure error) iter.Seq2[archive.Heard, error] {
	return func(yield func(archive.Heard, error) bool) {
		for h, err := range heard(n) {
			if !yield(h, err) {
				return
			}
		}
		yield(archive.Heard{}, failure)
	}
}

func checkpointed(t *testing.T, s *storage.Store, at time.Time, n int) {
	t.Helper()
	if err := s.WriteCheckpoint(t.Context(), at, heard(n)); err != nil {
		t.Fatal(err)
	}
}

// latest is the newest checkpoint before a time.
func latest(t *testing.T, s *storage.Store, before time.Time) (time.Time, []archive.Heard) {
	t.Helper()
	day, lines, err := s.LatestCheckpoint(t.Context(), before)
	if err != nil {
		t.Fatal(err)
	}
	return day, all(t, lines)
}

func TestACheckpointIsReadBackAsItWasWritten(t *testing.T) {
	for name, bucket := range map[string]storage.Bucket{"a directory": directory(t), "versitygw": storagetest.StartVersityGW(t).Bucket(t)} {
		s := storage.NewStore(bucket, storage.StoreOptions{})
		checkpointed(t, s, morning(), 2000)
		day, got := latest(t, s, morning())
		if !day.Equal(morning().Truncate(24*time.Hour)) || !reflect.DeepEqual(got, all(t, heard(2000))) {
			t.Errorf("%s: %d lines of %v", name, len(got), day)
		}
	}
}

func TestACheckpointIsOneGzippedLineForEachSource(t *testing.T) {
	s := newStage(t)
	checkpointed(t, s.Store, morning(), 3)
	lines := s.documents(t, checkpointKey)
	if len(lines) != 3 || !strings.HasPrefix(lines[2], `{"source":{"platform":"youtube","id":"id0000002"},"lastRound":"2025-04-14T09:30:00Z"`) {
		t.Errorf("wrote\n%s", strings.Join(lines, "\n"))
	}
}

func TestTheNewestCheckpointBeforeATimeIsFound(t *testing.T) {
	s := newStage(t)
	if _, _, err := s.LatestCheckpoint(t.Context(), morning()); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("there is none: %v", err)
	}
	for n, at := range []time.Time{morning().AddDate(0, 0, -40), morning(), morning().AddDate(1, 0, 0)} {
		checkpointed(t, s.Store, at, n+1)
	}
	s.overwrite(t, "checks/readme.txt", "a stranger's")
	midnight := morning().Truncate(24 * time.Hour)
	for _, tt := range []struct {
		before time.Time
		lines  int
	}{{morning().AddDate(9, 0, 0), 3}, {morning().AddDate(0, 1, 0), 2}, {midnight.Add(1), 2}, {midnight, 1}} {
		if day, got := latest(t, s.Store, tt.before); len(got) != tt.lines || !day.Before(tt.before) {
			t.Errorf("before %v: %d lines of %v, want %d", tt.before, len(got), day, tt.lines)
		}
	}
	if _, _, err := s.LatestCheckpoint(t.Context(), midnight.AddDate(0, 0, -40)); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("before the first: %v", err)
	}
}

func TestADayHasOneCheckpoint(t *testing.T) {
	s := newStage(t)
	checkpointed(t, s.Store, morning(), 3)
	if err := s.WriteCheckpoint(t.Context(), morning().Add(9*time.Hour), heard(4)); !errors.Is(err, archive.ErrExists) {
		t.Errorf("another: %v", err)
	}
	if err := s.WriteCheckpoint(t.Context(), morning(), heard(3)); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if _, got := latest(t, s.Store, morning()); len(got) != 3 {
		t.Errorf("%d lines stand", len(got))
	}
}

func TestACheckpointIsWrittenOnceThoughTheReplyWasLost(t *testing.T) {
	for name, hook := range map[string]func(*troubled){
		"the reply":   func(b *troubled) { b.after = once("checks/", errCut) },
		"the request": func(b *troubled) { b.before = once("checks/", errCut) },
	} {
		s := newStage(t)
		s.bucket.set(hook)
		checkpointed(t, s.Store, morning(), 300)
		if _, got := latest(t, s.Store, morning()); len(got) != 300 {
			t.Errorf("%s: %d lines", name, len(got))
		}
	}
	s := newStage(t)
	s.bucket.set(func(b *troubled) { b.before = func(context.Context, string) error { return errCut } })
	if err := s.WriteCheckpoint(t.Context(), morning(), heard(3)); !errors.Is(err, archive.ErrUnavailable) || errors.Is(err, archive.ErrNotFound) {
		t.Errorf("no request arrives: %v", err)
	}
}

func TestOfACheckpointThatFailsNothingStays(t *testing.T) {
	s := newStage(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	own := errors.New("the ledger is closed")
	backwards := func(yield func(archive.Heard, error) bool) {
		_ = yield(archive.Heard{Source: youtube("b")}, nil) && yield(archive.Heard{Source: youtube("a")}, nil)
	}
	long := func(yield func(archive.Heard, error) bool) {
		yield(archive.Heard{Source: youtube("a"), Reason: strings.Repeat("x", 2<<20)}, nil)
	}
	nameless := func(yield func(archive.Heard, error) bool) { yield(archive.Heard{}, nil) }
	for name, lines := range map[string]iter.Seq2[archive.Heard, error]{"fails": failingAfter(9, own), "is out of order": backwards, "has a huge line": long, "names no source": nameless} {
		err := s.WriteCheckpoint(t.Context(), morning(), lines)
		if err == nil || name == "fails" && !errors.Is(err, own) {
			t.Errorf("one that %s: %v", name, err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.WriteCheckpoint(gone, morning(), heard(9)); !errors.Is(err, context.Canceled) {
		t.Errorf("of a caller that has gone: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(temp, "*")); err != nil || len(left) != 0 || len(s.keys(t, "checks/")) != 0 {
		t.Errorf("there are %v and %v, %v", left, s.keys(t, "checks/"), err)
	}
	t.Setenv("TMPDIR", filepath.Join(temp, "none"))
	if err := s.WriteCheckpoint(t.Context(), morning(), heard(9)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a folder for temporary files: %v", err)
	}
}

func TestADamagedCheckpointIsNoShortOne(t *testing.T) {
	s := newStage(t)
	checkpointed(t, s.Store, morning(), 500)
	whole := s.read(t, checkpointKey)
	for name, content := range map[string]string{
		"cut off": whole[:len(whole)/2], "no gzip": "plain", "no JSON": zipped(t, "{]\n"), "altered": altered(whole),
		"nobody's": zipped(t, "{}\n"), "a huge line": zipped(t, `{"reason":"`+strings.Repeat("x", 2<<20)+`"}`),
	} {
		s.overwrite(t, checkpointKey, content)
		_, lines, err := s.LatestCheckpoint(t.Context(), morning())
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range lines {
			last = err
		}
		if !errors.Is(last, storage.ErrDamaged) || errors.Is(last, archive.ErrUnavailable) {
			t.Errorf("%s: %v", name, last)
		}
	}
}

// brittle is a store whose connection breaks in the middle of an object.
type brittle struct{ storage.Bucket }

func (b brittle) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	body, object, err := b.Bucket.Get(ctx, key, r)
	if err != nil || !strings.HasPrefix(key, "checks/") {
		return body, object, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(body, object.Size/2), snapped{}), body}, object, nil
}

type snapped struct{}

func (snapped) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAConnectionThatBreaksIsNoDamage(t *testing.T) {
	s := newStage(t)
	checkpointed(t, s.Store, morning(), 2000)
	_, lines, err := storage.NewStore(brittle{s.bucket}, storage.StoreOptions{}).LatestCheckpoint(t.Context(), morning())
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range lines {
		last = err
	}
	if !errors.Is(last, archive.ErrUnavailable) || errors.Is(last, storage.ErrDamaged) {
		t.Errorf("got %v", last)
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	if _, _, err := s.LatestCheckpoint(t.Context(), morning()); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("without a store: %v", err)
	}
}

func TestACheckpointOfManySourcesIsSmallAndNotKeptInMemory(t *testing.T) {
	const sources, most, each = 20_000, 4 << 20, 60 // bytes
	s := newStage(t)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, peak := 0, uint64(0)
	watched := func(yield func(archive.Heard, error) bool) {
		for h, err := range heard(sources) {
			if n++; n%5_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapAlloc)
			}
			if !yield(h, err) {
				return
			}
		}
	}
	if err := s.WriteCheckpoint(t.Context(), morning(), watched); err != nil {
		t.Fatal(err)
	}
	if peak > before.HeapAlloc+most {
		t.Errorf("it took %d bytes of memory, want at most %d", peak-before.HeapAlloc, most)
	}
	object, err := s.bucket.Stat(t.Context(), checkpointKey)
	if err != nil || object.Size > sources*each {
		t.Errorf("%d sources take %d bytes, %v", n, object.Size, err)
	}
}

func FuzzReadCheckpoint(f *testing.F) {
	f.Add([]byte("{}\n"), true)
	f.Add([]byte(`{"source":{"platform":"youtube","id":"x"},"outcome":"gone"}`), true)
	f.Add([]byte{0x1f, 0x8b}, false)
	directory, err := storage.OpenDirectory(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	s := storage.NewStore(directory, storage.StoreOptions{})
	f.Fuzz(func(t *testing.T, content []byte, zip bool) {
		if zip {
			content = []byte(zipped(t, string(content)))
		}
		if len(content) == 0 {
			return
		}
		if _, err := directory.Put(t.Context(), checkpointKey, strings.NewReader(string(content)), int64(len(content)), storage.Condition{}); err != nil {
			t.Fatal(err)
		}
		_, lines, err := s.LatestCheckpoint(t.Context(), morning())
		if err != nil {
			t.Fatal(err)
		}
		for h, err := range lines {
			if err != nil && !errors.Is(err, storage.ErrDamaged) || err == nil && h.Source.ID == "" {
				t.Errorf("%q: %+v, %v", content, h, err)
			}
		}
	})
}
