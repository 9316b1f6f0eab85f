package youtube_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

const (
	onChannels     = "/youtube/v3/channels"
	onFeed         = "/feeds/videos.xml"
	openChannel    = "UCopen"
	closedChannel  = "UCclosed"
	controlChannel = "UCcontrol"
)

// channelStage answers about channels: those named are there.
func channelStage(there ...string) *stage {
	s := newStage()
	known := map[string]bool{}
	for _, id := range there {
		known[id] = true
	}
	s.does(onChannels, func(w http.ResponseWriter, r *http.Request) {
		var items []string
		for _, id := range r.URL.Query()["id"] {
			if known[id] {
				items = append(items, fmt.Sprintf(`{"kind":"youtube#channel","id":%q,"snippet":{"title":"Channel %s","publishedAt":"2006-01-02T15:04:05Z"},"status":{"privacyStatus":"public"}}`, id, id))
			}
		}
		says(200, fmt.Sprintf(`{"kind":"youtube#channelListResponse","pageInfo":{"totalResults":%d},"items":[%s]}`, len(items), strings.Join(items, ",")))(w, r)
	})
	s.does(onFeed, func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("channel_id")
		if !known[id] {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		says(200, feedDocument(strings.TrimPrefix(id, "UC"), "Channel "+id))(w, r)
	})
	return s
}

func feedDocument(channel, title string) string {
	return xml.Header + `<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom"><yt:channelId>` +
		channel + `</yt:channelId><title>` + title + `</title><entry><yt:channelId>UCentry</yt:channelId><title>A video</title></entry></feed>`
}

func probeChannels(t *testing.T, a *youtube.Adapter, ids ...string) []archive.Observation {
	t.Helper()
	seen, err := a.ProbeChannels(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func withChannel(o *youtube.Options) { o.Key, o.ControlChannel = testKey, controlChannel }

// channel is the id under which a channel is observed.
func channel(id string) string { return archive.ChannelKey("stage", id).ID }

func TestAClosedChannelIsAskedInTwoWays(t *testing.T) {
	s := channelStage(openChannel, controlChannel)
	seen := probeChannels(t, adapterOn(t, s, withChannel), closedChannel)
	if s.count(onChannels) != 1 || s.count(onFeed) != 2 {
		t.Errorf("%d calls, %d feeds; want the control inside the call, and its feed", s.count(onChannels), s.count(onFeed))
	}
	for _, method := range []string{youtube.MethodChannels, youtube.MethodFeed} {
		o := by(t, seen, method, channel(closedChannel))
		if o.Outcome != archive.Missing || o.Supports || o.Host != "video.test" {
			t.Errorf("%+v", o)
		}
	}
	if len(controls(seen)) != 2 {
		t.Errorf("controls %+v", controls(seen))
	}
	standing, verdict := archive.Judge(archive.Standing{}, archive.Rounds(seen)[archive.ChannelKey("stage", closedChannel)])
	if verdict != archive.SaysBad || standing.State != archive.Suspect || len(standing.Counted[0].Methods) != 2 {
		t.Errorf("%s, %+v", verdict, standing)
	}
}

func TestAnOpenChannelIsAskedOnce(t *testing.T) {
	s := channelStage(openChannel, controlChannel)
	a := adapterOn(t, s, withChannel)
	o := by(t, probeChannels(t, a, openChannel), youtube.MethodChannels, channel(openChannel))
	if o.Outcome != archive.Playable || !o.Answers || o.Fields.Title != "Channel UCopen" || o.Body == nil || s.count("/") != 1 {
		t.Errorf("%d requests, %+v", s.count("/"), o)
	}
	q := s.asked[0].URL.Query()
	if fmt.Sprint(q["part"]) != "[id snippet status]" || q.Get("maxResults") != "50" {
		t.Errorf("asked with %v", q)
	}
}

func TestFiftyChannelsGoIntoOneCallAtOneUnit(t *testing.T) {
	var ids []string
	for i := range 100 {
		ids = append(ids, fmt.Sprintf("UC%03d", i))
	}
	s := channelStage(ids...)
	counter := &purse{left: 10}
	a := adapterOn(t, s, func(o *youtube.Options) { withChannel(o); o.Quota = counter })
	if seen := probeChannels(t, a, append(ids, ids[0])...); len(seen) != 100 || s.count(onChannels) != 2 || counter.left != 8 {
		t.Errorf("%d observations, %d calls, %d units left", len(seen), s.count(onChannels), counter.left)
	}
}

func TestWithoutAKeyOrQuotaOnlyFeedsAreAsked(t *testing.T) {
	for name, change := range map[string]func(*youtube.Options){
		"no key":   func(o *youtube.Options) { o.ControlChannel = controlChannel },
		"no quota": func(o *youtube.Options) { withChannel(o); o.Quota = &purse{} },
	} {
		s := channelStage(openChannel)
		seen := probeChannels(t, adapterOn(t, s, change), openChannel, closedChannel)
		if fmt.Sprint(methods(seen)) != "[youtube.feed]" || len(seen) != 2 || s.count(onChannels) != 0 {
			t.Errorf("%s: %v, %d observations", name, methods(seen), len(seen))
		}
	}
}

func TestTheControlsChannelIsLearntFromTheControl(t *testing.T) {
	s := channelStage("UC1") // what the stage's videos have
	s.videos[control] = item(control, "")
	a := adapterOn(t, s, keyed)
	if got := controls(probeChannels(t, a, closedChannel)); len(got) != 0 {
		t.Errorf("before it is known: %+v", got)
	}
	probe(t, a, control)
	for _, o := range controls(probeChannels(t, a, closedChannel)) {
		if o.Source.ID != channel("UC1") || !o.Answers {
			t.Errorf("%+v", o)
		}
	}
}

func TestWhatAnswersAboutAChannelMean(t *testing.T) {
	list := func(page int, items string) string {
		return fmt.Sprintf(`{"kind":"youtube#channelListResponse","pageInfo":{"totalResults":%d},"items":[%s]}`, page, items)
	}
	for name, c := range map[string]struct {
		list   string
		status int
		want   archive.Outcome
	}{
		"there":                  {list(1, `{"id":"UCopen"}`), 200, archive.Playable},
		"private":                {list(1, `{"id":"UCopen","status":{"privacyStatus":"private"}}`), 200, archive.Private},
		"not there":              {list(0, ""), 200, archive.Missing},
		"not there, no items":    {`{"kind":"youtube#channelListResponse","pageInfo":{"totalResults":0}}`, 200, archive.Missing},
		"fewer than are counted": {list(6, `{"id":"UCother"}`), 200, archive.Unclear},
		"a list of videos":       {`{"kind":"youtube#videoListResponse","pageInfo":{},"items":[]}`, 200, archive.Unclear},
		"empty":                  {"{}", 200, archive.Unclear},
		"garbage":                {"\x00", 200, archive.Unclear},
		"quota":                  {apiError(403, "quotaExceeded"), 403, archive.Unclear},
		"key":                    {keyError(400, "API_KEY_INVALID"), 400, archive.Unclear},
		"down":                   {"", 503, archive.Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := channelStage(openChannel)
				s.does(onChannels, says(c.status, c.list))
				a := adapterOn(t, s, func(o *youtube.Options) { o.Key = testKey })
				seen := probeChannels(t, a, openChannel)
				if o := by(t, seen, youtube.MethodChannels, channel(openChannel)); o.Outcome != c.want {
					t.Errorf("%+v", o)
				}
				if c.want == archive.Unclear && by(t, seen, youtube.MethodFeed, channel(openChannel)).Outcome != archive.Playable {
					t.Error("the feed was to help out")
				}
			})
		})
	}
}

func TestProbingChannelsEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := adapterOn(t, channelStage(), withChannel).ProbeChannels(ctx, []string{openChannel}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
