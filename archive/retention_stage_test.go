package archive_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
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

// thirty is the period that the platform's terms ask for.
const thirty = archive.Retention(30 * days)

// Words that stand nowhere but in the platform's answers on the video leavingID.
const (
	leavingID          = "simPurge_01"
	leavingTitle       = "Título que sólo dice la plataforma"
	leavingDescription = "Descripción que sólo dice la plataforma"
)

var leavingKey = archive.SourceKey{Platform: "maketube", ID: leavingID}

// vault is a newsroom whose clock tests move, on a bucket that can be looked through.
type vault struct {
	*desk
	keeper  *archive.Keeper
	folder  string
	bucket  *dying
	posters *forgetful
	now     time.Time
}

func newVault(t *testing.T) *vault {
	t.Helper()
	platform := onStage(t)
	upload := archivetest.Video{ID: leavingID, Title: leavingTitle, Description: leavingDescription, Largest: archivetest.High}
	if err := platform.Add(upload); err != nil {
		t.Fatal(err)
	}
	return vaultIn(t, t.TempDir(), platform, time.Date(2025, 4, 14, 12, 0, 0, 0, time.UTC))
}

// vaultIn is another process on the folder.
func vaultIn(t *testing.T, folder string, platform *archivetest.Server, now time.Time) *vault {
	t.Helper()
	directory, err := storage.OpenDirectory(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = directory.Close() }) // the folder goes next
	v := &vault{folder: folder, bucket: &dying{Bucket: directory, after: -1}, posters: &forgetful{}, now: now}
	clock := func() time.Time { return v.now }
	o := youtube.At("maketube", "MakeTube", platform.URL, archivetest.ControlID)
	o.Key, o.Now = "make-believe", clock
	adapter, err := youtube.New(o)
	if err != nil {
		t.Fatal(err)
	}
	platforms := archive.Platforms{adapter}
	store := storage.NewStore(v.bucket, storage.StoreOptions{Now: clock})
	library := archive.NewLibrary(archive.LibraryOptions{Store: store, Platforms: platforms, Now: clock})
	v.desk = &desk{library, store, platform}
	v.keeper = archive.NewKeeper(archive.KeeperOptions{
		Store: store, Shelf: store, Refresher: library, Platforms: platforms, Posters: v.posters, Now: clock,
	})
	return v
}

// registered registers the video that is to leave.
func (v *vault) registered(t *testing.T) archive.Video {
	t.Helper()
	return v.register(t, leavingID).Video
}

func (v *vault) video(t *testing.T, id archive.VideoID) archive.Video {
	t.Helper()
	video, err := v.store.Video(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return video
}

// all is every video of the store.
func (v *vault) all(ctx context.Context) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for listed, err := range v.store.List(ctx) {
			var video archive.Video
			if err == nil {
				video, err = v.store.Video(ctx, listed.ID)
			}
			if !yield(video, err) || err != nil {
				return
			}
		}
	}
}

// pass makes one pass that must not fail.
func (v *vault) pass(t *testing.T, period archive.Retention) archive.RetentionSummary {
	t.Helper()
	summary, err := v.keeper.Run(t.Context(), archive.RetentionPass{Videos: v.all(t.Context()), Period: period})
	if err != nil || summary.Failed != 0 {
		t.Fatalf("%+v, %v", summary, err)
	}
	return summary
}

// objects is the digests of all objects but those that writing proves the store with, by key.
func (v *vault) objects(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for key, data := range contents(t, v.folder) {
		sum := sha256.Sum256(data)
		found[key] = hex.EncodeToString(sum[:])
	}
	return found
}

// contents is every object in a folder, unpacked.
func contents(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		key, err := filepath.Rel(folder, path)
		if err != nil || strings.HasPrefix(key, ".") || key == storage.KeyInstallation {
			return err
		}
		found[filepath.ToSlash(key)], err = unpacked(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func unpacked(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil || filepath.Ext(path) != ".gz" {
		return data, err
	}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zip)
}

// traces is where the bucket still has what the platform said or showed: one of the words, or the
// bytes of one of the files.
func (v *vault) traces(t *testing.T, files []archive.File) []string {
	t.Helper()
	var found []string
	for key, data := range contents(t, v.folder) {
		sum := sha256.Sum256(data)
		isFile := slices.ContainsFunc(files, func(f archive.File) bool { return f.Digest == hex.EncodeToString(sum[:]) })
		if isFile || bytes.Contains(data, []byte(leavingTitle)) || bytes.Contains(data, []byte(leavingDescription)) {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	return found
}

// filesOf is what captures point at.
func filesOf(captures ...archive.Capture) []archive.File {
	var files []archive.File
	for _, c := range captures {
		files = append(files, slices.Concat(c.Thumbnails, c.Raw)...)
	}
	return files
}

// dangling is what records and captures point at that is not there.
func (v *vault) dangling(t *testing.T) []string {
	t.Helper()
	have := contents(t, v.folder)
	var missing []string
	for video := range seqOf(t, v.all(t.Context())) {
		captures := map[string]archive.Capture{}
		for _, c := range v.captures(t, video.ID) {
			captures[c.ID] = c
		}
		for _, s := range slices.Concat(video.Sources, v.served(t, video).Sources) {
			for _, p := range s.Purged {
				delete(captures, p.Capture) // on its way out
			}
		}
		for _, s := range video.Sources {
			if s.Described == nil {
				continue
			}
			if _, there := captures[s.Described.Capture]; !there {
				missing = append(missing, "capture "+s.Described.Capture)
			}
		}
		for _, f := range filesOf(slices.Collect(maps.Values(captures))...) {
			if have["files/"+string(video.ID[:2])+"/"+string(video.ID)+"/"+f.Name()] == nil {
				missing = append(missing, "file "+f.Name())
			}
		}
	}
	return missing
}

// served is the record that serves for a video, by which what lies with a duplicate is purged.
func (v *vault) served(t *testing.T, video archive.Video) archive.Video {
	t.Helper()
	if video.MergedInto == "" {
		return video
	}
	return v.video(t, video.MergedInto)
}

func seqOf[T any](t *testing.T, list iter.Seq2[T, error]) iter.Seq[T] {
	t.Helper()
	return slices.Values(collect(t, list))
}

var errKilled = errors.New("killed")

// dying is a bucket whose process is killed after so many changes of what tells of videos.
type dying struct {
	storage.Bucket
	mu    sync.Mutex
	after int // changes left; negative: it lives on
	dead  bool
}

// change counts one change, and reports whether the process is still there to make it.
func (d *dying) change(key string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	folder, _, _ := strings.Cut(key, "/")
	if d.after >= 0 && slices.Contains([]string{"videos", "events", "changes", "captures", "files"}, folder) {
		d.dead = d.dead || d.after == 0
		d.after = max(0, d.after-1)
	}
	if d.dead {
		return errKilled
	}
	return nil
}

func (d *dying) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	if err := d.change(key); err != nil {
		return storage.Object{}, err
	}
	return d.Bucket.Put(ctx, key, body, size, cond)
}

func (d *dying) Delete(ctx context.Context, key string) error {
	if err := d.change(key); err != nil {
		return err
	}
	return d.Bucket.Delete(ctx, key)
}

func (d *dying) Get(ctx context.Context, key string, r storage.Range) (io.ReadCloser, storage.Object, error) {
	if d.isDead() {
		return nil, storage.Object{}, errKilled
	}
	return d.Bucket.Get(ctx, key, r)
}

func (d *dying) isDead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}

// forgetful notes the pictures whose posters are let go.
type forgetful struct {
	mu        sync.Mutex
	forgotten []string // digests
	failing   error
}

func (f *forgetful) Forget(_ context.Context, originals []archive.File) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range originals {
		f.forgotten = append(f.forgotten, o.Digest)
	}
	return f.failing
}
