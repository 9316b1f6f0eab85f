package dossier

import (
	"context"
	"io"
	"iter"
	"time"

	"videoteca/archive"
)

// Archive is what a dossier is made from. What is missing gets archive.ErrNotFound,
// and an archive that does not answer archive.ErrUnavailable.
type Archive interface {
	// Record is the record of a video.
	Record(ctx context.Context, id archive.VideoID) (Document, error)

	// Events yields the events of a video, the oldest first.
	Events(ctx context.Context, id archive.VideoID) iter.Seq2[Document, error]

	// Captures yields the captures of a video, the oldest first.
	Captures(ctx context.Context, id archive.VideoID) iter.Seq2[Document, error]

	// Open reads a kept file from its beginning. The caller closes it.
	Open(ctx context.Context, id archive.VideoID, f archive.File) (io.ReadCloser, error)

	// Audits yields the names of the audits begun on the days from since to until,
	// the oldest first. The zero since is the beginning.
	Audits(ctx context.Context, since, until time.Time) iter.Seq2[string, error]

	// Parts is the numbers of the parts that an audit's journal has; none for an audit that has none.
	Parts(ctx context.Context, audit string) ([]int, error)

	// OpenPart reads a part of a journal, one observation in JSON a line. The caller closes it.
	OpenPart(ctx context.Context, audit string, part int) (io.ReadCloser, error)
}

// Document is a JSON document as it is kept.
type Document struct {
	Name string // "<ulid>.json"
	Data []byte
}

// Options say what a dossier holds beside everything that is small.
type Options struct {
	Now     time.Time // when it is made, by our clock
	Program string    // name and version that makes it
	Vantage string    // where it is made
	Actor   string    // for whom it is made
	BaseURL string    // public address of the installation, by which the archive goes; empty: not said

	Installation string // the id in the store's marker, the same wherever the store is; empty: not said

	Copies          bool // media copies too, which may have gigabytes; otherwise they are listed
	AllObservations bool // of every audit since the registration, however long that takes
}

// RecentDays is how far back the journal is searched unless all of it is asked for: a
// quarter of daily audits, which is read in seconds.
const RecentDays = 90

// Name is the folder in which a dossier's files stand, and its file's name without ".zip".
func Name(id archive.VideoID, at time.Time) string {
	return "dossier-" + string(id) + "-" + at.UTC().Format("20060102T150405Z")
}
