package archivetest_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"testing"
	"time"

	"videoteca/archive/archivetest"
)

// atom is the part of a feed that readers rely on.
type atom struct {
	XMLName xml.Name
	ID      string `xml:"id"`
	Channel string `xml:"http://www.youtube.com/xml/schemas/2015 channelId"`
	Title   string `xml:"title"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		Video   string `xml:"http://www.youtube.com/xml/schemas/2015 videoId"`
		Channel string `xml:"http://www.youtube.com/xml/schemas/2015 channelId"`
		Title   string `xml:"title"`
	} `xml:"entry"`
}

func feedOf(t testing.TB, p http.Handler, channel string) (atom, int) {
	t.Helper()
	res := get(p, "/feeds/videos.xml?channel_id="+channel)
	var f atom
	if res.StatusCode != http.StatusOK {
		return f, res.StatusCode
	}
	if err := xml.NewDecoder(res.Body).Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f, res.StatusCode
}

func TestAFeedHasTheShapeOfARealOne(t *testing.T) {
	f, _ := feedOf(t, platform(t), "UCone")
	if f.XMLName != (xml.Name{Space: "http://www.w3.org/2005/Atom", Local: "feed"}) || f.ID != "yt:channel:one" || f.Channel != "one" || f.Title != "Channel One" {
		t.Errorf("%+v", f)
	}
	if len(f.Links) != 2 || f.Links[1].Href != base+"/channel/UCone" || f.Links[1].Rel != "alternate" {
		t.Errorf("links %+v", f.Links)
	}
	if len(f.Entries) != 1 || f.Entries[0].Video != oneID || f.Entries[0].Channel != "UCone" || f.Entries[0].Title != one().Title {
		t.Errorf("entries %+v", f.Entries)
	}
}

func TestAFeedShowsTheNewestThatArePublic(t *testing.T) {
	p := platform(t)
	for i := range 20 {
		v := archivetest.Video{ID: fmt.Sprintf("feeding__%02d", i), ChannelID: "UCfed", Published: today().Add(time.Duration(i) * time.Hour)}
		switch i {
		case 19:
			v.State = archivetest.Unlisted
		case 18:
			v.State = archivetest.Private
		}
		if err := p.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	f, _ := feedOf(t, p, "UCfed")
	if len(f.Entries) != 15 || f.Entries[0].Video != "feeding__17" || f.Entries[14].Video != "feeding__03" {
		t.Errorf("%+v", f.Entries)
	}
}

func TestOnlyAnOpenChannelHasAFeed(t *testing.T) {
	p := platform(t)
	for _, closed := range []bool{true, false} {
		if err := p.SetChannelClosed("UCone", closed); err != nil {
			t.Fatal(err)
		}
		if _, got := feedOf(t, p, "UCone"); (got == http.StatusNotFound) != closed {
			t.Errorf("closed %v: %d", closed, got)
		}
	}
	for _, id := range []string{"UCnever", "", "%3Cscript%3E"} {
		if _, got := feedOf(t, p, id); got != http.StatusNotFound {
			t.Errorf("%q: %d", id, got)
		}
	}
	if p.Calls(archivetest.CallFeed) != 5 {
		t.Errorf("%d feeds counted", p.Calls(archivetest.CallFeed))
	}
}
