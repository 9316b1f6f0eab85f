package publish

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/posters"
)

// file is one to be written: bytes, or a kept file of the video's.
type file struct {
	name  string
	data  []byte
	media *archive.File
}

// filesOf renders everything of a video. Of a withdrawn one that is the explanation alone.
func (r *run) filesOf(ctx context.Context, v archive.Video) ([]file, error) {
	o := r.Options
	o.Asked, o.Static, o.Relative, o.Reports, o.Ancestors = embeds.Asked{}, true, "..", false, nil
	pictures, err := r.posters(ctx, v)
	if err != nil {
		return nil, err
	}
	o.HasPoster = len(pictures) > 0
	files, err := r.pages(v, o)
	if err != nil {
		return nil, err
	}
	files = append(files, pictures...)
	if takenDown(v) {
		return files, nil
	}
	for i := range v.Copies {
		if e := v.Copies[i].Rights.Expires; !e.IsZero() && !r.Options.Now.Before(e) {
			continue // nobody may have it any more, by its address either
		}
		files = append(files, mediaFile(v.ID, &v.Copies[i].File))
	}
	for i := range v.Captions {
		files = append(files, mediaFile(v.ID, &v.Captions[i].File))
	}
	return files, nil
}

// takenDown reports whether readers get an explanation and no media.
func takenDown(v archive.Video) bool {
	return v.Visibility.Exposure == archive.Withdrawn || v.Visibility.Exposure == archive.Erased
}

func mediaFile(id archive.VideoID, f *archive.File) file {
	return file{name: strings.TrimPrefix(embeds.MediaPath(id, *f), "/"), media: f}
}

// pages are the embed page and the watch page in every language, and the JSON.
func (r *run) pages(v archive.Video, o embeds.Options) ([]file, error) {
	var files []file
	for _, page := range []struct {
		folder string
		render func(archive.Video, embeds.Options) (embeds.Document, error)
	}{{"e/", r.Renderer.Page}, {"v/", r.Renderer.Watch}} {
		for _, lang := range append([]string{""}, r.Languages...) {
			o.Language = lang
			d, err := page.render(v, o)
			if err != nil {
				return nil, fmt.Errorf("rendering %s%s in %q: %w", page.folder, v.ID, lang, err)
			}
			name := page.folder + string(v.ID)
			if lang != "" {
				name += "." + strings.ToLower(lang)
			}
			files = append(files, file{name: name + ".html", data: d.Body})
		}
	}
	o.Language = ""
	d, err := r.Renderer.JSON(v, o)
	if err != nil {
		return nil, fmt.Errorf("writing the JSON of %s: %w", v.ID, err)
	}
	return append(files, file{name: "e/" + string(v.ID) + ".json", data: d.Body}), nil
}

// posters are the pictures at every width; none where the video has none, or none
// that can be shown.
func (r *run) posters(ctx context.Context, v archive.Video) ([]file, error) {
	if takenDown(v) {
		return nil, nil
	}
	if err := r.Posters.Make(ctx, v); err != nil {
		if errors.Is(err, archive.ErrUnavailable) || ctx.Err() != nil {
			return nil, fmt.Errorf("making the posters: %w", err)
		}
		return nil, nil
	}
	var files []file
	for _, width := range embeds.DefaultPosterWidths() {
		p, err := r.Posters.Poster(ctx, v, width)
		if errors.Is(err, posters.ErrNoPoster) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the poster at %d: %w", width, err)
		}
		files = append(files, file{name: strings.TrimPrefix(embeds.PosterPath(v.ID, width), "/"), data: p.Data})
	}
	return files, nil
}
