package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
	"videoteca/storage"
)

var newYork = archive.SourceKey{Platform: "maketube", ID: archivetest.NewYorkID}

// library is one more library on the desk's store, wired as change says.
func (d *desk) library(t *testing.T, base string, change func(*archive.LibraryOptions)) *archive.Library {
	t.Helper()
	o := archive.LibraryOptions{Store: d.store, Platforms: archive.Platforms{maketube(t, base)}}
	change(&o)
	return archive.NewLibrary(o)
}

func (d *desk) captures(t *testing.T, id archive.VideoID) []archive.Capture {
	t.Helper()
	return collect(t, d.store.Captures(t.Context(), id))
}

func TestACaptureIsEvidence(t *testing.T) {
	d := newDesk(t)
	captured := time.Date(2025, 5, 3, 10, 0, 0, 0, time.FixedZone("CST", -6*60*60))
	id := d.register(t, archivetest.NewYorkID).Video.ID
	c := d.captures(t, id)[0]
	if c.Video != id || c.Source != newYork || c.URL != d.watch(archivetest.NewYorkID) {
		t.Errorf("it is of %s, %s, %s", c.Video, c.Source, c.URL)
	}
	if c.Method != youtube.MethodList || c.Program != "videoteca test" || c.Vantage != "a test" {
		t.Errorf("made by %q with %q from %q", c.Method, c.Program, c.Vantage)
	}
	if c.At.Location() != time.UTC || !c.At.After(captured) {
		t.Errorf("made at %s", c.At)
	}
	if f := c.Fields; f.Language != "es" || !slices.Equal(f.Tags, []string{"simulación", "Nueva York", "2019"}) || !strings.Contains(f.Description, "simulación") || f.Width == 0 {
		t.Errorf("it says %+v", f)
	}
	for _, f := range slices.Concat(c.Thumbnails, c.Raw) {
		data, err := d.store.File(t.Context(), id, f)
		sum := sha256.Sum256(data)
		if err != nil || f.Algorithm != "sha256" || f.Digest != hex.EncodeToString(sum[:]) || f.Bytes != int64(len(data)) || f.Label == "" {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if raw := c.Raw[0]; raw.Label != "videos.list" || raw.Name() != raw.Digest+".json" || raw.Type != "application/json" {
		t.Errorf("the first response is %+v", raw)
	}
}

func TestWhatIsDescribedIsNotCapturedAgain(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	again := d.register(t, archivetest.NewYorkID)
	if err := d.CaptureMissing(t.Context(), v.ID, newYork, "audit"); err != nil {
		t.Fatal(err)
	}
	mirror, err := d.AddSource(t.Context(), v.ID, d.watch(archivetest.NewYorkID), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(d.captures(t, v.ID)) != 1 || again.Video.Revision != v.Revision || mirror.Video.Revision != v.Revision || again.New || mirror.New {
		t.Errorf("%d captures; the record went from revision %d to %d and %d", len(d.captures(t, v.ID)), v.Revision, again.Video.Revision, mirror.Video.Revision)
	}
}

func TestWhatCannotBeCapturedIsLeftAlone(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	for name, key := range map[string]archive.SourceKey{
		"a source that the video has not":  {Platform: "maketube", ID: archivetest.OvalOfficeID},
		"a platform that nobody knows now": {Platform: "closed", ID: "x"},
	} {
		if err := d.CaptureMissing(t.Context(), v.ID, key, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.CaptureMissing(t.Context(), archive.NewVideoID(), newYork, ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a video that is not there: %v", err)
	}
}

// behind is the platform with a proxy before it that answers some paths itself.
func behind(t *testing.T, platform *archivetest.Server, intercept func(w http.ResponseWriter, r *http.Request) bool) string {
	t.Helper()
	target, err := url.Parse(platform.URL)
	if err != nil {
		t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(target)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !intercept(w, r) {
			through.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

func TestThumbnailsThatFailDoNotFailTheRegistration(t *testing.T) {
	for name, tt := range map[string]struct {
		path   string // those that fail contain it
		answer string
		status int
		widths []int // of those that are kept
	}{
		"all refused":           {"/vi/", "no", http.StatusForbidden, nil},
		"all no pictures":       {"/vi/", "<html>", http.StatusOK, nil},
		"the largest not there": {"/maxresdefault", "no", http.StatusNotFound, []int{120, 320, 480, 640}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			base := behind(t, d.platform, func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.Contains(r.URL.Path, tt.path) {
					return false
				}
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
				return true
			})
			l := d.library(t, base, func(*archive.LibraryOptions) {})
			done, err := l.Register(t.Context(), archive.Registration{URL: base + "/watch?v=" + archivetest.NewYorkID})
			if err != nil || !done.New {
				t.Fatalf("%+v, %v", done, err)
			}
			s := done.Video.Sources[0]
			if s.Standing.State != archive.Live || s.Described == nil || s.Described.Seconds != 192 {
				t.Fatalf("%s, described %+v", s.Standing.State, s.Described)
			}
			var widths []int
			for _, f := range s.Described.Thumbnails {
				widths = append(widths, f.Width)
			}
			if slices.Sort(widths); !slices.Equal(widths, tt.widths) {
				t.Errorf("thumbnails are %v wide, want %v", widths, tt.widths)
			}
			if _, ok := done.Video.Poster(); ok != (tt.widths != nil) {
				t.Errorf("there is a poster: %v", ok)
			}
		})
	}
}

func TestAResponseWithoutAKeyIsCapturedByOEmbed(t *testing.T) {
	d := newDesk(t)
	if err := d.platform.SetFault(archivetest.FaultKeyRefused); err != nil {
		t.Fatal(err)
	}
	done := d.register(t, archivetest.NewYorkID)
	c := d.captures(t, done.Video.ID)
	if len(c) != 1 || c[0].Method != youtube.MethodOEmbed || c[0].Fields.Title == "" || len(c[0].Raw) != 1 || c[0].Raw[0].Label != "oembed" {
		t.Fatalf("captured %+v", c)
	}
	if len(done.Notes) != 1 || !strings.Contains(done.Notes[0], youtube.MethodList) {
		t.Errorf("the notes are %q", done.Notes)
	}
}

func TestASourceThatAnswersTooSlowlyIsRegisteredAllTheSame(t *testing.T) {
	d := newDesk(t)
	if err := d.platform.SetFault(archivetest.FaultSlow); err != nil {
		t.Fatal(err)
	}
	l := d.library(t, d.platform.URL, func(o *archive.LibraryOptions) { o.Fetching = 50 * time.Millisecond })
	done, err := l.Register(t.Context(), archive.Registration{URL: d.watch(archivetest.NewYorkID)})
	if err != nil || !done.New || done.Video.Sources[0].Standing.State != archive.Unchecked || len(done.Notes) != 1 || !strings.Contains(done.Notes[0], "no answer in time") {
		t.Errorf("%+v, %v", done, err)
	}
	p, err := l.Preview(t.Context(), d.watch(archivetest.NewYorkID))
	if err != nil || p.Reference.Key != newYork || p.Standing.State != archive.Unchecked || !p.Fetched.Empty() {
		t.Errorf("the preview is %+v, %v", p, err)
	}
	if _, err := l.Preview(t.Context(), "https://nobody.example/x"); !errors.Is(err, archive.ErrNotRecognised) {
		t.Errorf("the preview of nothing: %v", err)
	}
}

func TestAnEditorWhoLeavesEndsTheFetching(t *testing.T) {
	d := newDesk(t)
	if err := d.platform.SetFault(archivetest.FaultSlow); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := d.Preview(ctx, d.watch(archivetest.NewYorkID)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the preview: %v", err)
	}
}

// fullDisk is a bucket that has no room under a prefix.
type fullDisk struct {
	storage.Bucket
	prefix string
}

func (f *fullDisk) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	if f.prefix != "" && strings.HasPrefix(key, f.prefix) {
		return storage.Object{}, fmt.Errorf("putting %s: %w", key, storage.ErrFull)
	}
	return f.Bucket.Put(ctx, key, body, size, cond)
}

// A record never points at what is not there: what comes first is written first, and
// whoever tries again completes it.
func TestAWriteThatFailsLeavesNothingDangling(t *testing.T) {
	for _, prefix := range []string{"sources/", "files/", "captures/", "articles/"} {
		t.Run(prefix, func(t *testing.T) {
			directory, err := storage.OpenDirectory(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer directory.Close()
			disk := &fullDisk{directory, prefix}
			d := newDeskOn(t, disk, onStage(t))
			r := archive.Registration{URL: d.watch(archivetest.NewYorkID), Article: "https://example.org/nota"}
			if _, err := d.Register(t.Context(), r); !errors.Is(err, storage.ErrFull) {
				t.Fatalf("on a full disk: %v", err)
			}
			for _, listed := range collect(t, d.store.List(t.Context())) {
				v, err := d.store.Video(t.Context(), listed.ID)
				if err != nil || v.Sources[0].Described != nil || len(d.captures(t, v.ID)) != 0 {
					t.Errorf("the record says %+v, %v", v.Sources, err)
				}
			}
			disk.prefix = ""
			done, err := d.Register(t.Context(), r)
			if err != nil || done.Video.Sources[0].Described == nil || len(d.captures(t, done.Video.ID)) != 1 {
				t.Errorf("with room again: %+v, %v", done, err)
			}
			if videos := collect(t, d.store.List(t.Context())); len(videos) != 1 {
				t.Errorf("%d videos", len(videos))
			}
		})
	}
}

// keptPosters counts for which videos posters are made.
type keptPosters struct {
	failingPosters
	made []archive.VideoID
}

func (p *keptPosters) Make(_ context.Context, v archive.Video) error {
	p.made = append(p.made, v.ID)
	return nil
}

func TestThePosterIsMadeWhenWhatItShowsChanges(t *testing.T) {
	d := newDesk(t)
	posters := &keptPosters{}
	l := d.library(t, d.platform.URL, func(o *archive.LibraryOptions) { o.Posters = posters })
	done, err := l.Register(t.Context(), archive.Registration{URL: d.watch(archivetest.NewYorkID)})
	if err != nil {
		t.Fatal(err)
	}
	id := done.Video.ID
	for _, step := range []struct {
		name string
		do   func() error
		made int
	}{
		{"registered", func() error { return nil }, 1},
		{"given a title", func() error {
			_, err := l.Describe(t.Context(), id, archive.Words{Title: archive.Text{"es": "Reunión"}}, "")
			return err
		}, 1},
		{"given a content warning", func() error {
			_, err := l.Describe(t.Context(), id, archive.Words{ContentWarning: archive.Text{"es": "Violencia"}}, "")
			return err
		}, 2},
		{"given a picture", func() error {
			_, err := l.SetPoster(t.Context(), id, upload(picture(t, 4, 3)), "")
			return err
		}, 3},
	} {
		if err := step.do(); err != nil || len(posters.made) != step.made {
			t.Errorf("%s: %d posters were made, want %d (%v)", step.name, len(posters.made), step.made, err)
		}
	}
}

func TestAPosterThatFailsIsLogged(t *testing.T) {
	d := newDesk(t)
	var log bytes.Buffer
	l := d.library(t, d.platform.URL, func(o *archive.LibraryOptions) {
		o.Posters, o.Log = failingPosters{}, slogTo(&log)
	})
	done, err := l.Register(t.Context(), archive.Registration{URL: d.watch(archivetest.NewYorkID)})
	if err != nil || !strings.Contains(log.String(), "poster not made") || !strings.Contains(log.String(), "video="+string(done.Video.ID)) || !strings.Contains(log.String(), "disk for posters is gone") {
		t.Errorf("%v; the log says %s", err, &log)
	}
}

// Whoever gives bytes from the middle of a file means these bytes.
func TestAFileIsReadFromWhereItStands(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	body := strings.NewReader("before" + mp4File)
	if _, err := body.Seek(int64(len("before")), io.SeekStart); err != nil {
		t.Fatal(err)
	}
	v, err := d.AddCopy(t.Context(), id, archive.Upload{Body: body, Size: int64(len(mp4File))}, allowed, "")
	if err != nil || len(v.Copies) != 1 || v.Copies[0].File.Bytes != int64(len(mp4File)) {
		t.Fatalf("%+v, %v", v.Copies, err)
	}
	if at, err := body.Seek(0, io.SeekCurrent); err != nil || at != int64(len("before")) {
		t.Errorf("it was left at %d, %v", at, err)
	}
	data, err := d.store.File(t.Context(), id, v.Copies[0].File)
	if err != nil || string(data) != mp4File {
		t.Errorf("kept is %q, %v", data, err)
	}
}

// torn is a file whose medium fails at a byte.
type torn struct {
	*strings.Reader
	at int64
}

var errTorn = errors.New("input/output error")

func (f torn) Read(p []byte) (int, error) {
	if f.Size()-int64(f.Len()) >= f.at {
		return 0, errTorn
	}
	return f.Reader.Read(p[:min(len(p), 16)])
}

func TestAFileThatCannotBeReadToItsEndIsNotKept(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	film := mp4File + strings.Repeat("film ", 400)
	for _, at := range []int64{0, 600} { // before the kind is known, and after
		if _, err := d.AddCopy(t.Context(), v.ID, archive.Upload{Body: torn{strings.NewReader(film), at}, Size: int64(len(film))}, allowed, ""); !errors.Is(err, errTorn) {
			t.Errorf("torn at %d: %v", at, err)
		}
	}
	if now, err := d.store.Video(t.Context(), v.ID); err != nil || len(now.Copies) != 0 || now.Revision != v.Revision {
		t.Errorf("copies %+v, %v", now.Copies, err)
	}
}

func FuzzParseRights(f *testing.F) {
	for _, seed := range []string{"", "https://creativecommons.org/licenses/by/4.0/", "La autora lo autorizó.", "javascript:alert(1)", "http://"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, statement string) {
		r := archive.ParseRights(statement)
		if (r.URI == "") == (r.Text == "") && strings.TrimSpace(statement) != "" {
			t.Errorf("%q is both or neither: %+v", statement, r)
		}
		if r.URI != "" && !strings.HasPrefix(strings.ToLower(r.URI), "http") { // it becomes a link
			t.Errorf("%q links to %q", statement, r.URI)
		}
	})
}
