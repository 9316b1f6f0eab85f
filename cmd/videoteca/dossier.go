package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"time"

	"videoteca/archive"
	"videoteca/internal/dossier"
	"videoteca/storage"
)

type dossierCommand struct {
	ID              string `arg:"" help:"Id of the video."`
	Output          string `short:"o" placeholder:"FILE" help:"Where the zip goes; - prints it. Default: a file in this folder, named after the video and the time."`
	WithCopies      bool   `help:"Include the newsroom's media copies, which may be large. Otherwise they are listed with their digests."`
	AllObservations bool   `help:"Search every audit since the video was registered. Otherwise the last 90 days, and the audits in which a source changed its state."`
}

// Run writes the dossier of a video.
func (d dossierCommand) Run(ctx context.Context, s *Settings, c console) error {
	id, err := archive.ParseVideoID(d.ID)
	if err != nil {
		return err
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	o, err := n.dossierOptions()
	if err != nil {
		return err
	}
	o.Copies, o.AllObservations = d.WithCopies, d.AllObservations
	if d.Output == "-" {
		return dossier.Write(ctx, c.out, shelved{n.store}, id, o)
	}
	name := d.Output
	if name == "" {
		name = dossier.Name(id, o.Now) + ".zip"
	}
	if err := whole(name, func(w io.Writer) error { return dossier.Write(ctx, w, shelved{n.store}, id, o) }); err != nil {
		return err
	}
	if s.JSON {
		return writeJSON(c.out, map[string]string{"file": name})
	}
	_, err = fmt.Fprintln(c.out, name)
	return err
}

func (n *newsroom) dossierOptions() (dossier.Options, error) {
	base, err := n.baseURL()
	return dossier.Options{
		Now: time.Now().UTC(), Program: n.build.program(), Vantage: n.vantage, Actor: "local",
		BaseURL: base, Installation: n.marker.ID,
	}, err
}

// whole writes a file that appears under its name only once it is complete.
func whole(name string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".dossier-*.part")
	if err != nil {
		return fmt.Errorf("%w: --output: %w", errUsage, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return fmt.Errorf("%w: --output: %w", errUsage, err)
	}
	return nil
}

// dossiers writes dossiers for the newsroom's pages.
type dossiers struct{ newsroom *newsroom }

// Write implements web.Dossier.
func (d dossiers) Write(ctx context.Context, w io.Writer, id archive.VideoID) error {
	o, err := d.newsroom.dossierOptions()
	if err != nil {
		return err
	}
	return dossier.Write(ctx, w, shelved{d.newsroom.store}, id, o)
}

// shelved is the store as dossiers read it.
type shelved struct{ store *storage.Store }

// Record implements dossier.Archive.
func (s shelved) Record(ctx context.Context, id archive.VideoID) (dossier.Document, error) {
	raw, err := s.store.RawRecord(ctx, id)
	return documentOf(raw), err
}

// Events implements dossier.Archive.
func (s shelved) Events(ctx context.Context, id archive.VideoID) iter.Seq2[dossier.Document, error] {
	return documentsOf(s.store.RawEvents(ctx, id))
}

// Captures implements dossier.Archive.
func (s shelved) Captures(ctx context.Context, id archive.VideoID) iter.Seq2[dossier.Document, error] {
	return documentsOf(s.store.RawCaptures(ctx, id))
}

// Open implements dossier.Archive.
func (s shelved) Open(ctx context.Context, id archive.VideoID, f archive.File) (io.ReadCloser, error) {
	return s.store.OpenFile(ctx, id, f, storage.Range{})
}

// Audits implements dossier.Archive.
func (s shelved) Audits(ctx context.Context, since, until time.Time) iter.Seq2[string, error] {
	return s.store.Journal().Audits(ctx, since, until)
}

// Parts implements dossier.Archive.
func (s shelved) Parts(ctx context.Context, audit string) ([]int, error) {
	return s.store.Journal().Parts(ctx, audit)
}

// OpenPart implements dossier.Archive. The key is the format's, see docs/storage-format.md: the
// lines are wanted as they stand, since a dossier decodes few of them.
func (s shelved) OpenPart(ctx context.Context, audit string, part int) (io.ReadCloser, error) {
	body, _, err := s.store.Bucket().Get(ctx, fmt.Sprintf("audits/%s/%04d.jsonl.gz", audit, part), storage.Range{})
	if errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", archive.ErrNotFound, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", archive.ErrUnavailable, err)
	}
	zip, err := gzip.NewReader(body)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", storage.ErrDamaged, err), body.Close())
	}
	return unzipped{zip, body}, nil
}

// unzipped closes what it is read from as well.
type unzipped struct {
	*gzip.Reader
	from io.Closer
}

// Close implements io.Closer.
func (u unzipped) Close() error { return errors.Join(u.Reader.Close(), u.from.Close()) }

func documentOf(raw storage.RawObject) dossier.Document {
	return dossier.Document{Name: path.Base(raw.Key), Data: raw.Data}
}

func documentsOf(raw iter.Seq2[storage.RawObject, error]) iter.Seq2[dossier.Document, error] {
	return func(yield func(dossier.Document, error) bool) {
		for object, err := range raw {
			if !yield(documentOf(object), err) {
				return
			}
		}
	}
}
