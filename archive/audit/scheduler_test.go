package audit_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// shelf keeps checkpoints in memory.
type shelf struct {
	mu      sync.Mutex
	days    map[time.Time][]archive.Heard
	damaged map[time.Time]bool
}

func newShelf() *shelf {
	return &shelf{days: map[time.Time][]archive.Heard{}, damaged: map[time.Time]bool{}}
}

var errDamaged = errors.New("damaged")

func (s *shelf) WriteCheckpoint(_ context.Context, day time.Time, heard iter.Seq2[archive.Heard, error]) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, stands := s.days[day]; stands {
		return archive.ErrExists
	}
	var list []archive.Heard
	for h, err := range heard {
		if err != nil {
			return err
		}
		list = append(list, h)
	}
	s.days[day] = list
	return nil
}

func (s *shelf) LatestCheckpoint(_ context.Context, before time.Time) (time.Time, iter.Seq2[archive.Heard, error], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	days := slices.SortedFunc(maps.Keys(s.days), func(a, b time.Time) int { return b.Compare(a) })
	for _, day := range days {
		if day.Before(before) {
			list, damaged := s.days[day], s.damaged[day]
			return day, func(yield func(archive.Heard, error) bool) {
				for _, h := range list {
					if !yield(h, nil) {
						return
					}
				}
				if damaged {
					yield(archive.Heard{}, errDamaged)
				}
			}, nil
		}
	}
	return time.Time{}, nil, archive.ErrNotFound
}

// chair is a lease in memory.
type chair struct {
	mu    sync.Mutex
	taken bool
}

func (c *chair) Hold(ctx context.Context, _ string) (context.Context, func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken {
		return nil, nil, fmt.Errorf("%w: by another", audit.ErrBusy)
	}
	c.taken = true
	held, stop := context.WithCancel(ctx)
	return held, func() {
		stop()
		c.mu.Lock()
		c.taken = false
		c.mu.Unlock()
	}, nil
}

// scheduler audits the room's store with a ledger of its own.
func (r *room) scheduler(checkpoints audit.Checkpoints, otherwise func(*audit.SchedulerOptions)) *audit.Scheduler {
	o := audit.SchedulerOptions{
		Auditor: r.build(func(*audit.Options) {}), Leases: &chair{}, Checkpoints: checkpoints,
		Videos: func(ctx context.Context) iter.Seq2[archive.Video, error] { return videosOf(ctx, r.store) },
	}
	otherwise(&o)
	return audit.NewScheduler(o)
}

func asIs(*audit.SchedulerOptions) {}

func (r *room) turn(s *audit.Scheduler) audit.Summary {
	r.Helper()
	summary, err := s.Turn(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	return summary
}

func TestATurnAsksWhatIsDueAndNothingElse(t *testing.T) {
	r := newRoom(t)
	r.many(20)
	s := r.scheduler(newShelf(), asIs)
	asked := 0
	for range 24 {
		r.now = r.now.Add(time.Hour)
		asked += r.turn(s).Sources
	}
	if asked != 20 {
		t.Errorf("%d questions in a day", asked)
	}
	r.gone["v7"] = true
	found := time.Time{}
	for hour := 1; found.IsZero() && hour <= 48; hour++ {
		r.now = r.now.Add(time.Hour)
		if sum := r.turn(s); len(sum.Changes) > 0 && sum.Changes[0].To == archive.Gone {
			found = r.now
		}
	}
	if found.IsZero() {
		t.Error("a death was not found in two days")
	}
}

func TestALostLedgerIsRebuiltFromCheckpointAndParts(t *testing.T) {
	r := newRoom(t)
	r.many(10)
	checkpoints := newShelf()
	first := r.scheduler(checkpoints, asIs)
	for range 30 { // past midnight, so there is a checkpoint and parts after it
		r.now = r.now.Add(time.Hour)
		r.turn(first)
	}
	if len(checkpoints.days) != 2 {
		t.Fatalf("%d checkpoints", len(checkpoints.days))
	}
	second := r.scheduler(checkpoints, asIs) // with an empty ledger
	if sum := r.turn(second); sum.Sources != 0 {
		t.Errorf("%d sources were asked again", sum.Sources)
	}
	for day := range checkpoints.days {
		if day.Day() == 2 {
			checkpoints.damaged[day] = true
		}
	}
	if sum := r.turn(r.scheduler(checkpoints, asIs)); sum.Sources != 0 {
		t.Errorf("with a damaged checkpoint, %d sources were asked again", sum.Sources)
	}
}

func TestATurnTakesUpWhatAnotherProcessBrokeOff(t *testing.T) {
	r := newRoom(t)
	r.each = 60
	videos := r.many(100)
	r.gone["v1"], r.gone["v77"] = true, true
	r.now = r.now.Add(26 * time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	killed := r.build(func(o *audit.Options) { o.Records, o.AtOnce = &dying{Store: r.store, kill: cancel}, 1 })
	broken, err := killed.Run(ctx, audit.Request{Videos: audit.These(videos), Plan: audit.Plan{Scope: "due", Leased: true}})
	if !errors.Is(err, context.Canceled) || broken.Parts != 1 {
		t.Fatalf("%+v, %v", broken, err)
	}
	var told []string
	s := r.scheduler(newShelf(), func(o *audit.SchedulerOptions) {
		o.After = func(_ context.Context, s audit.Summary) { told = append(told, s.Audit) }
	})
	sum := r.turn(s)
	if sum.Audit == broken.Audit || sum.Sources == 0 || sum.Sources >= 100 {
		t.Errorf("%+v", sum)
	}
	if len(told) != 2 || told[0] != broken.Audit {
		t.Errorf("told of %v", told)
	}
	if n := r.states(videos); n[archive.Suspect] != 2 {
		t.Errorf("%v", n)
	}
}

func TestOneOfManySchedulersAuditsAtATime(t *testing.T) {
	r := newRoom(t)
	r.many(3)
	synctest.Test(t, func(t *testing.T) {
		lease := &chair{}
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		turns, under := map[int]int{}, 0
		var all sync.WaitGroup
		for i := range 3 {
			s := r.scheduler(newShelf(), func(o *audit.SchedulerOptions) {
				o.Leases = lease
				o.Videos = func(context.Context) iter.Seq2[archive.Video, error] {
					return func(func(archive.Video, error) bool) {
						mu.Lock()
						turns[i]++
						if under++; under > 1 {
							t.Errorf("%d audits at once", under)
						}
						mu.Unlock()
						time.Sleep(10 * time.Minute)
						mu.Lock()
						under--
						mu.Unlock()
					}
				}
			})
			all.Go(func() { s.Run(ctx) })
		}
		time.Sleep(9 * time.Hour)
		cancel()
		all.Wait()
		for i := range 3 {
			if turns[i] < 6 {
				t.Errorf("turns in nine hours: %v", turns)
			}
		}
	})
}
