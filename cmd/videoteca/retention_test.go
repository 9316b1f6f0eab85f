package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
	"videoteca/storage"
)

const (
	keyedTitle  = "Título que dijo una llamada con clave"
	keyedID     = "simKeyed_01"
	daysOfKeyed = 31
)

// keyed registers a video with a key, so many days ago.
func (s *site) keyed(t *testing.T, id, title string, daysAgo int) archive.VideoID {
	t.Helper()
	if err := s.platform.Add(archivetest.Video{ID: id, Title: title, Largest: archivetest.High}); err != nil {
		t.Fatal(err)
	}
	past := func() time.Time { return time.Now().Add(-time.Duration(daysAgo) * 24 * time.Hour) }
	if err := os.MkdirAll(s.store, 0o700); err != nil {
		t.Fatal(err)
	}
	bucket, err := storage.OpenDirectory(s.store)
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	o := youtube.At("maketube", "MakeTube", s.platform.URL, archivetest.ControlID)
	o.Key, o.Now = "make-believe", past
	adapter, err := youtube.New(o)
	if err != nil {
		t.Fatal(err)
	}
	library := archive.NewLibrary(archive.LibraryOptions{
		Store: storage.NewStore(bucket, storage.StoreOptions{Now: past}), Platforms: archive.Platforms{adapter}, Now: past,
	})
	done, err := library.Register(t.Context(), archive.Registration{URL: s.watch(id)})
	if err != nil || done.Video.Sources[0].Described == nil || done.Video.Sources[0].Described.Method != youtube.MethodList {
		t.Fatalf("%+v, %v", done, err)
	}
	return done.Video.ID
}

// filesWith is the files below a folder whose bytes have a text.
func filesWith(t *testing.T, folder, text string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(text)) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestThePeriodIsKeptInTheStore(t *testing.T) {
	s := newSite(t)
	s.found(t)
	if out := command(t, s.args("retention")...); !strings.HasPrefix(out, "keep: ") {
		t.Errorf("at first: %s", out)
	}
	if out := command(t, s.args("retention", "set", "30d")...); !strings.HasPrefix(out, "30d: ") {
		t.Errorf("chosen: %s", out)
	}
	if out := command(t, s.args("retention", "show", "--json")...); !strings.Contains(out, `"period": "30d"`) {
		t.Errorf("as JSON: %s", out)
	}
	if out := command(t, s.args("retention", "set", "keep")...); !strings.HasPrefix(out, "keep: ") {
		t.Errorf("taken back: %s", out)
	}
	for _, args := range [][]string{{"set", "30"}, {"set", "0d"}, {"set"}, {"show", "30d"}, {"ahead", "--within", "0d"}, {"forget"}, {"ahead", "--within", "keep"}, {"ahead", "--within", "soon"}} {
		if got := try(t, "", s.args(append([]string{"retention"}, args...)...)...); got.code != exitUsage {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestWithoutAChoiceNothingIsPurged(t *testing.T) {
	s := newSite(t)
	s.keyed(t, keyedID, keyedTitle, 400)
	out := command(t, s.args("retention", "run")...)
	if !strings.Contains(out, "retention keep: 1 video, 0 sources captured anew, 0 captures") {
		t.Errorf("it printed %s", out)
	}
	if out := command(t, s.args("retention", "ahead")...); !strings.Contains(out, "no card is about to lose") {
		t.Errorf("ahead: %s", out)
	}
	if len(filesWith(t, s.store, keyedTitle)) == 0 {
		t.Error("the title is gone")
	}
}

func TestAPassPurgesWhatMayBeKeptNoLonger(t *testing.T) {
	s := newSite(t)
	id := string(s.keyed(t, keyedID, keyedTitle, daysOfKeyed))
	command(t, s.args("retention", "set", "30d")...)
	command(t, s.args("overrule", "dead", id, "--reason", "It says so.")...)
	if len(filesWith(t, s.cache, keyedTitle)) == 0 {
		t.Fatal("the catalog has no title, so this tests little")
	}
	out := command(t, s.args("retention", "ahead")...)
	for _, want := range []string{id, "title, poster", keyedTitle, "PATCH /api/v1/videos/ID", "videoteca poster ID FILE"} {
		if !strings.Contains(out, want) {
			t.Errorf("ahead says no %q: %s", want, out)
		}
	}
	var ahead listOf[archive.Loss]
	if err := json.Unmarshal([]byte(command(t, s.args("retention", "ahead", "--json")...)), &ahead); err != nil || len(ahead.Items) != 1 || !ahead.Items[0].Poster {
		t.Errorf("ahead is %+v, %v", ahead, err)
	}
	dry := command(t, s.args("retention", "run", "--dry-run")...)
	if !strings.HasPrefix(dry, "dry run: retention 30d: 1 video, 0 sources captured anew, 1 capture ") || len(filesWith(t, s.store, keyedTitle)) == 0 {
		t.Errorf("the dry run: %s", dry)
	}
	folder, lost := filepath.Join(t.TempDir(), "embeds"), filepath.Join(t.TempDir(), "lost")
	for _, where := range [][]string{nil, {"--publish-to", folder}, {"--publish-to", lost}} {
		command(t, s.args(append([]string{"publish"}, where...)...)...)
	}
	if len(filesWith(t, folder, keyedTitle)) == 0 || os.RemoveAll(lost) != nil {
		t.Fatal("the published pages have no title, so this tests little")
	}
	got := try(t, "", s.args("retention", "run")...)
	if got.code != exitOK || !strings.Contains(got.out, "1 capture and 0 answers purged") {
		t.Errorf("the pass: %+v", got)
	}
	for _, want := range []string{"published pages at published/ in the store are up to date", "published pages at " + folder + " are up to date", "published pages at " + lost + " cannot be reached"} {
		if !strings.Contains(got.errs, want) {
			t.Errorf("the pass says no %q: %s", want, got.errs)
		}
	}
	if left := filesWith(t, folder, keyedTitle); len(left) != 0 {
		t.Errorf("the title is still published in %v", left)
	}
	if posters, err := filepath.Glob(filepath.Join(folder, "p", id, "*")); err != nil || len(posters) != 0 {
		t.Errorf("posters are still published: %v, %v", posters, err)
	}
	if _, err := os.Stat(lost); err == nil {
		t.Error("a folder that is not there was made")
	}
	if left := filesWith(t, s.store, keyedTitle); len(left) != 0 {
		t.Errorf("the title is still in %v", left)
	}
	if pictures, err := filepath.Glob(filepath.Join(s.cache, "*", "posters", "*", "*.jpg")); err != nil || len(pictures) != 0 {
		t.Errorf("posters are left: %v, %v", pictures, err)
	}
	if out := command(t, s.args("show", id)...); strings.Contains(out, keyedTitle) {
		t.Errorf("it is still shown: %s", out)
	}
	again := try(t, "", s.args("retention", "run", "--json")...)
	var summary archive.RetentionSummary
	if err := json.Unmarshal([]byte(again.out), &summary); err != nil || summary.Captures != 0 || len(summary.Changes) != 0 || strings.Contains(again.errs, "publish") {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestASourceThatIsThereIsCapturedAnewAndKeepsItsCard(t *testing.T) {
	s := newSite(t)
	id := string(s.keyed(t, keyedID, keyedTitle, daysOfKeyed))
	command(t, s.args("retention", "set", "30d")...)
	out := command(t, s.args("retention", "run")...)
	if !strings.Contains(out, "1 source captured anew, 1 capture and 0 answers purged") {
		t.Errorf("the pass: %s", out)
	}
	if out := command(t, s.args("show", id)...); !strings.Contains(out, keyedTitle) {
		t.Errorf("the card has lost its title: %s", out)
	}
}

func TestAPassWaitsForAnAuditToEnd(t *testing.T) {
	s := newSite(t)
	s.keyed(t, keyedID, keyedTitle, daysOfKeyed)
	bucket, err := storage.OpenDirectory(s.store)
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	lease, err := storage.NewStore(bucket, storage.StoreOptions{}).Leases().Acquire(t.Context(), "audit", "an audit", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if got := try(t, "", s.args("retention", "run")...); got.code != exitFailure || !strings.Contains(got.errs, "when the audit has ended") {
		t.Errorf("while it runs: %+v", got)
	}
	if err := lease.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := try(t, "", s.args("retention", "run")...); got.code != exitOK {
		t.Errorf("afterwards: %+v", got)
	}
}

func TestAVideoThatFailsIsSaidInTheExitCode(t *testing.T) {
	s := newSite(t)
	s.keyed(t, keyedID, keyedTitle, daysOfKeyed)
	command(t, s.args("retention", "set", "30d")...)
	captures := filesWith(t, filepath.Join(s.store, "captures"), keyedTitle)
	if len(captures) != 1 {
		t.Fatalf("captures are %v", captures)
	}
	if err := os.WriteFile(captures[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := try(t, "", s.args("retention", "run")...); got.code != exitFailure || !strings.Contains(got.errs, "1 video failed") {
		t.Errorf("got %+v", got)
	}
}
