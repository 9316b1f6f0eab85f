package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// journaled is the observations of all audits, by audit.
func (r *room) journaled() map[string][]archive.Observation {
	r.Helper()
	found := map[string][]archive.Observation{}
	for name, err := range r.store.Journal().Audits(r.Context(), r.now.Add(-1000*day), r.now.Add(day)) {
		if err != nil {
			r.Fatal(err)
		}
		parts, err := r.store.Journal().Parts(r.Context(), name)
		if err != nil {
			r.Fatal(err)
		}
		for _, n := range parts {
			observations, err := r.store.Journal().ReadPart(r.Context(), name, n)
			if err != nil {
				r.Fatal(err)
			}
			found[name] = append(found[name], observations...)
		}
	}
	return found
}

func TestWhatARegistrationObservesStandsInTheJournal(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	s := v.Sources[0]
	if s.Standing.State != archive.Live || s.Described == nil {
		t.Fatalf("registered as %+v", s)
	}
	move := s.Standing.Transitions[0]
	if got := r.journaled()[move.Audit]; len(got) != 4 || got[0].Source != s.SourceKey || got[0].Kept == nil {
		t.Errorf("audit %q has %+v", move.Audit, got)
	}
	r.provenBy(v, r.now, move.Evidence)
	var summary audit.Summary
	if err := r.store.Journal().ReadSummary(t.Context(), move.Audit, &summary); err != nil || summary.Sources != 1 || summary.Parts != 1 || summary.States[archive.Live] != 1 || len(summary.Changes) != 1 {
		t.Errorf("%+v, %v", summary, err)
	}
	heard, err := r.ledger.Heard(t.Context(), []archive.SourceKey{s.SourceKey})
	if err != nil || !heard[s.SourceKey].LastGood.Equal(r.now) {
		t.Errorf("heard %+v, %v", heard, err)
	}
	if n := r.objects("events/"); n != 2 { // it is registered, and then captured and judged at once
		t.Errorf("%d events", n)
	}
}

func TestARegistrationIsGuardedLikeAnAudit(t *testing.T) {
	r := newRoom(t)
	r.many(10)
	var last archive.Video
	for i := range 8 {
		id := fmt.Sprint("lost", i)
		r.gone[id] = true
		last = r.add(id)
	}
	if s := last.Sources[0].Standing; s.State != archive.Unchecked || len(s.Held) != 1 || s.Held[0].Audit == "" || len(s.Held[0].Evidence) != 2 {
		t.Errorf("the eighth lost one of eighteen is %s, held %+v", s.State, s.Held)
	}
}

func TestARegistrationHeedsTheTunedThresholds(t *testing.T) {
	r := newRoom(t)
	r.thresholds = archive.Thresholds{GuardLeast: 1, GuardShare: 0.01}
	r.gone["one"] = true
	if s := r.add("one").Sources[0].Standing; s.State != archive.Unchecked || len(s.Held) != 1 {
		t.Errorf("%s, held %+v", s.State, s.Held)
	}
}

func TestAReleaseHeedsTheTunedThresholds(t *testing.T) {
	r := newRoom(t)
	r.thresholds = archive.Thresholds{GuardLeast: 1, GuardShare: 0.01, RoundsAlone: 9}
	r.alone, r.gone["one"] = true, true
	v := r.add("one")
	for range 6 {
		r.after(6*time.Hour, v)
	}
	if n := len(r.standing(v).Held); n != 7 {
		t.Fatalf("%d rounds are held", n)
	}
	v, err := r.library.ReleaseHeld(t.Context(), v.ID, v.Sources[0].SourceKey, "I know.", "ana")
	if err != nil || v.Sources[0].Standing.State != archive.Suspect {
		t.Errorf("seven rounds of nine make it %s, %v", v.Sources[0].Standing.State, err)
	}
}

func TestARegistrationNeverFailsForTheAuditsSake(t *testing.T) {
	r := newRoom(t)
	for name, otherwise := range map[string]func(*audit.IntakeOptions){
		"no journal":  func(o *audit.IntakeOptions) { o.Journal = brokenJournal{o.Journal} },
		"no ledger":   func(o *audit.IntakeOptions) { o.Ledger = deaf{o.Ledger} },
		"no evidence": func(o *audit.IntakeOptions) { o.Records = readOnly{o.Records} },
	} {
		l := archive.NewLibrary(archive.LibraryOptions{Store: r.store, Platforms: archive.Platforms{r.toy}, Judging: r.intake(otherwise)})
		done, err := l.Register(t.Context(), archive.Registration{URL: "toy:" + name})
		if err != nil || done.Video.Sources[0].Described == nil || done.Video.Sources[0].Standing.State != archive.Unchecked {
			t.Errorf("%s: %+v, %v", name, done.Video.Sources, err)
		}
		if r.after(time.Hour, done.Video); r.standing(done.Video).State != archive.Live {
			t.Errorf("%s: the next audit makes it %s", name, r.standing(done.Video).State)
		}
	}
}

// deaf is a ledger that cannot be read.
type deaf struct{ audit.Ledger }

var errDeaf = errors.New("the catalog's file is damaged")

func (deaf) Heard(context.Context, []archive.SourceKey) (map[archive.SourceKey]archive.Heard, error) {
	return nil, errDeaf
}

// gate holds the first part up until it is opened.
type gate struct {
	audit.Journal
	first sync.Once
	open  chan struct{}
}

func (g *gate) WritePart(ctx context.Context, name string, n int, observations []archive.Observation) error {
	g.first.Do(func() { <-g.open })
	return g.Journal.WritePart(ctx, name, n, observations)
}

func TestRegistrationsAtOnceShareAnAudit(t *testing.T) {
	r := newRoom(t)
	synctest.Test(t, func(t *testing.T) {
		waiting := &gate{open: make(chan struct{})}
		intake := r.intake(func(o *audit.IntakeOptions) { waiting.Journal, o.Journal = o.Journal, waiting })
		l := archive.NewLibrary(archive.LibraryOptions{Store: r.store, Platforms: archive.Platforms{r.toy}, Judging: intake})
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				done, err := l.Register(t.Context(), archive.Registration{URL: fmt.Sprint("toy:v", i)})
				if err != nil || done.Video.Sources[0].Standing.State != archive.Live {
					t.Errorf("%+v, %v", done.Video.Sources, err)
				}
			})
		}
		synctest.Wait() // one is writing, and the others are to share the next
		close(waiting.open)
		all.Wait()
	})
	audits := r.journaled()
	var sizes []int
	for name, observations := range audits {
		sizes = append(sizes, len(observations))
		var summary audit.Summary
		if err := r.store.Journal().ReadSummary(t.Context(), name, &summary); err != nil || summary.Observations != len(observations) || summary.Sources != summary.States[archive.Live] || 4*summary.Sources != len(observations) {
			t.Errorf("%s: %+v, %v", name, summary, err)
		}
	}
	slices.Sort(sizes)
	if !slices.Equal(sizes, []int{4, 76}) {
		t.Errorf("the audits have %v observations", sizes)
	}
}

func TestARegistrationThatWasKilledIsJudgedLater(t *testing.T) {
	r := newRoom(t)
	ctx, cancel := context.WithCancel(t.Context())
	intake := r.intake(func(o *audit.IntakeOptions) {
		o.Records, o.Journal = &dying{Store: r.store, kill: cancel}, unfinishing{o.Journal}
	})
	l := archive.NewLibrary(archive.LibraryOptions{Store: r.store, Platforms: archive.Platforms{r.toy}, Judging: intake})
	if _, err := l.Register(ctx, archive.Registration{URL: "toy:one"}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	r.now = r.now.Add(2 * time.Hour)
	open, err := r.auditor.CatchUp(t.Context(), newShelf())
	if err != nil || len(open) != 1 || !open[0].Abandoned(r.now) {
		t.Fatalf("%+v, %v", open, err)
	}
	none := func(func(archive.Video, error) bool) {}
	s, err := r.auditor.Run(t.Context(), audit.Request{Videos: none, Resume: open[0].Audit})
	if err != nil || s.Sources != 1 || len(s.Changes) != 1 || s.Changes[0].To != archive.Live {
		t.Fatalf("%+v, %v", s, err)
	}
	v := r.video(s.Changes[0].Video)
	if move := v.Sources[0].Standing.Transitions[0]; move.Audit != open[0].Audit || len(move.Evidence) != 2 || v.Sources[0].Described == nil {
		t.Errorf("%+v", v.Sources[0])
	}
}

// unfinishing is a journal of processes that are killed before they write a summary.
type unfinishing struct{ audit.Journal }

func (unfinishing) Finish(context.Context, string, any) error { return archive.ErrUnavailable }

func TestWhatIsCapturedAnewStandsInTheJournalToo(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.now = r.now.Add(time.Hour)
	before := len(r.journaled())
	if done, err := r.library.Refresh(t.Context(), v.ID, v.Sources[0].SourceKey, false, "retention"); err != nil || !done {
		t.Fatal(done, err)
	}
	if n := len(r.journaled()); n != before+1 {
		t.Errorf("%d audits after %d", n, before)
	}
	r.gone["one"] = true
	r.now = r.now.Add(time.Hour)
	if done, err := r.library.Refresh(t.Context(), v.ID, v.Sources[0].SourceKey, true, "retention"); err != nil || done {
		t.Fatal(done, err)
	}
	if n := len(r.journaled()); n != before+2 || r.standing(v).State != archive.Suspect {
		t.Errorf("%d audits after %d; what could not be captured is %s", n, before, r.standing(v).State)
	}
	if err := r.library.CaptureAgain(t.Context(), v.ID, v.Sources[0].SourceKey, "audit"); err != nil || len(r.journaled()) != before+3 {
		t.Errorf("%d audits, %v", len(r.journaled()), err)
	}
}
