package audit_test

import (
	"cmp"
	"context"
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
	feeding bool              // channels are asked by their feed alone, as without a key
	skew    time.Duration     // of the platform's clock
	undated bool              // it tells no time

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

// date is what answers say of the time.
func (p *toy) date() time.Time {
	if p.undated {
		return time.Time{}
	}
	return p.now.Add(-p.skew)
}

// ProbeChannels answers for the one channel, by two methods.
func (p *toy) ProbeChannels(ctx context.Context, ids []string) ([]archive.Observation, error) {
	var list []archive.Observation
	methods := []string{"toy.feed", "toy.channels"}
	if p.feeding {
		methods = methods[:1]
	}
	for _, method := range methods {
		for _, id := range append(slices.Clone(ids), "control") {
			o := archive.Observation{Source: archive.ChannelKey("toy", id), Method: method, Host: "toy.example", At: p.now, Outcome: archive.Playable, Answers: true, Control: id == "control"}
			if p.closed && id != "control" {
				o.Outcome, o.Answers, o.Reason = archive.Missing, false, "no such channel"
			}
			o.Date = p.date()
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
			o.Date = p.date()
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
		Capturer: r.library, Channels: r.store, Alarms: audit.NewAlarms(r.store), Now: func() time.Time { return r.now },
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
