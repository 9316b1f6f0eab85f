package catalog

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
)

// answers asserts what the reader says of the id: a revision, or an error.
func answers(t *testing.T, r *Reader, id archive.VideoID, revision int64, want error) {
	t.Helper()
	v, err := r.Video(t.Context(), id)
	if !errors.Is(err, want) || v.Revision != revision {
		t.Errorf("%s: revision %d, not %d: %v", id, v.Revision, revision, err)
	}
	if errors.Is(want, archive.ErrUnavailable) && errors.Is(err, archive.ErrNotFound) {
		t.Errorf("%s: the store could not be asked, and yet: %v", id, err)
	}
}

func TestAKnownVideoIsServedWithoutTheBucketAlsoAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	b := newBucket()
	b.down = true
	for range 2 {
		c := open(t, path)
		if c.Fresh() {
			fill(t, c, 1)
		}
		r := NewReader(c, b, ReaderOptions{})
		for range 3 { // from the file, then from memory
			answers(t, r, id(1), 1, nil)
		}
	}
	if b.asked() != 0 {
		t.Errorf("the bucket was asked %d times", b.asked())
	}
}

func TestAVideoFoundInTheBucketIsKept(t *testing.T) {
	c, b := newCatalog(t), bucketOf(1)
	r := NewReader(c, b, ReaderOptions{})
	answers(t, r, id(1), 1, nil)
	b.setDown(true)
	answers(t, r, id(1), 1, nil)
	if got := revision(t, c, id(1)); got != 1 || b.asked() != 1 {
		t.Errorf("revision %d, %d reads", got, b.asked())
	}
	if got, err := c.Fill(t.Context(), b, nil); err != nil || got.Read != 0 { // its ETag was kept too
		t.Errorf("%+v: %v", got, err)
	}
}

func TestAnAbsentVideoIsRememberedForFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket()
		r := NewReader(newCatalog(t), b, ReaderOptions{})
		for range 100 {
			answers(t, r, id(1), 0, archive.ErrNotFound)
		}
		if b.asked() != 1 {
			t.Errorf("the bucket was asked %d times", b.asked())
		}
		b.write(entry(1, 1)) // another process registers it
		time.Sleep(absenceKept - time.Millisecond)
		answers(t, r, id(1), 0, archive.ErrNotFound)
		time.Sleep(time.Millisecond)
		answers(t, r, id(1), 1, nil)
	})
}

func TestAVideoPutHereIsSeenAtOnceAlsoWhereItWasAbsent(t *testing.T) {
	c := newCatalog(t)
	r := NewReader(c, newBucket(), ReaderOptions{})
	answers(t, r, id(1), 0, archive.ErrNotFound)
	for rev := range int64(20) {
		put(t, c, entry(1, rev+1))
		answers(t, r, id(1), rev+1, nil)
	}
	if err := c.Remove(t.Context(), id(1)); err != nil {
		t.Fatal(err)
	}
	answers(t, r, id(1), 0, archive.ErrNotFound)
}

func TestAVideoPutByAnotherProcessIsSeenWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "catalog.db")
		here, there := open(t, path), open(t, path)
		r := NewReader(here, newBucket(), ReaderOptions{})
		put(t, there, entry(1, 1))
		answers(t, r, id(1), 1, nil)
		for rev := int64(2); rev < 6; rev++ {
			put(t, there, entry(1, rev))
			time.Sleep(watchInterval)
			answers(t, r, id(1), rev, nil)
		}
		put(t, there, entry(2, 1)) // nothing of it is in memory, so it is seen at once
		answers(t, r, id(2), 1, nil)
	})
}

func TestABucketThatIsDownIsNoProofOfAbsence(t *testing.T) {
	b := bucketOf(1)
	b.setDown(true)
	r := NewReader(newCatalog(t), b, ReaderOptions{})
	answers(t, r, id(1), 0, archive.ErrUnavailable)
	answers(t, r, id(2), 0, archive.ErrUnavailable)
	b.setDown(false) // and nothing of it is remembered
	answers(t, r, id(1), 1, nil)
	answers(t, r, id(2), 0, archive.ErrNotFound)
}

func TestABucketThatHangsIsGivenThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bucketOf(1)
		b.hold = make(chan struct{})
		r := NewReader(newCatalog(t), b, ReaderOptions{})
		began := time.Now()
		answers(t, r, id(1), 0, archive.ErrUnavailable)
		if took := time.Since(began); took != lookupDeadline {
			t.Errorf("it took %s", took)
		}
		close(b.hold)
		time.Sleep(time.Second)
		answers(t, r, id(1), 1, nil)
	})
}

func TestAFloodOfUnknownIDsIsBoundedAndKnownOnesAreServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, b := newCatalog(t), newBucket()
		fill(t, c, 1)
		r := NewReader(c, b, ReaderOptions{})
		absent, unavailable := 0, 0
		const seconds, each = 8, 50
		for s := range seconds {
			for n := range each {
				_, err := r.Video(t.Context(), id(10+s*each+n))
				switch {
				case errors.Is(err, archive.ErrNotFound):
					absent++
				case errors.Is(err, archive.ErrUnavailable):
					unavailable++
				default:
					t.Fatalf("got %v", err)
				}
			}
			answers(t, r, id(1), 1, nil)
			time.Sleep(time.Second)
		}
		if most := lookupBurst + lookupsASecond*seconds; b.asked() > most || b.asked() < most/2 {
			t.Errorf("the bucket was asked %d times", b.asked())
		}
		if absent != b.asked() || absent+unavailable != seconds*each {
			t.Errorf("%d absent, %d unavailable, %d asked", absent, unavailable, b.asked())
		}
		if kept := len(r.absent.items); kept > b.asked() {
			t.Errorf("%d ids remembered", kept)
		}
	})
}

func TestSimultaneousQuestionsForOneIDAreOneRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bucketOf(1)
		b.hold = make(chan struct{})
		r := NewReader(newCatalog(t), b, ReaderOptions{})
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() { answers(t, r, id(1), 1, nil) })
		}
		time.Sleep(time.Second)
		close(b.hold)
		group.Wait()
		if b.asked() != 1 {
			t.Errorf("the bucket was asked %d times", b.asked())
		}
	})
}

func TestAQuestionOutlivesTheCallerWhoAskedItFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bucketOf(1)
		b.hold = make(chan struct{})
		r := NewReader(newCatalog(t), b, ReaderOptions{})
		impatient, leave := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := r.Video(impatient, id(1)); !errors.Is(err, context.Canceled) || errors.Is(err, archive.ErrNotFound) {
				t.Errorf("got %v", err)
			}
		})
		time.Sleep(time.Second)
		group.Go(func() { answers(t, r, id(1), 1, nil) })
		time.Sleep(time.Second)
		leave()
		time.Sleep(500 * time.Millisecond)
		close(b.hold)
		group.Wait()
	})
}

func TestReadsThatNeverReturnAreBoundedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, never := newCatalog(t), make(chan struct{})
		b := newBucket()
		b.onRead = func() { <-never } // a file system that hangs, deaf to its context
		r := NewReader(c, b, ReaderOptions{})
		var group sync.WaitGroup
		for round := range 20 {
			for n := range 10 {
				group.Go(func() { answers(t, r, id(10*round+n), 0, archive.ErrUnavailable) })
			}
			time.Sleep(5 * time.Second)
		}
		group.Wait()
		if b.asked() != lookupsAtOnce {
			t.Errorf("%d reads hang", b.asked())
		}
		close(never)
		synctest.Wait()
	})
}

func TestWhatIsNoIDIsAbsentAndAsksNobody(t *testing.T) {
	b := newBucket()
	r := NewReader(newCatalog(t), b, ReaderOptions{})
	for _, bad := range []archive.VideoID{"", "x", "../../secrets", "00000000000u", "0000000000001"} {
		answers(t, r, bad, 0, archive.ErrNotFound)
	}
	if b.asked() != 0 {
		t.Errorf("the bucket was asked %d times", b.asked())
	}
}

func TestAnIDRetypedInUpperCaseIsTheSame(t *testing.T) {
	v := video(1, 1)
	v.ID = "7k3mzq9x0abd"
	c := newCatalog(t)
	put(t, c, Entry{Video: v})
	answers(t, NewReader(c, newBucket(), ReaderOptions{}), "7K3MZQ9X0ABD", 1, nil)
}

func TestACatalogThatFailsSendsTheReaderToTheBucket(t *testing.T) {
	c := newCatalog(t)
	fill(t, c, 1)
	r := NewReader(c, bucketOf(1), ReaderOptions{})
	if _, err := c.writer.ExecContext(t.Context(), "UPDATE videos SET record = '{'"); err != nil {
		t.Fatal(err)
	}
	answers(t, r, id(1), 1, nil)
}

func TestReadersAndWritersOfTwoProcessesAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	here, there := open(t, path), open(t, path)
	r := NewReader(here, newBucket(), ReaderOptions{Records: 2})
	fill(t, here, 5)
	var group sync.WaitGroup
	for n := range 5 {
		group.Go(func() {
			for rev := range int64(40) {
				writer := here
				if rev%2 == 1 {
					writer = there
				}
				if err := writer.Put(t.Context(), entry(n+1, rev+2)); err != nil {
					t.Error(err)
				}
				v, err := r.Video(t.Context(), id(n+1))
				if err != nil || writer == here && v.Revision != rev+2 || v.Revision > rev+2 {
					t.Errorf("revision %d after %d was put: %v", v.Revision, rev+2, err)
				}
			}
		})
	}
	group.Wait()
}
