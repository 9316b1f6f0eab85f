package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
)

func TestADeathIsBelievedAfterTwoRoundsFiveHoursApartAndRevivedAtOnce(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	s := r.after(time.Hour, v)
	if len(s.Changes) != 1 || s.Changes[0].From != archive.Live || s.Changes[0].To != archive.Suspect || s.Changes[0].Reason != "removed" {
		t.Errorf("changes %+v", s.Changes)
	}
	if s = r.after(4*time.Hour, v); len(s.Changes) != 0 || s.Verdicts[archive.SaysBadSoon] != 1 {
		t.Errorf("too soon: %+v", s)
	}
	if r.after(time.Hour, v); r.standing(v).State != archive.Gone {
		t.Errorf("after five hours it is %s", r.standing(v).State)
	}
	r.gone["one"] = false
	if r.after(time.Minute, v); r.standing(v).State != archive.Live {
		t.Errorf("brought back it is %s", r.standing(v).State)
	}
}

func TestAnOutageChangesNoState(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.unclear = true
	for range 20 {
		if s := r.after(6*time.Hour, v); len(s.Changes) != 0 || s.Verdicts[archive.SaysUnclear] != 1 {
			t.Fatalf("%+v", s)
		}
	}
	if got := r.standing(v); got.State != archive.Live || r.video(v.ID).Revision != v.Revision {
		t.Errorf("%+v", got)
	}
}

func TestSourcesAreAskedFiftyAtATime(t *testing.T) {
	r := newRoom(t)
	var videos []archive.Video
	for i := range 120 {
		videos = append(videos, r.add(fmt.Sprint("v", i)))
	}
	r.batches = nil
	var asked []int
	r.now = r.now.Add(time.Hour)
	s, err := r.auditor.Run(t.Context(), audit.Request{Videos: audit.These(videos), Tell: func(p audit.Progress) { asked = append(asked, p.Asked) }})
	slices.Sort(r.batches) // they are asked side by side
	if err != nil || !slices.Equal(r.batches, []int{20, 50, 50}) || len(asked) != 3 || asked[2] != 120 {
		t.Errorf("asked %v, told %v, %v", r.batches, asked, err)
	}
	if s.Videos != 120 || s.Sources != 120 || s.Parts != 1 || s.States[archive.Live] != 120 || s.Observations != 2*(120+3)+4 {
		t.Errorf("%+v", s)
	}
	part, err := r.store.Journal().ReadPart(t.Context(), s.Audit, 1)
	if err != nil || len(part) != s.Observations {
		t.Errorf("the journal has %d observations, %v", len(part), err)
	}
}

func TestAPartHoldsFiveThousandObservations(t *testing.T) {
	r := newRoom(t)
	var videos []archive.Video
	for i := range 60 {
		videos = append(videos, r.add(fmt.Sprint("v", i)))
	}
	r.each = 90 // of 51 sources with the control, then of 11
	if s := r.after(time.Hour, videos...); s.Parts != 2 || s.Observations != 90*(51+11)+4 {
		t.Errorf("%d parts, %d observations", s.Parts, s.Observations)
	}
}

// brokenJournal opens audits and keeps nothing.
type brokenJournal struct{ audit.Journal }

var errJournal = errors.New("the journal's disk is gone")

func (brokenJournal) WritePart(context.Context, string, int, []archive.Observation) error {
	return errJournal
}

func TestNoRecordChangesWithoutItsEvidence(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	before := r.standing(v)
	r.gone["one"] = true
	r.now = r.now.Add(time.Hour)
	broken := r.build(func(o *audit.Options) { o.Journal = brokenJournal{o.Journal} })
	if _, err := broken.Check(t.Context(), []archive.Video{v}, ""); !errors.Is(err, errJournal) {
		t.Errorf("got %v", err)
	}
	if after := r.standing(v); !after.LastRound.Equal(before.LastRound) || after.State != archive.Live {
		t.Errorf("the record changed: %+v", after)
	}
}

// stubborn refuses to change one video.
type stubborn struct {
	*storage.Store
	id archive.VideoID
}

func (s stubborn) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	if id == s.id {
		return archive.Video{}, archive.ErrUnavailable
	}
	return s.Store.Update(ctx, id, cause, change)
}

func TestARecordThatCannotBeWrittenIsCountedAndTheRestGoesOn(t *testing.T) {
	r := newRoom(t)
	one, two := r.add("one"), r.add("two")
	r.gone["one"], r.gone["two"] = true, true
	r.now = r.now.Add(time.Hour)
	a := r.build(func(o *audit.Options) { o.Records = stubborn{r.store, one.ID} })
	s, err := a.Check(t.Context(), []archive.Video{one, two}, "")
	if err != nil || s.Failed != 1 || len(s.Changes) != 1 || s.Changes[0].Video != two.ID {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestASourceOfAnUnknownPlatformStaysAsItIs(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.now = r.now.Add(time.Hour)
	a := r.build(func(o *audit.Options) { o.Platforms = nil })
	s, err := a.Check(t.Context(), []archive.Video{v}, "")
	if err != nil || s.Verdicts[archive.SaysUnclear] != 1 || r.standing(v).State != archive.Live {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhatWasNeverDescribedIsCapturedWhenItAnswers(t *testing.T) {
	r := newRoom(t)
	r.unclear = true
	v := r.add("one")
	if v.Sources[0].Described != nil || r.standing(v).State != archive.Unchecked {
		t.Fatalf("%+v", v.Sources)
	}
	r.unclear = false
	r.after(time.Hour, v)
	now, err := r.store.Video(t.Context(), v.ID)
	if err != nil || now.Sources[0].Described == nil || now.Sources[0].Described.Title != "Title of one" {
		t.Errorf("%+v, %v", now.Sources, err)
	}
}

func TestErasedVideosAreNotAsked(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	v.Visibility.Exposure = archive.Erased
	if s := r.after(time.Hour, v); s.Videos != 0 || s.Sources != 0 || s.Parts != 0 {
		t.Errorf("%+v", s)
	}
}

func TestAListingThatBreaksOffEndsTheAudit(t *testing.T) {
	r := newRoom(t)
	_, err := r.auditor.Run(t.Context(), audit.Request{Videos: func(yield func(archive.Video, error) bool) { yield(archive.Video{}, archive.ErrUnavailable) }})
	if !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestACancelledAuditStops(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.auditor.Check(ctx, []archive.Video{v}, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
