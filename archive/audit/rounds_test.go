package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/storage"
)

// many registers videos of the toy platform.
func (r *room) many(n int) []archive.Video {
	r.Helper()
	var videos []archive.Video
	for i := range n {
		videos = append(videos, r.add(fmt.Sprint("v", i)))
	}
	return videos
}

// states counts the sources of the videos by the state in their records.
func (r *room) states(videos []archive.Video) map[archive.State]int {
	r.Helper()
	count := map[archive.State]int{}
	for _, v := range videos {
		count[r.standing(v).State]++
	}
	return count
}

func TestADeathHasItsEvidence(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	s := r.after(time.Hour, v)
	moves := r.standing(v).Transitions
	last := moves[len(moves)-1]
	if last.To != archive.Suspect || last.Audit != s.Audit || len(last.Evidence) != 2 {
		t.Fatalf("%+v", last)
	}
	for _, f := range last.Evidence {
		data, err := r.store.File(t.Context(), v.ID, f)
		if err != nil || !strings.Contains(string(data), f.Label+" on one at") {
			t.Errorf("%s says %q, %v", f.Label, data, err)
		}
	}
	part, err := r.store.Journal().ReadPart(t.Context(), s.Audit, 1)
	if err != nil || len(part) != s.Observations {
		t.Errorf("the journal has %d observations, %v", len(part), err)
	}
}

// objects is how many there are in the bucket under a prefix.
func (r *room) objects(prefix string) int {
	r.Helper()
	n := 0
	for _, err := range r.store.Bucket().List(r.Context(), prefix, "") {
		if err != nil {
			r.Fatal(err)
		}
		n++
	}
	return n
}

func TestAnAuditWithoutAChangeWritesTheJournalAlone(t *testing.T) {
	r := newRoom(t)
	videos := r.many(30)
	before := r.objects("")
	s := r.after(time.Hour, videos...)
	if wrote := r.objects("") - before; wrote != 3 || s.Parts != 1 { // a plan, a part, a summary
		t.Errorf("%d objects, %d parts", wrote, s.Parts)
	}
	r.gone["v3"] = true
	if r.after(47*time.Hour, videos...); !r.standing(videos[3]).LastGood.Equal(r.now.Add(-47 * time.Hour)) {
		t.Errorf("its death began after %s, and it was seen an hour after that", r.standing(videos[3]).LastGood)
	}
}

func TestWhatTurnsBadAllAtOnceIsHeld(t *testing.T) {
	r := newRoom(t)
	r.alone = true // a broken key, for which nothing speaks but itself
	videos := r.many(30)
	for i := range 7 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	for range 40 {
		s := r.after(6*time.Hour, videos...)
		if g := s.Guards["toy"]; len(s.Changes) != 0 || !g.Up || g.Turning != 7 || g.Sources != 30 {
			t.Fatalf("%+v, %+v", s.Changes, g)
		}
	}
	if n := r.states(videos)[archive.Live]; n != 30 || len(r.standing(videos[0]).Held) == 0 {
		t.Errorf("%d of 30 live, %+v", n, r.standing(videos[0]))
	}
	r.alone = false // and by and by a second method agrees
	r.after(6*time.Hour, videos...)
	if n := r.states(videos)[archive.Live]; n != 30 {
		t.Errorf("after one round of two methods %d live", n)
	}
	first := r.standing(videos[0]).Held[0].At
	r.after(6*time.Hour, videos...)
	if n := r.states(videos); n[archive.Gone] != 7 || n[archive.Live] != 23 || !r.standing(videos[0]).FirstBad.Equal(first) {
		t.Errorf("released: %v, first bad %s", n, r.standing(videos[0]).FirstBad)
	}
}

func TestAFewDeathsAreNotHeld(t *testing.T) {
	r := newRoom(t)
	videos := r.many(30)
	for i := range 4 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	if s := r.after(time.Hour, videos...); len(s.Changes) != 4 || s.Guards["toy"].Up {
		t.Errorf("%+v", s)
	}
}

func TestAClosedChannelReleasesWhatIsHeld(t *testing.T) {
	r := newRoom(t)
	r.alone = true
	videos := r.many(12)
	r.closed = true
	for i := range 12 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	for range 4 { // 24 hours
		r.after(6*time.Hour, videos...)
	}
	channel, err := r.store.Channel(t.Context(), archive.ChannelKey("toy", "UCtoy"))
	if err != nil || channel.Standing.State != archive.Gone || channel.Name != "The channel" {
		t.Fatalf("%+v, %v", channel, err)
	}
	if n := r.states(videos); n[archive.Gone]+n[archive.Suspect] != 12 {
		t.Errorf("%v", n)
	}
	r.after(6*time.Hour, videos...)
	if n := r.states(videos); n[archive.Gone] != 12 {
		t.Errorf("a day after the closing: %v", n)
	}
	r.closed, r.alone = false, false
	clear(r.gone)
	r.after(24*time.Hour, videos...)
	if channel, err = r.store.Channel(t.Context(), channel.Key); err != nil || channel.Standing.State != archive.Live {
		t.Errorf("opened again: %+v, %v", channel, err)
	}
}

// A feed that is broken for all must not be what lets a guard go.
func TestAChannelThatOneMethodAloneCallsClosedReleasesNothing(t *testing.T) {
	r := newRoom(t)
	r.alone, r.feeding, r.closed = true, true, true
	videos := r.many(12)
	for i := range 12 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	for range 6 {
		r.after(6*time.Hour, videos...)
	}
	channel, err := r.store.Channel(t.Context(), archive.ChannelKey("toy", "UCtoy"))
	if err != nil || channel.Standing.State != archive.Gone {
		t.Fatalf("%+v, %v", channel, err)
	}
	if n := r.states(videos)[archive.Live]; n != 12 {
		t.Errorf("%d of 12 live", n)
	}
	r.feeding = false // and now a second method says so
	for range 12 {
		r.after(6*time.Hour, videos...)
	}
	if n := r.states(videos); n[archive.Gone] != 12 {
		t.Errorf("after two days in which two methods agree: %v", n)
	}
}

func TestALivingChannelHasNoRecord(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.after(time.Hour, v)
	if n := r.objects("channels/"); n != 0 {
		t.Errorf("%d channels", n)
	}
}

func TestAChangedTitleMakesACapture(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.titles = map[string]string{"one": "Another title"}
	r.after(time.Hour, v)
	now := r.video(v.ID)
	if now.Sources[0].Described.Title != "Another title" || now.Sources[0].Described.Capture == v.Sources[0].Described.Capture {
		t.Errorf("%+v", now.Sources[0].Described)
	}
	if n := r.objects("captures/"); n != 2 {
		t.Errorf("%d captures", n)
	}
	if r.after(time.Hour, v); r.objects("captures/") != 2 {
		t.Error("the same title made a third one")
	}
}

func TestAChangedStatusMakesACapture(t *testing.T) {
	r := newRoom(t)
	r.status = []string{"privacyStatus=public", "madeForKids=false"}
	v := r.add("one")
	for i, status := range [][]string{{"privacyStatus=unlisted", "madeForKids=false"}, {"privacyStatus=unlisted", "madeForKids=true"}} {
		r.status = status
		r.after(time.Hour, v)
		if got := r.video(v.ID).Sources[0]; !slices.Equal(got.Described.Status, status) || got.Standing.State != archive.Live || r.objects("captures/") != i+2 {
			t.Errorf("%v: described as %v in %d captures", status, got.Described.Status, r.objects("captures/"))
		}
	}
	if r.after(time.Hour, v); r.objects("captures/") != 3 {
		t.Error("the same status made another one")
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	r.now = r.now.Add(time.Hour)
	before := r.objects("")
	s, err := r.auditor.Run(t.Context(), audit.Request{Videos: audit.These([]archive.Video{v}), DryRun: true})
	if err != nil || len(s.Changes) != 1 || s.Changes[0].To != archive.Suspect || s.Audit != "" {
		t.Errorf("%+v, %v", s, err)
	}
	if r.objects("") != before || r.standing(v).State != archive.Live {
		t.Error("something was written")
	}
}

func TestWhatAPersonIgnoresIsNotAsked(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	v, err := r.store.Update(t.Context(), v.ID, archive.Cause{}, func(v *archive.Video) error {
		v.Sources[0].Overrule = &archive.Overrule{As: archive.RulesIgnore}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := r.after(time.Hour, v); s.Sources != 0 {
		t.Errorf("%+v", s)
	}
}

func TestAnAuditOfSomeSourcesAsksTheseAlone(t *testing.T) {
	r := newRoom(t)
	videos := r.many(5)
	s, err := r.auditor.Run(t.Context(), audit.Request{Videos: audit.These(videos), Only: func(s archive.Source) bool { return s.ID == "v2" }})
	if err != nil || s.Sources != 1 || s.Videos != 5 {
		t.Errorf("%+v, %v", s, err)
	}
}

// dying kills the process, so to speak, at the first record of its second part.
type dying struct {
	*storage.Store
	kill  context.CancelFunc
	mu    sync.Mutex // records are written side by side
	after int
}

func (d *dying) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	d.mu.Lock()
	d.after--
	dead := d.after < 0
	d.mu.Unlock()
	if dead {
		d.kill()
		return archive.Video{}, ctx.Err()
	}
	return d.Store.Update(ctx, id, cause, change)
}

func TestABrokenOffAuditIsTakenUpWhereItStands(t *testing.T) {
	r := newRoom(t)
	r.each = 60 // so that each batch is a part
	videos := r.many(150)
	for i := range 15 {
		r.gone[fmt.Sprint("v", i*10)] = true
	}
	r.now = r.now.Add(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	records := &dying{Store: r.store, kill: cancel, after: 7}
	killed := r.build(func(o *audit.Options) { o.Records, o.AtOnce = records, 1 })
	s, err := killed.Run(ctx, audit.Request{Videos: audit.These(videos), Plan: audit.Plan{Scope: "all", Actor: "ana"}})
	if !errors.Is(err, context.Canceled) || s.Parts == 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	r.batches = nil
	resumed, err := r.build(func(*audit.Options) {}).Run(t.Context(), audit.Request{Videos: audit.These(videos), Resume: s.Audit})
	if err != nil || resumed.Sources != 150 || resumed.Audit != s.Audit {
		t.Fatalf("%+v, %v", resumed, err)
	}
	asked := 0
	for _, n := range r.batches {
		asked += n
	}
	if asked >= 150 || asked == 0 {
		t.Errorf("%d of 150 were asked again", asked)
	}
	if n := r.states(videos); n[archive.Suspect] != 15 || n[archive.Live] != 135 {
		t.Errorf("%v", n)
	}
	for _, v := range videos {
		now := r.standing(v)
		if len(now.Transitions) > 2 || len(now.Counted) > 1 {
			t.Fatalf("judged twice: %+v", now)
		}
		if last := now.Transitions[len(now.Transitions)-1]; last.To == archive.Suspect && (last.Audit != s.Audit || len(last.Evidence) != 60) {
			t.Errorf("%s has %d pieces of evidence, of audit %q", v.Sources[0].SourceKey, len(last.Evidence), last.Audit)
		}
	}
	var summary audit.Summary
	if err := r.store.Journal().ReadSummary(t.Context(), s.Audit, &summary); err != nil || summary.Parts != resumed.Parts {
		t.Errorf("%+v, %v", summary, err)
	}
}

func TestWhoFindsItsPartTakenStops(t *testing.T) {
	r := newRoom(t)
	videos := r.many(3)
	r.gone["v1"] = true
	s := r.after(time.Hour, videos...)
	other := r.build(func(o *audit.Options) { o.Journal = overtaken{o.Journal, s.Audit} })
	r.now = r.now.Add(6 * time.Hour)
	if _, err := other.Check(t.Context(), videos, ""); !errors.Is(err, archive.ErrExists) {
		t.Errorf("got %v", err)
	}
	if got := r.standing(videos[1]); got.State != archive.Suspect {
		t.Errorf("judged without its part: %s", got.State)
	}
}

// overtaken begins an audit that another process writes already.
type overtaken struct {
	audit.Journal
	name string
}

func (o overtaken) Begin(context.Context, time.Time) (string, error) { return o.name, nil }

func (o overtaken) WritePlan(context.Context, string, any) error { return nil }

// slow is a platform of many hosts, one of which does not answer.
type slow struct {
	*toy
	stuck chan struct{}
}

func (s slow) Group(id string) string { return id[:1] }

func (s slow) Probe(ctx context.Context, ids []string) ([]archive.Observation, error) {
	if ids[0][0] == 's' {
		select {
		case <-s.stuck:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return s.toy.Probe(ctx, ids)
}

func TestOneHostsTroubleStallsNoOther(t *testing.T) {
	r := newRoom(t)
	var videos []archive.Video
	for i := range 400 { // eight batches of the stuck host, then those of the other
		videos = append(videos, archive.Video{ID: archive.NewVideoID(), Sources: []archive.Source{{SourceKey: archive.SourceKey{Platform: "toy", ID: fmt.Sprint("s", i)}}}})
	}
	for i := range 100 {
		videos = append(videos, archive.Video{ID: archive.NewVideoID(), Sources: []archive.Source{{SourceKey: archive.SourceKey{Platform: "toy", ID: fmt.Sprint("f", i)}}}})
	}
	platform := slow{r.toy, make(chan struct{})}
	a := r.build(func(o *audit.Options) { o.Platforms, o.AtOnce = archive.Platforms{platform}, 4 })
	s, err := a.Run(t.Context(), audit.Request{Videos: audit.These(videos), DryRun: true, Tell: func(p audit.Progress) {
		if p.Asked == 100 { // the other's are through
			close(platform.stuck)
		}
	}})
	if err != nil || s.Sources != 500 {
		t.Errorf("%+v, %v", s, err)
	}
}
