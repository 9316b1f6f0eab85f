package audit_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
)

// spoil writes what nobody can read over an object of an audit.
func (r *room) spoil(name, object string) {
	r.Helper()
	const nonsense = "{]"
	if _, err := r.store.Bucket().Put(r.Context(), "audits/"+name+"/"+object, strings.NewReader(nonsense), int64(len(nonsense)), storage.Condition{}); err != nil {
		r.Fatal(err)
	}
}

func TestADamagedObjectOfAFinishedAuditStopsNobody(t *testing.T) {
	for object, noted := range map[string]bool{"summary.json": true, "plan.json": true, "0001.jsonl.gz": false} {
		t.Run(object, func(t *testing.T) {
			r := newRoom(t)
			v := r.add("mine")
			r.now = r.now.Add(26 * time.Hour)
			name := r.elsewhere(audit.Plan{})
			r.answered(name, 1, "one")
			r.answered(name, 2, "two")
			r.ended(name)
			r.spoil(name, object)
			b := r.another()
			if s := r.turn(b.schedule(asIs)); s.Sources != 1 || s.States[archive.Live] != 1 {
				t.Errorf("of %s: %+v", v.ID, s)
			}
			if b.heard("two").IsZero() || b.heard("one").IsZero() == noted {
				t.Errorf("heard at %s and %s", b.heard("one"), b.heard("two"))
			}
		})
	}
}

func TestADamagedObjectOfAnAuditThatWasBrokenOffIsPassedOverAndItEnds(t *testing.T) {
	for object, judged := range map[string]bool{"plan.json": true, "0001.jsonl.gz": false} {
		t.Run(object, func(t *testing.T) {
			r := newRoom(t)
			one, two := r.add("one"), r.add("two")
			r.gone["one"], r.gone["two"] = true, true
			r.now = r.now.Add(time.Hour)
			name := r.elsewhere(audit.Plan{Leased: true})
			r.answered(name, 1, "one")
			r.answered(name, 2, "two")
			r.spoil(name, object)
			r.now = r.now.Add(time.Hour)
			r.turn(r.another().schedule(asIs))
			if got := r.standing(one).State == archive.Suspect; got != judged || r.standing(two).State != archive.Suspect {
				t.Errorf("they are %s and %s", r.standing(one).State, r.standing(two).State)
			}
			var summary audit.Summary
			if err := r.store.Journal().ReadSummary(t.Context(), name, &summary); err != nil || summary.Parts != 2 {
				t.Errorf("%+v, %v", summary, err)
			}
		})
	}
}

// outage is a journal of which one kind of object cannot be fetched.
type outage struct {
	audit.Journal
	of string
}

func (o outage) ReadSummary(ctx context.Context, name string, into any) error {
	if o.of == "summary" {
		return archive.ErrUnavailable
	}
	return o.Journal.ReadSummary(ctx, name, into)
}

func (o outage) ReadPlan(ctx context.Context, name string, into any) error {
	if o.of == "plan" {
		return archive.ErrUnavailable
	}
	return o.Journal.ReadPlan(ctx, name, into)
}

func (o outage) ReadPart(ctx context.Context, name string, n int) ([]archive.Observation, error) {
	if o.of == "part" {
		return nil, archive.ErrUnavailable
	}
	return o.Journal.ReadPart(ctx, name, n)
}

func TestWhatCannotBeFetchedIsNotTakenForDamaged(t *testing.T) {
	r := newRoom(t)
	done := r.elsewhere(audit.Plan{})
	r.answered(done, 1, "one")
	r.ended(done)
	open := r.elsewhere(audit.Plan{})
	r.answered(open, 1, "two")
	for _, of := range []string{"summary", "plan", "part"} {
		ledger := newMemory(r.standings)
		a := r.build(func(o *audit.Options) { o.Ledger, o.Journal = ledger, outage{o.Journal, of} })
		_, err := a.CatchUp(t.Context(), newShelf())
		if known, _ := ledger.ReadUpTo(t.Context()); !errors.Is(err, archive.ErrUnavailable) || !known.IsZero() {
			t.Errorf("without a %s: %v, known up to %s", of, err, known)
		}
	}
}

// locked finds no video, because the catalog is in trouble.
type locked struct{}

var errLocked = errors.New("the catalog's file is locked")

func (locked) BySource(context.Context, archive.SourceKey) (archive.Video, error) {
	return archive.Video{}, errLocked
}

func TestAnAuditThatCannotBeTakenUpKeepsNobodyFromAuditing(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.now = r.now.Add(26 * time.Hour)
	name := r.elsewhere(audit.Plan{Leased: true})
	r.answered(name, 1, "two")
	a := r.build(func(o *audit.Options) { o.Finder = locked{} })
	checkpoints := newShelf()
	s := r.scheduler(checkpoints, func(o *audit.SchedulerOptions) { o.Auditor = a })
	if sum := r.turn(s); sum.Sources != 1 {
		t.Errorf("of %s: %+v", v.ID, sum)
	}
	open, err := a.CatchUp(t.Context(), checkpoints)
	if err != nil || len(open) != 1 || open[0].Audit != name {
		t.Errorf("what is left to take up: %+v, %v", open, err)
	}
}
