package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

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

// options are those of a page that stands one folder below the top.
func (p *Publisher) options() embeds.Options {
	o := p.Options
	o.Asked, o.Static, o.Relative, o.Reports, o.Ancestors, o.Reader = embeds.Asked{}, true, "..", false, nil, ""
	return o
}

// settings is a digest of all that the files depend on beside the video, the program and the time.
func (p *Publisher) settings() (string, error) {
	o := p.options()
	o.Now = time.Time{}
	data, err := json.Marshal(struct {
		Options   embeds.Options
		Languages []string
		Folders   bool
	}{o, p.Languages, p.Folders})
	if err != nil {
		return "", fmt.Errorf("digesting the settings: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16]), nil
}

// filesOf renders everything of a video. Of a withdrawn one that is the explanation alone.
func (r *run) filesOf(ctx context.Context, v archive.Video) ([]file, error) {
	o := r.options()
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

// document is one that is written in every language.
type document struct {
	name   string // without what FileName adds
	ending string
	render func(archive.Video, embeds.Options) (embeds.Document, error)
}

// pages are the embed page, the watch page and the JSON, each in the video's own
// language and in every one of the interface, and the pages under the addresses that
// stand in articles.
func (r *run) pages(v archive.Video, o embeds.Options) ([]file, error) {
	var files []file
	for _, d := range []document{{"e/", ".html", r.Renderer.Page}, {"v/", ".html", r.Renderer.Watch}, {"e/", ".json", r.Renderer.JSON}} {
		for _, lang := range append([]string{""}, r.Languages...) {
			o.Language = lang
			name := d.name + embeds.FileName(v.ID, lang)
			made, err := d.render(v, o)
			if err != nil {
				return nil, fmt.Errorf("rendering %s%s: %w", name, d.ending, err)
			}
			files = append(files, file{name: name + d.ending, data: made.Body})
			if lang == "" && d.ending == ".html" {
				page, err := r.addressed(d, v, o, made)
				if err != nil {
					return nil, err
				}
				files = append(files, page)
			}
		}
	}
	return files, nil
}

// addressed is the page for the address that stands in articles, which has no
// extension: an object of that name, or the index of a folder of that name, which is
// one folder further down.
func (r *run) addressed(d document, v archive.Video, o embeds.Options, made embeds.Document) (file, error) {
	name := d.name + string(v.ID)
	if !r.Folders {
		return file{name: name, data: made.Body}, nil
	}
	o.Relative = "../.."
	made, err := d.render(v, o)
	if err != nil {
		return file{}, fmt.Errorf("rendering %s/: %w", name, err)
	}
	return file{name: name + "/index.html", data: made.Body}, nil
}

// posters are the pictures at every width; none where the video has none, or none
// that can be shown.
func (r *run) posters(ctx context.Context, v archive.Video) ([]file, error) {
	if takenDown(v) {
		return nil, nil
	}
	id := v.ID
	v.ID = keeper(v)
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
		files = append(files, file{name: strings.TrimPrefix(embeds.PosterPath(id, width), "/"), data: p.Data})
	}
	return files, nil
}
