package archivetest_test

import (
	"strings"
	"testing"

	"videoteca/archive/archivetest"
)

func TestARenamedChannelIsCalledSoEverywhere(t *testing.T) {
	p := platform(t)
	if err := p.RenameChannel("UCone", "Another name"); err != nil {
		t.Fatal(err)
	}
	for what, path := range map[string]string{
		"videos.list": "/youtube/v3/videos?part=snippet&key=k&id=" + oneID, "channels.list": "/youtube/v3/channels?part=snippet&key=k&id=UCone",
		"oEmbed": "/oembed?url=" + base + "/watch?v=" + oneID, "feed": "/feeds/videos.xml?channel_id=UCone", "page": "/channel/UCone",
	} {
		if got := textOf(t, get(p, path)); !strings.Contains(got, "Another name") || strings.Contains(got, "Channel One") {
			t.Errorf("%s: %s", what, got)
		}
	}
	if c, _ := p.Channel("UCother"); c.Title != "Channel Other" {
		t.Errorf("the other channel: %+v", c)
	}
}

func TestChannelsThatCannotBeChanged(t *testing.T) {
	p := platform(t)
	for what, c := range map[string]struct{ got, want error }{
		"renaming none":        {p.RenameChannel("UCnever", "x"), archivetest.ErrUnknown},
		"closing none":         {p.SetChannelClosed("", true), archivetest.ErrUnknown},
		"renaming the control": {p.RenameChannel(archivetest.ControlChannelID, "x"), archivetest.ErrControl},
		"closing the control":  {p.SetChannelClosed(archivetest.ControlChannelID, true), archivetest.ErrControl},
	} {
		if !isA(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
}

func TestAChannelGoesWithItsLastVideo(t *testing.T) {
	p := platform(t)
	moved := one()
	moved.ChannelID, moved.ChannelTitle = "UCother", "Channel Other"
	if err := p.Add(moved); err != nil {
		t.Fatal(err)
	}
	if _, known := p.Channel("UCone"); known {
		t.Error("a channel without a video is known")
	}
	if all := p.Channels(); len(all) != 2 || all[1].ID != "UCother" || !all[1].Since.Before(moved.Published.AddDate(0, 0, 1)) {
		t.Errorf("%+v", all)
	}
}
