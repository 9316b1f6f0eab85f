package archive_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/png" // the newsroom's own posters
	"slices"
	"sync"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
	"videoteca/storage"
)

// desk is a newsroom on a directory store, with a make-believe platform.
type desk struct {
	*archive.Library
	store    *storage.Store
	platform *archivetest.Server
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	platform := onStage(t)
	bucket, err := storage.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bucket.Close(); err != nil {
			t.Error(err)
		}
	})
	return newDeskOn(t, bucket, platform)
}

func newDeskOn(t *testing.T, bucket storage.Bucket, platform *archivetest.Server) *desk {
	t.Helper()
	store := storage.NewStore(bucket, storage.StoreOptions{})
	library := archive.NewLibrary(archive.LibraryOptions{
		Store: store, Platforms: archive.Platforms{maketube(t, platform.URL)}, Posters: failingPosters{},
		Stamp: archive.Stamp{Program: "videoteca test", Vantage: "a test"},
	})
	return &desk{library, store, platform}
}

// failingPosters shows in every test that posters are no reason to fail.
type failingPosters struct{}

func (failingPosters) Make(context.Context, archive.Video) error {
	return errors.New("the disk for posters is gone")
}

// Measure knows any picture but one that begins like a JPEG and is none.
func (failingPosters) Measure(data []byte) (width, height int, err error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	return c.Width, c.Height, err
}

func (d *desk) watch(id string) string { return d.platform.URL + "/watch?v=" + id }

func (d *desk) register(t *testing.T, id string) archive.Registered {
	t.Helper()
	done, err := d.Register(t.Context(), archive.Registration{URL: d.watch(id)})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func collect[T any](t *testing.T, seq func(func(T, error) bool)) []T {
	t.Helper()
	var list []T
	for item, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, item)
	}
	return list
}

func TestRegisteringKeepsWhatTheSourceShowed(t *testing.T) {
	d := newDesk(t)
	done := d.register(t, archivetest.NewYorkID)
	if !done.New || len(done.Notes) != 0 || len(done.Video.Sources) != 1 {
		t.Fatalf("%+v", done)
	}
	s := done.Video.Sources[0]
	if s.Standing.State != archive.Live || s.Described == nil || s.Described.Method != youtube.MethodList {
		t.Fatalf("the source stands at %+v, described %+v", s.Standing, s.Described)
	}
	if s.Described.Channel != "Casa Presidencial (simulación)" || s.Described.Seconds != 192 || s.Described.Published.IsZero() {
		t.Errorf("described as %+v", s.Described.Fields)
	}
	captures := collect(t, d.store.Captures(t.Context(), done.Video.ID))
	if len(captures) != 1 || captures[0].ID != s.Described.Capture || captures[0].Vantage != "a test" {
		t.Fatalf("captures %+v", captures)
	}
	var widths []int
	for _, f := range captures[0].Thumbnails {
		widths = append(widths, f.Width)
		data, err := d.store.File(t.Context(), done.Video.ID, f) // verifies the digest
		if err != nil || int64(len(data)) != f.Bytes {
			t.Errorf("thumbnail %s: %v", f.Label, err)
		}
	}
	slices.Sort(widths)
	if !slices.Equal(widths, []int{120, 320, 480, 640, 1280}) {
		t.Errorf("thumbnails are %v wide", widths)
	}
	if len(captures[0].Raw) == 0 {
		t.Error("no raw response was kept")
	}
	for _, f := range captures[0].Raw {
		if _, err := d.store.File(t.Context(), done.Video.ID, f); err != nil {
			t.Errorf("response %s: %v", f.Label, err)
		}
	}
	var verbs []string
	for _, e := range collect(t, d.store.Events(t.Context(), done.Video.ID)) {
		verbs = append(verbs, e.Actor+" "+e.Verb)
	}
	if !slices.Equal(verbs, []string{"local register", "local capture"}) {
		t.Errorf("events %v", verbs)
	}
	if poster, ok := done.Video.Poster(); !ok || poster.Width != 1280 {
		t.Errorf("the poster is made from %+v", poster)
	}
}

func TestEveryFormOfAnAddressIsTheSameVideo(t *testing.T) {
	d := newDesk(t)
	first := d.register(t, archivetest.NewYorkID)
	for _, path := range []string{"/watch?v=", "/shorts/", "/embed/", "/live/", "/v/", "/watch?feature=share&v="} {
		done, err := d.Register(t.Context(), archive.Registration{URL: d.platform.URL + path + archivetest.NewYorkID})
		if err != nil || done.New || done.Video.ID != first.Video.ID {
			t.Errorf("%s: %+v, %v", path, done, err)
		}
	}
}

func TestSixteenClientsOnTwoStoresMakeOneVideo(t *testing.T) {
	dir := t.TempDir()
	platform := onStage(t)
	var desks []*desk
	for range 2 { // as two processes would, each opens the folder itself
		bucket, err := storage.OpenDirectory(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := bucket.Close(); err != nil {
				t.Error(err)
			}
		})
		desks = append(desks, newDeskOn(t, bucket, platform))
	}
	paths := []string{"/watch?v=", "/shorts/", "/embed/", "/live/"}
	got := make([]archive.Registered, 16)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			done, err := desks[i%2].Register(t.Context(), archive.Registration{URL: platform.URL + paths[i%4] + archivetest.OvalOfficeID})
			if err != nil {
				t.Errorf("client %d: %v", i, err)
			}
			got[i] = done
		})
	}
	wg.Wait()
	fresh := 0
	for _, r := range got {
		if r.Video.ID != got[0].Video.ID {
			t.Errorf("two videos: %s and %s", r.Video.ID, got[0].Video.ID)
		}
		if r.New {
			fresh++
		}
	}
	if listed := collect(t, desks[0].store.List(t.Context())); fresh != 1 || len(listed) != 1 {
		t.Errorf("%d clients were told that it is new, and %d records stand", fresh, len(listed))
	}
}

func TestAClaimWithoutARecordIsCompletedByWhoeverFindsIt(t *testing.T) {
	d := newDesk(t)
	orphan := archive.NewVideoID()
	key := archive.SourceKey{Platform: "maketube", ID: archivetest.NewYorkID}
	if _, err := d.store.Claim(t.Context(), key, orphan); err != nil {
		t.Fatal(err)
	}
	if done := d.register(t, archivetest.NewYorkID); !done.New || done.Video.ID != orphan {
		t.Errorf("registered as %s, the claim says %s", done.Video.ID, orphan)
	}
	// A mirror's registration that ended between the claim and the record.
	mirror := archive.SourceKey{Platform: "maketube", ID: archivetest.OvalOfficeID}
	if _, err := d.store.Claim(t.Context(), mirror, orphan); err != nil {
		t.Fatal(err)
	}
	if done := d.register(t, archivetest.OvalOfficeID); done.New || done.Video.ID != orphan || done.Video.Source(mirror) == nil {
		t.Errorf("the mirror was not completed: %+v", done.Video.Sources)
	}
}

func TestASourceOfAnotherVideoIsRefusedNamingIt(t *testing.T) {
	d := newDesk(t)
	one, two := d.register(t, archivetest.NewYorkID), d.register(t, archivetest.OvalOfficeID)
	_, err := d.AddSource(t.Context(), one.Video.ID, d.watch(archivetest.OvalOfficeID), "")
	var owned *archive.OwnedError
	if !errors.As(err, &owned) || owned.Owner != two.Video.ID {
		t.Errorf("got %v", err)
	}
	if _, err := d.AddSource(t.Context(), archive.NewVideoID(), d.watch(archivetest.NewYorkID), ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a mirror of nothing: %v", err)
	}
}

func TestRegisteringNeverFailsBecauseOfTheSource(t *testing.T) {
	tests := []struct {
		name string
		harm func(*archivetest.Server) error
		want archive.State
	}{
		{"down", func(p *archivetest.Server) error { return p.SetFault(archivetest.FaultDown) }, archive.Unchecked},
		{"garbage", func(p *archivetest.Server) error { return p.SetFault(archivetest.FaultGarbage) }, archive.Unchecked},
		{"hang-up", func(p *archivetest.Server) error { return p.SetFault(archivetest.FaultHangUp) }, archive.Unchecked},
		{"private", func(p *archivetest.Server) error { return p.SetState(archivetest.NewYorkID, archivetest.Private) }, archive.Suspect},
		{"removed", func(p *archivetest.Server) error { return p.SetState(archivetest.NewYorkID, archivetest.Removed) }, archive.Suspect},
		{"embedding off", func(p *archivetest.Server) error { return p.SetState(archivetest.NewYorkID, archivetest.EmbeddingOff) }, archive.Limited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			if err := tt.harm(d.platform); err != nil {
				t.Fatal(err)
			}
			done := d.register(t, archivetest.NewYorkID)
			if got := done.Video.Sources[0].Standing.State; !done.New || got != tt.want || len(done.Notes) == 0 {
				t.Errorf("new %v, state %s, notes %v", done.New, got, done.Notes)
			}
		})
	}
}

func TestWhatCouldNotBeReadIsCapturedOnceItCan(t *testing.T) {
	d := newDesk(t)
	if err := d.platform.SetFault(archivetest.FaultDown); err != nil {
		t.Fatal(err)
	}
	id := d.register(t, archivetest.NewYorkID).Video.ID
	if err := d.platform.SetFault(archivetest.FaultNone); err != nil {
		t.Fatal(err)
	}
	key := archive.SourceKey{Platform: "maketube", ID: archivetest.NewYorkID}
	for range 2 { // the second time there is nothing to do
		if err := d.CaptureMissing(t.Context(), id, key, "audit"); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.store.Video(t.Context(), id)
	if err != nil || v.Source(key).Described == nil || v.Source(key).Standing.State != archive.Live {
		t.Errorf("%+v, %v", v.Sources, err)
	}
	if n := len(collect(t, d.store.Captures(t.Context(), id))); n != 1 {
		t.Errorf("%d captures", n)
	}
}

func TestPreviewKeepsNothing(t *testing.T) {
	d := newDesk(t)
	p, err := d.Preview(t.Context(), d.watch(archivetest.NewYorkID))
	if err != nil || p.Fetched.Fields.Title == "" || p.Standing.State != archive.Live || len(p.Fetched.Pictures) == 0 {
		t.Errorf("%+v, %v", p.Reference, err)
	}
	if n := len(collect(t, d.store.List(t.Context()))); n != 0 {
		t.Errorf("%d videos were kept", n)
	}
}

func TestPreferringPutsASourceFirst(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	if _, err := d.AddSource(t.Context(), id, d.watch(archivetest.OvalOfficeID), ""); err != nil {
		t.Fatal(err)
	}
	mirror := archive.SourceKey{Platform: "maketube", ID: archivetest.OvalOfficeID}
	v, err := d.Prefer(t.Context(), id, mirror, "")
	if err != nil || v.Sources[0].SourceKey != mirror || len(v.Sources) != 2 {
		t.Errorf("%+v, %v", v.Sources, err)
	}
	if _, err := d.Prefer(t.Context(), id, archive.SourceKey{Platform: "maketube", ID: "none"}, ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("preferring what is not there: %v", err)
	}
}

func TestDescribingKeepsTheNewsroomsWordsAndRefusesBadOnes(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	date := "2019-09-25"
	v, err := d.Describe(t.Context(), v.ID, archive.Words{Title: archive.Text{"es": " Título "}, EventDate: &date, Revision: v.Revision}, "ana")
	if err != nil || v.Title["es"] != "Título" || v.EventDate != "2019-09-25" {
		t.Fatalf("%+v, %v", v.Title, err)
	}
	if _, err := d.Describe(t.Context(), v.ID, archive.Words{Title: archive.Text{"es": "Otro"}, Revision: v.Revision - 1}, ""); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("an older revision: %v", err)
	}
	bad := "2019-13"
	var field *archive.FieldError
	if _, err := d.Describe(t.Context(), v.ID, archive.Words{EventDate: &bad}, ""); !errors.As(err, &field) || field.Field != "eventDate" {
		t.Errorf("a bad date: %v", err)
	}
	now, err := d.store.Video(t.Context(), v.ID)
	if err != nil || now.Revision != v.Revision || now.Title["es"] != "Título" {
		t.Errorf("refused words changed the record: %+v, %v", now.Title, err)
	}
}

func TestTheArticleIsNoted(t *testing.T) {
	d := newDesk(t)
	r := archive.Registration{URL: d.watch(archivetest.NewYorkID), Article: "HTTPS://Example.org:443/nota?utm_source=x#top", ArticleLanguage: "es"}
	for range 2 {
		if _, err := d.Register(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	articles := collect(t, d.store.Articles(t.Context()))
	if len(articles) != 1 || articles[0].URL != "https://example.org/nota" || articles[0].Language != "es" || len(articles[0].Placements) != 1 {
		t.Errorf("%+v", articles)
	}
	r.Article = "nowhere"
	if _, err := d.Register(t.Context(), r); err == nil {
		t.Error("an article that is no address was taken")
	}
}

func TestAnAddressOfNobodyIsRefused(t *testing.T) {
	d := newDesk(t)
	for address, want := range map[string]error{
		"https://nobody.example/x":              archive.ErrNotRecognised,
		d.platform.URL + "/playlist?list=PL123": archive.ErrNotAVideo,
		"":                                      archive.ErrNotRecognised,
	} {
		_, err := d.Register(t.Context(), archive.Registration{URL: address})
		var field *archive.FieldError
		if !errors.Is(err, want) || !errors.As(err, &field) || field.Field != "url" {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestACancelledRegistrationEnds(t *testing.T) {
	d := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Register(ctx, archive.Registration{URL: d.watch(archivetest.NewYorkID)}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
