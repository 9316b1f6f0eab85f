// Package publish writes every embed as files that any web server or bucket can
// serve by itself, so that articles stay whole with this service switched off:
//
//	e/<id>                   the embed page in the video's own language, under the
//	                         address that articles have; for file servers, which go by
//	                         extensions, it is e/<id>/index.html
//	e/<id>.html              the same
//	e/<id>.<lang>.html       the same in each language of the interface
//	e/<id>.json              what embed.js reads, and e/<id>.<lang>.json
//	v/<id>…                  the watch page, likewise
//	p/<id>/<width>.jpg       posters
//	m/<id>/<digest>.<ext>    the newsroom's copies and captions
//	embed.js, asked.js       the script of articles, and what it needs for options
//	manifest.json            what was published, of which revision
//
// The pages name each other by relative addresses and carry their policy in a
// <meta>, so the tree works wherever it is put. No name is a folder of another. A run
// writes only what has changed; two at once would lose what the other one noted.
package publish

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/internal/posters"
)

// Target is where the files go. Names are keys of storage.Bucket: no slash in front.
type Target interface {
	// Get reads a small file. A missing one gets archive.ErrNotFound.
	Get(ctx context.Context, name string) ([]byte, error)

	// Put writes a file, whole or not at all.
	Put(ctx context.Context, name string, data []byte) error

	// PutMedia writes a kept file of a video under name.
	PutMedia(ctx context.Context, name string, id archive.VideoID, f archive.File) error

	// Delete removes a file. A missing one is no error.
	Delete(ctx context.Context, name string) error
}

// Posters makes and reads a video's posters.
type Posters interface {
	Make(ctx context.Context, v archive.Video) error
	Poster(ctx context.Context, v archive.Video, width int) (posters.Picture, error)
}

// Records tells what is in the archive. *storage.Store is the one there is.
type Records interface {
	// Video reads a record. A missing one gets archive.ErrNotFound.
	Video(ctx context.Context, id archive.VideoID) (archive.Video, error)
}

// Publisher writes embeds as files. Renderer, Target and Posters are required.
type Publisher struct {
	Renderer  *embeds.Renderer
	Target    Target
	Posters   Posters
	Records   Records        // asked before anything is taken away because its video is missing; nil: the videos are all there are
	Languages []string       // BCP 47, in which each page is written
	Options   embeds.Options // of the installation
	Aliases   []string       // base URLs of earlier days, under which figures in articles are known
	Folders   bool           // the target is served by a file server; else objects keep the type that their name gives them
	Program   string         // name and version: another one publishes everything again
	Log       *slog.Logger
}

// Summary is what a run did.
type Summary struct {
	Videos    int `json:"videos"`    // seen
	Published int `json:"published"` // written, because they were new or had changed
	Removed   int `json:"removed"`   // taken away: hidden, or gone from the archive
	Files     int `json:"files"`     // written
	Failed    int `json:"failed"`    // left as they were; see the log
	Unread    int `json:"unread"`    // not among the videos, and not known to be gone from the archive: left as they were
}

// saveEvery is after how many videos the manifest is written, so that a run that is
// ended goes on where it was.
const saveEvery = 200

// Run publishes the videos, each as its id is served; see Served. One that cannot be rendered or written is counted in Failed
// and does not stop the rest, unless the target cannot be reached at all. A context that ends
// with archive.ErrConflict as its cause ends the run at once, without a manifest.
func (p *Publisher) Run(ctx context.Context, videos iter.Seq2[archive.Video, error], progress func(Summary)) (Summary, error) {
	r, err := p.begin(ctx)
	if err != nil {
		return Summary{}, err
	}
	err = r.all(ctx, videos, progress)
	if err == nil {
		err = r.removeUnseen(ctx)
	}
	if errors.Is(context.Cause(ctx), archive.ErrConflict) { // the right to publish was lost: the manifest is somebody else's now
		return r.summary, fmt.Errorf("publishing was broken off: %w", context.Cause(ctx))
	}
	if err != nil {
		return r.summary, errors.Join(err, r.save(context.WithoutCancel(ctx)))
	}
	if err := r.script(ctx); err != nil {
		return r.summary, err
	}
	return r.summary, r.save(ctx)
}

func (p *Publisher) begin(ctx context.Context) (*run, error) {
	settings, err := p.settings()
	if err != nil {
		return nil, err
	}
	m, err := p.readManifest(ctx)
	if err != nil {
		return nil, err
	}
	return &run{Publisher: p, settings: settings, manifest: m, seen: map[archive.VideoID]bool{}}, nil
}

// run is one publishing under way.
type run struct {
	*Publisher
	settings string // digest of them
	manifest manifest
	seen     map[archive.VideoID]bool
	summary  Summary
}

func (r *run) all(ctx context.Context, videos iter.Seq2[archive.Video, error], progress func(Summary)) error {
	for v, err := range videos {
		if err != nil {
			return fmt.Errorf("listing videos: %w", err)
		}
		r.seen[v.ID] = true
		r.summary.Videos++
		if err := r.one(ctx, v); err != nil {
			if ctx.Err() != nil || errors.Is(err, archive.ErrUnavailable) {
				return fmt.Errorf("publishing %s: %w", v.ID, err)
			}
			r.summary.Failed++
			r.Log.ErrorContext(ctx, "not published", slog.String("video", string(v.ID)), slog.Any("error", err))
		}
		if r.summary.Videos%saveEvery == 0 {
			if err := r.save(ctx); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(r.summary)
		}
	}
	return nil
}

// one publishes a video, or takes it away where the public may not know of it.
func (r *run) one(ctx context.Context, v archive.Video) error {
	if v.Visibility.Hidden(r.Options.Now) {
		return r.remove(ctx, v.ID)
	}
	before, known := r.manifest.Videos[v.ID]
	now := entry{Of: v.MergedInto, Revision: v.Revision, Program: r.Program, Settings: r.settings, At: r.Options.Now.UTC(), Down: takenDown(v)}
	if known && before.same(now) && !r.timed(v, before) {
		return nil
	}
	files, err := r.filesOf(ctx, v)
	if err != nil {
		return err
	}
	for _, f := range files {
		now.Files = append(now.Files, f.name)
	}
	r.manifest.Videos[v.ID] = entry{At: now.At, Files: append(before.without(now.Files), now.Files...)}
	if err := r.delete(ctx, before.blocking(now.Files)); err != nil {
		return err
	}
	for _, f := range files {
		if err := r.write(ctx, keeper(v), f, before.has(f.name)); err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
	}
	if err := r.delete(ctx, before.without(now.Files)); err != nil {
		return err
	}
	r.manifest.Videos[v.ID] = now
	r.summary.Published++
	return nil
}

func (r *run) delete(ctx context.Context, names []string) error {
	for _, name := range names {
		if err := r.Target.Delete(ctx, name); err != nil {
			return fmt.Errorf("removing %s: %w", name, err)
		}
	}
	return nil
}

// timed reports whether rights of a copy have ended since the video was published.
func (r *run) timed(v archive.Video, before entry) bool {
	for _, held := range v.Copies {
		if e := held.Rights.Expires; !e.IsZero() && before.At.Before(e) && !r.Options.Now.Before(e) {
			return true
		}
	}
	return false
}

// write writes a file. What is named by its digest and stands already is left.
func (r *run) write(ctx context.Context, id archive.VideoID, f file, stands bool) error {
	if f.media != nil {
		if stands {
			return nil
		}
		r.summary.Files++
		return r.Target.PutMedia(ctx, f.name, id, *f.media)
	}
	r.summary.Files++
	return r.Target.Put(ctx, f.name, f.data)
}

// remove takes a video's files away.
func (r *run) remove(ctx context.Context, id archive.VideoID) error {
	before, known := r.manifest.Videos[id]
	if !known {
		return nil
	}
	if err := r.delete(ctx, before.Files); err != nil {
		return err
	}
	delete(r.manifest.Videos, id)
	r.summary.Removed++
	return nil
}

// removeUnseen takes away what is published of videos that are not among those of the run and that the archive says it
// has not. Records are never deleted: another one that is missing could not be read.
func (r *run) removeUnseen(ctx context.Context) error {
	var away error // that the archive cannot be asked at all
	for id := range r.manifest.Videos {
		if r.seen[id] {
			continue
		}
		err := away
		if err == nil {
			err = r.gone(ctx, id)
		}
		if errors.Is(err, archive.ErrNotFound) {
			if err := r.remove(ctx, id); err != nil {
				return err
			}
			continue
		}
		if ctx.Err() != nil {
			return fmt.Errorf("asking for %s: %w", id, context.Cause(ctx))
		}
		if errors.Is(err, archive.ErrUnavailable) {
			away = err
		}
		r.summary.Unread++
		r.Log.WarnContext(ctx, "what is published of a video is left as it is, since its record could not be read", slog.String("video", string(id)), slog.Any("error", err))
	}
	return nil
}

// gone is archive.ErrNotFound where the archive has no such record.
func (r *run) gone(ctx context.Context, id archive.VideoID) error {
	if r.Records == nil {
		return archive.ErrNotFound
	}
	_, err := r.Records.Video(ctx, id)
	return err
}

// script writes embed.js, which finds by itself where it stands, after the module that
// it may ask for.
func (r *run) script(ctx context.Context) error {
	d, err := r.Renderer.FileScript(append([]string{strings.TrimSuffix(r.Options.BaseURL, "/")}, r.Aliases...)...)
	if err != nil {
		return err
	}
	for _, f := range []file{{name: "asked.js", data: r.Renderer.AskedModule()}, {name: "embed.js", data: d.Body}} {
		if err := r.Target.Put(ctx, f.name, f.data); err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
		r.summary.Files++
	}
	return nil
}
