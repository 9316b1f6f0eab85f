package storage_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

func TestSixteenClaimsOnTwoProcessesAgreeOnOneOwner(t *testing.T) {
	one := newStage(t)
	two := stageIn(t, one.folder)
	owners := make([]archive.VideoID, 16)
	var wg sync.WaitGroup
	for i := range owners {
		wg.Go(func() {
			owner, err := []*stage{one, two}[i%2].Claim(t.Context(), youtube("dQw4w9WgXcQ"), archive.NewVideoID())
			if err != nil {
				t.Error(err)
			}
			owners[i] = owner
		})
	}
	wg.Wait()
	if first := owners[0]; first == "" || slices.ContainsFunc(owners, func(id archive.VideoID) bool { return id != first }) {
		t.Errorf("they were told %v", owners)
	}
}

func TestAClaimWithoutARecordIsSeenAndCanBeCompleted(t *testing.T) {
	s := newStage(t)
	ctx, ends := context.WithCancel(t.Context())
	owner, err := s.Claim(ctx, youtube("dQw4w9WgXcQ"), archive.NewVideoID())
	if err != nil {
		t.Fatal(err)
	}
	ends() // the process ends here
	if _, err := s.Create(ctx, meeting(owner), editor("register")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	other := stageIn(t, s.folder)
	found, err := other.Claim(t.Context(), youtube("dQw4w9WgXcQ"), archive.NewVideoID())
	if err != nil || found != owner {
		t.Fatalf("the claim is of %s, want %s, %v", found, owner, err)
	}
	if _, err := other.Video(t.Context(), owner); !errors.Is(err, archive.ErrNotFound) {
		t.Fatalf("got %v", err)
	}
	if v, err := other.Create(t.Context(), meeting(owner), editor("register")); err != nil || v.Revision != 1 {
		t.Errorf("completing it: %+v, %v", v, err)
	}
}

func TestAClaimIsOursThoughTheReplyWasLost(t *testing.T) {
	s := newStage(t)
	for _, hook := range []func(*troubled){
		func(b *troubled) { b.after = once("sources/", errCut) },
		func(b *troubled) { b.before = once("sources/", errCut) },
	} {
		s.bucket.set(hook)
		id := archive.NewVideoID()
		if owner, err := s.Claim(t.Context(), youtube(string(id)), id); err != nil || owner != id {
			t.Errorf("owner %s, want %s, %v", owner, id, err)
		}
	}
}

func TestAClaimThatNamesNoVideoIsDamaged(t *testing.T) {
	s := newStage(t)
	if _, err := s.Claim(t.Context(), youtube("x"), archive.NewVideoID()); err != nil {
		t.Fatal(err)
	}
	s.overwrite(t, s.keys(t, "sources/")[0], `{"version":1}`)
	if owner, err := s.Claim(t.Context(), youtube("x"), archive.NewVideoID()); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("owner %q, %v", owner, err)
	}
}

func TestAFileIsKeptUnderItsDigestAndVerifiedWhenRead(t *testing.T) {
	s := newStage(t)
	const id = archive.VideoID("7k3mzq9x0abd")
	about := archive.File{Extension: "jpg", Type: "image/jpeg", Label: "maxres", Width: 1280, Height: 720}
	f, err := s.SaveFile(t.Context(), id, about, []byte("a picture"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Algorithm != "sha256" || f.Bytes != 9 || f.Label != "maxres" || f.Width != 1280 {
		t.Errorf("saved as %+v", f)
	}
	key := "files/7k/7k3mzq9x0abd/" + f.Digest + ".jpg"
	if s.read(t, key) != "a picture" {
		t.Errorf("not under %s", key)
	}
	if again, err := s.SaveFile(t.Context(), id, about, []byte("a picture")); err != nil || again != f {
		t.Errorf("saving it again: %+v, %v", again, err)
	}
	if data, err := s.File(t.Context(), id, f); err != nil || string(data) != "a picture" {
		t.Errorf("read %q, %v", data, err)
	}
	s.overwrite(t, key, "a forgery")
	if _, err := s.File(t.Context(), id, f); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("a forgery: %v", err)
	}
	if _, err := s.File(t.Context(), id, archive.File{Digest: strings.Repeat("0", 64), Extension: "jpg"}); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a missing one: %v", err)
	}
}

func TestFilesThatCannotBeKeptAreRefusedForWhatTheyAre(t *testing.T) {
	s := newStage(t)
	if _, err := s.SaveFile(t.Context(), "7k3mzq9x0abd", archive.File{Extension: "jpg"}, nil); !errors.Is(err, storage.ErrEmptyObject) || errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("an empty one: %v", err)
	}
	for _, extension := range []string{"", "../x", "a/b", "JPG", ".jpg", "j pg"} {
		if _, err := s.SaveFile(t.Context(), "7k3mzq9x0abd", archive.File{Extension: extension}, []byte("x")); !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("one with the extension %q: %v", extension, err)
		}
	}
}

func TestAPartOfALargeFileIsOpened(t *testing.T) {
	s := newStage(t)
	f, err := s.SaveFile(t.Context(), "7k3mzq9x0abd", archive.File{Extension: "mp4", Type: "video/mp4"}, []byte("0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := s.OpenFile(t.Context(), "7k3mzq9x0abd", f, storage.Range{Offset: 3, Length: 4})
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil || string(data) != "3456" {
		t.Errorf("read %q, %v", data, err)
	}
	_, err = s.OpenFile(t.Context(), "7k3mzq9x0abd", f, storage.Range{Offset: 10})
	if !errors.Is(err, storage.ErrBadRange) || errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("past the end: %v", err)
	}
}

func TestCapturesAreKeptInTheirOrder(t *testing.T) {
	s := newStage(t)
	const id = archive.VideoID("7k3mzq9x0abd")
	var want []string
	for _, title := range []string{"first", "second", "third"} {
		c, err := s.SaveCapture(t.Context(), archive.Capture{Video: id, Source: youtube("x"), At: s.clock.now(), Fields: archive.Fields{Title: title}})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, c.ID)
		s.clock.advance(time.Minute)
	}
	var got []string
	captures := all(t, s.Captures(t.Context(), id))
	if rest := all(t, s.CapturesAfter(t.Context(), id, captures[0].ID)); len(rest) != len(captures)-1 || rest[0].ID != captures[1].ID {
		t.Errorf("after the first of %d come %d", len(captures), len(rest))
	}
	for _, c := range captures {
		got = append(got, c.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}

// A store must prove itself before the first write, whichever write that is.
func TestEveryFirstWriteProvesTheStore(t *testing.T) {
	article, err := archive.NewArticle("https://example.org/story", "es")
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(context.Context, *stage) error{
		"Create": func(ctx context.Context, s *stage) error {
			_, err := s.Create(ctx, meeting("7k3mzq9x0abd"), editor("register"))
			return err
		},
		"Claim": func(ctx context.Context, s *stage) error {
			_, err := s.Claim(ctx, youtube("x"), "7k3mzq9x0abd")
			return err
		},
		"SaveFile": func(ctx context.Context, s *stage) error {
			_, err := s.SaveFile(ctx, "7k3mzq9x0abd", archive.File{Extension: "jpg"}, []byte("x"))
			return err
		},
		"SaveCapture": func(ctx context.Context, s *stage) error {
			_, err := s.SaveCapture(ctx, archive.Capture{Video: "7k3mzq9x0abd"})
			return err
		},
		"Place": func(ctx context.Context, s *stage) error { return s.Place(ctx, article, "7k3mzq9x0abd") },
		"Begin": func(ctx context.Context, s *stage) error { _, err := s.Journal().Begin(ctx, morning()); return err },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			if err := write(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			// The proof comes first, so that a store which fails it is not marked as one of ours.
			if wrote := slices.Compact(s.bucket.written()); len(wrote) < 2 || wrote[0] != "proof" || wrote[1] != storage.KeyInstallation {
				t.Errorf("it wrote %v", wrote)
			}
			careless := &stage{bucket: &troubled{Bucket: unconditional{s.bucket.Bucket}}, clock: s.clock}
			careless.Store = storage.NewStore(careless.bucket, storage.StoreOptions{})
			if err := write(t.Context(), careless); !errors.Is(err, storage.ErrUnsupported) {
				t.Errorf("a store that ignores conditions: %v", err)
			}
			if wrote := slices.Compact(careless.bucket.written()); !slices.Equal(wrote, []string{"proof"}) {
				t.Errorf("into a store that ignores conditions it wrote %v", wrote)
			}
		})
	}
}

// unconditional is a store that ignores conditions.
type unconditional struct{ storage.Bucket }

func (b unconditional) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, _ storage.Condition) (storage.Object, error) {
	return b.Bucket.Put(ctx, key, body, size, storage.Condition{})
}

func TestAStoreThatWasDownAtTheStartIsProvenWhenItAnswers(t *testing.T) {
	s := newStage(t)
	s.bucket.set(func(b *troubled) { b.down = true })
	if err := s.EnsureReady(t.Context()); !errors.Is(err, archive.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	s.bucket.set(func(b *troubled) { b.down = false })
	s.registered(t)
}
