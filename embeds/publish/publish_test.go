package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/posters"
)

// folder is a target in memory that counts what is written to it.
type folder struct {
	files  map[string]string
	writes []string
	full   string // a name that cannot be written
	gone   bool   // nothing can be reached
}

func (f *folder) Get(_ context.Context, name string) ([]byte, error) {
	if f.gone {
		return nil, archive.ErrUnavailable
	}
	data, ok := f.files[name]
	if !ok {
		return nil, archive.ErrNotFound
	}
	return []byte(data), nil
}

func (f *folder) Put(_ context.Context, name string, data []byte) error {
	if f.gone {
		return archive.ErrUnavailable
	}
	if name == f.full {
		return errors.New("no room")
	}
	for stands := range f.files {
		if strings.HasPrefix(stands, name+"/") || strings.HasPrefix(name, stands+"/") {
			return fmt.Errorf("%s and %s cannot both stand", name, stands)
		}
	}
	f.files[name] = string(data)
	f.writes = append(f.writes, name)
	return nil
}

func (f *folder) PutMedia(ctx context.Context, name string, id archive.VideoID, file archive.File) error {
	return f.Put(ctx, name, []byte(string(id)+file.Name()))
}

func (f *folder) Delete(_ context.Context, name string) error {
	delete(f.files, name)
	return nil
}

// wall has a poster of every video that has a picture.
type wall struct{ err error }

func (w wall) Make(context.Context, archive.Video) error { return w.err }

func (w wall) Poster(_ context.Context, v archive.Video, width int) (posters.Picture, error) {
	if _, ok := v.Poster(); !ok {
		return posters.Picture{}, posters.ErrNoPoster
	}
	return posters.Picture{Data: []byte(fmt.Sprint(v.ID, width))}, nil
}

const (
	one   = archive.VideoID("7k3mzq9x0abd")
	other = archive.VideoID("8k3mzq9x0abd")
)

func now() time.Time { return time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC) }

func video(id archive.VideoID) archive.Video {
	return archive.Video{
		ID: id, Revision: 1, DefaultLanguage: "es", Title: archive.Text{"es": "Reunión", "en": "Meeting"},
		Sources: []archive.Source{{
			SourceKey: archive.SourceKey{Platform: "youtube", ID: "aaaaaaaaaaa"}, URL: "https://www.youtube.com/watch?v=aaaaaaaaaaa",
			Described: &archive.Description{Thumbnails: []archive.File{{Width: 1280, Height: 720}}},
			Standing:  archive.Standing{State: archive.Live, Outcome: archive.Playable},
		}},
	}
}

func publisher(t *testing.T, target *folder) *Publisher {
	t.Helper()
	r, err := embeds.New()
	if err != nil {
		t.Fatal(err)
	}
	return &Publisher{
		Renderer: r, Target: target, Posters: wall{}, Languages: r.Languages(), Program: "videoteca v1", Log: slog.New(slog.DiscardHandler),
		Options: embeds.Options{BaseURL: "https://videos.example.org", Now: now(), Players: map[string]archive.Player{
			"youtube": {Kind: archive.PlayerYouTube, Label: "YouTube", Origin: "https://www.youtube-nocookie.com"},
		}},
	}
}

func listed(videos ...archive.Video) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for _, v := range videos {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (p *Publisher) must(t *testing.T, videos ...archive.Video) Summary {
	t.Helper()
	s, err := p.Run(t.Context(), listed(videos...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newFolder() *folder { return &folder{files: map[string]string{}} }

func TestEveryPageStandsInEveryLanguageWithAllThatItNeeds(t *testing.T) {
	f := newFolder()
	s := publisher(t, f).must(t, video(one))
	want := []string{
		"e/7k3mzq9x0abd", "e/7k3mzq9x0abd.en.html", "e/7k3mzq9x0abd.en.json", "e/7k3mzq9x0abd.es.html", "e/7k3mzq9x0abd.es.json", "e/7k3mzq9x0abd.html", "e/7k3mzq9x0abd.json",
		"embed.js", "manifest.json",
		"p/7k3mzq9x0abd/1280.jpg", "p/7k3mzq9x0abd/320.jpg", "p/7k3mzq9x0abd/640.jpg", "p/7k3mzq9x0abd/960.jpg",
		"v/7k3mzq9x0abd", "v/7k3mzq9x0abd.en.html", "v/7k3mzq9x0abd.es.html", "v/7k3mzq9x0abd.html",
	}
	if got := slices.Sorted(maps.Keys(f.files)); !slices.Equal(got, want) {
		t.Errorf("published are %q", got)
	}
	if s.Videos != 1 || s.Published != 1 || s.Files != len(want)-1 || s.Failed != 0 {
		t.Errorf("summary %+v", s)
	}
	page := f.files["e/7k3mzq9x0abd.en.html"]
	for _, part := range []string{`<html lang="en">`, "Meeting", `src="../p/7k3mzq9x0abd/640.jpg"`, `<meta http-equiv="Content-Security-Policy"`, `href="../v/7k3mzq9x0abd.en.html"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the page has no %s", part)
		}
	}
	if f.files["e/7k3mzq9x0abd"] != f.files["e/7k3mzq9x0abd.html"] || !strings.Contains(f.files["e/7k3mzq9x0abd.en.json"], `"Meeting"`) || !strings.Contains(f.files["e/7k3mzq9x0abd.json"], `"Reunión"`) {
		t.Error("the pages are not in their languages")
	}
	for name, body := range f.files {
		if strings.HasSuffix(name, ".html") && (strings.Contains(body, "/trouble") || strings.Contains(body, "json+oembed")) {
			t.Errorf("%s asks something of a service that may be off", name)
		}
	}
}

func TestOnlyWhatHasChangedIsWrittenAgain(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.must(t, video(one), video(other))
	f.writes = nil
	if s := p.must(t, video(one), video(other)); s.Published != 0 || !slices.Equal(f.writes, []string{"embed.js", "manifest.json"}) {
		t.Errorf("nothing changed, and %q were written", f.writes)
	}
	changed := video(other)
	changed.Revision = 2
	if s := p.must(t, video(one), changed); s.Published != 1 {
		t.Errorf("one changed, and %d were published", s.Published)
	}
	p.Options.Now = p.Options.Now.Add(time.Hour)
	if s := p.must(t, video(one), changed); s.Published != 0 {
		t.Errorf("an hour later %d were published", s.Published)
	}
	for what, change := range map[string]func(){
		"program":   func() { p.Program = "videoteca v2" },
		"base URL":  func() { p.Options.BaseURL = "https://other.example.org" },
		"player":    func() { p.Options.Players["youtube"] = archive.Player{Kind: archive.PlayerYouTube, Label: "YT"} },
		"languages": func() { p.Languages = []string{"es"} },
	} {
		change()
		if s := p.must(t, video(one), changed); s.Published != 2 {
			t.Errorf("with another %s %d were published", what, s.Published)
		}
		if s := p.must(t, video(one), changed); s.Published != 0 {
			t.Errorf("with the same %s again %d", what, s.Published)
		}
	}
	if canonical := `<link rel="canonical" href="https://other.example.org/v/7k3mzq9x0abd">`; !strings.Contains(f.files["v/7k3mzq9x0abd.es.html"], canonical) {
		t.Error("the watch page names the former base URL")
	}
	if _, ok := f.files["v/7k3mzq9x0abd.en.html"]; ok {
		t.Error("a language that is not published any more stands")
	}
}

func TestTheScriptKnowsTheAddressesOfEarlierDays(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.Options.BaseURL += "/"
	p.Aliases = []string{"https://old.example.org"}
	p.must(t)
	if !strings.Contains(f.files["embed.js"], `["https://videos.example.org","https://old.example.org"]`) {
		t.Error("it knows figures of the present address alone")
	}
}

// In a folder a page is the index of a folder of its name, and finds its way from there.
func TestAFolderHasAnIndexAtEveryAddress(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.Folders = true
	p.must(t, video(one))
	for name, link := range map[string]string{
		"e/7k3mzq9x0abd/index.html": `href="../../v/7k3mzq9x0abd.html"`, "v/7k3mzq9x0abd/index.html": `src="../../p/7k3mzq9x0abd/640.jpg"`, "e/7k3mzq9x0abd.html": `href="../v/7k3mzq9x0abd.html"`,
	} {
		if !strings.Contains(f.files[name], link) {
			t.Errorf("%s has no %s", name, link)
		}
	}
	f.neverNested(t)
	p.Folders = false // the tree has moved into a bucket
	p.must(t, video(one))
	f.neverNested(t)
	if f.files["e/7k3mzq9x0abd"] == "" {
		t.Error("it has no object at the address")
	}
	p.Folders = true // and back
	p.must(t, video(one))
	f.neverNested(t)
}

// neverNested holds the bucket's rule: no key is a directory of another.
func (f *folder) neverNested(t *testing.T) {
	t.Helper()
	for a := range f.files {
		for b := range f.files {
			if strings.HasPrefix(b, a+"/") {
				t.Errorf("%s is a folder of %s", a, b)
			}
		}
	}
}

func TestWhatTheArchiveNoLongerShowsIsTakenAway(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	withCopy := video(one)
	withCopy.Copies = []archive.Copy{{File: archive.File{Digest: strings.Repeat("a", 64), Extension: "mp4"}}}
	p.must(t, withCopy, video(other))
	media := "m/7k3mzq9x0abd/" + strings.Repeat("a", 64) + ".mp4"
	if _, ok := f.files[media]; !ok {
		t.Fatalf("the copy is not published: %q", slices.Sorted(maps.Keys(f.files)))
	}
	withdrawn := video(one)
	withdrawn.Revision, withdrawn.Visibility.Exposure, withdrawn.Explanation = 2, archive.Withdrawn, archive.Text{"es": "Por petición."}
	p.must(t, withdrawn, video(other))
	if _, ok := f.files[media]; ok || f.files["p/7k3mzq9x0abd/640.jpg"] != "" || !strings.Contains(f.files["e/7k3mzq9x0abd.html"], "Por petición.") {
		t.Error("of a withdrawn video more is left than its explanation")
	}
	hidden := video(other)
	hidden.Visibility = archive.Visibility{Exposure: archive.Embargoed, Until: now().Add(time.Hour)}
	if s := p.must(t, withdrawn, hidden); s.Removed != 1 {
		t.Errorf("removed %d", s.Removed)
	}
	p.must(t) // both have gone from the archive
	if got := slices.Sorted(maps.Keys(f.files)); !slices.Equal(got, []string{"embed.js", "manifest.json"}) {
		t.Errorf("left are %q", got)
	}
}

func TestACopyWhoseRightsEndIsTakenAwayWithoutAChangeOfTheRecord(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	v := video(one)
	v.Copies = []archive.Copy{{File: archive.File{Digest: strings.Repeat("a", 64), Extension: "mp4"}, Rights: archive.Rights{Text: "x", Expires: now().Add(time.Hour)}}}
	p.must(t, v)
	if !strings.Contains(f.files["e/7k3mzq9x0abd.html"], "../m/7k3mzq9x0abd/") {
		t.Error("the copy is not offered")
	}
	p.Options.Now = now().Add(2 * time.Hour)
	if s := p.must(t, v); s.Published != 1 || strings.Contains(f.files["e/7k3mzq9x0abd.html"], "../m/7k3mzq9x0abd/") {
		t.Error("it is offered although its rights have ended")
	}
}

func TestOneThatCannotBeWrittenDoesNotStopTheRest(t *testing.T) {
	f := newFolder()
	f.full = "e/7k3mzq9x0abd.json"
	p := publisher(t, f)
	if s := p.must(t, video(one), video(other)); s.Failed != 1 || s.Published != 1 {
		t.Errorf("summary %+v", s)
	}
	f.full = ""
	if s := p.must(t, video(one), video(other)); s.Failed != 0 || s.Published != 1 {
		t.Errorf("the next time %+v", s)
	}
}

func TestWhatWasHalfPublishedIsTakenAwayToo(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	v := video(one)
	v.Copies = []archive.Copy{{File: archive.File{Digest: strings.Repeat("a", 64), Extension: "mp4"}}, {File: archive.File{Digest: strings.Repeat("b", 64), Extension: "mp4"}}}
	first, second := "m/7k3mzq9x0abd/"+strings.Repeat("a", 64)+".mp4", "m/7k3mzq9x0abd/"+strings.Repeat("b", 64)+".mp4"
	f.full = second
	if s := p.must(t, v); s.Failed != 1 || f.files[first] == "" {
		t.Fatalf("summary %+v, the first copy is %q", s, f.files[first])
	}
	f.full = ""
	if s := p.must(t, v); s.Published != 1 || f.files[second] == "" {
		t.Errorf("the next time %+v, the second copy is %q", s, f.files[second])
	}
	f.full = "p/7k3mzq9x0abd/320.jpg"
	v.Revision++
	p.must(t, v)
	f.full = ""
	p.must(t) // before it was whole, it went from the archive
	if got := slices.Sorted(maps.Keys(f.files)); !slices.Equal(got, []string{"embed.js", "manifest.json"}) {
		t.Errorf("left are %q", got)
	}
}

func TestATargetThatCannotBeReachedEndsTheRun(t *testing.T) {
	f := newFolder()
	f.gone = true
	if _, err := publisher(t, f).Run(t.Context(), listed(video(one)), nil); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	f = newFolder()
	p := publisher(t, f)
	p.Posters = wall{archive.ErrUnavailable}
	if _, err := p.Run(t.Context(), listed(video(one)), nil); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("with the store away: %v", err)
	}
}

func TestARunThatIsEndedGoesOnWhereItWas(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	ctx, stop := context.WithCancel(t.Context())
	broken := func(yield func(archive.Video, error) bool) {
		if yield(video(one), nil) {
			stop()
			yield(archive.Video{}, ctx.Err())
		}
	}
	if _, err := p.Run(ctx, broken, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	var m manifest
	if err := json.Unmarshal([]byte(f.files["manifest.json"]), &m); err != nil || len(m.Videos) != 1 {
		t.Fatalf("the manifest knows %d videos, %v", len(m.Videos), err)
	}
	if s := p.must(t, video(one), video(other)); s.Published != 1 {
		t.Errorf("%d were published again", s.Published)
	}
}

func TestWhoHasLostTheRightToPublishLeavesTheManifestAlone(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	ctx, lose := context.WithCancelCause(t.Context())
	broken := func(yield func(archive.Video, error) bool) {
		if yield(video(one), nil) {
			f.files["manifest.json"] = "somebody else's"
			lose(fmt.Errorf("the lease: %w", archive.ErrConflict))
			yield(archive.Video{}, ctx.Err())
		}
	}
	if _, err := p.Run(ctx, broken, nil); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("got %v", err)
	}
	if got := f.files["manifest.json"]; got != "somebody else's" {
		t.Errorf("the manifest is %s", got)
	}
}

func TestAManifestThatCannotBeReadPublishesEverything(t *testing.T) {
	f := newFolder()
	f.files["manifest.json"] = "{"
	if s := publisher(t, f).must(t, video(one)); s.Published != 1 {
		t.Errorf("summary %+v", s)
	}
}

func TestProgressIsTold(t *testing.T) {
	var told []int
	_, err := publisher(t, newFolder()).Run(t.Context(), listed(video(one), video(other)), func(s Summary) { told = append(told, s.Videos) })
	if err != nil || !slices.Equal(told, []int{1, 2}) {
		t.Errorf("told %v, %v", told, err)
	}
}

func TestAPosterThatCannotBeDrawnDoesNotHoldUpItsVideo(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.Posters = wall{errors.New("a picture of a kind that nobody knows")}
	if s := p.must(t, video(one)); s.Published != 1 || s.Failed != 0 {
		t.Errorf("summary %+v", s)
	}
	for name := range f.files {
		if strings.HasSuffix(name, ".jpg") {
			t.Errorf("there is %s", name)
		}
	}
	if _, ok := f.files["e/"+string(one)+".json"]; !ok {
		t.Error("the video is not published")
	}
}

func TestAVideoWithoutAPictureHasNoPosters(t *testing.T) {
	f := newFolder()
	bare := video(one)
	bare.Sources[0].Described = nil
	if s := publisher(t, f).must(t, bare); s.Published != 1 {
		t.Errorf("summary %+v", s)
	}
	for name := range f.files {
		if strings.HasPrefix(name, "p/") {
			t.Errorf("there is %s", name)
		}
	}
}

func TestALibraryOfNothingIsPublishedToo(t *testing.T) {
	f := newFolder()
	if s := publisher(t, f).must(t); s.Videos != 0 || s.Published != 0 || s.Failed != 0 {
		t.Errorf("summary %+v", s)
	}
	if f.files["embed.js"] == "" || f.files["manifest.json"] == "" {
		t.Errorf("there are %d files", len(f.files))
	}
}

func TestAManifestThatCannotBeWrittenFailsTheRun(t *testing.T) {
	f := newFolder()
	f.full = "manifest.json"
	if _, err := publisher(t, f).Run(t.Context(), listed(video(one)), nil); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("got %v", err)
	}
	f.full = ""
	if s := publisher(t, f).must(t, video(one)); s.Published != 1 { // what nobody wrote down is written again
		t.Errorf("the next time %+v", s)
	}
}
