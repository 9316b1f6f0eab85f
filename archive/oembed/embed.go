package oembed

import (
	"context"
	"net/url"

	"videoteca/archive"
)

// embedding is oEmbed's answer, what it says and what it means.
type embedding struct {
	answer
	said document
	seen archive.Observation
}

// embed asks how the video at page, the id's own, would be embedded. Without a
// page the one made from the id is asked for; where that is a guess at the
// author's name, a bad answer may be about the guess, and is unclear.
func (a *Adapter) embed(ctx context.Context, id, page string) embedding {
	guessed := a.traits.guessed && page == ""
	if page == "" {
		page = a.provider.page(id)
	}
	address := a.request(id, page)
	if address == "" {
		got := answer{at: a.o.Now().UTC()}
		return embedding{answer: got, seen: a.observation(a.method(), id, got, unclear("not an id of this platform"))}
	}
	got := a.ask(ctx, address)
	said, v := judge(got)
	if v.outcome.Bad() && guessed {
		v = unclear(v.reason + ", of an address made without the author's name")
	}
	v.supports = v.outcome.Bad() && a.traits.sited
	if v.outcome.Good() || v.outcome.Limited() {
		fields := said.fields(a.traits)
		v.fields = &fields
	}
	return embedding{answer: got, said: said, seen: a.observation(a.method(), id, got, v)}
}

// request is the endpoint with its query, empty where the id is none.
func (a *Adapter) request(id, page string) string {
	u, err := url.Parse(a.endpoint(id))
	if err != nil || u.Host == "" {
		return ""
	}
	query := u.Query()
	query.Set("format", "json")
	query.Set("url", page)
	for name, values := range a.traits.query {
		query[name] = values
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// pageOf is the page that a reference names, if it is of the reference's key and
// tells more than the one made from the id; else empty.
func (a *Adapter) pageOf(ref archive.Reference) string {
	got, err := a.Recognise(ref.URL)
	if err != nil || got.Key.ID != ref.Key.ID || got.URL == a.provider.page(ref.Key.ID) {
		return ""
	}
	return got.URL
}
