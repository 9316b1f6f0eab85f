package audit_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// reported are videos of the toy platform with one source each, which no store holds.
func reported(n int) []archive.Video {
	var videos []archive.Video
	for i := range n {
		key := archive.SourceKey{Platform: "toy", ID: fmt.Sprint("v", i)}
		videos = append(videos, archive.Video{ID: archive.NewVideoID(), Sources: []archive.Source{{SourceKey: key}}})
	}
	return videos
}

func TestASourceIsRecheckedOnceInHalfAnHour(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(audit.TroubleOptions{Auditor: r.auditor, Quota: 10_000})
	v := reported(1)[0]
	key := v.Sources[0].SourceKey
	if !trouble.Report(v, key) {
		t.Fatal("the first report was not taken")
	}
	for range 100 {
		if trouble.Report(v, key) {
			t.Fatal("a second one was taken at once")
		}
	}
	r.now = r.now.Add(29 * time.Minute)
	if trouble.Report(v, key) {
		t.Error("one was taken after 29 minutes")
	}
	r.now = r.now.Add(time.Minute)
	if !trouble.Report(v, key) {
		t.Error("none was taken after half an hour")
	}
}

func TestASourceThatTheVideoHasNotIsNeverAsked(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(audit.TroubleOptions{Auditor: r.auditor, Quota: 10_000})
	if trouble.Report(reported(1)[0], archive.SourceKey{Platform: "toy", ID: "somebody-elses"}) {
		t.Error("it was taken")
	}
}

func TestReportsSpendATwentiethOfTheDaysQuota(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(audit.TroubleOptions{Auditor: r.auditor, Quota: 200})
	taken := 0
	for _, v := range reported(40) {
		if trouble.Report(v, v.Sources[0].SourceKey) {
			taken++
		}
	}
	if taken != 10 {
		t.Errorf("%d of 200 questions were given to reports, want 10", taken)
	}
	r.now = r.now.Add(24 * time.Hour)
	if v := reported(41)[40]; !trouble.Report(v, v.Sources[0].SourceKey) {
		t.Error("the next day none was taken")
	}
}

func TestAFloodFillsTheQueueAndNoMore(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(audit.TroubleOptions{Auditor: r.auditor, Quota: 1_000_000})
	taken := 0
	for _, v := range reported(2_000) {
		if trouble.Report(v, v.Sources[0].SourceKey) {
			taken++
		}
	}
	if taken != 256 {
		t.Errorf("%d reports wait, want 256", taken)
	}
}

func TestAReportHasTheSourceAskedByTheOrdinaryRules(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	r.now = r.now.Add(time.Hour)
	asked := len(r.batches)
	followed(t, func() []*audit.Trouble {
		trouble := audit.NewTrouble(audit.TroubleOptions{Auditor: r.auditor, Quota: 10_000})
		trouble.Report(v, v.Sources[0].SourceKey)
		return []*audit.Trouble{trouble}
	})
	if got := len(r.batches) - asked; got != 1 {
		t.Errorf("the platform was asked %d times", got)
	}
	if state := r.standing(v).State; state != archive.Suspect {
		t.Errorf("one bad round made it %v", state)
	}
}

// followed runs what report makes for ten minutes by a clock that does not wait, and then the rest.
func followed(t *testing.T, report func() []*audit.Trouble, then ...func()) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for _, trouble := range report() {
			running.Go(func() { trouble.Run(ctx) })
		}
		time.Sleep(10 * time.Minute)
		stop()
		running.Wait()
		for _, step := range then {
			step()
		}
	})
}

// asked is how many sources the platform was asked about.
func (r *room) asked() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, batch := range r.batches {
		n += batch
	}
	return n
}

// replica is a process of its own, which knows of the others by the journal alone.
func (r *room) replica(o audit.TroubleOptions) *audit.Trouble {
	o.Auditor = r.build(func(o *audit.Options) { o.Ledger = newMemory(r.standings) })
	o.Checkpoints = newShelf()
	return audit.NewTrouble(o)
}

func reportAll(trouble *audit.Trouble, videos []archive.Video) (taken int) {
	for _, v := range videos {
		if trouble.Report(v, v.Sources[0].SourceKey) {
			taken++
		}
	}
	return taken
}

func TestAFullQueueSpendsNothingAndKeepsNoSourceWaiting(t *testing.T) {
	r := newRoom(t)
	var trouble *audit.Trouble
	videos := reported(400)
	followed(t, func() []*audit.Trouble {
		trouble = audit.NewTrouble(audit.TroubleOptions{Auditor: r.auditor, Quota: 400 * 20})
		if n := reportAll(trouble, videos); n != 256 {
			t.Errorf("%d wait", n)
		}
		return []*audit.Trouble{trouble}
	}, func() {
		if n := reportAll(trouble, videos[256:]); n != 144 {
			t.Errorf("of 144 that found the queue full %d were taken when there was room", n)
		}
	})
}

func TestARestartAsksNoSourceTwiceInHalfAnHour(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.now = r.now.Add(time.Hour)
	before := r.asked()
	for range 3 {
		followed(t, func() []*audit.Trouble {
			trouble := r.replica(audit.TroubleOptions{Quota: 10_000})
			if n := reportAll(trouble, []archive.Video{v}); n != 1 {
				t.Errorf("%d reports taken after a start", n)
			}
			return []*audit.Trouble{trouble}
		})
		r.now = r.now.Add(time.Minute)
	}
	if got := r.asked() - before; got != 1 {
		t.Errorf("it was asked %d times", got)
	}
}

func TestASourceThatWasAskedAnywayIsTakenUpWhenThePauseEnds(t *testing.T) {
	r := newRoom(t)
	v := r.add("one") // and asked
	r.now = r.now.Add(20 * time.Minute)
	before := r.asked()
	var trouble *audit.Trouble
	followed(t, func() []*audit.Trouble {
		trouble = r.replica(audit.TroubleOptions{Quota: 20})
		reportAll(trouble, []archive.Video{v})
		return []*audit.Trouble{trouble}
	}, func() {
		if got := r.asked() - before; got != 0 {
			t.Errorf("after 20 minutes it was asked %d times", got)
		}
		r.now = r.now.Add(10 * time.Minute)
		if reportAll(trouble, []archive.Video{v}) != 1 {
			t.Error("the one question of the day is gone, or the pause counts from the report")
		}
	})
}

func TestReplicasShareALeaseAndAskOnce(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.now = r.now.Add(time.Hour)
	before := r.asked()
	followed(t, func() []*audit.Trouble {
		lease := &chair{}
		var all []*audit.Trouble
		for range 3 {
			trouble := r.replica(audit.TroubleOptions{Quota: 10_000, Leases: lease})
			reportAll(trouble, []archive.Video{v})
			all = append(all, trouble)
		}
		return all
	})
	if got := r.asked() - before; got != 1 {
		t.Errorf("three replicas asked %d times", got)
	}
}

// purse is an allowance that processes share, whose day the test sets.
type purse struct {
	mu    sync.Mutex
	day   string
	spent map[string]int
	down  bool
}

func (p *purse) Day() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.day
}

func (p *purse) turn(day string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.day = day
}

func (p *purse) Reserve(_ context.Context, day string, n, limit int) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return 0, archive.ErrUnavailable
	}
	n = min(n, limit-p.spent[day])
	p.spent[day] += n
	return n, nil
}

func TestReplicasAndRestartsShareATwentiethOfTheDaysQuota(t *testing.T) {
	r := newRoom(t)
	p := &purse{day: "2026-01-01", spent: map[string]int{}}
	const quota = 30 * 20
	videos := reported(100)
	for i := range 4 {
		var trouble *audit.Trouble
		p.turn("2026-01-01")
		followed(t, func() []*audit.Trouble {
			trouble = r.replica(audit.TroubleOptions{Quota: quota, Allowance: p})
			if n := reportAll(trouble, videos[i*20:i*20+20]); n != 20 {
				t.Errorf("%d reports taken", n)
			}
			return []*audit.Trouble{trouble}
		}, func() {
			if n := reportAll(trouble, videos[80:]); (n > 0) != (i == 0) { // the first has not met the limit
				t.Errorf("process %d took %d more reports that day", i, n)
			}
			p.turn("2026-01-02") // by the platform's clock; here it is still the day before
			if n := reportAll(trouble, videos[80:]); i > 0 && n != 20 {
				t.Errorf("the next day process %d took %d", i, n)
			}
		})
	}
	if got := r.asked(); got != 30 {
		t.Errorf("four processes asked %d questions, want 30", got)
	}
}

func TestWhileTheStoreIsAwayAProcessCountsForItself(t *testing.T) {
	r := newRoom(t)
	p := &purse{day: "2026-01-01", spent: map[string]int{}, down: true}
	followed(t, func() []*audit.Trouble {
		trouble := r.replica(audit.TroubleOptions{Quota: 10 * 20, Allowance: p})
		if n := reportAll(trouble, reported(20)); n != 10 {
			t.Errorf("%d reports taken", n)
		}
		return []*audit.Trouble{trouble}
	})
	if got := r.asked(); got != 10 {
		t.Errorf("%d questions asked, want 10", got)
	}
}
