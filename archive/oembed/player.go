package oembed

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"videoteca/archive"
)

// methodPlayer is the page of Vimeo's player, independent of its oEmbed.
const methodPlayer = "vimeo.player"

// playerPage is the address of the player's page; empty for other providers, and
// where the endpoint was moved and the player was not.
func (a *Adapter) playerPage(id string) string {
	if _, ok := a.provider.(vimeo); !ok || !vimeoID.MatchString(id) || a.o.Endpoint != "" && a.o.Origin == "" {
		return ""
	}
	number, hash, unlisted := strings.Cut(id, ":")
	page := a.traits.origin + "/video/" + number
	if unlisted {
		page += "?" + url.Values{"h": {hash}}.Encode()
	}
	return page
}

// askPlayer asks for the player's page. ok is false where there is none.
func (a *Adapter) askPlayer(ctx context.Context, id string) (_ archive.Observation, ok bool) {
	page := a.playerPage(id)
	if page == "" {
		return archive.Observation{}, false
	}
	got := a.ask(ctx, page)
	number, _, _ := strings.Cut(id, ":")
	return a.observation(methodPlayer, id, got, judgePlayer(got, number)), true
}

// limitedToSites is what the player's page says of a video that may not be embedded here.
const limitedToSites = "Because of its privacy settings, this video cannot be played here"

// judgePlayer reads the player's page.
//
//	200 and the video's settings   playable
//	403 with limitedToSites        embedding-disabled: it is there, for other sites
//	404, 410                       missing
//	else                           unclear: a password, a wall before addresses of data centres
func judgePlayer(got answer, number string) verdict {
	switch {
	case got.fault != "":
		return unclear(got.fault)
	case got.status == http.StatusOK:
		return judgeConfig(got.body, number)
	case got.status == http.StatusForbidden && bytes.Contains(got.body, []byte(limitedToSites)):
		return verdict{
			outcome: archive.EmbeddingDisabled, reason: "embedding limited to some sites",
			restrictions: []archive.Restriction{{Aspect: archive.AspectEmbedding}}, sees: []archive.Aspect{archive.AspectEmbedding},
		}
	}
	return judgeStatus(got)
}

// playerConfig is what the page's script is set up with, as far as it tells which video it plays.
type playerConfig struct {
	Video struct {
		ID    text `json:"id"`
		Title text `json:"title"`
		Owner struct {
			Name text `json:"name"`
		} `json:"owner"`
	} `json:"video"`
}

var configStart = regexp.MustCompile(`\b(?:playerC|c)onfig\s*=\s*\{`)

func judgeConfig(page []byte, number string) verdict {
	at := configStart.FindIndex(page)
	if at == nil {
		return unclear("not a player's page")
	}
	var config playerConfig
	err := json.NewDecoder(bytes.NewReader(page[at[1]-1:])).Decode(&config)
	if err != nil || string(config.Video.ID) != number {
		return unclear("not the player of the video asked for")
	}
	return verdict{
		outcome: archive.Playable, sees: []archive.Aspect{archive.AspectEmbedding}, answers: true,
		fields: &archive.Fields{Title: plain(config.Video.Title, longestTitle), Channel: plain(config.Video.Owner.Name, longestTitle)},
	}
}
