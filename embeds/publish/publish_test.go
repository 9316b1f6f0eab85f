package publish

import (
	"context"
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
		"asked.js",
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
	if got := slices.Sorted(maps.Keys(f.files)); !slices.Equal(got, []string{"asked.js", "embed.js", "manifest.json"}) {
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
