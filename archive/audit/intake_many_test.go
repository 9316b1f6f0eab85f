package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// registerMany registers so many, and returns their videos.
func (r *room) registerMany(ctx context.Context, l *archive.Library, n int) []archive.Video {
	r.Helper()
	list, videos := make([]archive.Registration, n), make([]archive.Video, n)
	for i := range list {
		list[i].URL = fmt.Sprint("toy:v", i)
	}
	l.RegisterMany(ctx, list, archive.Many{End: func(i int, done archive.Registered, err error) {
		if videos[i] = done.Video; err != nil && ctx.Err() == nil {
			r.Errorf("the %dth: %v", i, err)
		}
	}})
	return videos
}

func TestAListOfRegistrationsIsOneAudit(t *testing.T) {
	r := newRoom(t)
	r.gone["v7"] = true
	videos := r.registerMany(t.Context(), r.library, 100)
	audits := r.journaled()
	if len(audits) != 1 || r.objects("audits/") != 3 {
		t.Fatalf("%d audits in %d objects", len(audits), r.objects("audits/"))
	}
	for name, observations := range audits {
		var s audit.Summary
		if err := r.store.Journal().ReadSummary(t.Context(), name, &s); err != nil || len(observations) != 400 || s.Observations != 400 || s.Sources != 100 || s.Videos != 100 || s.States[archive.Live] != 99 || s.States[archive.Suspect] != 1 || len(s.Changes) != 100 {
			t.Errorf("%d observations; %+v, %v", len(observations), s, err)
		}
	}
	for i, v := range videos {
		s := r.video(v.ID).Sources[0]
		move := s.Standing.Transitions[0]
		if audits[move.Audit] == nil || (s.Described == nil) != (i == 7) {
			t.Errorf("the %dth moved in %q, described %+v", i, move.Audit, s.Described)
		}
		if i%50 == 7 {
			r.provenBy(r.video(v.ID), r.now, move.Evidence)
		}
	}
	heard, err := r.ledger.Heard(t.Context(), []archive.SourceKey{videos[99].Sources[0].SourceKey})
	if err != nil || len(heard) != 1 {
		t.Errorf("heard %+v, %v", heard, err)
	}
}

func TestAListWithMoreAnswersThanAPartHoldsHasParts(t *testing.T) {
	r := newRoom(t)
	r.each = 20 // methods, and as many answers on the control
	r.registerMany(t.Context(), r.library, 130)
	for name, observations := range r.journaled() {
		parts, err := r.store.Journal().Parts(t.Context(), name)
		if err != nil || len(parts) != 2 || len(observations) != 130*40 {
			t.Errorf("%d parts with %d observations, %v", len(parts), len(observations), err)
		}
	}
	if n := r.objects("audits/"); n != 4 {
		t.Errorf("%d objects", n)
	}
}

func TestAListIsRegisteredWhateverTheJournalsTrouble(t *testing.T) {
	for name, otherwise := range map[string]func(*audit.IntakeOptions){
		"no journal":  func(o *audit.IntakeOptions) { o.Journal = brokenJournal{o.Journal} },
		"no ledger":   func(o *audit.IntakeOptions) { o.Ledger = deaf{o.Ledger} },
		"no evidence": func(o *audit.IntakeOptions) { o.Records = readOnly{o.Records} },
	} {
		r := newRoom(t)
		l := archive.NewLibrary(archive.LibraryOptions{Store: r.store, Platforms: archive.Platforms{r.toy}, Judging: r.intake(otherwise)})
		videos := r.registerMany(t.Context(), l, 3)
		for _, v := range videos {
			if s := r.video(v.ID).Sources[0]; s.Described == nil || s.Standing.State != archive.Unchecked {
				t.Errorf("%s: %+v", name, s)
			}
		}
		if r.after(time.Hour, videos...); r.standing(videos[2]).State != archive.Live {
			t.Errorf("%s: the next audit makes it %s", name, r.standing(videos[2]).State)
		}
	}
}

// A process is killed after the part is durable and before the records are written.
func TestAListThatWasKilledIsJudgedLater(t *testing.T) {
	r := newRoom(t)
	intake := r.intake(func(o *audit.IntakeOptions) {
		o.Records, o.Journal = lost{r.store}, unfinishing{o.Journal}
	})
	l := archive.NewLibrary(archive.LibraryOptions{Store: r.store, Platforms: archive.Platforms{r.toy}, Judging: intake})
	for i := range 3 {
		l.RegisterMany(t.Context(), []archive.Registration{{URL: fmt.Sprint("toy:v", 2*i)}, {URL: fmt.Sprint("toy:v", 2*i+1)}}, archive.Many{End: func(_ int, _ archive.Registered, err error) {
			if !errors.Is(err, archive.ErrUnavailable) {
				t.Error(err)
			}
		}})
	}
	r.now = r.now.Add(2 * time.Hour)
	open, err := r.auditor.CatchUp(t.Context(), newShelf())
	if err != nil || len(open) != 3 {
		t.Fatalf("%+v, %v", open, err)
	}
	none := func(func(archive.Video, error) bool) {}
	for _, unfinished := range open {
		s, err := r.auditor.Run(t.Context(), audit.Request{Videos: none, Resume: unfinished.Audit})
		if err != nil || s.Sources != 2 || len(s.Changes) != 2 || s.Changes[0].To != archive.Live {
			t.Fatalf("%+v, %v", s, err)
		}
		for _, c := range s.Changes {
			if v := r.video(c.Video).Sources[0]; v.Standing.Transitions[0].Audit != unfinished.Audit || v.Described == nil {
				t.Errorf("%+v", v)
			}
		}
	}
}

// lost is records that nobody lives to write.
type lost struct{ audit.Records }

func (lost) Update(context.Context, archive.VideoID, archive.Cause, func(*archive.Video) error) (archive.Video, error) {
	return archive.Video{}, archive.ErrUnavailable
}
