package wayback

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func TestWhatIsRegisteredIsSeenToAtOnceAndWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 0)
		k := n.keeper()
		for i := range 3 * queueLength { // nobody is listening yet
			k.Registered(archive.Video{ID: idOf(i)})
		}
		stop := n.run(k)
		defer stop()
		time.Sleep(5 * time.Minute)
		k.Registered(n.add(7))
		time.Sleep(10 * time.Second)
		if a := n.page(7).Archiving; a == nil || a.Job == "" {
			t.Fatalf("after ten seconds: %+v", a)
		}
		time.Sleep(2*followEvery + time.Second)
		if n.page(7).Archived == nil {
			t.Errorf("after the capture: %+v", n.page(7).Archiving)
		}
		if n.log.lines("level=WARN") != 0 {
			t.Errorf("%s", n.log)
		}
	})
}

func TestARegistrationGoesBeforeALongRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 500)
		k := n.keeper(n.keyless)
		stop := n.run(k)
		defer stop()
		time.Sleep(time.Minute)
		n.archive.Keep(pageOf(900), on("1999-01-01"), http.StatusOK)
		k.Registered(n.add(900))
		time.Sleep(20 * time.Second)
		if n.page(900).Archived == nil || n.page(499).Archiving != nil {
			t.Errorf("%+v", n.page(900).Archiving)
		}
	})
}

func TestARoundEndsWhereTheNextIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 100)
		k := n.keeper(n.keyless, func(o *KeeperOptions) { o.Every = time.Minute })
		stop := n.run(k)
		time.Sleep(10 * time.Minute)
		stop()
		if got := about(n.archive, "timemap"); got != 100 {
			t.Errorf("%d TimeMaps", got)
		}
	})
}

func TestOneProcessOfManyGoesThroughTheLibrary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 2)
		lease := &chair{taken: true}
		k := n.keeper(func(o *KeeperOptions) { o.Leases = lease })
		if counts, err := k.Once(t.Context()); !errors.Is(err, errTaken) || counts != (Counts{}) || len(n.archive.Asked()) != 0 {
			t.Errorf("%+v, %v", counts, err)
		}
		stop := n.run(k)
		time.Sleep(3 * time.Hour)
		stop()
		if len(n.archive.Asked()) != 0 || n.log.lines("level=WARN") != 0 {
			t.Errorf("asked %v; the log: %s", n.archive.Asked(), n.log)
		}
		lease.taken = false
		if got := n.once(k); got.Ordered != 2 || lease.taken {
			t.Errorf("%+v, the lease is held: %v", got, lease.taken)
		}
	})
}

func TestAStoreInTroubleEndsTheRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 50)
		k := n.keeper()
		n.shelf.err = archive.ErrUnavailable
		if _, err := k.Once(t.Context()); !errors.Is(err, archive.ErrUnavailable) || len(n.archive.Asked()) != 0 {
			t.Errorf("%v, asked %v", err, n.archive.Asked())
		}
		stop := n.run(k)
		time.Sleep(90 * time.Minute)
		stop()
		if n.log.lines("level=WARN") != 2 { // a round each
			t.Errorf("%s", n.log)
		}
	})
}

func TestAListThatFailsEndsTheRound(t *testing.T) {
	n := newNewsroom(t, 1)
	unreadable := errors.New("the catalog is being rebuilt")
	k := n.keeper(func(o *KeeperOptions) {
		o.Videos = func(context.Context) iter.Seq2[archive.Video, error] {
			return func(yield func(archive.Video, error) bool) { yield(archive.Video{}, unreadable) }
		}
	})
	if _, err := k.Once(t.Context()); !errors.Is(err, unreadable) {
		t.Error(err)
	}
}

func TestWrongKeysAreOneMessageAndLookingUpGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 10)
		k := n.keeper(func(o *KeeperOptions) {
			c := At(base)
			c.Transport, c.AccessKey, c.SecretKey = n.archive.RoundTripper(), "another", "pair"
			o.Client = New(c)
		})
		counts, err := k.Once(t.Context())
		if !errors.Is(err, ErrKeys) || counts.LookedUp != 10 || about(n.archive, "save") != 1 {
			t.Errorf("%+v, %v", counts, err)
		}
		stop := n.run(k)
		time.Sleep(20 * time.Hour)
		stop()
		if n.log.lines("level=WARN") != 1 || about(n.archive, "save") != 1 {
			t.Errorf("%s", n.log)
		}
	})
}

func TestTheEndOfTheContextIsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 100)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(30*time.Second, cancel)
		began := time.Now()
		if counts, err := n.keeper().Once(ctx); !errors.Is(err, context.Canceled) || counts.LookedUp == 0 || took(began) != 30*time.Second {
			t.Errorf("%+v, %v after %s", counts, err, took(began))
		}
		if n.log.lines("level=WARN") != 0 {
			t.Errorf("%s", n.log)
		}
	})
}

func TestWhatSomebodyElseFoundIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 2)
		theirs := &archive.Memento{URL: "https://archive.example.org/1", At: on("1998-01-01")}
		k := n.keeper()
		k.o.Client = clientOf(sends(func(r *http.Request) (*http.Response, error) {
			for i := range 2 { // while the archive is being asked
				n.change(i, func(v *archive.Video) { v.Sources[0].Archived = theirs })
			}
			return n.archive.RoundTripper().RoundTrip(r)
		}))
		n.archive.Keep(pageOf(0), on("1999-01-01"), http.StatusOK)
		n.once(k)
		if m := n.page(0).Archived; *m != *theirs || n.shelf.written() != 0 {
			t.Errorf("%+v, wrote %v", m, n.shelf.causes)
		}
	})
}

func TestAVideoWithSeveralSourcesHasAPageEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 1)
		n.change(0, func(v *archive.Video) {
			mirror := v.Sources[0]
			mirror.SourceKey, mirror.URL = archive.SourceKey{Platform: "vimeo", ID: "76979871"}, "https://vimeo.com/76979871"
			v.Sources = append(v.Sources, mirror)
		})
		n.archive.Keep("https://vimeo.com/76979871", on("1999-01-01"), http.StatusOK)
		if got := n.once(n.keeper()); got != (Counts{Sources: 2, LookedUp: 2, Found: 1, Ordered: 1}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestALookUpAloneIsWrittenOnceADay(t *testing.T) {
	was := archive.Source{Archiving: &archive.Archiving{LookedUp: noon()}}
	for _, c := range []struct {
		is    archive.Archiving
		alone bool
	}{
		{archive.Archiving{LookedUp: noon().Add(23 * time.Hour)}, true},
		{archive.Archiving{LookedUp: noon().Add(24 * time.Hour)}, false},
		{archive.Archiving{LookedUp: noon().Add(time.Hour), Job: "j"}, false},
	} {
		is := archive.Source{Archiving: &c.is}
		if got := onlyLookedUpAgain(was, is); got != c.alone {
			t.Errorf("%+v: %v", c.is, got)
		}
		is.Archived = &archive.Memento{}
		if onlyLookedUpAgain(was, is) {
			t.Errorf("%+v with a memento counts as nothing", c.is)
		}
	}
	if onlyLookedUpAgain(archive.Source{}, archive.Source{Archiving: &archive.Archiving{LookedUp: noon()}}) {
		t.Error("the first look-up counts as nothing")
	}
}

func TestSlowSavesHoldUpNoRegistration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 1)
		k := n.keeper()
		k.o.Client = clientOf(sends(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}))
		stop := n.run(k)
		time.Sleep(time.Second)
		began := time.Now()
		for i := range 10 {
			k.Registered(archive.Video{ID: idOf(i)})
		}
		if took(began) != 0 {
			t.Errorf("ten registrations took %s", took(began))
		}
		stop()
		fail(t, n.archive, archivetest.WebArchiveWell)
	})
}
