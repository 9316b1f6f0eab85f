package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// provenBy checks that what is kept as evidence is what the platform answered on the source at
// that time, by both methods.
func (r *room) provenBy(v archive.Video, at time.Time, evidence []archive.File) {
	r.Helper()
	if len(evidence) != 2 {
		r.Errorf("the evidence of %s is %+v", at, evidence)
	}
	for _, f := range evidence {
		want := f.Label + " on " + v.Sources[0].ID + " at " + at.String()
		if data, err := r.store.File(r.Context(), v.ID, f); err != nil || string(data) != want {
			r.Errorf("it says %q, want %q: %v", data, want, err)
		}
	}
}

func TestTheJournalNamesTheAnswersThatMoveAState(t *testing.T) {
	r := newRoom(t)
	videos := r.many(3)
	r.gone["v1"] = true
	s := r.after(time.Hour, videos...)
	part, err := r.store.Journal().ReadPart(t.Context(), s.Audit, 1)
	if err != nil {
		t.Fatal(err)
	}
	var named []archive.File
	for _, o := range part {
		if o.Kept != nil && o.Source.ID != "v1" {
			t.Errorf("an answer on %s is kept, which moved nothing", o.Source)
		}
		if o.Kept != nil {
			named = append(named, *o.Kept)
		}
	}
	r.provenBy(videos[1], r.now, named)
}

// ordered tells whether files are saved before the part of the journal that names them.
type ordered struct {
	audit.Journal
	audit.Records
	log []string
}

func (o *ordered) WritePart(ctx context.Context, name string, n int, observations []archive.Observation) error {
	o.log = append(o.log, "part")
	return o.Journal.WritePart(ctx, name, n, observations)
}

func (o *ordered) SaveFile(ctx context.Context, id archive.VideoID, about archive.File, data []byte) (archive.File, error) {
	o.log = append(o.log, "file")
	return o.Records.SaveFile(ctx, id, about, data)
}

func (o *ordered) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	o.log = append(o.log, "record")
	return o.Records.Update(ctx, id, cause, change)
}

func TestAnswersComeBeforeThePartAndThePartBeforeTheRecord(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	r.alone = true // one answer, so that the log has one order
	r.now = r.now.Add(time.Hour)
	log := &ordered{Journal: r.store.Journal(), Records: r.store}
	a := r.build(func(o *audit.Options) { o.Journal, o.Records = log, log })
	if _, err := a.Check(t.Context(), []archive.Video{v}, ""); err != nil || strings.Join(log.log, " ") != "file part record" {
		t.Errorf("%v, %v", log.log, err)
	}
}

func TestAResumedAuditHasItsEvidence(t *testing.T) {
	r := newRoom(t)
	videos := r.many(3)
	r.gone["v1"] = true
	r.now = r.now.Add(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	killed := r.build(func(o *audit.Options) { o.Records = &dying{Store: r.store, kill: cancel} })
	s, err := killed.Run(ctx, audit.Request{Videos: audit.These(videos)})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := r.build(func(*audit.Options) {}).Run(t.Context(), audit.Request{Videos: audit.These(videos), Resume: s.Audit}); err != nil {
		t.Fatal(err)
	}
	moves := r.standing(videos[1]).Transitions
	last := moves[len(moves)-1]
	if last.To != archive.Suspect || last.Audit != s.Audit {
		t.Errorf("%+v", last)
	}
	r.provenBy(videos[1], last.At, last.Evidence)
}

// readOnly keeps no files.
type readOnly struct{ audit.Records }

func (readOnly) SaveFile(context.Context, archive.VideoID, archive.File, []byte) (archive.File, error) {
	return archive.File{}, archive.ErrUnavailable
}

func TestWithoutItsEvidenceNoStateMoves(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	r.now = r.now.Add(time.Hour)
	a := r.build(func(o *audit.Options) { o.Records = readOnly{o.Records} })
	if s, err := a.Check(t.Context(), []archive.Video{v}, ""); err != nil || s.Failed != 1 || r.standing(v).State != archive.Live {
		t.Errorf("%+v, %v, %s", s, err, r.standing(v).State)
	}
}

func TestEachReleasedRoundHasItsOwnAuditAndEvidence(t *testing.T) {
	r := newRoom(t)
	videos := r.many(30)
	for i := range 7 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	first := r.after(time.Hour, videos...)
	held := r.standing(videos[0]).Held
	if len(held) != 1 || held[0].Audit != first.Audit {
		t.Fatalf("%+v", held)
	}
	r.provenBy(videos[0], held[0].At, held[0].Evidence)
	second := r.after(6*time.Hour, videos...)
	moves := r.standing(videos[0]).Transitions
	moves = moves[len(moves)-2:]
	if moves[0].To != archive.Suspect || moves[0].Audit != first.Audit || moves[1].To != archive.Gone || moves[1].Audit != second.Audit {
		t.Errorf("of %s and %s: %+v", first.Audit, second.Audit, moves)
	}
	for _, m := range moves {
		r.provenBy(videos[0], m.At, m.Evidence)
	}
}

func TestWhatAPersonReleasesHasItsEvidence(t *testing.T) {
	r := newRoom(t)
	videos := r.many(30)
	for i := range 7 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	s := r.after(time.Hour, videos...)
	v, err := r.library.ReleaseHeld(t.Context(), videos[0].ID, videos[0].Sources[0].SourceKey, "The uploader says so.", "ana")
	if err != nil {
		t.Fatal(err)
	}
	moves := v.Sources[0].Standing.Transitions
	last := moves[len(moves)-1]
	if last.To != archive.Suspect || last.Audit != s.Audit {
		t.Errorf("%+v", last)
	}
	r.provenBy(v, last.At, last.Evidence)
}

// meanwhile lets somebody else change the record just before it is written.
type meanwhile struct {
	audit.Records
	change func()
}

func (m *meanwhile) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	if m.change != nil {
		m.change()
		m.change = nil
	}
	return m.Records.Update(ctx, id, cause, change)
}

// A second audit is about to find a suspect bad once more, too soon to count. Meanwhile a person has merged in
// an older standing, and the round moves the state after all.
func TestAMoveThatNobodyForesawHasItsEvidenceToo(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	alive := r.standing(v)
	r.after(time.Hour, v)
	r.now = r.now.Add(6 * time.Hour)
	listed := r.video(v.ID)
	listed.Sources[0].Standing.Counted[0].At = r.now.Add(-time.Hour)
	a := r.build(func(o *audit.Options) {
		o.Records = &meanwhile{o.Records, func() {
			if _, err := r.store.Update(t.Context(), v.ID, archive.Cause{}, func(v *archive.Video) error {
				v.Sources[0].Standing = alive
				return nil
			}); err != nil {
				t.Error(err)
			}
		}}
	})
	listed.Sources[0].Standing.Reason = "otherwise" // so that the record is written at all
	if _, err := a.Check(t.Context(), []archive.Video{listed}, ""); err != nil {
		t.Fatal(err)
	}
	moves := r.standing(v).Transitions
	r.provenBy(v, r.now, moves[len(moves)-1].Evidence)
}

func TestClocksThatAreApartAreToldWithTheMove(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.skew = 5 * time.Minute
	r.gone["one"] = true
	s := r.after(time.Hour, v)
	moves := r.standing(v).Transitions
	if last := moves[len(moves)-1]; last.Skew != 5*time.Minute || s.Skewed == 0 {
		t.Errorf("%+v, %d answers", last, s.Skewed)
	}
	r.skew = time.Minute // which is not in doubt
	r.gone["one"] = false
	r.after(time.Hour, v)
	moves = r.standing(v).Transitions
	if last := moves[len(moves)-1]; last.To != archive.Live || last.Skew != 0 {
		t.Errorf("%+v", last)
	}
}
