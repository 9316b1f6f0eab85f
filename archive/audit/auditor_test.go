package audit_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
)

// toy is a platform whose answers the test sets, with a clock of its own.
type toy struct {
	now     time.Time
	gone    map[string]bool
	unclear bool
	each    int               // observations of a source; 0: two, by independent methods
	alone   bool              // the second method says nothing
	titles  map[string]string // by id; others are "Title of …"
	status  []string          // of all
	closed  bool              // the channel of all
	skew    time.Duration     // of the platform's clock

	mu      sync.Mutex
	batches []int
}

func (*toy) Name() string { return "toy" }

func (*toy) Recognise(address string) (archive.Reference, error) {
	id, ok := strings.CutPrefix(address, "toy:")
	if !ok {
		return archive.Reference{}, archive.ErrNotRecognised
	}
	return archive.Reference{Key: archive.SourceKey{Platform: "toy", ID: id}, URL: "https://toy.example/" + id}, nil
}

func (p *toy) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	observations, err := p.Probe(ctx, []string{ref.Key.ID})
	f := archive.Fetched{Method: "toy.one", At: p.now, Observations: observations}
	if !p.unclear && !p.gone[ref.Key.ID] {
		f.Fields = p.fields(ref.Key.ID)
	}
	return f, err
}

func (p *toy) fields(id string) archive.Fields {
	return archive.Fields{Title: cmp.Or(p.titles[id], "Title of "+id), Channel: "The channel", ChannelID: "UCtoy", Status: p.status}
}

// ProbeChannels answers for the one channel, by two methods.
func (p *toy) ProbeChannels(ctx context.Context, ids []string) ([]archive.Observation, error) {
	var list []archive.Observation
	for _, method := range []string{"toy.channels", "toy.feed"} {
		for _, id := range append(slices.Clone(ids), "control") {
			o := archive.Observation{Source: archive.ChannelKey("toy", id), Method: method, Host: "toy.example", At: p.now, Outcome: archive.Playable, Answers: true, Control: id == "control"}
			if p.closed && id != "control" {
				o.Outcome, o.Answers, o.Reason = archive.Missing, false, "no such channel"
			}
			list = append(list, o)
		}
	}
	return list, ctx.Err()
}

func (p *toy) Probe(ctx context.Context, ids []string) ([]archive.Observation, error) {
	p.mu.Lock()
	p.batches = append(p.batches, len(ids))
	p.mu.Unlock()
	var list []archive.Observation
	methods := []string{"toy.one", "toy.other"}
	for n := len(methods); n < p.each; n++ {
		methods = append(methods, fmt.Sprintf("toy.%d", n))
	}
	for _, method := range methods {
		for _, id := range append(slices.Clone(ids), "control") {
			o := archive.Observation{Source: archive.SourceKey{Platform: "toy", ID: id}, Method: method, Host: "toy.example", At: p.now, Outcome: archive.Playable, Answers: true, Control: id == "control"}
			if p.gone[id] {
				o.Outcome, o.Answers, o.Reason = archive.Removed, false, "removed"
			}
			if p.unclear || p.alone && method == "toy.other" {
				o.Outcome, o.Answers, o.Reason = archive.Unclear, false, "time-out"
			}
			if o.Outcome.Clear() {
				o.Body = &archive.Raw{Label: method, Extension: "json", Type: "application/json", Data: []byte(method + " on " + id + " at " + p.now.String())}
			}
			if f := p.fields(id); o.Outcome.Good() && id != "control" {
				o.Fields = &f
			}
			o.Date = o.At.Add(-p.skew)
			list = append(list, o)
		}
	}
	return list, ctx.Err()
}

func (*toy) Player() archive.Player { return archive.Player{} }

// room is an archive with an auditor over a real store.
type room struct {
	*testing.T
	*toy
	store   *storage.Store
	library *archive.Library
	auditor *audit.Auditor
	ledger  *memory
	alarms  *audit.Alarms

	thresholds archive.Thresholds
}

func newRoom(t *testing.T) *room {
	t.Helper()
	bucket, err := storage.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bucket.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &room{T: t, toy: &toy{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), gone: map[string]bool{}}, store: storage.NewStore(bucket, storage.StoreOptions{})}
	platforms := archive.Platforms{r.toy}
	r.ledger, r.alarms = newMemory(r.standings), &audit.Alarms{}
	r.library = archive.NewLibrary(archive.LibraryOptions{
		Store: r.store, Platforms: platforms, Judging: r.intake(func(*audit.IntakeOptions) {}),
		Thresholds: func(context.Context) archive.Thresholds { return r.thresholds },
	})
	r.auditor = r.build(func(*audit.Options) {})
	return r
}

// intake is an intake of the room, wired otherwise.
func (r *room) intake(otherwise func(*audit.IntakeOptions)) *audit.Intake {
	o := audit.IntakeOptions{
		Journal: r.store.Journal(), Records: r.store, Ledger: r.ledger, Alarms: r.alarms, Now: func() time.Time { return r.now },
		Thresholds: func(context.Context) archive.Thresholds { return r.thresholds },
	}
	otherwise(&o)
	return audit.NewIntake(o)
}

// build is an auditor of the room, wired otherwise.
func (r *room) build(otherwise func(*audit.Options)) *audit.Auditor {
	o := audit.Options{
		Journal: r.store.Journal(), Records: r.store, Ledger: newMemory(r.standings), Finder: finder{r.store}, Platforms: archive.Platforms{r.toy},
		Capturer: r.library, Channels: r.store, Now: func() time.Time { return r.now },
		Thresholds: func(context.Context) archive.Thresholds { return r.thresholds },
	}
	otherwise(&o)
	return audit.New(o)
}

// standings are those of all sources of a platform.
func (r *room) standings(platform string) []archive.Standing {
	var list []archive.Standing
	for v, err := range videosOf(r.Context(), r.store) {
		if err != nil {
			r.Fatal(err)
		}
		for _, s := range v.Sources {
			if s.Platform == platform {
				list = append(list, s.Standing)
			}
		}
	}
	return list
}

// videosOf reads all records of a store.
func videosOf(ctx context.Context, store *storage.Store) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for listed, err := range store.List(ctx) {
			var v archive.Video
			if err == nil {
				v, err = store.Video(ctx, listed.ID)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// finder finds videos by going through all of them.
type finder struct{ *storage.Store }

func (f finder) BySource(ctx context.Context, key archive.SourceKey) (archive.Video, error) {
	for v, err := range videosOf(ctx, f.Store) {
		if err != nil || v.Source(key) != nil {
			return v, err
		}
	}
	return archive.Video{}, archive.ErrNotFound
}

// now is the video as its record says.
func (r *room) video(id archive.VideoID) archive.Video {
	r.Helper()
	v, err := r.store.Video(r.Context(), id)
	if err != nil {
		r.Fatal(err)
	}
	return v
}

func (r *room) add(id string) archive.Video {
	r.Helper()
	done, err := r.library.Register(r.Context(), archive.Registration{URL: "toy:" + id})
	if err != nil {
		r.Fatal(err)
	}
	return done.Video
}

// after lets time pass and checks the videos.
func (r *room) after(pause time.Duration, videos ...archive.Video) audit.Summary {
	r.Helper()
	r.now = r.now.Add(pause)
	fresh := make([]archive.Video, len(videos)) // as the catalog would list them
	for i, v := range videos {
		if fresh[i] = v; v.Visibility.Exposure != archive.Erased {
			fresh[i] = r.video(v.ID)
		}
	}
	s, err := r.auditor.Check(r.Context(), fresh, "ana")
	if err != nil {
		r.Fatal(err)
	}
	return s
}

func (r *room) standing(v archive.Video) archive.Standing {
	r.Helper()
	now, err := r.store.Video(r.Context(), v.ID)
	if err != nil {
		r.Fatal(err)
	}
	return now.Sources[0].Standing
}

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
