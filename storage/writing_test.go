package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/storage/storagetest"
)

func TestARecordIsCreatedOnceAndReadBack(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	if v.Revision != 1 || !v.Updated.Equal(morning()) {
		t.Errorf("created as revision %d at %v", v.Revision, v.Updated)
	}
	got, err := s.Video(t.Context(), v.ID)
	if err != nil || got.Title["es"] != "Reunión en Nueva York" || got.Sources[0].SourceKey != v.Sources[0].SourceKey {
		t.Errorf("read back %+v, %v", got, err)
	}
	if got, err := s.Video(t.Context(), archive.VideoID(strings.ToUpper(string(v.ID)))); err != nil || got.ID != v.ID {
		t.Errorf("retyped in upper case: %v, %v", got.ID, err)
	}
	if _, err := s.Create(t.Context(), v, editor("register")); !errors.Is(err, archive.ErrExists) {
		t.Errorf("creating it again: %v", err)
	}
}

func TestARecordMuchChangedStillStandsInTheWayOfACreation(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	for i := range 18 { // more than the writes that a record names
		s.noted(t, v.ID, fmt.Sprint("note ", i))
	}
	if _, err := s.Create(t.Context(), meeting(v.ID), editor("register")); !errors.Is(err, archive.ErrExists) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	s := newStage(t)
	for _, id := range []archive.VideoID{"7k3mzq9x0abd", "", "../../etc/pwd", "short"} {
		if _, err := s.Video(t.Context(), id); !errors.Is(err, archive.ErrNotFound) || errors.Is(err, archive.ErrUnavailable) {
			t.Errorf("reading %q: %v", id, err)
		}
	}
	if _, err := s.Update(t.Context(), "7k3mzq9x0abd", editor("describe"), note("x")); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("changing: %v", err)
	}
}

func TestEventThenMarkerThenRecord(t *testing.T) {
	s := newStage(t)
	if err := s.EnsureReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.bucket.written()
	v := s.registered(t)
	want := []string{"events", "changes", "videos"}
	if got := s.bucket.written(); !slices.Equal(got, want) {
		t.Errorf("creating wrote %v, want %v", got, want)
	}
	s.noted(t, v.ID, "x")
	if got := s.bucket.written(); !slices.Equal(got, want) {
		t.Errorf("changing wrote %v, want %v", got, want)
	}
}

func TestAChangeThatAltersNothingWritesNothing(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.edit(t, recordKey(v.ID), `"sources"`, `"tags": [], "copies": [], "caption": {}, "sources"`) // as people write
	s.bucket.written()
	got, err := s.Update(t.Context(), v.ID, editor("describe"), func(v *archive.Video) error {
		v.Title["es"] = "Reunión en Nueva York"
		return nil
	})
	if err != nil || got.Revision != 1 || len(s.bucket.written()) != 0 {
		t.Errorf("revision %d, %v", got.Revision, err)
	}
}

func TestTheErrorOfAChangeEndsItAndIsReturned(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	for _, own := range []error{errors.New("no"), archive.ErrConflict} {
		calls := 0
		_, err := s.Update(t.Context(), v.ID, editor("describe"), func(*archive.Video) error { calls++; return own })
		if err != own || calls != 1 { //nolint:errorlint // it must be the very error
			t.Errorf("%d calls, %v", calls, err)
		}
	}
}

func TestAChangeCannotMoveARecord(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	got, err := s.Update(t.Context(), v.ID, editor("describe"), func(v *archive.Video) error {
		v.ID, v.Revision, v.Notes = "7k3mzq9x0abd", 90, "x"
		return nil
	})
	if err != nil || got.ID != v.ID || got.Revision != 2 {
		t.Errorf("became %s at revision %d, %v", got.ID, got.Revision, err)
	}
}

func TestSixteenCreatorsOnTwoProcessesMakeOneRecord(t *testing.T) {
	one := newStage(t)
	two := stageIn(t, one.folder)
	id, made := archive.NewVideoID(), make([]error, 16)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			_, made[i] = []*stage{one, two}[i%2].Create(t.Context(), meeting(id), editor("register"))
		})
	}
	wg.Wait()
	winners := 0
	for _, err := range made {
		if err == nil {
			winners++
		} else if !errors.Is(err, archive.ErrExists) {
			t.Error(err)
		}
	}
	if winners != 1 {
		t.Errorf("%d created it", winners)
	}
}

func TestChangesAtOnceLoseNothing(t *testing.T) {
	const writers, each = 8, 5
	one := newStage(t)
	two := stageIn(t, one.folder)
	v := one.registered(t)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				_, err := []*stage{one, two}[w%2].Update(t.Context(), v.ID, editor("describe"), func(v *archive.Video) error {
					v.Tags = append(v.Tags, fmt.Sprintf("%d-%d", w, i))
					return nil
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	got, err := two.Video(t.Context(), v.ID)
	if err != nil || len(got.Tags) != writers*each || got.Revision != writers*each+1 {
		t.Fatalf("%d tags at revision %d, %v", len(got.Tags), got.Revision, err)
	}
	if err := one.VerifyEvents(t.Context(), v.ID); err != nil {
		t.Errorf("events of writers at once: %v", err)
	}
}

// What is acknowledged stands, and what is refused does not, on a real S3 server behind a network that
// drops a fifth of the answers to writes that happened.
func TestChangesLoseNothingOnS3WhileAnswersAreLost(t *testing.T) {
	const writers, each = 4, 5
	lossy := storagetest.StartLossy(t, storagetest.StartVersityGW(t))
	s := storage.NewStore(lossy.Bucket(t), storage.StoreOptions{})
	v, err := s.Create(t.Context(), meeting(archive.NewVideoID()), editor("register"))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				_, err := s.Update(t.Context(), v.ID, editor("describe"), func(v *archive.Video) error {
					v.Tags = append(v.Tags, fmt.Sprintf("%d-%d", w, i))
					return nil
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	got, err := s.Video(t.Context(), v.ID)
	if err != nil || len(got.Tags) != writers*each || got.Revision != writers*each+1 {
		t.Errorf("%d tags at revision %d, %v", len(got.Tags), got.Revision, err)
	}
	if err := s.VerifyEvents(t.Context(), v.ID); err != nil {
		t.Error(err)
	}
	if lossy.Dropped() < writers*each/2 {
		t.Errorf("only %d answers were dropped", lossy.Dropped())
	}
}

// A reply is lost at each of the three writes of a change, after the write or before it.
func TestLostRepliesAreSettledByReadingAgain(t *testing.T) {
	for _, folder := range []string{"events/", "changes/", "videos/"} {
		for name, hook := range map[string]func(*troubled){
			"reply":   func(b *troubled) { b.after = once(folder, errCut) },
			"412":     func(b *troubled) { b.after = once(folder, storage.ErrPreconditionFailed) },
			"request": func(b *troubled) { b.before = once(folder, errCut) },
		} {
			t.Run(folder+name, func(t *testing.T) {
				s := newStage(t)
				if err := s.EnsureReady(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.bucket.set(hook)
				v := s.registered(t)
				s.bucket.set(hook)
				s.noted(t, v.ID, "once")
				got, err := s.Video(t.Context(), v.ID)
				if err != nil || got.Revision != 2 || got.Notes != "once" {
					t.Errorf("revision %d, %q, %v", got.Revision, got.Notes, err)
				}
			})
		}
	}
}

func TestAWriteThatMayHaveHappenedIsNeverMadeAgain(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	other := stageIn(t, s.folder)
	s.bucket.set(func(b *troubled) {
		b.before = once("videos/", errCut)
		lost := b.before
		b.before = func(ctx context.Context, key string) error {
			err := lost(ctx, key)
			for i := 0; err != nil && i < 17; i++ { // so many that the record's writes no longer tell
				other.noted(t, v.ID, fmt.Sprint("other ", i))
			}
			return err
		}
	})
	_, err := s.Update(t.Context(), v.ID, editor("describe"), note("mine"))
	if !errors.Is(err, storage.ErrOutcomeUnknown) {
		t.Fatalf("got %v", err)
	}
	if got, err := s.Video(t.Context(), v.ID); err != nil || got.Notes != "other 16" {
		t.Errorf("the record says %q, %v", got.Notes, err)
	}
}

func TestACallerThatGaveUpIsToldThatItsWriteHappened(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.bucket.set(func(b *troubled) {
		b.after = func(ctx context.Context, key string) error {
			if strings.HasPrefix(key, "videos/") {
				cancel()
				return ctx.Err()
			}
			return nil
		}
	})
	if got, err := s.Update(ctx, v.ID, editor("describe"), note("x")); err != nil || got.Revision != 2 {
		t.Errorf("revision %d, %v", got.Revision, err)
	}
}

func TestEventAndMarkerStandWhenTheRecordWasNeverWritten(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	s.bucket.set(func(b *troubled) { // the process ends between the marker and the record
		b.before = func(_ context.Context, key string) error {
			if strings.HasPrefix(key, "videos/") {
				return storage.ErrFull
			}
			return nil
		}
	})
	if _, err := s.Update(t.Context(), v.ID, editor("describe"), note("x")); !errors.Is(err, archive.ErrUnavailable) || !errors.Is(err, storage.ErrFull) {
		t.Fatalf("got %v", err)
	}
	events := all(t, s.Events(t.Context(), v.ID))
	if len(events) != 2 || events[1].Revision != 2 || len(s.keys(t, "changes/")) != 2 {
		t.Fatalf("events %+v", events)
	}
	record := s.read(t, recordKey(v.ID))
	if !strings.Contains(record, events[0].ID) || strings.Contains(record, events[1].ID) {
		t.Errorf("the record's writes do not tell which of the events came to pass:\n%s", record)
	}
}

func TestAStoreThatIsDownIsUnavailableAndSaysNothingOfTheItem(t *testing.T) {
	s := newStage(t)
	v := s.registered(t)
	article, err := archive.NewArticle("https://example.org/story", "es")
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.SaveFile(t.Context(), v.ID, archive.File{Extension: "jpg", Type: "image/jpeg"}, []byte("picture"))
	if err != nil {
		t.Fatal(err)
	}
	s.bucket.set(func(b *troubled) { b.down = true })
	for what, ask := range map[string]func(context.Context) error{
		"Video":  func(ctx context.Context) error { _, err := s.Video(ctx, v.ID); return err },
		"Create": func(ctx context.Context) error { _, err := s.Create(ctx, v, editor("register")); return err },
		"Update": func(ctx context.Context) error { _, err := s.Update(ctx, v.ID, editor("x"), note("x")); return err },
		"Claim":  func(ctx context.Context) error { _, err := s.Claim(ctx, youtube("x"), v.ID); return err },
		"Place":  func(ctx context.Context) error { return s.Place(ctx, article, v.ID) },
		"File":   func(ctx context.Context) error { _, err := s.File(ctx, v.ID, f); return err },
		"SaveFile": func(ctx context.Context) error {
			_, err := s.SaveFile(ctx, v.ID, archive.File{Extension: "jpg"}, []byte("another"))
			return err
		},
		"SaveCapture": func(ctx context.Context) error {
			_, err := s.SaveCapture(ctx, archive.Capture{Video: v.ID})
			return err
		},
		"VerifyEvents": func(ctx context.Context) error { return s.VerifyEvents(ctx, v.ID) },
		"Sweep":        func(ctx context.Context) error { return s.Sweep(ctx) },
	} {
		err := ask(t.Context())
		if !errors.Is(err, archive.ErrUnavailable) || errors.Is(err, archive.ErrNotFound) || errors.Is(err, archive.ErrExists) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAHungStoreHoldsNoCallerLongerThanItsContext(t *testing.T) {
	s := newStage(t)
	proving := make(chan struct{})
	hung := storage.NewStore(s.bucket, storage.StoreOptions{Prepare: func(ctx context.Context) error {
		close(proving)
		<-ctx.Done()
		return ctx.Err()
	}})
	patient, giveUp := context.WithTimeout(t.Context(), 3*time.Second)
	defer giveUp()
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := hung.EnsureReady(patient); !errors.Is(err, context.Canceled) {
			t.Errorf("the one that proves: %v", err)
		}
	})
	<-proving
	hasty, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := hung.EnsureReady(hasty); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("one that waits for it: %v", err)
	}
	if patient.Err() != nil {
		t.Error("it waited as long as the other")
	}
	giveUp()
	wg.Wait()
}
