package oembed

import (
	"bytes"
	"context"
	"image"
	"log/slog"
	"net/http"
	"net/url"

	"videoteca/archive"
	"videoteca/internal/posters"
)

// picture fetches a thumbnail from where an answer says it is, anywhere that
// the guarded client goes. What is no picture, or a bomb, is left out.
func (a *Adapter) picture(ctx context.Context, label, address string) []archive.Picture {
	u, ok := pictureAddress(address)
	if !ok {
		return nil
	}
	got := patiently(ctx, a.o.Now, func() answer { return a.get(ctx, a.o.HTTP, u.String(), pictureLimit) })
	if got.fault != "" || got.status != http.StatusOK {
		a.o.Log.DebugContext(ctx, "thumbnail not fetched", slog.String("address", u.Redacted()),
			slog.Int("status", got.status), slog.String("fault", got.fault))
		return nil
	}
	p, err := pictureOf(label, got.body)
	if err != nil {
		a.o.Log.DebugContext(ctx, "thumbnail not kept", slog.String("address", u.Redacted()), slog.Any("error", err))
		return nil
	}
	return []archive.Picture{p}
}

// pictureAddress reads where an answer says that a picture is.
func pictureAddress(address string) (*url.URL, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, false
	}
	if u.Scheme == "" {
		u.Scheme = "https" // "//cdn.example.org/1.jpg"
	}
	return u, true
}

// pictureOf decodes a picture once, so that it is known to be one.
func pictureOf(label string, data []byte) (archive.Picture, error) {
	img, err := posters.Decode(data)
	if err != nil {
		return archive.Picture{}, err
	}
	p := archive.Picture{Label: label, Width: img.Bounds().Dx(), Height: img.Bounds().Dy(), Data: data}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		p.Extension, p.Type = "jpg", "image/jpeg"
	case bytes.HasPrefix(data, []byte("\x89PNG")):
		p.Extension, p.Type = "png", "image/png"
	case bytes.HasPrefix(data, []byte("RIFF")):
		p.Extension, p.Type = "webp", "image/webp"
	default:
		return archive.Picture{}, image.ErrFormat // an animation
	}
	return p, nil
}
