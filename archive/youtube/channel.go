package youtube

import (
	"context"
	"fmt"
	"slices"

	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

// ProbeChannels observes channels in one round. The API is asked first, and whatever
// it did not see is asked again by the channel's feed; without a key the feed is all there is.
func (a *Adapter) ProbeChannels(ctx context.Context, ids []string) ([]archive.Observation, error) {
	var seen []archive.Observation
	for chunk := range slices.Chunk(unique(ids), idsPerCall) {
		seen = append(seen, a.channelRound(ctx, chunk)...)
		if err := ctx.Err(); err != nil {
			return seen, fmt.Errorf("probing %d channels of %s: %w", len(ids), a.o.Name, err)
		}
	}
	return seen, nil
}

func (a *Adapter) channelRound(ctx context.Context, channels []string) []archive.Observation {
	ids, control := a.channelIDs(channels), a.controlChannel()
	listed := a.readChannels(ctx, ids, riding(ids, control))
	listed = a.withControl(mark(listed, ids, control), control, func(id string) archive.Observation {
		if seen := a.readChannels(ctx, []string{id}, []string{id}); len(seen) > 0 {
			return seen[0]
		}
		return a.observation(MethodChannels, id, a.noAnswer(), unclear(ErrQuota.Error()))
	})
	doubtful := notAlive(ids, listed)
	return append(listed, a.askEach(ctx, doubtful, control, a.askFeed)...)
}

// channelIDs are the ids under which channels are observed.
func (a *Adapter) channelIDs(channels []string) []string {
	ids := make([]string, 0, len(channels))
	for _, channel := range channels {
		ids = append(ids, archive.ChannelKey(a.o.Name, channel).ID)
	}
	return ids
}

// controlChannel is the id under which the control's channel is observed; empty where none is known.
func (a *Adapter) controlChannel() string {
	channel := a.o.ControlChannel
	if learnt := a.learnt.Load(); channel == "" && learnt != nil {
		channel = *learnt
	}
	if channel == "" {
		return ""
	}
	return archive.ChannelKey(a.o.Name, channel).ID
}

// learn remembers the control video's channel from an answer about it.
func (a *Adapter) learn(l listing) {
	if a.o.Control == "" || a.o.ControlChannel != "" || a.learnt.Load() != nil {
		return
	}
	if v := l.video(a.o.Control); v != nil && v.Snippet != nil && v.Snippet.ChannelId != "" {
		a.learnt.Store(&v.Snippet.ChannelId)
	}
}

// channelParts are those that tell a channel from none. Without counts: these are no facts.
func channelParts() []string { return []string{"id", "snippet", "status"} }

// readChannels asks the API about up to 50 channels; none is observed if nothing was asked.
func (a *Adapter) readChannels(ctx context.Context, ids, asked []string) []archive.Observation {
	var response *yt.ChannelListResponse
	c := a.call(ctx, MethodChannels, len(asked), func(service *yt.Service) (err error) {
		// Unlike videos.list, this one shows five of the channels asked about unless told otherwise.
		response, err = service.Channels.List(channelParts()).Id(a.bare(asked)...).MaxResults(idsPerCall).Context(ctx).Do()
		return err
	})
	if !c.asked {
		return nil
	}
	seen := make([]archive.Observation, 0, len(asked))
	for _, id := range asked {
		seen = append(seen, a.observation(MethodChannels, id, c.answer, judgeChannels(c, response, a.channelOf(id))))
	}
	return seen
}

func (a *Adapter) bare(ids []string) []string {
	channels := make([]string, 0, len(ids))
	for _, id := range ids {
		channels = append(channels, a.channelOf(id))
	}
	return channels
}

// channelOf is the platform's own id of a channel.
func (a *Adapter) channelOf(id string) string {
	channel, _ := a.key(id).ChannelID()
	return channel
}

// judgeChannels reads an answer of channels.list.
//
//	among the items                 playable
//	privacyStatus private           private
//	not among them, all are shown   missing: closed, terminated, or never there
//	else                            unclear
func judgeChannels(c call, response *yt.ChannelListResponse, channel string) verdict {
	if why := c.silence(); why != "" {
		return unclear(why)
	}
	if response == nil || response.Kind != "youtube#channelListResponse" {
		return unclear(reasonUnparsable)
	}
	for _, item := range response.Items {
		if item != nil && item.Id == channel {
			return judgeChannel(item)
		}
	}
	return absent(response.PageInfo, len(response.Items))
}

func judgeChannel(item *yt.Channel) verdict {
	v := verdict{outcome: archive.Playable, answers: true}
	if item.Status != nil && item.Status.PrivacyStatus == "private" {
		v = verdict{outcome: archive.Private, reason: "privacyStatus=private"}
	}
	if s := item.Snippet; s != nil {
		v.fields = &archive.Fields{Title: s.Title, Description: s.Description, Published: parseTime(s.PublishedAt)}
	}
	return v
}
