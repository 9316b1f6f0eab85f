package audit_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// elsewhere is an audit that another process runs, written by hand. It begins now.
func (r *room) elsewhere(plan audit.Plan) string {
	r.Helper()
	plan.Started = r.now
	name, err := r.store.Journal().Begin(r.Context(), r.now)
	if err == nil {
		err = r.store.Journal().WritePlan(r.Context(), name, plan)
	}
	if err != nil {
		r.Fatal(err)
	}
	return name
}

// answered writes what the platform answers now as a part of an audit.
func (r *room) answered(name string, part int, ids ...string) {
	r.Helper()
	observations, err := r.Probe(r.Context(), ids)
	if err == nil {
		err = r.store.Journal().WritePart(r.Context(), name, part, observations)
	}
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) ended(name string) {
	r.Helper()
	if err := r.store.Journal().Finish(r.Context(), name, audit.Summary{Audit: name}); err != nil {
		r.Fatal(err)
	}
}

// replica is a process of its own, with a ledger of its own.
type replica struct {
	*room
	*audit.Auditor
	ledger      *memory
	checkpoints *shelf
}

func (r *room) another() *replica {
	ledger := newMemory(r.standings)
	return &replica{r, r.build(func(o *audit.Options) { o.Ledger = ledger }), ledger, newShelf()}
}

// catchesUp returns the names of the audits that are open.
func (p *replica) catchesUp() []string {
	p.Helper()
	open, err := p.CatchUp(p.Context(), p.checkpoints)
	if err != nil {
		p.Fatal(err)
	}
	var names []string
	for _, u := range open {
		names = append(names, u.Audit)
	}
	return names
}

func (p *replica) schedule(otherwise func(*audit.SchedulerOptions)) *audit.Scheduler {
	return p.scheduler(p.checkpoints, func(o *audit.SchedulerOptions) {
		o.Auditor = p.Auditor
		otherwise(o)
	})
}

// heard is when a source was last seen alive, as far as the process knows.
func (p *replica) heard(id string) time.Time {
	p.Helper()
	key := archive.SourceKey{Platform: "toy", ID: id}
	known, err := p.ledger.Heard(p.Context(), []archive.SourceKey{key})
	if err != nil {
		p.Fatal(err)
	}
	return known[key].LastGood
}

func TestALongAuditIsNotedWhenItEnds(t *testing.T) {
	r := newRoom(t)
	b := r.another()
	b.catchesUp()
	start := r.now
	long := r.elsewhere(audit.Plan{Leased: true})
	r.answered(long, 1, "early")
	r.now = start.Add(13 * time.Hour)
	if open := b.catchesUp(); len(open) != 1 || open[0] != long {
		t.Fatalf("open: %v", open)
	}
	r.now = start.Add(30 * time.Hour)
	r.answered(long, 2, "late")
	r.ended(long)
	r.now = start.Add(31 * time.Hour)
	if open := b.catchesUp(); len(open) != 0 {
		t.Errorf("open: %v", open)
	}
	if !b.heard("early").Equal(start) || !b.heard("late").Equal(start.Add(30*time.Hour)) {
		t.Errorf("heard at %s and %s", b.heard("early"), b.heard("late"))
	}
	if known, _ := b.ledger.ReadUpTo(t.Context()); !known.Equal(r.now) {
		t.Errorf("known up to %s", known)
	}
}

func TestALongAuditThatIsKilledIsTakenUp(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	b := r.another()
	b.catchesUp()
	start := r.now
	r.gone["one"] = true
	r.now = start.Add(time.Hour)
	long := r.elsewhere(audit.Plan{Leased: true})
	r.answered(long, 1, "one", "two")
	r.now = start.Add(14 * time.Hour)
	b.catchesUp() // for a report of trouble, say: without the lease it takes nothing up
	r.now = start.Add(30 * time.Hour)
	var told []string
	r.turn(b.schedule(func(o *audit.SchedulerOptions) {
		o.After = func(_ context.Context, s audit.Summary) { told = append(told, s.Audit) }
	}))
	if len(told) != 2 || told[0] != long {
		t.Fatalf("told of %v", told)
	}
	if got := r.standing(v); got.State != archive.Gone || !got.FirstBad.Equal(start.Add(time.Hour)) {
		t.Errorf("%s, first bad at %s", got.State, got.FirstBad)
	}
}

func TestTheMarkWaitsForOpenAuditsAWeekAndNeverGoesBack(t *testing.T) {
	r := newRoom(t)
	b := r.another()
	start := r.now
	early := r.elsewhere(audit.Plan{})
	r.now = start.Add(5 * time.Hour)
	b.catchesUp() // nothing of it is written yet
	r.answered(early, 1, "one")
	for _, step := range []struct{ after, mark time.Duration }{
		{6 * time.Hour, 5 * time.Hour},
		{7 * day, 5 * time.Hour},
		{7*day + time.Hour, 7*day + time.Hour},
		{9 * day, 9 * day},
	} {
		r.now = start.Add(step.after)
		b.catchesUp()
		if known, _ := b.ledger.ReadUpTo(t.Context()); !known.Equal(start.Add(step.mark)) {
			t.Errorf("after %s it is known up to %s", step.after, known.Sub(start))
		}
	}
}

func TestWithoutItsPlanAnAuditIsWaitedForSinceItsDayBegan(t *testing.T) {
	r := newRoom(t)
	b := r.another()
	r.now = r.now.Add(30 * time.Hour)
	name, err := r.store.Journal().Begin(t.Context(), r.now)
	if err != nil {
		t.Fatal(err)
	}
	r.answered(name, 1, "one")
	b.catchesUp()
	if known, _ := b.ledger.ReadUpTo(t.Context()); !known.Equal(r.now.Truncate(day)) {
		t.Errorf("known up to %s", known)
	}
}

func TestALedgerRebuiltFromACheckpointHasWhatSpannedMidnight(t *testing.T) {
	r := newRoom(t)
	midnight := r.now.Add(day)
	r.now = midnight.Add(-10 * time.Minute)
	other := r.elsewhere(audit.Plan{})
	r.now = midnight.Add(10 * time.Minute)
	b := r.another()
	if err := b.checkpoints.WriteCheckpoint(t.Context(), midnight, b.ledger.All(t.Context())); err != nil {
		t.Fatal(err)
	}
	r.now = midnight.Add(20 * time.Minute)
	r.answered(other, 1, "one")
	r.ended(other)
	if b.catchesUp(); !b.heard("one").Equal(r.now) {
		t.Errorf("heard at %s", b.heard("one"))
	}
}

// checkpointed reports whether the day's checkpoint stands, and when it says a source was heard.
func (p *replica) checkpointed(of time.Time, id string) (stands bool, heard time.Time) {
	p.checkpoints.mu.Lock()
	defer p.checkpoints.mu.Unlock()
	list, stands := p.checkpoints.days[of]
	for _, h := range list {
		if h.Source.ID == id {
			heard = h.LastGood
		}
	}
	return stands, heard
}

func TestACheckpointWaitsForAuditsOfTheDayBefore(t *testing.T) {
	r := newRoom(t)
	r.now = r.now.Add(12 * time.Hour)
	b := r.another()
	s := b.schedule(asIs)
	r.turn(s)
	midnight := r.now.Add(12 * time.Hour)
	r.now = midnight.Add(-10 * time.Minute)
	other := r.elsewhere(audit.Plan{})
	r.answered(other, 1, "early")
	r.now = midnight.Add(10 * time.Minute)
	r.turn(s)
	if stands, _ := b.checkpointed(midnight, "early"); stands {
		t.Error("it was written without an audit that is under way")
	}
	r.answered(other, 2, "late")
	r.ended(other)
	r.now = midnight.Add(70 * time.Minute)
	r.turn(s)
	if stands, heard := b.checkpointed(midnight, "late"); !stands || !heard.Equal(midnight.Add(10*time.Minute)) {
		t.Errorf("it stands: %v, and heard of it at %s", stands, heard)
	}
}

func TestACheckpointHasWhatOthersWroteWhileThisProcessAudited(t *testing.T) {
	r := newRoom(t)
	b := r.another()
	start := r.now
	r.turn(b.schedule(func(o *audit.SchedulerOptions) {
		o.Videos = func(context.Context) iter.Seq2[archive.Video, error] {
			return func(func(archive.Video, error) bool) { // and goes on for thirty hours
				r.now = start.Add(5 * time.Hour)
				other := r.elsewhere(audit.Plan{})
				r.answered(other, 1, "reported")
				r.ended(other)
				r.now = start.Add(30 * time.Hour)
			}
		}
	}))
	if stands, heard := b.checkpointed(start.Add(day), "reported"); !stands || !heard.Equal(start.Add(5*time.Hour)) {
		t.Errorf("it stands: %v, and heard of it at %s", stands, heard)
	}
}
