package oembed

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"videoteca/archive"
)

// methodAPI is PeerTube's own way of telling, independent of its oEmbed.
const methodAPI = "peertube.api"

// peerVideo is what /api/v1/videos/<uuid> says of a video, as far as it is kept.
type peerVideo struct {
	UUID        text   `json:"uuid"`
	Name        text   `json:"name"`
	Description text   `json:"description"`
	Seconds     number `json:"duration"`
	Published   text   `json:"publishedAt"` // RFC 3339
	Tags        []text `json:"tags"`
	Language    struct {
		ID text `json:"id"`
	} `json:"language"`
	Privacy constant `json:"privacy"`
	State   constant `json:"state"`
	NSFW    bool     `json:"nsfw"`
	Preview text     `json:"previewPath"`
	Thumb   text     `json:"thumbnailPath"`
	Aspect  number   `json:"aspectRatio"` // width by height
	Channel struct {
		Name text `json:"displayName"`
		URL  text `json:"url"`
	} `json:"channel"`
	Files     []peerFile `json:"files"`
	Playlists []struct {
		Files []peerFile `json:"files"`
	} `json:"streamingPlaylists"`
}

// constant is one of PeerTube's numbered words.
type constant struct {
	ID    number `json:"id"`
	Label text   `json:"label"`
}

type peerFile struct {
	Resolution struct {
		ID number `json:"id"` // pixels of the shorter side
	} `json:"resolution"`
	Width  number `json:"width"`
	Height number `json:"height"`
}

// States of a video (packages/models/src/videos/video-state.enum.ts). In those
// not named here it can be watched while something is done with its files.
const (
	stateToTranscode    = 2
	stateToImport       = 3
	stateWaitingForLive = 4
	stateFailed         = 7
	stateImportFailed   = 12
)

// mostTags is how many tags are kept; PeerTube allows five.
const mostTags = 50

// apiAnswer is the API's answer, what it says and what it means.
type apiAnswer struct {
	answer
	base string // of the instance
	said peerVideo
	seen archive.Observation
}

// askAPI asks the instance. ok is false where the provider has no such API.
func (a *Adapter) askAPI(ctx context.Context, id string) (_ apiAnswer, ok bool) {
	p, ok := a.provider.(peerTube)
	if !ok || p.api(id) == "" {
		return apiAnswer{}, false
	}
	base, uuid := p.split(id)
	got := a.ask(ctx, p.api(id))
	said, v := judgeAPI(got, uuid)
	if said.Name != "" {
		fields := said.fields()
		v.fields = &fields
	}
	return apiAnswer{answer: got, base: base, said: said, seen: a.observation(methodAPI, id, got, v)}, true
}

// judgeAPI reads an answer of PeerTube's API.
//
//	200 and the video                  playable, or restricted by its state
//	404, 410                           missing
//	else                               unclear: 401 and 403 are private, internal, blocked,
//	                                   behind a password, or a wall before the instance
func judgeAPI(got answer, uuid string) (peerVideo, verdict) {
	if got.fault != "" {
		return peerVideo{}, unclear(got.fault)
	}
	if got.status != http.StatusOK {
		return peerVideo{}, judgeStatus(got)
	}
	var v peerVideo
	if err := json.Unmarshal(got.body, &v); err != nil || v.Name == "" || !strings.EqualFold(string(v.UUID), uuid) {
		return peerVideo{}, unclear("not the video asked for")
	}
	sees := []archive.Aspect{archive.AspectScheduled, archive.AspectProcessing}
	switch v.State.ID {
	case stateWaitingForLive:
		return v, restricted(archive.AspectScheduled, v.State, sees)
	case stateToTranscode, stateToImport, stateFailed, stateImportFailed:
		return v, restricted(archive.AspectProcessing, v.State, sees)
	}
	return v, verdict{outcome: archive.Playable, sees: sees, answers: true}
}

func restricted(by archive.Aspect, state constant, sees []archive.Aspect) verdict {
	return verdict{
		outcome: archive.Restricted, reason: "state=" + plain(state.Label, longestTitle),
		restrictions: []archive.Restriction{{Aspect: by}}, sees: sees,
	}
}

// fields are what the API says of the video.
func (v peerVideo) fields() archive.Fields {
	f := archive.Fields{
		Title: plain(v.Name, longestTitle), Description: plain(v.Description, longestDescription),
		Channel: plain(v.Channel.Name, longestTitle), ChannelURL: httpAddress(v.Channel.URL),
		Seconds: length(v.Seconds), Language: plain(v.Language.ID, longestTitle),
	}
	for _, tag := range v.Tags[:min(len(v.Tags), mostTags)] {
		f.Tags = append(f.Tags, plain(tag, longestTitle))
	}
	if at, err := time.Parse(time.RFC3339, string(v.Published)); err == nil {
		f.Published = at.UTC()
	}
	f.Width, f.Height = v.size()
	for _, word := range []struct {
		name string
		said text
	}{{"privacy", v.Privacy.Label}, {"state", v.State.Label}} {
		if s := plain(word.said, longestTitle); s != "" {
			f.Status = append(f.Status, word.name+"="+s)
		}
	}
	if v.NSFW {
		f.Status = append(f.Status, "nsfw=true")
	}
	return f
}

// size is that of the largest file; older instances tell the shorter side and
// the ratio, the oldest neither.
func (v peerVideo) size() (width, height int) {
	files := v.Files
	for _, p := range v.Playlists {
		files = append(files, p.Files...)
	}
	for _, file := range files {
		w, h := file.Width, file.Height
		if short := file.Resolution.ID; w <= 0 && v.Aspect > 0 {
			w, h = number(math.Round(float64(short*max(v.Aspect, 1)))), number(math.Round(float64(short/min(v.Aspect, 1))))
		}
		if pw, ph := pixels(w), pixels(h); pw > width && ph > 0 {
			width, height = pw, ph
		}
	}
	return width, height
}

// preview is the address of the largest picture, on the instance itself.
func (a apiAnswer) preview() string {
	for _, path := range []text{a.said.Preview, a.said.Thumb} {
		u, err := url.Parse(string(path))
		if err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/") {
			return a.base + u.String()
		}
	}
	return ""
}
