package youtube_test

import (
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func TestTheZeroOptionsAreYouTubeItself(t *testing.T) {
	a := youTube(t)
	want := archive.Player{Kind: archive.PlayerYouTube, Label: "YouTube", Origin: "https://www.youtube-nocookie.com"}
	if a.Name() != "youtube" || a.Player() != want {
		t.Errorf("%s: %+v", a.Name(), a.Player())
	}
}

func TestOptionsThatCannotWorkAreRefusedByName(t *testing.T) {
	for part, change := range map[string]func(*youtube.Options){
		"platform name": func(o *youtube.Options) { o.Name = "My Tube" },
		"APIBase":       func(o *youtube.Options) { o.APIBase = "ftp://example.org/" },
		"OEmbedBase":    func(o *youtube.Options) { o.OEmbedBase = "example.org/oembed" },
		"ThumbnailBase": func(o *youtube.Options) { o.ThumbnailBase = "https://u:p@example.org/vi" },
		"FeedBase":      func(o *youtube.Options) { o.FeedBase = "feeds" },
		"WatchBase":     func(o *youtube.Options) { o.WatchBase = "https://example.org/watch?v=" },
		"PlayerBase":    func(o *youtube.Options) { o.PlayerBase = "https://%zz/embed" },
		"control":       func(o *youtube.Options) { o.Control = "no id" },
	} {
		var o youtube.Options
		change(&o)
		if _, err := youtube.New(o); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v", part, err)
		}
	}
}

func TestTwoInstancesLiveSideBySide(t *testing.T) {
	here, there := newStage(alive1), newStage()
	a := adapterOn(t, here, keyed)
	b := adapterOn(t, there, func(o *youtube.Options) {
		*o = youtube.At("other", "Other", "http://other.test:8090", "")
		o.Transport = memory{there}
	})
	if o := by(t, probe(t, a, alive1), youtube.MethodList, alive1); o.Outcome != archive.Playable || o.Host != "video.test" || o.Source.Platform != "stage" {
		t.Errorf("here: %+v", o)
	}
	seen := probe(t, b, alive1)
	if o := by(t, seen, youtube.MethodOEmbed, alive1); o.Outcome != archive.Missing || o.Host != "other.test:8090" || o.Source.Platform != "other" {
		t.Errorf("there: %+v", o)
	}
	if len(controls(seen)) != 0 {
		t.Errorf("an instance without a control asked for one: %+v", controls(seen))
	}
	if here.count("/") != 1 || there.count(onAPI) != 0 {
		t.Errorf("requests here %d, keyed ones there %d", here.count("/"), there.count(onAPI))
	}
	if p := b.Player(); p.Origin != "http://other.test:8090" || p.Label != "Other" {
		t.Errorf("player there: %+v", p)
	}
}
