package verify_test

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/internal/people"
	"videoteca/storage"
	"videoteca/storage/verify"
)

// pristine is one library that every test has a copy of: writing it costs a disk's flush an object.
var pristine struct {
	once   sync.Once
	folder string
	library
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(pristine.folder) // it is where such things are tidied up
		os.Exit(code)
	}))
}

// morning is when the stores of these tests were written.
func morning() time.Time { return time.Date(2025, 4, 14, 9, 30, 0, 0, time.UTC) }

// later is when they are checked: so late that nothing is under way any more.
func later() time.Time { return time.Now().Add(3 * time.Hour) }

// library is a store with an object of every kind, in a folder in which tests do damage.
type library struct {
	folder string
	store  *storage.Store
	videos []archive.Video
	audit  string
}

// newLibrary has two videos with captures, files, copies and a history, and what stands beside them.
func newLibrary(t *testing.T) *library {
	t.Helper()
	pristine.once.Do(func() {
		folder, err := os.MkdirTemp("", "videoteca-verify-test-")
		must(t, err)
		pristine.folder, pristine.library = folder, *built(t, filepath.Join(folder, "store"))
	})
	return pristine.fork(t)
}

func built(t *testing.T, folder string) *library {
	t.Helper()
	l := &library{folder: folder}
	l.store = storage.NewStore(directory(t, l.folder), storage.StoreOptions{Now: func() time.Time { return morning() }})
	for i := range 2 {
		l.register(t, fmt.Sprintf("meeting%04d", i))
	}
	article, err := archive.NewArticle("https://example.org/story", "es")
	must(t, err)
	for _, v := range l.videos {
		must(t, l.store.Place(t.Context(), article, v.ID))
	}
	l.audited(t)
	must(t, l.store.WriteCheckpoint(t.Context(), morning(), heard("meeting0000", "meeting0001")))
	_, err = l.store.UpdateChannel(t.Context(), archive.ChannelKey("maketube", "UCx"), func(c *archive.Channel) error { c.Name = "n"; return nil })
	must(t, err)
	l.staffed(t)
	_, err = l.store.ChangeSetting(t.Context(), "thresholds", "", map[string]int{"goneAfter": 2}, "ana")
	must(t, err)
	return l
}

// staffed has an administrator who is signed in, and one failed attempt.
func (l *library) staffed(t *testing.T) {
	t.Helper()
	r := people.New(l.store.Accounts(), people.Options{Cost: people.Cost{Memory: 64, Passes: 1, Lanes: 1}, Now: morning})
	link, err := r.SetUp(t.Context())
	must(t, err)
	const password = "correct horse battery"
	_, err = r.RedeemSetUp(t.Context(), link, people.NewAccount{Login: "ana", Password: password, Roles: []people.Role{people.Admin}})
	must(t, err)
	_, _, err = r.SignIn(t.Context(), people.Attempt{Login: "ana", Password: password})
	must(t, err)
}

func directory(t *testing.T, folder string) storage.Bucket {
	t.Helper()
	d, err := storage.OpenDirectory(folder)
	must(t, err)
	t.Cleanup(func() { _ = d.Close() }) // the folder goes next
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func heard(ids ...string) iter.Seq2[archive.Heard, error] {
	return func(yield func(archive.Heard, error) bool) {
		for _, id := range ids {
			if !yield(archive.Heard{Source: maketube(id), LastRound: morning()}, nil) {
				return
			}
		}
	}
}

func maketube(id string) archive.SourceKey { return archive.SourceKey{Platform: "maketube", ID: id} }

// register makes a video with six revisions.
func (l *library) register(t *testing.T, source string) {
	t.Helper()
	ctx := t.Context()
	v := archive.Video{ID: archive.NewVideoID(), Created: morning(), Sources: []archive.Source{{SourceKey: maketube(source), URL: "https://tube.example/" + source, Added: morning()}}}
	_, err := l.store.Claim(ctx, maketube(source), v.ID)
	must(t, err)
	v, err = l.store.Create(ctx, v, archive.Cause{Actor: "local", Verb: "register"})
	must(t, err)
	thumbnail, err := l.store.SaveFile(ctx, v.ID, archive.File{Extension: "jpg", Type: "image/jpeg", Width: 4, Height: 3}, []byte("picture of "+source))
	must(t, err)
	film, err := l.store.SaveFile(ctx, v.ID, archive.File{Extension: "mp4", Type: "video/mp4"}, []byte("film of "+source))
	must(t, err)
	c, err := l.store.SaveCapture(ctx, archive.Capture{
		Video: v.ID, Source: maketube(source), URL: "https://tube.example/" + source, At: morning(), Method: "oembed",
		Fields: archive.Fields{Title: "t"}, Thumbnails: []archive.File{thumbnail},
	})
	must(t, err)
	for i := range 5 {
		v, err = l.store.Update(ctx, v.ID, archive.Cause{Actor: "local", Verb: "describe"}, func(v *archive.Video) error {
			v.Notes = fmt.Sprint("note ", i)
			v.Copies = []archive.Copy{{File: film, Added: morning()}}
			v.Sources[0].Described = &archive.Description{Capture: c.ID, At: c.At, Method: c.Method, Fields: c.Fields, Thumbnails: c.Thumbnails}
			return nil
		})
		must(t, err)
	}
	l.videos = append(l.videos, v)
}

// audited writes a journal of three parts.
func (l *library) audited(t *testing.T) {
	t.Helper()
	j := l.store.Journal()
	name, err := j.Begin(t.Context(), morning())
	must(t, err)
	must(t, j.WritePlan(t.Context(), name, audit.Plan{Scope: "all", Actor: "local", Started: morning()}))
	for part := 1; part <= 3; part++ {
		must(t, j.WritePart(t.Context(), name, part, []archive.Observation{{Source: maketube("x"), Method: "oembed", At: morning().Add(time.Duration(part) * time.Second), Outcome: archive.Playable}}))
	}
	must(t, j.Finish(t.Context(), name, audit.Summary{Audit: name, Started: morning(), Ended: morning(), Parts: 3}))
	l.audit = name
}

// keys lists what the folder holds under a prefix.
func (l *library) keys(t *testing.T, prefix string) []string {
	t.Helper()
	var keys []string
	must(t, fs.WalkDir(os.DirFS(l.folder), ".", func(key string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && len(key) > 1 && key[0] == '.': // locks and temporary files
			return fs.SkipDir
		case !d.IsDir() && strings.HasPrefix(key, prefix):
			keys = append(keys, key)
		}
		return nil
	}))
	return keys
}

// of lists the objects of the first video in a folder.
func (l *library) of(t *testing.T, folder string) []string {
	t.Helper()
	return l.keys(t, folder+"/"+string(l.videos[0].ID[:2])+"/"+string(l.videos[0].ID))
}

func (l *library) path(key string) string { return filepath.Join(l.folder, filepath.FromSlash(key)) }

func (l *library) read(t *testing.T, key string) string {
	t.Helper()
	data, err := os.ReadFile(l.path(key))
	must(t, err)
	return string(data)
}

// write replaces an object, as a fault of a disk or a person does: under the store's nose.
func (l *library) write(t *testing.T, key, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(l.path(key)), 0o700))
	must(t, os.WriteFile(l.path(key)+"~", []byte(content), 0o600))
	must(t, os.Rename(l.path(key)+"~", l.path(key)))
}

func (l *library) edit(t *testing.T, key, from, to string) {
	t.Helper()
	old := l.read(t, key)
	if !strings.Contains(old, from) {
		t.Fatalf("%s has no %s:\n%s", key, from, old)
	}
	l.write(t, key, strings.Replace(old, from, to, 1))
}

func (l *library) remove(t *testing.T, key string) {
	t.Helper()
	must(t, os.Remove(l.path(key)))
}

// fork is another store with the same objects.
func (l *library) fork(t *testing.T) *library {
	t.Helper()
	f := &library{folder: filepath.Join(t.TempDir(), "store"), videos: slices.Clone(l.videos), audit: l.audit}
	must(t, os.MkdirAll(f.folder, 0o700))
	for key, content := range l.objects(t) {
		f.write(t, key, content)
	}
	f.store = storage.NewStore(directory(t, f.folder), storage.StoreOptions{Now: func() time.Time { return morning().Add(time.Hour) }}) // its events sort last
	return f
}

// objects is the content of every object.
func (l *library) objects(t *testing.T) map[string]string {
	t.Helper()
	objects := map[string]string{}
	for _, key := range l.keys(t, "") {
		objects[key] = l.read(t, key)
	}
	return objects
}

// verified checks the store and returns what was found, in the order of the keys.
func (l *library) verified(t *testing.T, o verify.Options) ([]verify.Finding, verify.Summary) {
	t.Helper()
	var found []verify.Finding
	if o.Bucket == nil {
		o.Bucket = directory(t, l.folder)
	}
	if o.Now == nil {
		o.Now = later
	}
	summary, err := verify.Run(t.Context(), o, func(f verify.Finding) { found = append(found, f) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(found, func(a, b verify.Finding) int {
		return strings.Compare(a.Key+string(a.Kind), b.Key+string(b.Kind))
	})
	return found, summary
}

// errCut is a connection that broke: no answer of the store.
var errCut = errors.New("connection reset by peer")
