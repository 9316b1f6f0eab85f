package oembed

import (
	"context"
	"fmt"
	"sync"

	"videoteca/archive"
)

// Fetch asks in every way at once and keeps what each gave. If ctx ends before
// all have answered, what they gave until then comes with the error.
func (a *Adapter) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	id := ref.Key.ID
	var embed embedding
	var api apiAnswer
	var both sync.WaitGroup
	both.Go(func() { embed = a.embed(ctx, id, a.pageOf(ref)) })
	both.Go(func() { api, _ = a.askAPI(ctx, id) })
	both.Wait()

	f := archive.Fetched{At: a.o.Now().UTC(), Observations: []archive.Observation{embed.seen}}
	if api.seen.Method != "" {
		f.Observations = append(f.Observations, api.seen)
	}
	if !told(embed.seen) {
		if player, ok := a.askPlayer(ctx, id); ok {
			f.Observations = append(f.Observations, player)
		}
	}
	a.describe(&f, embed, api)
	f.Pictures = a.pictures(ctx, embed, api)
	f.Observations = append(f.Observations, a.controls(ctx, f.Observations)...)
	if err := ctx.Err(); err != nil {
		return f, fmt.Errorf("fetching %s: %w", ref.Key, err)
	}
	return f, nil
}

// describe fills the fields, from the API where it knows the video, else from
// oEmbed, and keeps the bodies that told something as they came.
func (a *Adapter) describe(f *archive.Fetched, e embedding, api apiAnswer) {
	if told(e.seen) {
		f.Method, f.Fields = a.method(), e.said.fields(a.traits)
		f.Raw = append(f.Raw, raw("oembed", e.body))
	}
	if told(api.seen) {
		width, height := f.Fields.Width, f.Fields.Height
		f.Method, f.Fields = methodAPI, api.said.fields()
		if f.Fields.Width == 0 {
			f.Fields.Width, f.Fields.Height = width, height
		}
		f.Raw = append(f.Raw, raw("videos", api.body))
	}
}

// told reports whether the answer described the video.
func told(o archive.Observation) bool { return o.Outcome.Good() || o.Outcome.Limited() }

func raw(label string, body []byte) archive.Raw {
	return archive.Raw{Label: label, Extension: "json", Type: "application/json", Data: body}
}

// pictures is the largest thumbnail that can be had.
func (a *Adapter) pictures(ctx context.Context, e embedding, api apiAnswer) []archive.Picture {
	if address := api.preview(); address != "" {
		if p := a.picture(ctx, labelPreview, address); p != nil {
			return p
		}
	}
	if e.said.ThumbnailURL == "" {
		return nil
	}
	return a.picture(ctx, labelThumbnail, string(e.said.ThumbnailURL))
}
