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

func TestARoundLooksUpOrdersAndFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 3)
		n.archive.Keep(pageOf(0), on("1999-09-25"), http.StatusOK)
		k := n.keeper()
		if got := n.once(k); got != (Counts{Sources: 3, LookedUp: 3, Found: 1, Ordered: 2}) {
			t.Errorf("the first round: %+v", got)
		}
		if m := n.page(0).Archived; m == nil || m.URL != base+"/web/19990925000000/"+pageOf(0) {
			t.Errorf("found: %+v", m)
		}
		a := n.page(1).Archiving
		if a == nil || a.Job == "" || a.LookedUp.IsZero() || a.Asked.IsZero() || a.Trouble != "" {
			t.Errorf("ordered: %+v", a)
		}
		time.Sleep(time.Minute)
		if got := n.once(k); got.Pending+got.Captured != 2 || got.Ordered+got.LookedUp != 0 {
			t.Errorf("a minute later: %+v", got)
		}
		time.Sleep(2 * time.Minute)
		n.once(k)
		for i := range 3 {
			s := n.page(i)
			if s.Archived == nil || s.Archiving.Job != "" || s.Archiving.Trouble != "" {
				t.Errorf("%d: %+v, %+v", i, s.Archived, s.Archiving)
			}
		}
		if n.shelf.written() != 7 { // found, and twice: none, ordered, captured
			t.Errorf("written %+v", n.shelf.causes)
		}
		for _, c := range n.shelf.causes {
			if c.Actor != "wayback" || c.Verb != "archived-page" || c.Reason == "" {
				t.Errorf("signed %+v", c)
			}
		}
		asked := len(n.archive.Asked())
		time.Sleep(400 * day)
		if got := n.once(k); got != (Counts{Sources: 3}) || len(n.archive.Asked()) != asked {
			t.Errorf("what is archived is asked about again: %+v", got)
		}
	})
}

func TestWithoutKeysPagesAreLookedUpAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 2)
		k := n.keeper(n.keyless)
		if got := n.once(k); got != (Counts{Sources: 2, LookedUp: 2}) {
			t.Errorf("%+v", got)
		}
		for d := range 90 {
			time.Sleep(day)
			if d == 40 {
				n.archive.Keep(pageOf(0), time.Now(), http.StatusOK)
			}
			n.once(k)
		}
		if n.page(0).Archived == nil || n.page(1).Archived != nil {
			t.Errorf("%+v, %+v", n.page(0).Archived, n.page(1).Archived)
		}
		if asked := about(n.archive, "timemap"); asked > 13 { // at the start, four weeks, and monthly
			t.Errorf("%d TimeMaps of two pages in 90 days", asked)
		}
		if n.shelf.written() > 14 || about(n.archive, "save") != 0 {
			t.Errorf("%d writes", n.shelf.written())
		}
	})
}

func TestNoPageOfAHiddenVideoLeavesTheHouse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 5)
		embargo := time.Now().Add(10 * day)
		for i, visibility := range []archive.Visibility{
			{Exposure: archive.Embargoed, Until: embargo}, {Exposure: archive.Withdrawn}, {Exposure: archive.Erased},
		} {
			n.change(i, func(v *archive.Video) { v.Visibility = visibility })
		}
		n.change(3, func(v *archive.Video) { v.Sources[0].URL = "http://video.localhost:8090/watch?v=x" })
		k := n.keeper()
		if got := n.once(k); got.LookedUp != 1 || got.Ordered != 1 {
			t.Errorf("%+v", got)
		}
		for _, asked := range n.archive.Asked() {
			if asked[len(asked)-1] != '4' {
				t.Errorf("asked: %s", asked)
			}
		}
		time.Sleep(11 * day)
		if got := n.once(k); got.LookedUp != 1 || n.page(0).Archiving == nil {
			t.Errorf("after the embargo: %+v", got)
		}
	})
}

// TestAVideoThatIsWithdrawnMeanwhileIsNotSent: the list of videos is older than the record.
func TestAVideoThatIsWithdrawnMeanwhileIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 1)
		stale := n.shelf.all
		k := n.keeper(func(o *KeeperOptions) {
			o.Videos = func(ctx context.Context) iter.Seq2[archive.Video, error] {
				return func(yield func(archive.Video, error) bool) {
					for v, err := range stale(ctx) {
						n.change(0, func(v *archive.Video) { v.Visibility.Exposure = archive.Withdrawn })
						yield(v, err)
					}
				}
			}
		})
		n.once(k)
		if asked := n.archive.Asked(); len(asked) != 0 || n.shelf.written() != 0 {
			t.Errorf("asked %v, wrote %v", asked, n.shelf.causes)
		}
	})
}

func TestARefusedPageIsLeftForAsLongAsTheRefusalSays(t *testing.T) {
	for code, orders := range map[string]int{ // within ten days
		"error:blocked-url": 1, "error:too-many-daily-captures": 10, "error:job-failed": 40,
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newNewsroom(t, 1)
			n.archive.Refuse(pageOf(0), code)
			k := n.keeper()
			for range 10*24*2 - 1 {
				n.once(k)
				time.Sleep(30*time.Minute - 30*time.Second)
			}
			if got := about(n.archive, "save"); got < orders/2 || got > orders+1 {
				t.Errorf("%s: %d orders in ten days", code, got)
			}
			if a := n.page(0).Archiving; RefusalOf(a.Trouble) != RefusalOf(code) || a.Job != "" {
				t.Errorf("%s: %+v", code, a)
			}
		})
	}
}

func TestACaptureThatFailsIsNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 1)
		k := n.keeper()
		n.once(k)
		n.archive.FailJobs(pageOf(0), "error:no-access")
		time.Sleep(2 * time.Minute)
		if got := n.once(k); got.Refused != 1 {
			t.Errorf("%+v", got)
		}
		if s := n.page(0); s.Archived != nil || s.Archiving.Job != "" || s.Archiving.Trouble != "error:no-access: Failed for "+pageOf(0) {
			t.Errorf("%+v", s.Archiving)
		}
	})
}

func TestAPageOfAnotherSiteIsNoMemento(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 1)
		n.archive.Move(pageOf(0), "https://consent.youtube.com/m?continue=x")
		k := n.keeper()
		n.once(k)
		time.Sleep(2 * time.Minute)
		n.once(k)
		if s := n.page(0); s.Archived != nil || s.Archiving.Trouble != "redirected: the capture shows a page of consent.youtube.com" {
			t.Errorf("%+v, %+v", s.Archived, s.Archiving)
		}
	})
}

func TestAForgottenJobIsLookedForInTheIndex(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 1)
		k := n.keeper()
		n.once(k)
		time.Sleep(3 * time.Hour) // nobody asked while the archive knew
		n.once(k)
		if s := n.page(0); s.Archiving.Job != "" || s.Archiving.Trouble != noEnd {
			t.Errorf("%+v", s.Archiving)
		}
		time.Sleep(day)
		n.once(k)
		if s := n.page(0); s.Archived == nil || about(n.archive, "save") != 1 {
			t.Errorf("%+v, asked %v", s.Archiving, n.archive.Asked())
		}
	})
}

func TestTroubleWithTheAccountIsNotThePages(t *testing.T) {
	for code, atMost := range map[string]int{"error:user-session-limit": 12, "error:max-daily-bandwidth": 3} {
		synctest.Test(t, func(t *testing.T) {
			n := newNewsroom(t, 20)
			for i := range 20 {
				n.archive.Refuse(pageOf(i), code)
			}
			k := n.keeper()
			counts, err := k.Once(t.Context())
			var refused *RefusedError
			if !errors.As(err, &refused) || counts.LookedUp != 20 || counts.Refused != 0 || about(n.archive, "save") != 1 {
				t.Errorf("%s: %+v, %v", code, counts, err)
			}
			for range 11 {
				time.Sleep(time.Hour)
				if _, err := k.Once(t.Context()); err == nil {
					t.Errorf("%s: all is well", code)
				}
			}
			if got := about(n.archive, "save"); got > atMost {
				t.Errorf("%s: %d orders in half a day", code, got)
			}
			if a := n.page(0).Archiving; a.Trouble != "" || !a.Asked.IsZero() {
				t.Errorf("%s is in the record: %+v", code, a)
			}
			if n.log.lines("level=WARN") != 1 {
				t.Errorf("%s", n.log)
			}
		})
	}
}

func TestWhatWasAcceptedIsFollowedUpWhileTheAccountIsAtItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, 2)
		n.archive.Refuse(pageOf(1), "error:max-daily-bandwidth")
		stop := n.run(n.keeper())
		time.Sleep(30 * time.Minute)
		if s := n.page(0); s.Archived == nil {
			t.Errorf("%+v", s.Archiving)
		}
		if got := about(n.archive, "save"); got != 2 {
			t.Errorf("%d orders in half an hour", got)
		}
		n.archive.Refuse(pageOf(1), "")
		time.Sleep(13 * time.Hour)
		stop()
		if s := n.page(1); s.Archived == nil || n.log.lines("level=WARN") != 1 {
			t.Errorf("half a day later: %+v; the log: %s", s.Archiving, n.log)
		}
	})
}

func TestAnArchiveThatIsDownIsOneMessage(t *testing.T) {
	for _, fault := range []archivetest.WebArchiveFault{
		archivetest.WebArchiveDown, archivetest.WebArchiveHangUp, archivetest.WebArchiveRateLimited,
		archivetest.WebArchiveGarbage, archivetest.WebArchiveEmptyIndex,
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newNewsroom(t, 60)
			fail(t, n.archive, fault)
			stop := n.run(n.keeper())
			time.Sleep(48 * time.Hour)
			asked := len(n.archive.Asked())
			if n.log.lines("level=WARN") != 1 || asked == 0 || asked > 400 {
				t.Errorf("%s: %d requests, and the log: %s", fault, asked, n.log)
			}
			if n.shelf.written() != 0 {
				t.Errorf("%s: wrote %v", fault, n.shelf.causes)
			}
			fail(t, n.archive, archivetest.WebArchiveWell)
			time.Sleep(48 * time.Hour)
			stop()
			missing := 0
			for i := range 60 {
				if n.page(i).Archived == nil {
					missing++
				}
			}
			if missing > 0 || n.log.lines("answers again") != 1 {
				t.Errorf("%s: %d pages are missing two days later; the log: %s", fault, missing, n.log)
			}
		})
	}
}
