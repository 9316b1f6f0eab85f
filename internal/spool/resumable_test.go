package spool

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

// clock is moved by hand; files have the machine's time.
type clock struct{ ahead time.Duration }

func (c *clock) now() time.Time { return time.Now().Add(c.ahead) }

func openWith(t *testing.T, o Options) (*Spool, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "spool")
	s, err := OpenWith(folder, o)
	if err != nil {
		t.Fatal(err)
	}
	return s, folder
}

func begin(t *testing.T, s *Spool, owner string, size int64) string {
	t.Helper()
	r, err := s.Begin(About{Owner: owner, Size: size, Name: "film.mp4", Purpose: "copies", Video: "7k3mzq9x0abd"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Offset != 0 || r.Owner != owner || r.Size != size || r.Whole() != (size == 0) {
		t.Fatalf("it begins as %+v", r)
	}
	return r.ID
}

func add(t *testing.T, s *Spool, id string, offset int64, piece string) {
	t.Helper()
	if n, err := s.Append(id, offset, strings.NewReader(piece)); err != nil || n != int64(len(piece)) {
		t.Fatalf("adding %q at %d: %d bytes, %v", piece, offset, n, err)
	}
}

func offset(t *testing.T, s *Spool, id string) int64 {
	t.Helper()
	r, err := s.Look(id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Offset
}

func TestAnUploadComesInPiecesAndIsUsedOnce(t *testing.T) {
	s, folder := open(t)
	id := begin(t, s, "ana", 11)
	add(t, s, id, 0, "hello ")
	reopened, err := Open(folder) // as after a restart
	if err != nil {
		t.Fatal(err)
	}
	if at := offset(t, reopened, id); at != 6 {
		t.Fatalf("after a restart it ends at %d", at)
	}
	if _, err := reopened.Use(id, "a copy", nil); !errors.Is(err, ErrUnfinished) {
		t.Errorf("used before it is whole: %v", err)
	}
	add(t, reopened, id, 6, "world")

	refused := errors.New("no film")
	if _, err := s.Use(id, "a copy", func(io.ReadSeeker, int64) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("what keep says is lost: %v", err)
	}
	var kept []byte
	before, err := s.Use(id, "a copy", func(body io.ReadSeeker, size int64) (err error) {
		kept, err = io.ReadAll(body)
		if size != 11 {
			t.Errorf("it is given as %d bytes", size)
		}
		return err
	})
	if err != nil || before || string(kept) != "hello world" {
		t.Fatalf("kept %q, before: %t, %v", kept, before, err)
	}
	if head, err := s.Head(id, 4); err == nil {
		t.Errorf("its bytes are still there: %q", head)
	}
	if before, err := s.Use(id, "a copy", func(io.ReadSeeker, int64) error { return errors.New("kept twice") }); err != nil || !before {
		t.Errorf("the second time: before %t, %v", before, err)
	}
	if _, err := s.Use(id, "a poster", nil); !errors.Is(err, ErrUsed) {
		t.Errorf("as something else: %v", err)
	}
	if _, err := s.Append(id, 11, strings.NewReader("!")); !errors.Is(err, ErrOffset) {
		t.Errorf("adding to what was used: %v", err)
	}
	if r, err := s.Look(id); err != nil || !r.Whole() || r.Used != "a copy" {
		t.Errorf("it is remembered as %+v, %v", r, err)
	}
	if err := s.Drop(id); err != nil || files(t, folder) != 0 {
		t.Errorf("dropping left %d files, %v", files(t, folder), err)
	}
}

func TestOnlyWhatContinuesAnUploadIsAdded(t *testing.T) {
	s, _ := open(t)
	id := begin(t, s, "ana", 8)
	add(t, s, id, 0, "abc")
	for _, at := range []int64{0, 2, 4, 8} {
		if n, err := s.Append(id, at, strings.NewReader("x")); !errors.Is(err, ErrOffset) || n != 0 {
			t.Errorf("at %d: %d bytes, %v", at, n, err)
		}
	}
	if n, err := s.Append(id, 3, strings.NewReader("defghijk")); err != nil || n != 5 {
		t.Errorf("of more than is missing it took %d, %v", n, err)
	}
	for _, id := range []string{"", "../../etc/passwd", strings.Repeat("A", 26), strings.ToLower(id), id + "A"} {
		if _, err := s.Look(id); !errors.Is(err, ErrNoUpload) {
			t.Errorf("upload %q: %v", id, err)
		}
		if _, err := s.Append(id, 0, strings.NewReader("x")); !errors.Is(err, ErrNoUpload) {
			t.Errorf("adding to %q: %v", id, err)
		}
		if err := s.Drop(id); !errors.Is(err, ErrNoUpload) {
			t.Errorf("dropping %q: %v", id, err)
		}
	}
}

func TestWhatCameBeforeALineBrokeStays(t *testing.T) {
	s, _ := open(t)
	id := begin(t, s, "ana", 8)
	n, err := s.Append(id, 0, io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(iotest.ErrTimeout)))
	if n != 3 || !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("%d bytes, %v", n, err)
	}
	if at := offset(t, s, id); at != 3 {
		t.Errorf("it ends at %d", at)
	}
	add(t, s, id, 3, "defgh")
	if head, err := s.Head(id, 100); err != nil || string(head) != "abcdefgh" {
		t.Errorf("it holds %q, %v", head, err)
	}
}

func TestACheckedPieceIsAddedWholeOrNotAtAll(t *testing.T) {
	s, _ := open(t)
	id := begin(t, s, "ana", 8)
	sum := sha256.Sum256([]byte("abcd"))
	for name, piece := range map[string]string{"other bytes": "abcx", "cut": "ab", "longer": "abcde"} {
		if n, err := s.AppendChecked(id, 0, strings.NewReader(piece), 4, sum[:]); !errors.Is(err, ErrDigest) || n != 0 {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
	}
	if at := offset(t, s, id); at != 0 {
		t.Errorf("it ends at %d", at)
	}
	if n, err := s.AppendChecked(id, 0, strings.NewReader("abcd"), 4, sum[:]); err != nil || n != 4 {
		t.Errorf("the right one: %d bytes, %v", n, err)
	}
	if _, err := s.AppendChecked(id, 0, strings.NewReader("abcd"), 4, sum[:]); !errors.Is(err, ErrOffset) {
		t.Errorf("the right one twice: %v", err)
	}
}

// Of two who add at one place one waits in vain, and the bytes are never mixed.
func TestOneAtATimeAddsToAnUpload(t *testing.T) {
	s, folder := open(t)
	other, err := Open(folder) // another process, as far as locks go
	if err != nil {
		t.Fatal(err)
	}
	id := begin(t, s, "ana", 6)
	body, feed := io.Pipe()
	added := make(chan error, 1)
	go func() {
		_, err := s.Append(id, 0, body)
		added <- err
	}()
	if _, err := feed.Write([]byte("abc")); err != nil { // the first is now in the middle of it
		t.Fatal(err)
	}
	for name, try := range map[string]func() error{
		"adding":   func() error { _, err := other.Append(id, 0, strings.NewReader("xyz")); return err },
		"using":    func() error { _, err := other.Use(id, "a copy", nil); return err },
		"dropping": func() error { return other.Drop(id) },
	} {
		if err := try(); !errors.Is(err, ErrBusy) {
			t.Errorf("%s meanwhile: %v", name, err)
		}
	}
	_ = feed.Close() // a pipe's never fails
	if err := <-added; err != nil {
		t.Error(err)
	}
	add(t, other, id, 3, "def")
	if head, _ := s.Head(id, 9); string(head) != "abcdef" {
		t.Errorf("it holds %q", head)
	}
}

func TestManyWhoAddAtOncePutEachPieceInOnce(t *testing.T) {
	s, _ := open(t)
	const pieces = 16
	id := begin(t, s, "ana", pieces)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				r, err := s.Look(id)
				if err != nil || r.Whole() {
					return
				}
				_, err = s.Append(id, r.Offset, strings.NewReader(string(rune('a'+r.Offset))))
				if err != nil && !errors.Is(err, ErrBusy) && !errors.Is(err, ErrOffset) {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if head, _ := s.Head(id, pieces); string(head) != "abcdefghijklmnop" {
		t.Errorf("it holds %q", head)
	}
}

func TestUploadsAreBounded(t *testing.T) {
	s, folder := openWith(t, Options{PerPerson: 2, InAll: 3})
	id := begin(t, s, "ana", 1)
	begin(t, s, "ana", 1)
	if _, err := s.Begin(About{Owner: "ana", Size: 1}); !errors.Is(err, ErrTooMany) {
		t.Errorf("a third of one person: %v", err)
	}
	begin(t, s, "berta", 1)
	if _, err := s.Begin(About{Owner: "carla", Size: 1}); !errors.Is(err, ErrTooMany) {
		t.Errorf("a fourth of all: %v", err)
	}
	add(t, s, id, 0, "x")
	if _, err := s.Use(id, "a copy", func(io.ReadSeeker, int64) error { return nil }); err != nil {
		t.Fatal(err)
	}
	begin(t, s, "ana", 1) // what was used counts no more
	const exabyte = 1 << 60
	full, err := OpenWith(folder, Options{Reserve: exabyte})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := full.Begin(About{Owner: "dora", Size: 1}); !errors.Is(err, ErrNoRoom) {
		t.Errorf("beginning on a full disk: %v", err)
	}
	roomy, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	id = begin(t, roomy, "dora", 4)
	add(t, s, id, 0, "ab")
	if _, err := full.Append(id, 2, strings.NewReader("cd")); !errors.Is(err, ErrNoRoom) {
		t.Errorf("adding on a full disk: %v", err)
	}
	if at := offset(t, s, id); at != 2 {
		t.Errorf("what had come ends at %d", at)
	}
	add(t, s, id, 2, "cd") // once there is room it goes on
}

func TestUploadsExpireWhenNothingIsAdded(t *testing.T) {
	now := &clock{}
	s, folder := openWith(t, Options{Life: time.Hour, Now: now.now})
	idle, used := begin(t, s, "ana", 4), begin(t, s, "ana", 0)
	if _, err := s.Use(used, "a poster", func(io.ReadSeeker, int64) error { return nil }); err != nil {
		t.Fatal(err)
	}
	orphan := filepath.Join(folder, resumable+strings.Repeat("A", 26)+dataFile) // of a crash while it began
	if err := os.WriteFile(orphan, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	now.ahead = 59 * time.Minute
	if n, err := s.Sweep(); n != 0 || err != nil {
		t.Errorf("swept %d too early, %v", n, err)
	}
	now.ahead = 61 * time.Minute
	for _, id := range []string{idle, used} {
		if _, err := s.Look(id); !errors.Is(err, ErrNoUpload) {
			t.Errorf("an expired one: %v", err)
		}
		if _, err := s.Append(id, 0, strings.NewReader("x")); !errors.Is(err, ErrNoUpload) {
			t.Errorf("adding to an expired one: %v", err)
		}
	}
	held, err := os.Open(s.path(idle, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := lock(held); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Sweep(); n != 2 || err != nil {
		t.Errorf("swept %d files beside the one in use, %v", n, err)
	}
	held.Close()
	reopened, err := OpenWith(folder, Options{Life: time.Hour, Now: now.now})
	if err != nil || files(t, folder) != 0 {
		t.Errorf("a start left %d files, %v", files(t, folder), err)
	}
	now.ahead = 0
	if _, err := reopened.Begin(About{Owner: "ana", Size: 1}); err != nil {
		t.Error(err)
	}
}

func TestADocumentThatIsNoneIsAnErrorAndExpiresToo(t *testing.T) {
	now := &clock{}
	s, folder := openWith(t, Options{Now: now.now})
	id := begin(t, s, "ana", 4)
	if err := os.WriteFile(s.path(id, aboutFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Look(id); err == nil || errors.Is(err, ErrNoUpload) {
		t.Errorf("got %v", err)
	}
	begin(t, s, "ana", 4) // it keeps nobody from working
	now.ahead = 25 * time.Hour
	if _, err := s.Sweep(); err != nil || files(t, folder) != 0 {
		t.Errorf("%d files are left, %v", files(t, folder), err)
	}
}

// killed names the upload to which a child of the test adds until it is killed.
const killed = "VIDEOTECA_TEST_UPLOAD"

func TestMain(m *testing.M) {
	folder, id, ok := strings.Cut(os.Getenv(killed), " ")
	if !ok {
		os.Exit(m.Run())
	}
	s, err := Open(folder)
	if err == nil {
		_, err = s.Append(id, 0, os.Stdin)
	}
	os.Stderr.WriteString(errors.Join(errors.New("it was not killed"), err).Error())
	os.Exit(1)
}

func TestWhatALookTellsSurvivesKill9(t *testing.T) {
	s, folder := open(t)
	want := bytes.Repeat([]byte("0123456789abcdef"), 1<<12) // 64 KiB
	id := begin(t, s, "ana", int64(len(want)))
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), killed+"="+folder+" "+id)
	feed, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := feed.Write(want[:40_000]); err != nil {
		t.Fatal(err)
	}
	told := int64(0)
	for deadline := time.Now().Add(20 * time.Second); told == 0; time.Sleep(time.Millisecond) {
		if told = offset(t, s, id); time.Now().After(deadline) {
			t.Fatal("nothing comes")
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child was not killed")
	}
	after, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	at := offset(t, after, id)
	if at < told || at > 40_000 {
		t.Fatalf("told of %d bytes; after the kill there are %d", told, at)
	}
	add(t, after, id, at, string(want[at:]))
	if got, err := after.Head(id, len(want)+1); err != nil || !bytes.Equal(got, want) {
		t.Errorf("what came is not what was sent (%d bytes, %v)", len(got), err)
	}
}
