package youtube

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"videoteca/archive"
)

// channelFeed is the Atom feed of a channel, as far as it tells whose it is.
type channelFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Channel string   `xml:"http://www.youtube.com/xml/schemas/2015 channelId"` // with or without "UC" in front
	Title   string   `xml:"http://www.w3.org/2005/Atom title"`
	Author  struct {
		URI string `xml:"http://www.w3.org/2005/Atom uri"` // of the channel's page
	} `xml:"http://www.w3.org/2005/Atom author"`
}

// askFeed asks for a channel's feed, without a key.
func (a *Adapter) askFeed(ctx context.Context, id string) archive.Observation {
	channel := a.channelOf(id)
	got := a.get(ctx, MethodFeed, a.o.FeedBase+"?"+url.Values{"channel_id": {channel}}.Encode(), jsonLimit)
	return a.observation(MethodFeed, id, got, judgeFeed(got, channel))
}

// judgeFeed reads the answer to a request for a feed.
//
//	200 with the channel's feed   playable
//	404                           missing
//	else                          unclear: 403 may be an address block, 200 another's feed or a consent page
func judgeFeed(got answer, channel string) verdict {
	switch {
	case got.fault != "":
		return unclear(got.fault)
	case got.status == http.StatusNotFound:
		return verdict{outcome: archive.Missing, reason: "not found"}
	case got.status != http.StatusOK:
		return unclear(httpFault(got))
	}
	feed, ok := parseFeed(got.body)
	if !ok || !feed.isOf(channel) {
		return unclear(reasonUnparsable)
	}
	return verdict{outcome: archive.Playable, answers: true, fields: &archive.Fields{Title: feed.Title}}
}

func parseFeed(body []byte) (channelFeed, bool) {
	var feed channelFeed
	err := xml.Unmarshal(body, &feed)
	return feed, err == nil
}

func (f channelFeed) isOf(channel string) bool {
	if channel == "" {
		return false
	}
	return f.Channel == channel || "UC"+f.Channel == channel || strings.HasSuffix(f.Author.URI, "/channel/"+url.PathEscape(channel))
}
