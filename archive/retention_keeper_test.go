package archive_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
	"videoteca/storage"
)

func TestWhatCannotBeHadAgainIsPurgedAndLeavesDigestDateAndReason(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	stored := collect(t, v.store.StoredCaptures(t.Context(), id))[0]
	words := archive.Words{Title: archive.Text{"es": "Reunión"}, Caption: archive.Text{"es": "Lo que vimos."}}
	if _, err := v.Describe(t.Context(), id, words, "ana"); err != nil {
		t.Fatal(err)
	}
	files := filesOf(stored.Capture)
	if n := len(v.traces(t, files)); n < len(files)+2 {
		t.Fatalf("there are %d traces of %d files, so this tests nothing", n, len(files))
	}
	if err := v.platform.SetState(leavingID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(31 * days)
	summary := v.pass(t, thirty)
	if summary.Captures != 1 || summary.Files != len(files) || summary.Refreshed != 0 || len(summary.Changes) != 1 || summary.Changes[0].Source != leavingKey {
		t.Errorf("the summary is %+v", summary)
	}
	if left := v.traces(t, files); len(left) != 0 {
		t.Errorf("traces are left in %v", left)
	}
	after := v.video(t, id)
	want := archive.Purge{Capture: stored.ID, Digest: stored.Digest, Captured: stored.At, At: v.now, Reason: "retention 30d; not captured anew, the source is live"}
	if s := after.Sources[0]; s.Described != nil || len(s.Purged) != 1 || s.Purged[0] != want {
		t.Errorf("described %+v, purged %+v", s.Described, s.Purged)
	}
	if title, _ := after.DisplayTitle("es"); title != "Reunión" || after.Caption["es"] != "Lo que vimos." {
		t.Errorf("the newsroom's words are %q, %v", title, after.Caption)
	}
	if err := v.store.VerifyEvents(t.Context(), id); err != nil {
		t.Error(err)
	}
	events := collect(t, v.store.Events(t.Context(), id))
	if last := events[len(events)-1]; last.Actor != "retention" || last.Verb != "purge" || last.Reason != "retention 30d" {
		t.Errorf("the last event is %+v", last)
	}
	for _, f := range stored.Thumbnails {
		if !slices.Contains(v.posters.forgotten, f.Digest) {
			t.Errorf("posters of %s stay", f.Label)
		}
	}
}

func TestWhatIsThereIsCapturedAnewBeforeItsTimeIsOver(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	start, before := v.now, v.captures(t, id)[0]
	for _, tt := range []struct {
		day       int
		refreshed int
	}{{26, 0}, {28, 1}, {29, 0}, {54, 0}, {56, 1}} {
		v.now = start.Add(time.Duration(tt.day) * days)
		if s := v.pass(t, thirty); s.Refreshed != tt.refreshed || s.Captures != tt.refreshed {
			t.Errorf("on day %d: %+v", tt.day, s)
		}
		captures := v.captures(t, id)
		if video := v.video(t, id); len(captures) != 1 || video.Sources[0].Described == nil || video.Sources[0].Described.Capture != captures[0].ID {
			t.Fatalf("on day %d: %d captures, described %+v", tt.day, len(captures), video.Sources[0].Described)
		}
	}
	newest := v.captures(t, id)[0]
	if newest.ID == before.ID || newest.Fields.Title != leavingTitle || !newest.At.Equal(v.now) {
		t.Errorf("the capture is %+v", newest)
	}
	if missing := v.dangling(t); len(missing) != 0 {
		t.Errorf("missing are %v", missing)
	}
	if purged := v.video(t, id).Sources[0].Purged; len(purged) != 2 || purged[0].Reason != "retention 30d; captured anew" {
		t.Errorf("purged are %+v", purged)
	}
}

// What came without a key is nobody's to take back.
func TestWhatCameWithoutAKeyStays(t *testing.T) {
	v := newVault(t)
	if err := v.platform.SetFault(archivetest.FaultKeyRefused); err != nil {
		t.Fatal(err)
	}
	id := v.registered(t).ID
	if c := v.captures(t, id); len(c) != 1 || c[0].Method != youtube.MethodOEmbed {
		t.Fatalf("captured %+v", c)
	}
	before := v.objects(t)
	v.now = v.now.Add(400 * days)
	if s := v.pass(t, thirty); s.Captures != 0 || s.Refreshed != 0 || s.Videos != 1 {
		t.Errorf("the summary is %+v", s)
	}
	if after := v.objects(t); !maps.Equal(after, before) {
		t.Error("the bucket has changed")
	}
}

func TestASourceIsDescribedByTheNewestCaptureThatStays(t *testing.T) {
	v := newVault(t)
	if err := v.platform.SetFault(archivetest.FaultKeyRefused); err != nil {
		t.Fatal(err)
	}
	id := v.registered(t).ID
	keyless := v.captures(t, id)[0]
	if err := v.platform.SetFault(archivetest.FaultNone); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(time.Hour)
	if done, err := v.Refresh(t.Context(), id, leavingKey, true, ""); !done || err != nil {
		t.Fatalf("%v, %v", done, err)
	}
	pictures := archive.Capture{Video: id, Source: leavingKey, At: v.now.Add(time.Minute), Thumbnails: keyless.Thumbnails} // tells nothing
	if _, err := v.store.SaveCapture(t.Context(), pictures); err != nil {
		t.Fatal(err)
	}
	if err := v.platform.SetState(leavingID, archivetest.Private); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(31 * days)
	if s := v.pass(t, thirty); s.Captures != 1 {
		t.Errorf("the summary is %+v", s)
	}
	described := v.video(t, id).Sources[0].Described
	if described == nil || described.Capture != keyless.ID || described.Title != leavingTitle || len(described.Thumbnails) == 0 {
		t.Errorf("it is described by %+v", described)
	}
	if missing := v.dangling(t); len(missing) != 0 { // the pictures are those of both
		t.Errorf("missing are %v", missing)
	}
	for key, data := range contents(t, v.folder) {
		if strings.Contains(string(data), leavingDescription) {
			t.Errorf("%s still has what only the keyed call told", key)
		}
	}
}

func TestTheNewsroomsFilesStayAlsoWhereAPlatformShowedTheSame(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	thumbnail := v.captures(t, id)[0].Thumbnails[0]
	data, err := v.store.File(t.Context(), id, thumbnail)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.SetPoster(t.Context(), id, upload(string(data)), "ana"); err != nil {
		t.Fatal(err)
	}
	if err := v.platform.SetState(leavingID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(31 * days)
	v.pass(t, thirty)
	video := v.video(t, id)
	if video.Picture == nil {
		t.Fatal("the poster is gone")
	}
	if _, err := v.store.File(t.Context(), id, *video.Picture); err != nil {
		t.Error(err)
	}
	if slices.Contains(v.posters.forgotten, thumbnail.Digest) {
		t.Error("its posters were let go")
	}
	if files := slices.DeleteFunc(v.traces(t, []archive.File{thumbnail}), func(key string) bool { return strings.HasSuffix(key, thumbnail.Name()) }); len(files) != 0 {
		t.Errorf("traces in %v", files)
	}
}

func TestNothingIsPurgedUnlessSomebodyChoseTo(t *testing.T) {
	v := newVault(t)
	v.registered(t)
	before := v.objects(t)
	v.now = v.now.Add(4000 * days)
	if s := v.pass(t, archive.Keep); s.Videos != 1 || s.Captures+s.Refreshed+s.Files != 0 || !maps.Equal(v.objects(t), before) {
		t.Errorf("the summary is %+v", s)
	}
}

func TestADryRunSaysWhatWouldGoAndTouchesNothing(t *testing.T) {
	v := newVault(t)
	v.registered(t)
	gone := v.register(t, archivetest.NewYorkID).Video
	if _, err := v.Rule(t.Context(), gone.ID, newYork, archive.RulesDead, "It says so.", ""); err != nil {
		t.Fatal(err)
	}
	before, asked := v.objects(t), v.platform.Calls(archivetest.CallVideos)
	v.now = v.now.Add(31 * days)
	summary, err := v.keeper.Run(t.Context(), archive.RetentionPass{Videos: v.all(t.Context()), Period: thirty, DryRun: true})
	if err != nil || !summary.DryRun || summary.Refreshed != 1 || summary.Captures != 2 || summary.Files != 0 {
		t.Errorf("the summary is %+v, %v", summary, err)
	}
	if !maps.Equal(v.objects(t), before) || v.platform.Calls(archivetest.CallVideos) != asked || len(v.posters.forgotten) != 0 {
		t.Error("something was touched or asked")
	}
}

func TestAVideoThatFailsStopsNoOther(t *testing.T) {
	v := newVault(t)
	v.registered(t)
	if err := v.platform.Add(archivetest.Video{ID: "simPurge_02", Largest: archivetest.High}); err != nil {
		t.Fatal(err)
	}
	broken := v.register(t, "simPurge_02").Video
	key := "captures/" + string(broken.ID[:2]) + "/" + string(broken.ID) + "/" + v.captures(t, broken.ID)[0].ID + ".json"
	if err := v.bucket.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if _, err := v.bucket.Put(t.Context(), key, strings.NewReader("{"), 1, storage.Condition{}); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(31 * days)
	var mu sync.Mutex
	var told []int
	summary, err := v.keeper.Run(t.Context(), archive.RetentionPass{Videos: v.all(t.Context()), Period: thirty, Tell: func(s archive.RetentionSummary) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, s.Videos)
	}})
	if err != nil || summary.Videos != 2 || summary.Failed != 1 || summary.Refreshed != 1 {
		t.Errorf("%+v, %v", summary, err)
	}
	if !slices.Equal(told, []int{1, 2}) {
		t.Errorf("told of %v videos", told)
	}
}

func TestWhatOnlyTheRecordSaysGoesToo(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	if err := v.store.RemoveCapture(t.Context(), id, v.captures(t, id)[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := v.platform.SetState(leavingID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(31 * days)
	v.pass(t, thirty)
	if s := v.video(t, id).Sources[0]; s.Described != nil || len(s.Purged) != 1 || s.Purged[0].Digest != "" {
		t.Errorf("described %+v, purged %+v", s.Described, s.Purged)
	}
}

func TestAPassEndsWithItsContextAndItsVideos(t *testing.T) {
	v := newVault(t)
	torn := func(yield func(archive.Video, error) bool) { yield(archive.Video{}, archive.ErrUnavailable) }
	if _, err := v.keeper.Run(t.Context(), archive.RetentionPass{Videos: torn, Period: thirty}); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("torn: %v", err)
	}
	ctx, cancel := cancelled(t)
	defer cancel()
	one := listOf([]archive.Video{{ID: "7k3mzq9x0abd"}})
	if s, err := v.keeper.Run(ctx, archive.RetentionPass{Videos: one, Period: thirty}); err == nil || s.Videos != 0 {
		t.Errorf("ended: %+v, %v", s, err)
	}
}

func TestTwoPassesAtOnceDoNoHarm(t *testing.T) {
	v := newVault(t)
	id := v.registered(t).ID
	files := filesOf(v.captures(t, id)...)
	if err := v.platform.SetState(leavingID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	later := v.now.Add(31 * days)
	one, two := vaultIn(t, v.folder, v.platform, later), vaultIn(t, v.folder, v.platform, later)
	var work sync.WaitGroup
	for _, w := range []*vault{one, two} {
		work.Go(func() { w.pass(t, thirty) })
	}
	work.Wait()
	if left := one.traces(t, files); len(left) != 0 {
		t.Errorf("traces in %v", left)
	}
	if purged := one.video(t, id).Sources[0].Purged; len(purged) != 1 {
		t.Errorf("purged are %+v", purged)
	}
}
