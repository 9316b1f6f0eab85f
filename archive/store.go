package archive

import (
	"context"
	"io"
	"time"
)

// Cause says who changes something and why; it is kept in the event.
type Cause struct {
	Actor  string // "local" where there are no accounts; "audit" for the program itself
	Verb   string // "register", "describe", "check"; docs/schemas/event.json lists all
	Reason string // for people, may be empty
}

// Event is one change of a video, immutable.
type Event struct {
	ID       string    `json:"id"` // ULID
	Video    VideoID   `json:"video"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Verb     string    `json:"verb"`
	Reason   string    `json:"reason,omitempty"`
	Revision int64     `json:"revision"`           // that the change was to reach
	Before   any       `json:"before,omitempty"`   // the parts of the record that changed, as they were
	After    any       `json:"after,omitempty"`    // and as they were to be
	Previous string    `json:"previous,omitempty"` // hexadecimal SHA-256 of the event before
}

// Store keeps videos and what belongs to them. It is safe for concurrent use by
// many processes. Every method may fail with ErrUnavailable (wrapped), which says
// nothing about the item.
type Store interface {
	// Video reads a record. A missing one gets ErrNotFound.
	Video(ctx context.Context, id VideoID) (Video, error)

	// Create writes a new record at revision 1. One that stands already gets ErrExists.
	Create(ctx context.Context, v Video, cause Cause) (Video, error)

	// Update reads the record, lets change alter it, and writes it if nobody wrote in
	// between; otherwise it starts over, so change may run several times and must
	// depend on nothing but its argument. Where change alters nothing, nothing is written.
	// An error of change ends it and is returned. A missing record gets ErrNotFound.
	Update(ctx context.Context, id VideoID, cause Cause, change func(*Video) error) (Video, error)

	// Claim makes id the owner of the source unless it has one, and returns the owner.
	// Of many callers with different ids all are told the same owner.
	Claim(ctx context.Context, key SourceKey, id VideoID) (VideoID, error)

	// SaveFile keeps data under its digest and fills the digest, algorithm and size of about.
	// Saving the same bytes again is no error.
	SaveFile(ctx context.Context, id VideoID, about File, data []byte) (File, error)

	// SaveStream keeps a file too large for memory, of which everything is known: it
	// reads about.Bytes from the body's offset. Saving the same bytes again is no error.
	SaveStream(ctx context.Context, id VideoID, about File, body io.ReadSeeker) (File, error)

	// SaveCapture keeps c and gives it an id.
	SaveCapture(ctx context.Context, c Capture) (Capture, error)

	// Place notes that an article embeds a video. Noting it again is no error.
	Place(ctx context.Context, a Article, id VideoID) error
}
