package audit_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// gallery is the toy platform with a picture of each source, which the test paints.
type gallery struct {
	*toy
	painted map[string]string // by id; others show their id
	asked   []string
}

func (g *gallery) paint(id string) []byte {
	if p, other := g.painted[id]; other {
		return []byte(p)
	}
	return []byte("picture of " + id)
}

func (g *gallery) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	f, err := g.toy.Fetch(ctx, ref)
	f.Pictures = []archive.Picture{{Label: "high", Extension: "jpg", Type: "image/jpeg", Width: 480, Height: 360, Data: g.paint(ref.Key.ID)}}
	return f, err
}

func (g *gallery) ProbePictures(_ context.Context, shown []archive.Shown) ([]archive.Observation, error) {
	var seen []archive.Observation
	for _, s := range shown {
		g.asked = append(g.asked, s.ID)
		sum := sha256.Sum256(g.paint(s.ID))
		o := archive.Observation{
			Source: archive.SourceKey{Platform: "toy", ID: s.ID}, Method: "toy.picture", Host: "toy.example", At: g.now, Reason: "there is one",
			Answers: true, Shows: "high", Status: http.StatusOK, Digest: hex.EncodeToString(sum[:]),
		}
		if s.Picture("high").Digest == o.Digest {
			o.Status, o.Digest = http.StatusNotModified, ""
		}
		seen = append(seen, o)
	}
	return seen, nil
}

// gallery opens the room with a platform that shows pictures.
func (r *room) gallery() *gallery {
	g := &gallery{toy: r.toy, painted: map[string]string{}}
	r.library = archive.NewLibrary(archive.LibraryOptions{Store: r.store, Platforms: archive.Platforms{g}, Judging: r.intake(func(*audit.IntakeOptions) {})})
	r.auditor = r.build(func(o *audit.Options) { o.Platforms, o.Capturer, o.Ledger = archive.Platforms{g}, r.library, r.ledger })
	return g
}

// looking lets time pass and audits the videos, with so many looks at pictures.
func (r *room) looking(pause time.Duration, looks int, videos ...archive.Video) audit.Summary {
	r.Helper()
	r.now = r.now.Add(pause)
	for i, v := range videos {
		videos[i] = r.video(v.ID)
	}
	s, err := r.auditor.Run(r.Context(), audit.Request{Videos: audit.These(videos), Looks: looks})
	if err != nil {
		r.Fatal(err)
	}
	return s
}

func TestAChangedThumbnailMakesACaptureAndTheOldOneStays(t *testing.T) {
	r := newRoom(t)
	g := r.gallery()
	v := r.add("one")
	old := v.Sources[0].Described
	g.painted["one"] = "another picture"
	if r.looking(7*day-time.Minute, 10, v); len(g.asked) != 0 {
		t.Errorf("asked for %v within a week of the capture", g.asked)
	}
	r.looking(time.Minute, 10, v)
	now := r.video(v.ID).Sources[0]
	if now.Described.Capture == old.Capture || now.Described.Thumbnails[0].Digest == old.Thumbnails[0].Digest || now.Standing.State != archive.Live {
		t.Errorf("described by %+v", now.Described)
	}
	if data, err := r.store.File(t.Context(), v.ID, old.Thumbnails[0]); err != nil || string(data) != "picture of one" || r.objects("captures/") != 2 {
		t.Errorf("of the old one is left %q, %v, in %d captures", data, err, r.objects("captures/"))
	}
}

func TestAPictureIsLookedAtOnceAWeek(t *testing.T) {
	r := newRoom(t)
	g := r.gallery()
	v := r.add("one")
	for range 30 {
		r.looking(day, 10, v)
	}
	if len(g.asked) != 4 || r.objects("captures/") != 1 { // after 7, 14, 21 and 28 days
		t.Errorf("looked %d times in thirty days, %d captures", len(g.asked), r.objects("captures/"))
	}
	known, err := r.ledger.Heard(t.Context(), []archive.SourceKey{v.Sources[0].SourceKey})
	if err != nil || !known[v.Sources[0].SourceKey].Pictured.Equal(r.now.Add(-2*day)) {
		t.Errorf("%+v, %v", known, err)
	}
	looks := 0
	for _, observations := range r.journaled() {
		for _, o := range observations {
			if o.Shows != "" {
				looks++
			}
		}
	}
	if looks != 4 {
		t.Errorf("%d looks stand in the journal", looks)
	}
}

func TestAnAuditLooksAtNoMorePicturesThanItMayAndOfLivingSourcesAlone(t *testing.T) {
	r := newRoom(t)
	g := r.gallery()
	videos := r.many(12)
	for i := range 4 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	if r.looking(8*day, 0, videos...); len(g.asked) != 0 {
		t.Errorf("looked %d times without leave", len(g.asked))
	}
	met := map[string]bool{}
	for _, want := range []int{5, 8, 8} {
		r.looking(time.Minute, 5, videos...)
		for _, id := range g.asked {
			if met[id] = true; r.gone[id] {
				t.Errorf("looked at the picture of %s, which is gone", id)
			}
		}
		if len(met) != want || len(g.asked) != want {
			t.Errorf("%d of 8 in %d looks, want %d", len(met), len(g.asked), want)
		}
	}
}

func TestTheScheduleLooksAtPictures(t *testing.T) {
	r := newRoom(t)
	g := r.gallery()
	r.add("one")
	r.now = r.now.Add(8 * day)
	if r.turn(r.scheduler(newShelf(), func(o *audit.SchedulerOptions) { o.Auditor = r.auditor })); len(g.asked) != 1 {
		t.Errorf("a turn looked at %v", g.asked)
	}
}
