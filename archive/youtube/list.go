package youtube

import (
	"context"
	"log/slog"
	"net/http"

	"google.golang.org/api/option"
	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

const (
	idsPerCall   = 50 // more get a 400
	unitsPerCall = 1  // refused and malformed ones too
)

// parts are those that judging and keeping need. Without "status" a video's
// embeddable would be absent, and absent looks like false.
func parts() []string {
	return []string{"snippet", "contentDetails", "status", "liveStreamingDetails"}
}

// listing is one answer of videos.list.
type listing struct {
	answer
	asked    bool // false: there is no key or no quota, and nothing was asked
	response *yt.VideoListResponse
	err      error
}

// list asks the Data API about up to 50 ids.
func (a *Adapter) list(ctx context.Context, ids []string) listing {
	var l listing
	if a.o.Key == "" {
		return l
	}
	l.answer = a.patiently(ctx, func() answer {
		if a.budget.spend(ctx, unitsPerCall) != nil {
			return l.answer // of the try before, if there was one
		}
		l = a.listOnce(ctx, ids)
		return l.answer
	})
	if why := l.silence(); l.asked && why != "" {
		a.o.Log.WarnContext(ctx, "Data API told nothing",
			slog.String("platform", a.o.Name), slog.Int("ids", len(ids)), slog.String("reason", a.hide(why)))
	}
	if quotaGone(l.err) {
		a.budget.gone(ctx)
	}
	return l
}

func (a *Adapter) listOnce(ctx context.Context, ids []string) listing {
	t := a.tape(jsonLimit)
	client := &http.Client{
		// WithHTTPClient drops WithAPIKey, so the key is added on the way.
		Transport: keyed{key: a.o.Key, next: t},
		// A redirect would carry the key to wherever it leads, in the Referer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	l := listing{asked: true}
	service, err := yt.NewService(ctx, option.WithHTTPClient(client), option.WithEndpoint(a.o.APIBase),
		// Without a logger of ours an environment variable makes the client log whole requests.
		option.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		l.answer, l.err = answer{host: hostOf(a.o.APIBase), at: a.o.Now().UTC(), fault: "the client cannot be made"}, err
		return l
	}
	l.response, l.err = service.Videos.List(parts()).Id(ids...).Context(ctx).Do()
	l.answer = t.got
	return l
}

// silence says why the listing tells nothing of any id; empty if it tells.
func (l listing) silence() string {
	switch {
	case l.fault != "":
		return l.fault
	case l.err != nil && l.status == http.StatusOK:
		return reasonUnparsable
	case l.err != nil:
		return apiFault(l.answer, l.err)
	case l.response == nil || l.response.Kind != "youtube#videoListResponse":
		return reasonUnparsable // "null" and "{}" would otherwise be the death of all
	}
	return ""
}

// video is the item of an id, or nil.
func (l listing) video(id string) *yt.Video {
	if !l.asked || l.silence() != "" {
		return nil
	}
	for _, v := range l.response.Items {
		if v != nil && v.Id == id {
			return v
		}
	}
	return nil
}

// read turns the listing into one observation for each id, none if nothing was asked.
func (a *Adapter) read(l listing, ids []string) []archive.Observation {
	if !l.asked {
		return nil
	}
	observations := make([]archive.Observation, 0, len(ids))
	for _, id := range ids {
		observations = append(observations, a.observation(MethodList, id, l.answer, l.verdict(id)))
	}
	return observations
}

func (l listing) verdict(id string) verdict {
	if why := l.silence(); why != "" {
		return unclear(why)
	}
	if v := l.video(id); v != nil {
		return judgeVideo(v, l.at)
	}
	return l.absent()
}

// absent is the verdict on an id that is not among the items. It is believed
// only if the answer counts as many videos as it shows.
func (l listing) absent() verdict {
	page := l.response.PageInfo
	if page == nil || page.TotalResults > int64(len(l.response.Items)) {
		return unclear("the answer shows fewer videos than it counts")
	}
	return verdict{outcome: archive.Missing, reason: "not among the items"}
}

// quotaGone reports whether the API said that the day's units are used up.
func quotaGone(err error) bool {
	reason := apiReason(err)
	return reason == "quotaExceeded" || reason == "dailyLimitExceeded"
}
