package youtube

import (
	"context"
	"fmt"
	"net/http"

	"videoteca/archive"
)

var _ archive.PictureProber = (*Adapter)(nil)

// ProbePictures asks again for the size that every living video has. An uploader who changes the
// thumbnail changes all sizes.
func (a *Adapter) ProbePictures(ctx context.Context, shown []archive.Shown) ([]archive.Observation, error) {
	known := map[string]archive.Shown{}
	var ids []string
	for _, s := range shown {
		if _, twice := known[s.ID]; !twice && s.Picture(probedLabel) != nil {
			known[s.ID], ids = s, append(ids, s.ID)
		}
	}
	seen := a.askEach(ctx, ids, "", func(ctx context.Context, id string) archive.Observation { return a.shownAgain(ctx, known[id]) })
	if err := ctx.Err(); err != nil {
		return seen, fmt.Errorf("asking for %d thumbnails of %s: %w", len(ids), a.o.Name, err)
	}
	return seen, nil
}

func (a *Adapter) shownAgain(ctx context.Context, s archive.Shown) archive.Observation {
	got := a.getSince(ctx, MethodThumbnail, a.thumbnailURL(s.ID, probedFile), pictureLimit, s.At)
	var seen archive.Observation
	if got.fault == "" && got.status == http.StatusNotModified {
		seen = a.observation(MethodThumbnail, s.ID, got, verdict{reason: "thumbnail-unchanged", answers: true})
	} else {
		seen = a.thumbnailSeen(s.ID, got)
	}
	seen.Shows = probedLabel
	return seen
}
