package youtube

import (
	"context"
	"fmt"
	"sync"

	"videoteca/archive"
)

// Fetch asks in every way at once and keeps what each of them gave. If ctx ends
// before all have answered, what they gave until then comes with the error.
func (a *Adapter) Fetch(ctx context.Context, ref archive.Reference) (archive.Fetched, error) {
	id := ref.Key.ID
	var listed listing
	var embed oembedding
	var thumbs shots
	var all sync.WaitGroup
	all.Go(func() { listed = a.list(ctx, []string{id}) })
	all.Go(func() { embed = a.oembed(ctx, id) })
	all.Go(func() { thumbs = a.shots(ctx, id) })
	all.Wait()

	f := archive.Fetched{At: a.o.Now().UTC()}
	a.describe(&f, id, listed, embed)
	a.keepRaw(&f, id, listed, embed)
	f.Pictures = a.withLarger(ctx, thumbs.pictures, id, listed)
	f.Observations = a.controlled(ctx, id, listed, embed.seen, thumbs.probed)
	if err := ctx.Err(); err != nil {
		return f, fmt.Errorf("fetching %s: %w", ref.Key, err)
	}
	return f, nil
}

// describe fills the fields, from the API where it knows the video, else from
// oEmbed. The picture's shape is oEmbed's in both cases: the API tells only owners.
func (a *Adapter) describe(f *archive.Fetched, id string, l listing, e oembedding) {
	keyless := e.said.fields()
	if v := l.video(id); v != nil {
		f.Method, f.Fields = MethodList, a.fieldsOf(v)
		f.Fields.Width, f.Fields.Height = keyless.Width, keyless.Height
		return
	}
	if !keyless.IsZero() {
		f.Method, f.Fields = MethodOEmbed, keyless
	}
}

// keepRaw keeps the bodies that told something, as they came.
func (a *Adapter) keepRaw(f *archive.Fetched, id string, l listing, e oembedding) {
	if l.video(id) != nil {
		f.Raw = append(f.Raw, a.raw("videos.list", l.answer))
	}
	if e.seen.Outcome.Good() {
		f.Raw = append(f.Raw, a.raw("oembed", e.answer))
	}
}

func (a *Adapter) raw(label string, got answer) archive.Raw {
	return archive.Raw{Label: label, Extension: "json", Type: "application/json", Data: a.hideBytes(got.body)}
}

// controlled is the round: each method's answer, with the control's where it is needed.
func (a *Adapter) controlled(ctx context.Context, id string, l listing, oembed, thumbnail archive.Observation) []archive.Observation {
	listed := a.withControl(a.read(l, []string{id}), a.o.Control, func(control string) archive.Observation { return a.listedControl(ctx, control) })
	byOEmbed := a.withControl([]archive.Observation{oembed}, a.o.Control, func(control string) archive.Observation { return a.askOEmbed(ctx, control) })
	byThumbnail := a.withControl([]archive.Observation{thumbnail}, a.o.Control, func(control string) archive.Observation { return a.thumbnail(ctx, control) })
	return append(append(listed, byOEmbed...), byThumbnail...)
}
