package oembed

import (
	"context"
	"fmt"
	"net/http"

	"videoteca/archive"
)

var _ archive.PictureProber = (*Adapter)(nil)

// methodPicture is how a picture is asked for, anew. It says nothing of the video.
const methodPicture = "oembed.picture"

// Labels of pictures.
const (
	labelPreview   = "preview"   // named by PeerTube's API
	labelThumbnail = "thumbnail" // named by oEmbed
)

// ProbePictures asks where each source's picture is by now, and for the picture, one source after
// the other. It makes no condition: a picture that has changed has another address as a rule, and
// what lies there may be older than the capture.
func (a *Adapter) ProbePictures(ctx context.Context, shown []archive.Shown) ([]archive.Observation, error) {
	var seen []archive.Observation
	for i, s := range shown {
		if i > 0 && !pause(ctx, betweenTwo) {
			break
		}
		seen = append(seen, a.shownAgain(ctx, s)...)
	}
	if err := ctx.Err(); err != nil {
		return seen, fmt.Errorf("asking for %d pictures of %s: %w", len(shown), a.o.Name, err)
	}
	return seen, nil
}

// shownAgain is the answer that names the picture, and that for the picture itself.
func (a *Adapter) shownAgain(ctx context.Context, s archive.Shown) []archive.Observation {
	label, address, named := a.whereShown(ctx, s)
	if address == "" {
		return named
	}
	u, ok := pictureAddress(address)
	if !ok {
		return named
	}
	got := patiently(ctx, a.o.Now, func() answer { return a.get(ctx, a.o.HTTP, u.String(), pictureLimit) })
	seen := a.observation(methodPicture, s.ID, got, readPicture(label, got))
	seen.Shows, seen.Body = label, nil // a picture that has changed is kept by a capture
	return append(named, seen)
}

// whereShown asks for the address of the picture that is kept under a label.
func (a *Adapter) whereShown(ctx context.Context, s archive.Shown) (label, address string, named []archive.Observation) {
	if s.Picture(labelPreview) != nil {
		if api, ok := a.askAPI(ctx, s.ID); ok {
			return labelPreview, api.preview(), []archive.Observation{api.seen}
		}
		return "", "", nil
	}
	if s.Picture(labelThumbnail) == nil {
		return "", "", nil
	}
	e := a.embed(ctx, s.ID, a.pageOf(archive.Reference{Key: a.key(s.ID), URL: s.URL}))
	return labelThumbnail, string(e.said.ThumbnailURL), []archive.Observation{e.seen}
}

// readPicture is the verdict on an answer to a request for a picture: never more than that there is one.
func readPicture(label string, got answer) verdict {
	switch {
	case got.fault != "":
		return unclear(got.fault)
	case got.status != http.StatusOK:
		return unclear(fmt.Sprintf("HTTP %d", got.status))
	}
	if _, err := pictureOf(label, got.body); err != nil {
		return unclear("no picture")
	}
	return verdict{reason: "picture present", answers: true}
}
