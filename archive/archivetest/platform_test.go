package archivetest_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"videoteca/archive/archivetest"
)

func isA(err, kind error) bool { return errors.Is(err, kind) }

func TestVideosThatCannotBeAreRefusedAndNoneIsAdded(t *testing.T) {
	for what, v := range map[string]archivetest.Video{
		"short id":     {ID: "short"},
		"long id":      {ID: "twelve_chars"},
		"foreign sign": {ID: "with.a.dot_"},
		"state":        {ID: "bad_state__", State: "drunk"},
		"color":        {ID: "bad_color__", Color: "blue"},
		"hex":          {ID: "bad_color__", Color: "#gggggg"},
		"size":         {ID: "bad_size___", Largest: "huge"},
		"scene":        {ID: "bad_scene__", Scene: "beach"},
	} {
		p := archivetest.New(archivetest.Options{})
		if err := p.Add(archivetest.Video{ID: "good_______"}, v); !isA(err, archivetest.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
		if n := len(p.List()); n != 1 {
			t.Errorf("%s: %d videos beside a refusal, want the control alone", what, n)
		}
	}
}

func TestABareIDIsAWholeVideo(t *testing.T) {
	p := archivetest.New(archivetest.Options{})
	if err := p.Add(archivetest.Video{ID: "bare_______"}); err != nil {
		t.Fatal(err)
	}
	v, known := p.Video("bare_______")
	if !known || v.State != archivetest.Playable || v.Largest != archivetest.MaxRes || v.Duration <= 0 {
		t.Errorf("%+v", v)
	}
	for field, value := range map[string]string{"title": v.Title, "channel": v.ChannelID, "its title": v.ChannelTitle, "color": v.Color, "language": v.Language, "label": v.Label} {
		if value == "" {
			t.Errorf("no %s", field)
		}
	}
}

func TestAddingAnIDAgainReplacesTheVideoInItsPlace(t *testing.T) {
	p := platform(t)
	v := one()
	v.Title = "Another title"
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	all := p.List()
	if len(all) != 3 || all[0].ID != archivetest.ControlID || all[1].Title != "Another title" || all[2].ID != otherID {
		t.Errorf("%+v", all)
	}
}

func TestWhatDoesNotExistCannotBeChanged(t *testing.T) {
	p := platform(t)
	for what, c := range map[string]struct{ got, want error }{
		"video":   {p.SetState("never______", archivetest.Removed), archivetest.ErrUnknown},
		"channel": {p.SetChannelClosed("UCnever", true), archivetest.ErrUnknown},
		"state":   {p.SetState(oneID, "drunk"), archivetest.ErrInvalid},
		"fault":   {p.SetFault("tired"), archivetest.ErrInvalid},
	} {
		if !isA(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	if _, known := p.Video("never______"); known {
		t.Error("an unknown video was found")
	}
}

func TestWhatACallerDoesWithItsVideoLaterChangesNothing(t *testing.T) {
	p := archivetest.New(archivetest.Options{})
	v := one()
	if err := p.Add(v); err != nil {
		t.Fatal(err)
	}
	v.Tags[0] = "changed"
	if got, _ := p.Video(oneID); got.Tags[0] != "a" {
		t.Errorf("tags %v", got.Tags)
	}
}

func TestAnswersNameThePublicAddress(t *testing.T) {
	p := archivetest.New(archivetest.Options{})
	if err := p.Add(one()); err != nil {
		t.Fatal(err)
	}
	const path = "/oembed?url=http://tube.test/watch?v=" + oneID
	if got := textOf(t, get(p, path)); !strings.Contains(got, `"http://tube.test/vi/`) {
		t.Errorf("without a base address the asked host counts: %s", got)
	}
	p.SetBaseURL("http://maketube.localhost:8090/")
	if got := textOf(t, get(p, path)); !strings.Contains(got, `"http://maketube.localhost:8090/vi/`) {
		t.Errorf("with one: %s", got)
	}
}

func TestManyMayUseAPlatformAtOnce(t *testing.T) {
	p := platform(t)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			id := fmt.Sprintf("racing___%02d", i)
			if err := p.Add(archivetest.Video{ID: id, ChannelID: "UCrace"}); err != nil {
				t.Error(err)
			}
			for _, s := range archivetest.States() {
				if err := p.SetState(id, s); err != nil {
					t.Error(err)
				}
				get(p, "/youtube/v3/videos?part=snippet,status&key=k&id="+id)
				get(p, "/youtube/v3/channels?part=snippet&key=k&id=UCrace")
				get(p, "/embed/"+id, "Referer", article)
			}
			p.SetBaseURL(base)
			_, _ = p.List(), p.Requests()
		})
	}
	all.Wait()
	if n := len(p.List()); n != 3+16 {
		t.Errorf("%d videos", n)
	}
	if n := p.Calls(archivetest.CallVideos); n != 16*len(archivetest.States()) {
		t.Errorf("%d calls counted", n)
	}
}

func TestTheRootLeadsToTheControlPage(t *testing.T) {
	res := get(platform(t), "/")
	if res.StatusCode != http.StatusFound || res.Header.Get("Location") != "/_control" {
		t.Errorf("%d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	if res := get(platform(t), "/nowhere"); res.StatusCode != http.StatusNotFound {
		t.Errorf("elsewhere: %d", res.StatusCode)
	}
}

func TestAClosedChannelTakesItsVideosAlong(t *testing.T) {
	p := platform(t)
	list := "/youtube/v3/videos?part=status&key=k&id=" + oneID + "," + otherID
	channels := "/youtube/v3/channels?part=snippet,status&key=k&id=UCone,UCother"
	if err := p.SetChannelClosed("UCone", true); err != nil {
		t.Fatal(err)
	}
	if got := textOf(t, get(p, list)); strings.Contains(got, oneID) || !strings.Contains(got, otherID) {
		t.Errorf("videos while closed: %s", got)
	}
	if got := textOf(t, get(p, channels)); strings.Contains(got, "UCone") || !strings.Contains(got, "UCother") {
		t.Errorf("channels while closed: %s", got)
	}
	if res := get(p, "/channel/UCone"); res.StatusCode != http.StatusNotFound {
		t.Errorf("page of a closed channel: %d", res.StatusCode)
	}
	if v, _ := p.Video(oneID); v.State != archivetest.Playable {
		t.Errorf("the video's own state became %s", v.State)
	}
	if err := p.SetChannelClosed("UCone", false); err != nil {
		t.Fatal(err)
	}
	if got := textOf(t, get(p, list)); !strings.Contains(got, oneID) {
		t.Errorf("videos after it opened: %s", got)
	}
}

func TestAChannelExistsThroughItsVideos(t *testing.T) {
	p := platform(t)
	early := archivetest.Video{ID: "early______", ChannelID: "UCone", ChannelTitle: "Channel One", Published: one().Published.AddDate(-1, 0, 0)}
	if err := p.Add(early); err != nil {
		t.Fatal(err)
	}
	c, known := p.Channel("UCone")
	if !known || c.Title != "Channel One" || !c.Since.Equal(early.Published) || c.Closed {
		t.Errorf("%+v", c)
	}
	page := get(p, "/channel/UCone")
	if got := textOf(t, page); page.StatusCode != 200 || !strings.Contains(got, "/watch?v="+oneID) || strings.Contains(got, otherID) {
		t.Errorf("%d: %s", page.StatusCode, got)
	}
}
