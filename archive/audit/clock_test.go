package audit_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

const aYear = 365 * day

// ahead sets our clock ahead of all others, runs what is to be done under it, and sets it right.
func (r *room) ahead(by time.Duration, do func()) {
	r.Helper()
	r.now, r.skew = r.now.Add(by), by
	do()
	r.now, r.skew = r.now.Add(-by), 0
}

func TestUnderAClockThatIsOffNothingIsJudged(t *testing.T) {
	for _, by := range []time.Duration{aYear, 31 * time.Minute, -31 * time.Minute, -aYear} {
		t.Run(by.String(), func(t *testing.T) {
			r := newRoom(t)
			r.now = r.now.Add(2 * aYear)
			v := r.add("one")
			r.gone["one"] = true
			r.now = r.now.Add(time.Hour)
			var log bytes.Buffer
			ledger := newMemory(r.standings)
			a := r.build(func(o *audit.Options) {
				o.Ledger, o.Log = ledger, slog.New(slog.NewTextHandler(&log, nil))
			})
			before, asked := r.video(v.ID), 0
			r.ahead(by, func() {
				for range 3 {
					r.now = r.now.Add(6 * time.Hour)
					s, err := a.Check(t.Context(), []archive.Video{r.video(v.ID)}, "ana")
					if err != nil || s.Verdicts[archive.SaysUnclear] != 1 || len(s.Changes) != 0 || len(s.Channels) != 0 || s.Skewed != s.Observations || s.States[archive.Live] != 1 {
						t.Errorf("%+v, %v", s, err)
					}
					asked += s.Sources
				}
			})
			if known, _ := ledger.Heard(t.Context(), []archive.SourceKey{v.Sources[0].SourceKey, archive.ChannelKey("toy", "UCtoy")}); len(known) != 0 || asked != 3 {
				t.Errorf("%d times asked, heard %+v", asked, known)
			}
			if r.video(v.ID).Revision != before.Revision {
				t.Errorf("the record became %+v", r.standing(v))
			}
			if n := strings.Count(log.String(), "misdated=2"); n != 3 { // the video and its channel, three times
				t.Errorf("the log says so %d times:\n%s", n, &log)
			}
			for hour := range 2 {
				if s, err := a.Check(t.Context(), []archive.Video{r.video(v.ID)}, "ana"); err != nil || len(s.Changes) != 1 {
					t.Errorf("the clock is right, round %d: %+v, %v", hour, s, err)
				}
				r.now = r.now.Add(6 * time.Hour)
			}
			if got := r.standing(v); got.State != archive.Gone {
				t.Errorf("it is %s", got.State)
			}
		})
	}
}

func TestHalfAnHourBetweenTwoClocksIsNoDoubt(t *testing.T) {
	for _, by := range []time.Duration{30 * time.Minute, -30 * time.Minute} {
		r := newRoom(t)
		v := r.add("one")
		r.gone["one"] = true
		r.now = r.now.Add(time.Hour)
		r.ahead(by, func() { r.after(0, v) })
		if got := r.standing(v); got.State != archive.Suspect {
			t.Errorf("by %s: %s", by, got.State)
		}
	}
}

func TestARegistrationUnderAClockThatIsAheadIsJudgedByTheNextAudit(t *testing.T) {
	r := newRoom(t)
	var v archive.Video
	r.ahead(aYear, func() { v = r.add("one") })
	if s := v.Sources[0]; s.Standing.State != archive.Unchecked || !s.Standing.LastRound.IsZero() || s.Described == nil {
		t.Errorf("%+v", s)
	}
	if s := r.after(time.Hour, v); s.States[archive.Live] != 1 || r.standing(v).State != archive.Live {
		t.Errorf("%+v", s)
	}
}

// Where no answer tells the time, a clock that is ahead is found out when it is set right.
func TestWhatWasNotedInTheFutureFreezesNothing(t *testing.T) {
	r := newRoom(t)
	r.undated = true
	videos := r.many(3)
	b := r.another()
	b.catchesUp()
	r.ahead(aYear, func() {
		r.gone["v0"] = true
		b.catchesUp()
		if _, err := b.Check(t.Context(), videos, "ana"); err != nil {
			t.Fatal(err)
		}
	})
	if s := r.standing(videos[0]); s.State != archive.Suspect || s.FirstBad.Before(r.now.Add(aYear)) {
		t.Fatalf("nothing was noted in the future: %+v", s)
	}
	r.now = r.now.Add(time.Hour)
	elsewhere := r.elsewhere(audit.Plan{})
	r.answered(elsewhere, 1, "others")
	r.ended(elsewhere)
	r.now = r.now.Add(5 * time.Hour)
	s := b.schedule(asIs)
	if sum := r.turn(s); sum.Sources != 1 { // of all it is known when they were registered, and the suspect is due
		t.Errorf("asked %+v", sum)
	}
	if b.heard("others").IsZero() {
		t.Error("what others wrote is not read")
	}
	if got := r.standing(videos[0]); got.State != archive.Suspect || !got.FirstBad.Equal(r.now) {
		t.Errorf("%+v", got)
	}
	r.now = r.now.Add(6 * time.Hour)
	if r.turn(s); r.standing(videos[0]).State != archive.Gone {
		t.Errorf("it is %s", r.standing(videos[0]).State)
	}
	asked := 0
	for range 24 {
		r.now = r.now.Add(time.Hour)
		asked += r.turn(s).Sources
	}
	if asked > 4 || b.heard("v1").After(r.now) {
		t.Errorf("the living ones are asked %d times in a day, and heard at %s", asked, b.heard("v1"))
	}
}

func TestARecordThatWasAskedInTheFutureIsSetRight(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	later := r.now.Add(aYear)
	if _, err := r.store.Update(t.Context(), v.ID, archive.Cause{}, func(v *archive.Video) error {
		s := &v.Sources[0].Standing
		s.LastRound, s.LastClear, s.LastGood = later, later, later
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	r.after(time.Hour, v)
	if got := r.standing(v); !got.LastRound.Equal(r.now) || !got.LastGood.Equal(r.now) {
		t.Errorf("%+v", got)
	}
	revision := r.video(v.ID).Revision
	if r.after(time.Hour, v); r.video(v.ID).Revision != revision {
		t.Error("it is written again")
	}
}

func TestAReportIsFollowedThoughTheSourceWasAskedInTheFuture(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	v.Sources[0].Standing.LastRound = r.now.Add(aYear)
	r.gone["one"] = true
	r.now = r.now.Add(time.Hour)
	followed(t, func() []*audit.Trouble {
		trouble := audit.NewTrouble(audit.TroubleOptions{Auditor: r.auditor, Quota: 10_000})
		trouble.Report(v, v.Sources[0].SourceKey)
		return []*audit.Trouble{trouble}
	})
	if got := r.standing(v); got.State != archive.Suspect {
		t.Errorf("it is %s", got.State)
	}
}

func TestAChannelThatWasAskedInTheFutureIsAsked(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	b := r.another()
	future := archive.Heard{Source: archive.ChannelKey("toy", "UCtoy"), LastRound: r.now.Add(aYear)}
	if err := b.ledger.Note(t.Context(), []archive.Heard{future}); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(time.Hour)
	if s, err := b.Check(t.Context(), []archive.Video{v}, "ana"); err != nil || s.Observations != 2*2+2*2 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhatOthersWroteUnderAClockThatIsAheadIsNotNoted(t *testing.T) {
	for _, undated := range []bool{false, true} {
		t.Run(fmt.Sprint("undated ", undated), func(t *testing.T) {
			r := newRoom(t)
			r.undated = undated
			b := r.another()
			name := r.elsewhere(audit.Plan{})
			r.ahead(aYear, func() { r.answered(name, 1, "one") })
			r.answered(name, 2, "two")
			r.ended(name)
			future := archive.Heard{Source: archive.SourceKey{Platform: "toy", ID: "three"}, LastRound: r.now.Add(aYear), LastGood: r.now.Add(aYear)}
			b.checkpoints.days[r.now] = []archive.Heard{future}
			b.catchesUp()
			if !b.heard("one").IsZero() || !b.heard("two").Equal(r.now) || !b.heard("three").IsZero() {
				t.Errorf("heard at %s, %s and %s", b.heard("one"), b.heard("two"), b.heard("three"))
			}
		})
	}
}

func TestAClockThatWasBehindLosesNothing(t *testing.T) {
	r := newRoom(t)
	b := r.another()
	for _, id := range []string{"before", "meanwhile"} {
		r.now = r.now.Add(3 * time.Hour)
		name := r.elsewhere(audit.Plan{})
		r.answered(name, 1, id)
		r.ended(name)
		if id == "before" {
			b.catchesUp()
		}
	}
	right := r.now
	r.now = right.Add(-4 * time.Hour)
	b.catchesUp()
	r.now = right.Add(time.Minute)
	b.catchesUp()
	if !b.heard("before").Equal(right.Add(-3*time.Hour)) || !b.heard("meanwhile").Equal(right) {
		t.Errorf("heard at %s and %s", b.heard("before"), b.heard("meanwhile"))
	}
}
