package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
)

func TestOnlyWhatHasChangedIsWrittenAgain(t *testing.T) {
	f := newFolder()
	p := publisher(t, f)
	p.must(t, video(one), video(other))
	f.writes = nil
	if s := p.must(t, video(one), video(other)); s.Published != 0 || !slices.Equal(f.writes, []string{"asked.js", "embed.js", "manifest.json"}) {
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
	if got := slices.Sorted(maps.Keys(f.files)); !slices.Equal(got, []string{"asked.js", "embed.js", "manifest.json"}) {
		t.Errorf("left are %q", got)
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
