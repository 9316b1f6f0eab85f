package youtube

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"

	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

// shots are a video's thumbnails, and what the probed size says of the video.
type shots struct {
	pictures []archive.Picture // the largest first
	probed   archive.Observation
}

// shots asks for every size that has a fixed name. The addresses are made from
// the id, never taken from an answer.
func (a *Adapter) shots(ctx context.Context, id string) shots {
	known := sizes() // the probed one stands before the default
	answers := make([]answer, len(known))
	var all sync.WaitGroup
	for i, s := range known {
		all.Go(func() { answers[i] = a.get(ctx, MethodThumbnail, a.thumbnailURL(id, s.file), pictureLimit) })
	}
	all.Wait()
	var found shots
	for i, s := range known {
		if s.label == probedLabel {
			found.probed = a.thumbnailSeen(id, answers[i])
		}
		if s.label == defaultLabel && found.probed.Outcome.Bad() {
			continue // of the placeholder's size, and so not to be told from it
		}
		if p, ok := worthKeeping(s.label, answers[i]); ok {
			found.pictures = append(found.pictures, p)
		}
	}
	return found
}

// worthKeeping reads a picture that is one: neither a failure's body nor the placeholder.
func worthKeeping(label string, got answer) (archive.Picture, bool) {
	if got.fault != "" || got.status != http.StatusOK {
		return archive.Picture{}, false
	}
	p, err := pictureOf(label, got)
	if err != nil || p.placeholder() {
		return archive.Picture{}, false
	}
	return archive.Picture(p), true
}

// withLarger adds, in front, the sizes above maxres, which some videos have and
// whose names only the API tells.
func (a *Adapter) withLarger(ctx context.Context, pictures []archive.Picture, id string, l listing) []archive.Picture {
	v := l.video(id)
	if v == nil || v.Snippet == nil || v.Snippet.Thumbnails == nil {
		return pictures
	}
	t := v.Snippet.Thumbnails
	for _, s := range []struct {
		label string
		named *yt.Thumbnail
	}{{"fhd", t.Fhd}, {"qhd", t.Qhd}, {"uhd", t.Uhd}} { // 1920x1080, 2560x1440, 3840x2160
		if s.named == nil || !a.ownThumbnail(s.named.Url, id) {
			continue
		}
		if p, ok := worthKeeping(s.label, a.get(ctx, MethodThumbnail, s.named.Url, pictureLimit)); ok {
			pictures = append([]archive.Picture{p}, pictures...)
		}
	}
	return pictures
}

// ownThumbnail reports whether an address that the API named is one of this
// video's on the configured thumbnail host. An answer may not send us anywhere else.
func (a *Adapter) ownThumbnail(address, id string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.Contains(u.Path, "..") {
		return false
	}
	return strings.HasPrefix(address, a.o.ThumbnailBase+"/"+url.PathEscape(id)+"/")
}
