package archivetest

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// feedLength is how many videos a channel's feed shows, the newest.
const feedLength = 15

// feed is an Atom feed with the elements that YouTube's have.
type feed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	YT        string      `xml:"xmlns:yt,attr"`
	Links     []feedLink  `xml:"link"`
	ID        string      `xml:"id"`
	Channel   string      `xml:"yt:channelId"` // without the UC in front, unlike that of entries
	Title     string      `xml:"title"`
	Author    feedAuthor  `xml:"author"`
	Published string      `xml:"published"`
	Entries   []feedEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type feedAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri"`
}

type feedEntry struct {
	ID        string     `xml:"id"`
	Video     string     `xml:"yt:videoId"`
	Channel   string     `xml:"yt:channelId"`
	Title     string     `xml:"title"`
	Link      feedLink   `xml:"link"`
	Author    feedAuthor `xml:"author"`
	Published string     `xml:"published"`
}

const feedNamespace = "http://www.youtube.com/xml/schemas/2015"

// channelFeed answers 404 for a channel that is closed or never was.
func (p *Platform) channelFeed(w http.ResponseWriter, r *http.Request) {
	c, known := p.Channel(r.URL.Query().Get("channel_id"))
	if !known || c.Closed {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	body, err := xml.MarshalIndent(p.feedOf(c, p.baseOf(r)), "", " ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=UTF-8")
	write(w, append([]byte(xml.Header), body...))
}

func (p *Platform) feedOf(c Channel, base string) feed {
	page := base + "/channel/" + url.PathEscape(c.ID)
	bare := strings.TrimPrefix(c.ID, "UC")
	f := feed{
		YT: feedNamespace, ID: "yt:channel:" + bare, Channel: bare, Title: c.Title,
		Author: feedAuthor{c.Title, page}, Published: stamp(c.Since),
		Links: []feedLink{{"self", base + "/feeds/videos.xml?channel_id=" + url.QueryEscape(c.ID)}, {"alternate", page}},
	}
	for _, v := range p.newest(c.ID) {
		f.Entries = append(f.Entries, feedEntry{
			ID: "yt:video:" + v.ID, Video: v.ID, Channel: c.ID, Title: v.Title, Link: feedLink{"alternate", base + "/watch?v=" + v.ID},
			Author: f.Author, Published: stamp(v.Published),
		})
	}
	return f
}

// newest is the channel's last videos that are shown to the public.
func (p *Platform) newest(channel string) []Video {
	shown := slices.DeleteFunc(p.List(), func(v Video) bool {
		return v.ChannelID != channel || v.State.gone() || v.State == Unlisted
	})
	slices.SortStableFunc(shown, func(a, b Video) int {
		return cmp.Or(b.Published.Compare(a.Published), strings.Compare(a.ID, b.ID))
	})
	return shown[:min(len(shown), feedLength)]
}
