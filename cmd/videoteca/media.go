package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"videoteca/archive"
	"videoteca/storage"
)

// media are the newsroom's copies and captions, from the store.
type media struct {
	store    *storage.Store
	redirect bool // browsers fetch copies from the store itself
}

// media is what --media asks for. A directory has no addresses to send browsers to.
func (sv serveCommand) media(ctx context.Context, n *newsroom) (media, error) {
	m := media{store: n.store, redirect: sv.Media == "redirect"}
	if !m.redirect {
		return m, nil
	}
	if _, err := n.store.FileAddress(ctx, "000000000000", archive.File{Digest: "0", Extension: "mp4"}); errors.Is(err, storage.ErrUnsupported) {
		return m, fmt.Errorf("%w: --media redirect: %s has no addresses for browsers; use an S3 store, or --media serve", errUsage, n.address)
	}
	return m, nil
}

// Open implements web.Media.
func (m media) Open(ctx context.Context, id archive.VideoID, f archive.File, offset int64) (io.ReadCloser, error) {
	return m.store.OpenFile(ctx, id, f, storage.Range{Offset: offset})
}

// Address implements web.Media.
func (m media) Address(ctx context.Context, id archive.VideoID, f archive.File) (string, error) {
	if !m.redirect {
		return "", nil
	}
	return m.store.FileAddress(ctx, id, f)
}

type copyCommand struct {
	ID     string `arg:"" help:"Id of the video."`
	File   string `arg:"" help:"An mp4 or webm file." type:"existingfile"`
	Rights string `required:"" placeholder:"TEXT|URI" help:"Under what right the newsroom holds it: a licence's address, or a sentence such as who allowed it and when."`
}

// Run keeps the file as a copy.
func (cp copyCommand) Run(ctx context.Context, s *Settings, c console) error {
	return keepFile(ctx, s, c, cp.ID, cp.File, func(l *archive.Library, id archive.VideoID, u archive.Upload) (archive.Video, error) {
		return l.AddCopy(ctx, id, u, archive.ParseRights(cp.Rights), "")
	})
}

type captionsCommand struct {
	ID    string   `arg:"" help:"Id of the video."`
	Files []string `arg:"" name:"language=file" help:"WebVTT files by BCP 47 tag, such as es=FILE.vtt."`
}

// Run keeps the files as captions, each in its language.
func (cc captionsCommand) Run(ctx context.Context, s *Settings, c console) error {
	for _, named := range cc.Files {
		language, file, ok := strings.Cut(named, "=")
		if !ok || file == "" {
			return fmt.Errorf("%w: %q: write the language and the file, as es=FILE.vtt", errUsage, named)
		}
		err := keepFile(ctx, s, c, cc.ID, file, func(l *archive.Library, id archive.VideoID, u archive.Upload) (archive.Video, error) {
			return l.SetCaptions(ctx, id, language, u, "")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type posterCommand struct {
	ID   string `arg:"" help:"Id of the video."`
	File string `arg:"" help:"A JPEG, PNG or WebP picture." type:"existingfile"`
}

// Run keeps the picture as the poster.
func (p posterCommand) Run(ctx context.Context, s *Settings, c console) error {
	return keepFile(ctx, s, c, p.ID, p.File, func(l *archive.Library, id archive.VideoID, u archive.Upload) (archive.Video, error) {
		return l.SetPoster(ctx, id, u, "")
	})
}

// keepFile opens a file, lets keep have it, and shows the video.
func keepFile(ctx context.Context, s *Settings, c console, name, path string, keep func(*archive.Library, archive.VideoID, archive.Upload) (archive.Video, error)) error {
	id, err := archive.ParseVideoID(name)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is no regular file, and a file is read twice", errUsage, path)
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	progress := &reading{ReadSeeker: file, size: info.Size(), to: c.err}
	v, err := keep(n.library, id, archive.Upload{Body: progress, Size: info.Size()})
	if err != nil {
		return fmt.Errorf("keeping %s: %w", path, err)
	}
	return n.print(ctx, s, c, v)
}

// progressStep is how much of a file is read between two lines of progress, in bytes.
const progressStep = 64 << 20

// reading tells how far a long file has been read. It is read twice: digested, then kept.
type reading struct {
	io.ReadSeeker
	size, done, told int64
	to               io.Writer
}

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.ReadSeeker.Read(p)
	r.done += int64(n)
	if r.done-r.told >= progressStep {
		r.told = r.done
		fmt.Fprintf(r.to, "%d of %d MiB read\n", r.done>>20, 2*r.size>>20)
	}
	return n, err
}
