package youtube

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"videoteca/archive"
)

// embeddable is what oEmbed says of a video.
type embeddable struct {
	Type       string `json:"type"`
	Title      string `json:"title"`
	AuthorName string `json:"author_name"`
	AuthorURL  string `json:"author_url"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
}

// oembedding is oEmbed's answer, what it says and what it means.
type oembedding struct {
	answer
	said embeddable
	seen archive.Observation
}

// oembed asks how the video would be embedded.
func (a *Adapter) oembed(ctx context.Context, id string) oembedding {
	query := url.Values{"format": {"json"}, "url": {a.watchURL(id)}}
	got := a.get(ctx, MethodOEmbed, a.o.OEmbedBase+"?"+query.Encode(), jsonLimit)
	said, v := judgeOEmbed(got)
	if v.outcome.Good() {
		fields := said.fields()
		v.fields = &fields
	}
	return oembedding{answer: got, said: said, seen: a.observation(MethodOEmbed, id, got, v)}
}

// judgeOEmbed reads an answer of oEmbed.
//
//	200 with a title   playable; sees whether embedding is off, nothing else
//	401                embedding-disabled: the video is alive
//	403                private, or removed
//	404                missing
//	else               unclear: 400 for a bad id, 429, 5xx, a redirect to a consent page,
//	                   "Forbidden" with status 200
func judgeOEmbed(got answer) (embeddable, verdict) {
	if got.fault != "" {
		return embeddable{}, unclear(got.fault)
	}
	switch got.status {
	case http.StatusOK:
		return parseOEmbed(got.body)
	case http.StatusUnauthorized:
		return embeddable{}, verdict{
			outcome: archive.EmbeddingDisabled, reason: "embedding disabled",
			restrictions: []archive.Restriction{{Aspect: archive.AspectEmbedding}}, sees: []archive.Aspect{archive.AspectEmbedding},
		}
	case http.StatusForbidden:
		return embeddable{}, verdict{outcome: archive.Private, reason: "private or removed"}
	case http.StatusNotFound:
		return embeddable{}, verdict{outcome: archive.Missing, reason: "not found"}
	}
	return embeddable{}, unclear(httpFault(got))
}

func parseOEmbed(body []byte) (embeddable, verdict) {
	var said embeddable
	if err := json.Unmarshal(body, &said); err != nil || said.Type == "" || said.Title == "" {
		return embeddable{}, unclear(reasonUnparsable)
	}
	return said, verdict{outcome: archive.Playable, sees: []archive.Aspect{archive.AspectEmbedding}, answers: true}
}
