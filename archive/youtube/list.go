package youtube

import (
	"context"

	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

// parts are those that judging and keeping need. Without "status" a video's
// embeddable would be absent, and absent looks like false. Statistics are not
// asked for: counts of views and likes are neither kept nor facts.
func parts() []string {
	return []string{"snippet", "contentDetails", "status", "liveStreamingDetails"}
}

// listing is one answer of videos.list.
type listing struct {
	call
	videos map[string]*yt.Video // by id
	page   *yt.PageInfo
	told   bool // it is a list of videos
}

// list asks the Data API about up to 50 ids.
func (a *Adapter) list(ctx context.Context, ids []string) listing {
	var response *yt.VideoListResponse
	l := listing{call: a.call(ctx, MethodList, len(ids), func(service *yt.Service) (err error) {
		response, err = service.Videos.List(parts()).Id(ids...).Context(ctx).Do()
		return err
	})}
	// "null" and "{}" would otherwise be the death of all.
	if response == nil || response.Kind != "youtube#videoListResponse" {
		return l
	}
	l.told, l.page, l.videos = true, response.PageInfo, map[string]*yt.Video{}
	for _, v := range response.Items {
		if v != nil {
			l.videos[v.Id] = v
		}
	}
	a.learn(l)
	return l
}

// silence says why the listing tells nothing of any id; empty if it tells.
func (l listing) silence() string {
	if why := l.call.silence(); why != "" || l.told {
		return why
	}
	return reasonUnparsable
}

// video is the item of an id, or nil.
func (l listing) video(id string) *yt.Video {
	if !l.asked || l.silence() != "" {
		return nil
	}
	return l.videos[id]
}

// read turns the listing into one observation for each id, none if nothing was asked.
func (a *Adapter) read(l listing, ids []string) []archive.Observation {
	if !l.asked {
		return nil
	}
	observations := make([]archive.Observation, 0, len(ids))
	for _, id := range ids {
		observations = append(observations, a.observation(MethodList, id, l.answer, a.verdict(l, id)))
	}
	return observations
}

func (a *Adapter) verdict(l listing, id string) verdict {
	if why := l.silence(); why != "" {
		return unclear(why)
	}
	item := l.video(id)
	if item == nil {
		return absent(l.page, len(l.videos))
	}
	v := judgeVideo(item, l.at)
	fields := a.fieldsOf(item)
	v.fields = &fields
	return v
}
