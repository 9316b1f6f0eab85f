package youtube

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // what thumbnails are
	_ "image/png"  // what other instances may draw
	"net/http"
	"net/url"

	_ "golang.org/x/image/webp" // what the host sends to some

	"videoteca/archive"
)

// A missing size is a 404 whose body is a grey picture of this size.
const (
	placeholderWidth  = 120
	placeholderHeight = 90
)

// size is one of the sizes in which a thumbnail is kept.
type size struct{ label, file string }

// sizes are those that have a fixed name, as the API labels them.
func sizes() []size {
	return []size{
		{"maxres", "maxresdefault"}, // 1280x720
		{"standard", "sddefault"},   // 640x480
		{"high", "hqdefault"},       // 480x360
		{"medium", "mqdefault"},     // 320x180
		{defaultLabel, "default"},   // 120x90
	}
}

const (
	defaultLabel = "default" // the one size that is truly 120x90
	probedLabel  = "high"    // the size that every living video has, and that oEmbed names
	probedFile   = "hqdefault"
)

func (a *Adapter) thumbnailURL(id, file string) string {
	return a.o.ThumbnailBase + "/" + url.PathEscape(id) + "/" + file + ".jpg"
}

// thumbnail asks for the size that every living video has.
func (a *Adapter) thumbnail(ctx context.Context, id string) archive.Observation {
	got := a.get(ctx, MethodThumbnail, a.thumbnailURL(id, probedFile), pictureLimit)
	return a.thumbnailSeen(id, got)
}

// thumbnailSeen keeps what stands for a missing picture as evidence, and no picture.
func (a *Adapter) thumbnailSeen(id string, got answer) archive.Observation {
	v := judgeThumbnail(got)
	if !v.supports {
		got.kept = nil
	}
	return a.observation(MethodThumbnail, id, got, v)
}

// judgeThumbnail reads the answer to the probed size.
//
//	404, or the placeholder with status 200   missing, as a support of other methods
//	a picture                                 unclear: thumbnails outlive their videos
//	else                                      unclear
func judgeThumbnail(got answer) verdict {
	if got.fault != "" {
		return unclear(got.fault)
	}
	if got.status == http.StatusNotFound {
		return verdict{outcome: archive.Missing, reason: "no thumbnail", supports: true}
	}
	if got.status != http.StatusOK {
		return unclear(httpFault(got))
	}
	p, err := pictureOf(probedLabel, got)
	switch {
	case err != nil:
		return unclear(reasonUnparsable)
	case p.placeholder():
		return verdict{outcome: archive.Missing, reason: "thumbnail-placeholder", supports: true}
	}
	return verdict{reason: "thumbnail-present", answers: true}
}

// picture is a thumbnail whose size has been read.
type picture archive.Picture

func (p picture) placeholder() bool {
	return p.Label != defaultLabel && p.Width == placeholderWidth && p.Height == placeholderHeight
}

// pictureOf reads the kind and the size from the picture's head; the rest is not decoded.
func pictureOf(label string, got answer) (picture, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(got.body))
	if err != nil {
		return picture{}, fmt.Errorf("reading thumbnail %s: %w", label, err)
	}
	extension := map[string]string{"jpeg": "jpg", "png": "png", "webp": "webp"}[format]
	if extension == "" {
		return picture{}, fmt.Errorf("thumbnail %s: a picture of kind %q", label, format)
	}
	return picture{
		Label: label, Extension: extension, Type: "image/" + format,
		Width: head.Width, Height: head.Height, Data: got.body,
	}, nil
}
