package youtube

import (
	"net/http"
	"strings"
	"testing"

	"videoteca/archive"
)

const feedHead = `<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">`

func TestWhatAnswersToAFeedMean(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		fault  string
		want   archive.Outcome
	}{
		"its feed":            {200, feedHead + `<yt:channelId>one</yt:channelId><title>One</title></feed>`, "", archive.Playable},
		"its feed, of old":    {200, feedHead + `<yt:channelId>UCone</yt:channelId></feed>`, "", archive.Playable},
		"its feed, by author": {200, feedHead + `<author><uri>https://www.youtube.com/channel/UCone</uri></author></feed>`, "", archive.Playable},
		"another's":           {200, feedHead + `<yt:channelId>two</yt:channelId></feed>`, "", archive.Unclear},
		"of a video of it":    {200, feedHead + `<entry><yt:channelId>UCone</yt:channelId></entry></feed>`, "", archive.Unclear},
		"no namespace":        {200, `<feed><channelId>one</channelId></feed>`, "", archive.Unclear},
		"a page":              {200, `<!doctype html><title>Before you continue</title>`, "", archive.Unclear},
		"cut short":           {200, feedHead + `<yt:channelId>one</yt:channelId>`, "", archive.Unclear},
		"nothing":             {200, "", "", archive.Unclear},
		"not there":           {404, "", "", archive.Missing},
		"blocked":             {403, "", "", archive.Unclear},
		"gone for now":        {500, "", "", archive.Unclear},
		"no answer":           {0, "", "timeout", archive.Unclear},
		"cut, after a 404":    {404, "", "EOF", archive.Unclear},
	} {
		v := judgeFeed(answer{status: c.status, body: []byte(c.body), fault: c.fault, header: http.Header{}}, "UCone")
		if v.outcome != c.want || v.answers != c.want.Good() || (v.reason == "") != c.want.Good() {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestNoChannelHasNoFeed(t *testing.T) {
	if (channelFeed{}).isOf("") {
		t.Error("a feed of nobody is taken for the feed of no channel")
	}
}

func FuzzFeed(f *testing.F) {
	f.Add(feedHead+`<yt:channelId>one</yt:channelId><title>One</title></feed>`, "UCone")
	f.Add(`<!DOCTYPE feed [<!ENTITY a "b">]>`+feedHead+`<title>&a;</title></feed>`, "UCa")
	f.Add(strings.Repeat("<a>", 1000), "UC")
	f.Fuzz(func(t *testing.T, body, channel string) {
		v := judgeFeed(answer{status: 200, body: []byte(body)}, channel)
		if v.outcome.Bad() {
			t.Fatalf("a body alone is a death: %+v", v)
		}
		if v.outcome.Good() && (channel == "" || v.fields == nil) {
			t.Fatalf("%+v of channel %q", v, channel)
		}
	})
}
